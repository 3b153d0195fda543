# Table Rase. `make` alone lists the commands.
#
# Everything happens in .venv, which tools/venv makes from the hash-locked files in requirements/ and makes again
# when they, pyproject.toml or the Python change. PYTHON=python3.12 chooses another Python than python3.

PYTHON ?= python3
SIZE ?=
UPGRADE ?=
K ?=
KERNEL ?= stable
# `make rig SHELL=1` asks for a shell, but SHELL is also how make is told with what to run its commands.
RIG_SHELL := $(filter 1,$(SHELL))
override SHELL := /bin/sh
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test gate lint format soak bench rig lock wheel clean venv-run venv-dev

help: ## list the commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: venv-run ## erase eight simulated drives, two of them sick; SIZE=1G for bigger ones
	@$(BIN)/tablerase demo $(if $(SIZE),--size $(SIZE))

test: venv-dev ## run the tests this machine can run; as root, all but the long ones
	@tools/test

gate: lint ## lint, then every test: what a change must pass (as root)
	@# The emulated bench first, and alone: its two guests need the machine for themselves.
	@tools/test --slow --numprocesses 0 tests/rig
	@tools/test --slow --ignore tests/rig

lint: venv-dev ## check style, types and which way imports point
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: venv-dev ## format the code
	@$(BIN)/ruff check --fix --select I .
	@$(BIN)/ruff format .

soak: venv-dev ## run the tests that take hours
	@$(BIN)/python -m pytest --soak

bench: venv-run ## compare speed and CPU use with nwipe, shred, dd and fio, as root; SIZE=2048 (MiB) for bigger drives
	@[ "$$(id -u)" = 0 ] || { echo "Loop devices need root. Type: sudo make bench" >&2; exit 1; }
	@tools/packages $$(sed 's/#.*//' benchmarks/packages.debian)
	@$(BIN)/python -m benchmarks $(if $(SIZE),--size $(SIZE))

rig: venv-dev ## try the bench on emulated drives under a real kernel, as root; K=name, SHELL=1, KERNEL=backports
	@[ "$$(id -u)" = 0 ] || { echo "The emulated bench needs root: its guest reads this machine's files. Type: sudo make rig" >&2; exit 1; }
	@[ "$$(uname -m)" = x86_64 ] || { echo "The emulated bench runs on x86-64 only, and this is $$(uname -m)." >&2; exit 1; }
	@tools/packages $$(cat packages.debian tests/rig/packages.debian | sed 's/#.*//')
ifeq ($(RIG_SHELL),1)
	@PYTHONPATH=tests $(BIN)/python -m rig --kernel $(KERNEL) shell
else
	@TABLERASE_RIG_KERNEL=$(KERNEL) $(BIN)/python -m pytest tests/rig --slow -v $(if $(K),-k '$(K)')
endif

lock: ## renew requirements/ from pyproject.toml; UPGRADE=1 for newer versions
	@PYTHON=$(PYTHON) UPGRADE=$(UPGRADE) tools/lock

wheel: venv-run ## build a wheel into dist/
	@$(BIN)/hatchling build -t wheel

clean: ## remove what these commands made, but no records and no keys
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv-run:
	@PYTHON=$(PYTHON) tools/venv run

venv-dev:
	@PYTHON=$(PYTHON) tools/venv dev
