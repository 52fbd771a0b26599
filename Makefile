# Every target works on a fresh clone with Python >= 3.11; what it installs goes into .venv, node_modules and .local.

LOCAL := $(CURDIR)/.local
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export PIP_CACHE_DIR := $(LOCAL)/pip
export npm_config_cache := $(LOCAL)/npm
export npm_config_update_notifier := false
export npm_config_fund := false
export npm_config_audit := false
# Nothing that runs here asks a question, nor anybody for newer versions.
export TF_INPUT := 0
export CHECKPOINT_DISABLE := 1

PYTHON_IN_VENV := .venv/bin/python
# The tests mostly wait for processes: more of them than cores.
WORKERS ?= $(shell $(CURDIR)/tools/workers.sh)

.PHONY: help setup test demo demo-destroy generate lint bench docs soak clean

help:
	@echo "make demo          set up, start a local Immuta, run cdktf deploy on two examples"
	@echo "make demo-destroy  take the demo's objects down again"
	@echo "make test          set up, lint, and run every test"
	@echo "make setup         .venv, .venv-cdktn and node_modules, with everything that is needed"
	@echo "make lint          the formatter's, linter's and type checker's opinion; generated files up to date"
	@echo "make generate      write the files that derive from the model"
	@echo "make docs          write the generated pages of docs/"
	@echo "make bench         measure the provider against a Go provider, and the constructs against cdktf's own"
	@echo "make soak          2,000 random lives, every fault of every request of every type, stacks of 1,200 records"
	@echo "make clean         remove what the other targets made"

BASE := .venv/.ready .venv/.programs node_modules/.ready

setup: $(BASE) .venv-cdktn/.ready

# Of the prebuilt providers' 2,600 modules the tests import a few dozen: to compile all would take minutes.
.venv/.ready: pyproject.toml constraints.txt
	@python=$$(sh tools/find_python.sh) && \
	echo "==> Python packages into .venv with $$python (one to two minutes)" && \
	"$$python" -m venv .venv && \
	.venv/bin/python -m pip install --no-compile -qq --disable-pip-version-check --constraint constraints.txt --editable '.[dev]' && \
	.venv/bin/python -m compileall -qq -j 0 -x cdktf_cdktf_provider .venv/lib && \
	touch $@

.venv/.programs: .venv/.ready tools/setup_programs.py tools/terraform_wrapper.py
	@$(PYTHON_IN_VENV) tools/setup_programs.py && touch $@

# What a user of CDK Terrain installs, and the few packages that the tests of the constructs need.
.venv-cdktn/.ready: .venv/.ready .venv/.programs $(wildcard tools/cdktn/*)
	@echo "==> CDK Terrain's packages and command line into .venv-cdktn (half a minute, 310 MB)"
	@$(PYTHON_IN_VENV) -m venv --clear --without-pip .venv-cdktn
	@grep -v '^constructs==' constraints.txt | cat - tools/cdktn/constraints.txt > .venv-cdktn/constraints.txt
	@$(PYTHON_IN_VENV) -m pip --python .venv-cdktn install -qq --disable-pip-version-check \
		--constraint .venv-cdktn/constraints.txt --editable '.[cdktn,testing]' --requirement tools/cdktn/requirements.txt
	@cp tools/cdktn/package.json tools/cdktn/package-lock.json .venv-cdktn
	@cd .venv-cdktn && npm ci --no-progress --loglevel=error
	@touch $@

# Where npm compiles an addon, it has to be for the Node of .venv, if there is one.
node_modules/.ready: package.json package-lock.json | .venv/.programs
	@echo "==> cdktf's command line into node_modules (half a minute, 420 MB)"
	@if [ -L .venv/bin/node ]; then \
		npm_config_nodedir=$$(dirname "$$(dirname "$$(readlink .venv/bin/node)")") && export npm_config_nodedir; \
	fi; npm ci --no-progress --loglevel=error && touch $@

test: setup lint
	@echo "==> the tests, $(WORKERS) at a time"
	@$(PYTHON_IN_VENV) -m pytest --numprocesses $(WORKERS) --dist worksteal

demo: $(BASE)
	@$(PYTHON_IN_VENV) tools/demo.py deploy

demo-destroy: $(BASE)
	@$(PYTHON_IN_VENV) tools/demo.py destroy

generate: .venv/.ready
	@$(PYTHON_IN_VENV) tools/generate.py

docs: generate

lint: .venv/.ready
	@echo "==> ruff, mypy --strict, and whether the generated files are up to date (half a minute the first time)"
	@$(PYTHON_IN_VENV) -m ruff check .
	@$(PYTHON_IN_VENV) -m ruff format --check .
	@$(PYTHON_IN_VENV) -m mypy provider constructs/immuta_constructs constructs/immuta_pytest.py simulator tools tests
	@$(PYTHON_IN_VENV) tools/generate.py --check

bench: $(BASE)
	@$(PYTHON_IN_VENV) tools/bench.py
	@$(PYTHON_IN_VENV) tools/bench_terraform.py
	@$(PYTHON_IN_VENV) tools/bench_synthesis.py

soak: $(BASE)
	@$(PYTHON_IN_VENV) -m pytest tests/property tests/faults/test_table.py --numprocesses $(WORKERS) --hypothesis-profile soak
	@$(PYTHON_IN_VENV) -m pytest tests/terraform -m soak

clean:
	rm -rf .venv .venv-cdktn node_modules .local build dist
	rm -rf examples/*/cdktf.out examples/*/.terraform examples/*/terraform.*.tfstate*
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
