// Package rxjs holds this module against RxJS 7: random pipelines, played by
// both, have to give the same notifications in the same frames, and to subscribe
// and unsubscribe their sources in the same frames. It has nothing but tests.
//
// testdata has the cases and what RxJS answers. To make fresh ones with node,
// and to play those:
//
//	make oracle SEED=7 COUNT=20000
//
// node/gen.mjs draws the cases, node/oracle.mjs asks RxJS; node/README.md has the
// formats. A case whose order inside a frame follows from the case alone must be
// answered alike. Where actions that have nothing to do with each other fall into
// one frame, RxJS takes the order of its scheduler, which for some operators is
// not that of scheduling: there the order inside such a frame is free.
package rxjs
