# Berth's front door. Every target sets up what it needs first; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
ENV ?= local
SITE ?= wiki
VERSION ?=
FOLLOW ?=
ALL ?=
BUILD ?= 1
FORMAT ?= kubernetes

# A program fetched by set-up goes before one on the PATH: it is fetched only where that one is missing or too old.
export PATH := $(CURDIR)/.berth/bin:$(CURDIR)/.venv/bin:$(PATH)
# Python keeps what it compiles: without it every command compiles its libraries anew.
unexport PYTHONDONTWRITEBYTECODE
ifeq ($(origin PORT),command line)
export BERTH_PORT := $(PORT)
endif

READY := @$(PYTHON) -m setup
BERTH := @.venv/bin/python -m ops
SHELL_FILES = $(shell shfmt -f .ci bench entrypoint local packer setup)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  variables: ENV=$(ENV) SITE=$(SITE) VERSION= (default: the commit) PORT= (of the embedded cloud) FOLLOW=1 ALL=1"

.PHONY: setup
setup: ## make this machine ready: virtual environment, terraform, Docker, packer, mmdebstrap
	$(READY) venv terraform docker packer mmdebstrap

.PHONY: check
check: setup ## preflight: everything that would stop create-all, all at once
	$(BERTH) check --env $(ENV)

.PHONY: bootstrap
bootstrap: setup ## make the bucket that holds Terraform's state
	$(BERTH) bootstrap --env $(ENV)

.PHONY: create-all
create-all: setup ## from nothing to a running wiki; run it again after a crash and it goes on
	$(BERTH) create-all --env $(ENV) --version "$(VERSION)"

.PHONY: build
build: setup ## build the images of VERSION= and push them
	$(BERTH) build --env $(ENV) --version "$(VERSION)"

.PHONY: refresh
refresh: ## have the next build take Debian's newest packages: commit packer/base/refreshed
	@date -u +%FT%TZ >packer/base/refreshed

.PHONY: mediawiki
mediawiki: setup ## release VERSION= to the MediaWiki sites: build, push, migrate, roll out
	$(BERTH) mediawiki --env $(ENV) --version "$(VERSION)"

.PHONY: wordpress
wordpress: setup ## release VERSION= to the WordPress sites: build, push, migrate, roll out
	$(BERTH) wordpress --env $(ENV) --version "$(VERSION)"

.PHONY: export
export: setup ## write the sites of an environment on Kubernetes as files for kubectl; BUILD=0 builds and pushes nothing
	$(BERTH) export --env $(ENV) --version "$(VERSION)" --format $(FORMAT) $(if $(filter 0,$(BUILD)),--no-build)

.PHONY: plan
plan: setup ## show what apply would change, and keep that plan for it
	$(BERTH) plan --env $(ENV)

.PHONY: apply
apply: setup ## apply the kept plan, or whatever the settings ask for
	$(BERTH) apply --env $(ENV)

.PHONY: destroy
destroy: setup ## take the environment down; ALL=1 takes the registry and the state bucket too
	$(BERTH) destroy --env $(ENV) $(if $(ALL),--all)

.PHONY: status
status: setup ## table of the stacks, services, image versions and URLs
	$(BERTH) status --env $(ENV)

.PHONY: logs
logs: setup ## the log of SITE=; FOLLOW=1 goes on
	$(BERTH) logs --env $(ENV) --site $(SITE) $(if $(FOLLOW),--follow)

.PHONY: password
password: setup ## name and password of the administrator of SITE=
	$(BERTH) password --env $(ENV) --site $(SITE)

.PHONY: cloud-start
cloud-start: setup ## start the embedded cloud again, with what it held
	$(BERTH) cloud-start --env $(ENV)

.PHONY: cloud-stop
cloud-stop: setup ## stop the embedded cloud and keep what it holds
	$(BERTH) cloud-stop --env $(ENV)

.PHONY: cdktf
cdktf: setup ## bring cdktf-cli into .berth; then: .berth/bin/cdktf plan base
	$(READY) cdktf

.PHONY: test
test: setup ## every test but the long counts
	$(READY) chromium php slowfs
	@.venv/bin/python -m pytest -m "not soak" --numprocesses 2

.PHONY: soak
soak: setup ## the long counts: kills, crash points, generated settings
	$(READY) chromium php slowfs
	@.venv/bin/python -m pytest -m soak

.PHONY: bench
bench: setup ## measure what is claimed: synthesis, seeding, create-all, the images against plain ones, kills
	$(READY) php slowfs wrk
	@.venv/bin/python -m bench

.PHONY: lint
lint: setup ## every linter
	@ruff check && ruff format --check && mypy
	@shellcheck $(SHELL_FILES) && shfmt -i 2 -ci -d $(SHELL_FILES)
	@packer fmt -check packer && ansible-lint --offline -q packer

.PHONY: fmt
fmt: setup ## put every file into its one format
	@ruff check --fix && ruff format && shfmt -i 2 -ci -w $(SHELL_FILES) && packer fmt packer

.PHONY: lock
lock: setup ## write requirements.txt anew from requirements.in
	@.venv/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 -o requirements.txt requirements.in

.PHONY: clean
clean: ## remove the local cloud with all it holds, and .berth and cdktf.out; the virtual environment stays
	@if [ -x .venv/bin/python ]; then .venv/bin/python -m ops clean; fi
