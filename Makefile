# Strand. `make run` is all that a visitor needs; PORT and HOST say where.

VENV := .venv
PY := $(VENV)/bin/python
BIOME := node_modules/.bin/biome

.PHONY: setup setup-dev tools run demo test unit check bench drills format lock messages

run: setup
	@exec $(PY) -m app serve

setup: $(VENV)/runtime.stamp

demo: setup
	@exec $(PY) -m app demo

# Some tests: make test ARGS="tests/routers/test_days.py -k today"
test: setup-dev
ifdef ARGS
	@$(PY) -m scripts.test $(ARGS)
else
	@$(MAKE) --no-print-directory tools
	@$(PY) -m scripts.test
endif

# What all tests and checks need.
tools: setup-dev
	@$(PY) -m scripts.tools chromium firefox webkit postgresql fonts node
	@$(MAKE) --no-print-directory node_modules/.stamp

# The quick ones, for between two edits; CONTRIBUTING.md says what they leave out.
unit: setup-dev
	@$(PY) -m scripts.tools node
	@$(PY) -m scripts.test --unit

check: setup-dev
	@$(PY) -m scripts.tools node
	@$(MAKE) --no-print-directory node_modules/.stamp
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" sh scripts/check.sh

bench: setup-dev
	@$(PY) -m scripts.tools postgresql chromium node
	@$(MAKE) --no-print-directory bench/lighthouse/node_modules/.stamp
	@$(PY) -m bench

# As root on Debian; FOLDER says where, if not in the usual place for temporary files.
drills: setup-dev
	@$(PY) -m scripts.tools postgresql docker debootstrap
	@$(PY) -m scripts.drills
	@$(PY) -m scripts.container_drill $(if $(FOLDER),--folder $(FOLDER))

format: setup-dev
	@$(PY) -m scripts.tools node
	@$(MAKE) --no-print-directory node_modules/.stamp
	$(PY) -m ruff check --fix --exit-zero --quiet
	$(PY) -m ruff format
	$(BIOME) check --write

messages: setup-dev
	@$(PY) -m scripts.messages

lock: setup-dev
	@$(PY) -m scripts.tools node
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" python -m scripts.lock

setup-dev: setup $(VENV)/dev.stamp

$(VENV)/runtime.stamp: requirements.lock
	@sh scripts/setup.sh requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	@sh scripts/setup.sh requirements-dev.lock
	@touch $@

node_modules/.stamp: package-lock.json .npmrc
	@npm ci --silent
	@touch $@

bench/lighthouse/node_modules/.stamp: bench/lighthouse/package-lock.json
	@cd bench/lighthouse && npm ci --silent --ignore-scripts
	@touch $@
