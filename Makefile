# The front door. `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)
CTEST = ctest --test-dir build/$(1) --output-on-failure --no-tests=error -j$(JOBS)

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: setup setup-test
setup:
	@scripts/setup build
setup-test:
	@scripts/setup test

.PHONY: build
build: setup ## build/release/clarion
	@scripts/build release clarion

.PHONY: dev
dev: setup-test ## the development build, with tests
	@scripts/build dev all

.PHONY: unit
unit: dev ## unit tests only
	@$(call CTEST,dev) -L unit

.PHONY: test
test: dev ## set up, build and pass every test
	@$(call CTEST,dev)
