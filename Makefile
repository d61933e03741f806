# What there is to do here; `make` alone tells. Every target installs what it needs, and says so.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
# One more than two cores: most tests wait for brokers, databases and browsers.
WORKERS ?= 3
# More for one run: make demo ARGS="--headless --for 30", make test ARGS="tests/wire -x".
ARGS ?=

# What the tests need from outside Python: brokers, databases, a browser, a screen, a loudspeaker.
PROGRAMS := mosquitto postgresql chromium fonts screen aplay espeak-ng systemd-analyze nginx caddy

COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

.PHONY: help setup setup-dev demo test test-all kiosk-machine lint format lock upgrade

help: ## Tell what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Put into .venv what runs Otziv (needs Python 3.11 to 3.13)
	@tools/setup server

setup-dev: ## Put into .venv what tests Otziv, too
	@tools/setup dev

demo: setup ## Show the running system: kiosks, broker, collector, dashboard (Ctrl-C ends it)
	@$(BIN)/otziv demo $(ARGS)

test: lint ## Run all kinds of tests, each in one configuration (up to 15 minutes)
	@tools/programs $(PROGRAMS)
	$(BIN)/pytest -n $(WORKERS) -m "not slow" $(ARGS)

test-all: lint ## Run every test in every configuration, and again under Debian 13 (up to 75 minutes)
	@tools/programs $(PROGRAMS) qemu-system-aarch64 mmdebstrap cpio soffice
	tools/kiosk-machine
	$(BIN)/pytest -n $(WORKERS) $(ARGS)
	# There packages come from a folder of files for this machine, so none for a Pi can be asked for.
	tools/in-debian trixie make test ARGS="--deselect tests/house/test_wheels.py"

kiosk-machine: setup-dev ## Make the virtual machine that stands in for a Raspberry Pi, and keep it
	@tools/kiosk-machine

lint: setup-dev ## Check style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

format: setup-dev ## Lay out the code, and mend what ruff can mend safely
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# dev.lock comes first and holds the other three to its versions, so that what is tested is what
# is installed. A lock keeps the versions it has as long as pyproject.toml allows them.
lock: setup-dev ## Bring the locks into line with pyproject.toml
	$(COMPILE) $(UPGRADE) --extra dev --group build --output-file locks/dev.lock
	$(COMPILE) --extra postgres --group build --constraints locks/dev.lock --output-file locks/server.lock
	$(COMPILE) --extra kiosk --constraints locks/dev.lock --output-file locks/kiosk.lock
	$(COMPILE) --extra touch --constraints locks/dev.lock --output-file locks/touch.lock

upgrade: UPGRADE := --upgrade
upgrade: lock ## Bring the locks to the newest versions (then run make test-all)
