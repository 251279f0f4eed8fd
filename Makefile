# The front door. `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Many tests wait for a rate, a lease or a process, so that two share a core.
TEST_JOBS ?= $(shell expr 2 '*' $$(nproc))
SECONDS_EACH ?= 15
CTEST = ctest --test-dir build/$(1) --output-on-failure --no-tests=error -j$(TEST_JOBS)
# What shares state between threads: the sockets, the stores' threads, and all that runs on both.
TSAN_PROGRAMS = unit_net unit_engine unit_store contract_tests integration_tests

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: setup setup-ui setup-test
setup:
	@scripts/setup build
setup-ui:
	@scripts/setup ui
setup-test:
	@scripts/setup test

.PHONY: build
build: setup ## build/release/clarion
	@scripts/build release clarion

.PHONY: demo
demo: build ## the main job in the terminal: contacts, query, decide, send, results (AUDIENCE=file QUERY="..." TPS=50)
	@scripts/demo

.PHONY: ui
ui: setup-ui ## the page, from ui/ to build/ui (needs nothing from the C++ build)
	@scripts/ui

.PHONY: run
run: build ui ## the server with its page at http://localhost:5000
	@build/release/clarion serve

.PHONY: dev
dev: setup-test ## the development build, with tests
	@scripts/ui
	@scripts/build dev all

.PHONY: unit
unit: dev ## unit tests only
	@$(call CTEST,dev) -L unit

.PHONY: test
test: dev ## set up, build and pass every test
	@$(call CTEST,dev)

.PHONY: asan
asan: setup-test ## address and undefined-behaviour sanitizers over all tests but the slow chaos
	@scripts/build asan all
	@$(call CTEST,asan) -LE chaos

.PHONY: tsan
tsan: setup-test ## thread sanitizer over what runs on several threads
	@scripts/build tsan $(TSAN_PROGRAMS)
	@$(call CTEST,tsan) -LE chaos -E '_NOT_BUILT$$'

.PHONY: fuzz
fuzz: setup-test ## each fuzz target for SECONDS_EACH seconds
	@scripts/build asan all
	@scripts/fuzz build/asan/fuzz $(SECONDS_EACH)

.PHONY: bench
bench: setup-test ## every benchmark; results with machine, commit and flags in bench/results
	@scripts/build bench all
	@bench/run

.PHONY: format
format: setup-test ## clang-format and Prettier over every source
	@scripts/check_format --fix

.PHONY: checks
checks: setup-test ## formatting, layers, documents; each check proves first that it can fail
	@scripts/check_format
	@scripts/check_layers --self-test && scripts/check_layers
	@scripts/check_docs --self-test && scripts/check_docs
	@scripts/openapi_json --check

.PHONY: tidy
tidy: setup-test ## clang-tidy over what differs from main
	@scripts/tidy

.PHONY: tidy-all
tidy-all: setup-test ## clang-tidy over everything (about 25 minutes on two cores)
	@scripts/tidy --all

.PHONY: ci
ci: ## what .ci/run runs
	@scripts/ci
