# Self Help. The two commands to know: make demo, make test.
#
# Needed: Go, Node (npm), and for the tests a C compiler, Chromium, slapd, HAProxy,
# openssh-server, vsftpd, SimpleSAMLphp with PHP, systemd-container and runc, which .ci/run
# installs on Debian with the rest. Everything else comes from the module proxy and npm, by
# lock file.

GO ?= go
BUILD = $(GO) build $(TRIM)
# Tests are built as the product is, without C, and in make test the product as the tests
# are, with the paths of this machine in it: so everything is compiled once, and once more
# for the race detector, which wants C.
export CGO_ENABLED = 0
TRIM = -trimpath
test: TRIM =
# Pages and the clients of services elsewhere are compiled without inlining: they wait for
# people and networks, and the binary is a sixth smaller. Tests too, so that all is
# compiled once.
LARGE = selfhelp/views/... selfhelp/app/web/admin/... selfhelp/app/web/studio/... \
	github.com/aws/... github.com/xuri/... google.golang.org/...
export GOFLAGS := $(GOFLAGS) $(patsubst %,-gcflags=%=-l,$(LARGE))
# Packages where several things happen at once.
RACED = ./app/certificate ./app/peer ./app/platform ./app/presentation ./app/publication/... ./app/web/... ./app/execution/... ./app/edition ./app/login/... ./app/admission ./app/job ./app/connect/... ./app ./store/...

# What only computes on memory of its own, and takes several times as long when each
# of its reads is watched: SQLite, the C library under it and the hash of passwords.
# Everything above them, the driver of SQLite too, is watched as before.
UNWATCHED = modernc.org/sqlite/lib modernc.org/libc/... modernc.org/memory golang.org/x/crypto/argon2 golang.org/x/crypto/blake2b

.PHONY: all selfhelp dist/selfhelp deb demo demo-cluster test check generated tidy unit race smoke browser soak drill bench bench-short bench-peers fuzz clean

all: selfhelp

## selfhelp: the binary
selfhelp:
	$(BUILD) -o selfhelp .

## dist/selfhelp: the binary as it is delivered, without its symbols
dist/selfhelp:
	@mkdir -p dist
	$(BUILD) -ldflags "-s -w" -o dist/selfhelp .

## deb: the Debian package, in dist; the same commit gives the same bytes
deb: dist/selfhelp
	packaging/deb.sh dist/selfhelp dist
	@if command -v lintian >/dev/null; then lintian --fail-on error,warning dist/selfhelp_*.deb; fi

## demo: the product with its demo content, on this machine only
demo: selfhelp
	./selfhelp demo

## demo-cluster: one edition server, two presentation servers and HAProxy, on this
## machine only
demo-cluster: selfhelp
	$(GO) run ./tests/cluster/demo

## test: everything that must hold before a change goes in
test: check unit race smoke browser soak bench-short
	@echo "make test: all good"

## check: format, vet, staticcheck, generated files
check: generated tidy
	@unformatted=$$(git ls-files '*.go' | xargs gofmt -l); \
	if [ -n "$$unformatted" ]; then echo "not formatted:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

## generated: what templ makes is what stands in the tree
generated:
	@if [ -d views ]; then $(GO) tool templ generate -path views && git diff --exit-code -- '*_templ.go'; fi

## tidy: go.mod names what is used and nothing else
tidy:
	$(GO) mod tidy -diff

## unit: every package, with the real peers they talk to, then the sizes of what
## we wrote
unit:
	SELFHELP_THOROUGH=1 SELFHELP_PEERS=required $(GO) test -vet=off -parallel 8 ./...
	@$(GO) test -v -count=1 -run '^TestSizes$$' ./tests

## race: the packages where it matters, under the race detector
race:
	CGO_ENABLED=1 $(GO) test -vet=off -race $(foreach package,$(UNWATCHED),'-gcflags=$(package)=-race=false -d=checkptr=0') -parallel 4 -timeout 20m $$($(GO) list -e -f '{{if not .Error}}{{.ImportPath}}{{end}}' $(RACED) 2>/dev/null)

## smoke: the binary itself starts, answers and stops
smoke: selfhelp
	SELFHELP_BINARY=$(CURDIR)/selfhelp SELFHELP_PEERS=required $(GO) test -v -count=1 -run '^TestBinary' ./tests

## browser: what people see and click, in Chromium, with the real peers they sign
## in at; never skipped here
browser: tests/browser/node_modules
	SELFHELP_BROWSER=required SELFHELP_PEERS=required $(GO) test -count=1 -timeout 30m ./tests/browser/...

tests/browser/node_modules: tests/browser/package-lock.json
	cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

## soak: people at work for a while, nothing grows and nothing fails; then the
## same with the server killed at random moments, and nothing is lost
SOAK ?= 20s
soak: selfhelp
	SELFHELP_SOAK=$(SOAK) SELFHELP_BINARY=$(CURDIR)/selfhelp $(GO) test -count=1 -parallel 8 -timeout 0 -run '^(TestSoak|TestKilledAtWork|TestServersAreKilled)$$' ./tests

## drill: machines burn, FIRES for each kind of target and each interval, and a second
## site takes over; what was lost and how long it took is printed
FIRES ?= 34
drill:
	SELFHELP_FIRES=$(FIRES) SELFHELP_PEERS=required $(GO) test -v -count=1 -timeout 0 -run '^TestBurned$$' ./store/replica
	$(GO) test -v -count=1 -run '^(TestTheSecondSiteTakesOver|TestTwoPromotionsAtOnce)$$' ./app

## bench: our figures, each as a ratio to a reference of the same run. BENCH
## passes options, like BENCH="-events 100000 -only log,editing"
BENCH ?=
bench: selfhelp
	$(GO) run ./tests/bench $(BENCH)

## bench-short: every measurement in its smallest form, so that none of them rots;
## its figures mean nothing
bench-short: selfhelp
	$(GO) run ./tests/bench -during 50ms -events 2000 -many 20 -people 50 -groups 10

## bench-peers: the same, with the peers built and run in turn
bench-peers: selfhelp
	$(GO) run ./tests/bench -peers $(BENCH)

## fuzz: every fuzz target in turn, FUZZ each
FUZZ ?= 60s
fuzz:
	@tests/fuzz.sh $(FUZZ)

clean:
	rm -rf selfhelp dist assets/dist
