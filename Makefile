# `make help` lists the targets.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Programs that check the code have a module of their own: pinned, checksummed, and no dependency of decamp.
TOOL := go tool -modfile=testdata/tools/go.mod
PLATFORMS := testdata/platforms
# Go leaves folders called testdata out of ./..., so the conformance tests are named where they are meant.
CONFORMANCE := ./testdata/conformance/...

.PHONY: help build test check conformance platforms generate bench browser proofs
.PHONY: check-format check-vet check-staticcheck check-vulnerabilities check-layering check-generated

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## the compiler, as bin/decamp
	go build -o bin/decamp ./cmd/decamp

test: ## all tests that need no platform
	go test ./... ./testdata/conformance/contract

proofs: ## each value of every file of the corpus is changed, and none is lost in silence (eleven minutes; `make test` takes samples)
	LOSS_LEAVES=0 go test -count=1 -v -timeout 120m -run 'Loses?NothingInSilence' ./backends

browser: build ## the report pages in a real Chromium (installs it, Node and two npm packages where they are missing)
	DECAMP=$$PWD/bin/decamp testdata/browser/run

bench: ## all benchmarks
	go test -run '^$$' -bench . -benchmem ./...

generate: ## all generated files anew
	go generate ./...
	go generate ./testdata/conformance/contract/generate

check: check-format check-vet check-staticcheck check-layering check-generated check-vulnerabilities ## format, vet, staticcheck, layering, generated files, known vulnerabilities

check-format:
	@files=$$(gofmt -l .); [ -z "$$files" ] || { echo "not formatted, run gofmt -w on:"; echo "$$files"; exit 1; }

check-vet:
	go vet -tags conformance ./... $(CONFORMANCE)
	go -C $(PLATFORMS) vet ./...

check-staticcheck:
	$(TOOL) staticcheck -tags conformance ./... $(CONFORMANCE)

# Part of `make test` too. Named here, so that a test that was renamed or deleted is noticed.
check-layering:
	@output=$$(go test -v -run '^TestImportLaw$$' ./compiler/... 2>&1) || { echo "$$output"; exit 1; }; \
	grep -e '--- PASS: TestImportLaw' <<<"$$output" || { echo "the layering test TestImportLaw is gone"; exit 1; }

# Compares before with after and not with the last commit, so that it does not mind changes that are not committed yet.
check-generated:
	@sums() { git ls-files -z --cached --others --exclude-standard | xargs -0 -r sha256sum 2>/dev/null | sort -k2 || true; }; \
	before=$$(sums); go generate ./...; go generate ./testdata/conformance/contract/generate; \
	diff <(echo "$$before") <(sums) || { echo "generated files were stale: they are fresh now, commit them"; exit 1; }

# Exit status 3 is a finding. The database is on the network: where it cannot be reached that is said, and is no failure.
check-vulnerabilities:
	@status=0; output=$$(timeout 300 $(TOOL) govulncheck ./... 2>&1) || status=$$?; echo "$$output"; \
	if [ $$status != 0 ] && [ $$status != 3 ] && grep -q 'fetching vulnerabilities' <<<"$$output"; then \
	  echo "govulncheck: NOT CHECKED, the vulnerability database cannot be reached"; status=0; fi; \
	exit $$status

platforms: ## system packages and the platforms that judge, built from pinned sources (12 minutes the first time)
	$(PLATFORMS)/prepare
	$(PLATFORMS)/build

conformance: build ## the real platforms judge what decamp emits, and run it (run `make platforms` once before)
	@DECAMP=$$PWD/bin/decamp EMPTY_IN_SHELL=from-the-shell \
	  $(TOOL) gotestsum --format standard-verbose --hide-summary skipped --raw-command -- testdata/conformance/run
	go generate ./testdata/conformance/contract/generate
