# make         what CI runs, in its order
# make help    the rest

TOOL = go tool -modfile=internal/tools/go.mod
RUN  ?= .

.PHONY: check
check: ## everything CI checks (.ci/run is the list)
	@.ci/run

# One step of CI on its own.
.PHONY: test race format vet lint tidy generated nested fuzz tour
test:      ## the tests
race:      ## the tests, with the race detector
format:    ## fail on files that are not in gofumpt style
vet:       ## go vet and staticcheck
lint:      ## golangci-lint; the first run builds it, which takes minutes
tidy:      ## fail if a go.mod is not tidy
generated: ## fail if generated files are not current
nested:    ## build, vet and test the modules below the root
fuzz:      ## fuzz the diagram parser, for TIME (40000x, which is 10 s or so)
tour:      ## run the first example
test race format vet lint tidy generated nested fuzz tour:
	@.ci/run $@

.PHONY: gen
gen: ## rewrite the generated files
	@go generate ./...

.PHONY: pictures
pictures: ## rewrite the pictures of docs/pictures, as the diagrams run now
	@go test -count=1 -run '^TestDiagrams$$' ./observable ./operators ./backpressure -update
	@go generate ./internal/opdoc

.PHONY: fmt
fmt: ## format the code
	@$(TOOL) gofumpt -l -w .

# Benchmarks compare with the last run: the first makes bench.old, the others bench.new.
.PHONY: bench
bench: ## run the benchmarks that match RUN, against the run that was kept in bench.old
	@go test -run '^$$' -bench '$(RUN)' -benchmem -count 10 ./... | tee bench.new
	@if [ -e bench.old ]; then $(TOOL) benchstat bench.old bench.new; else mv bench.new bench.old; fi

# Fresh cases for marbles/conformance/rxjs, made with node and asked of RxJS.
SEED  ?= 2
COUNT ?= 20000
RXJS   = marbles/conformance/rxjs

.PHONY: oracle
oracle: ## play COUNT random pipelines, drawn from SEED, against RxJS; needs node
	@cd $(RXJS)/node && npm ci --silent
	@mkdir -p $(RXJS)/node/out
	@node $(RXJS)/node/gen.mjs --seed $(SEED) --count $(COUNT) > $(RXJS)/node/out/cases.jsonl
	@node $(RXJS)/node/oracle.mjs < $(RXJS)/node/out/cases.jsonl > $(RXJS)/node/out/answers.jsonl
	@go test -count 1 -v ./$(RXJS) -cases node/out/cases.jsonl -answers node/out/answers.jsonl

# Random pipelines, under the race detector. COUNT=1 runs the one of a SEED.
.PHONY: soak leaks
soak: SEED = 0
soak: COUNT = 0
soak: ## run random pipelines for TIME (1m), from a SEED, and hold them to the laws
	@go test -race -count=1 -timeout 0 -v -run '^TestSoak$$' ./internal/soak -soak.time=$(or $(TIME),1m) -soak.seed=$(SEED) -soak.count=$(COUNT)

# The contract's races, more often than CI has time for.
ROUNDS ?= 2000
leaks: ## race every operator, ROUNDS (2000) times for each kind of end, and look for lost values
	@SLUICE_RACE_ROUNDS=$(ROUNDS) go test -race -count=1 -timeout 0 -run '^TestContract.*$$/.*/^races$$' ./operators ./backpressure

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z]*\): *## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
