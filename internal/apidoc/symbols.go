package apidoc

import "go/doc"

// Symbols returns the exported names of the package: Map, DropOldest, Emitter
// and Emitter.Next.
func (p *Package) Symbols() (names []string) {
	values := func(list []*doc.Value) {
		for _, v := range list {
			names = append(names, v.Names...)
		}
	}
	funcs := func(prefix string, list []*doc.Func) {
		for _, f := range list {
			names = append(names, prefix+f.Name)
		}
	}
	values(p.Consts)
	values(p.Vars)
	funcs("", p.Funcs)
	for _, typ := range p.Types {
		names = append(names, typ.Name)
		values(typ.Consts)
		values(typ.Vars)
		funcs("", typ.Funcs)
		funcs(typ.Name+".", typ.Methods)
	}
	return names
}
