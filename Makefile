# Gap Atlas: `make` lists what there is to do.
# Nothing has to be prepared: each target makes the environment that it needs in .venv.

VENV ?= .venv
PORT ?= 8501
HOST ?= localhost
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check

# uv installs the same pins in a tenth of the time. Where it reaches no package index, pip does the
# work as pip is set up.
UV   := UV_HTTP_TIMEOUT=20 $(BIN)/python -m uv pip install --quiet --python $(BIN)/python
install = { $(UV) $(1) 2>/dev/null || $(PIP) $(1); }

# As many workers as cores, and no more than four: each further one builds and imports all anew, which
# costs more than the time in which a browser is waited for. Their arithmetic has no threads of its own
# for the same reason. Neighbours stay together, so that a worker keeps what it has built; the one that
# is done first takes over from the others.
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
	$(BIN)/pytest -n logical --maxprocesses 4 --dist worksteal --durations 15

# Without kept bytecode each of the hundreds of processes of a run compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
SPARK_STAMP := $(VENV)/.installed-spark

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run build check test lint types contracts unit browser postgres nginx spark programs bench soak \
        schema screenshots format requirements clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

# ---------------------------------------------------------------- using it

run: build ## build the data and open the app on PORT (8501); HOST=0.0.0.0 to let others in
	$(BIN)/streamlit run dashboard.py --server.port $(PORT) --server.address $(HOST)

build: $(RUN_STAMP) ## build the snapshot of all configured data
	$(BIN)/gapatlas build

# ---------------------------------------------------------------- checking it

# Everything else comes first, so that pytest has the last word. Types take a core for a while, and
# what the tests need takes the network.
test: lint contracts ## everything: lint, types, import contracts, all tests with a real browser
	@$(MAKE) --no-print-directory --jobs 2 types programs
	$(PYTEST)

# One after the other: there is one lock for all packages of Debian.
programs: $(DEV_STAMP)
	@$(MAKE) --no-print-directory --jobs 1 browser postgres nginx spark

check: lint types unit ## the quick checks, under a minute

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_STAMP)
	$(BIN)/mypy

contracts: $(DEV_STAMP)
	$(BIN)/lint-imports

unit: $(DEV_STAMP)
	$(PYTEST) tests/unit

# A Chromium that is there is used as it is. Else Debian's, and where there is none Playwright's own.
browser: $(DEV_STAMP)
	@$(BIN)/python -m tools.find_browser 2>/dev/null && exit 0; \
	sudo=; [ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	if command -v apt-get >/dev/null; then \
	  echo 'Installing Chromium with apt-get'; \
	  $$sudo apt-get update -q && $$sudo env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -q -y --no-install-recommends chromium fonts-liberation; \
	fi; \
	$(BIN)/python -m tools.find_browser 2>/dev/null || { \
	  echo "Installing Playwright's Chromium"; \
	  $(BIN)/playwright install chromium && $(BIN)/python -m tools.find_browser; }

# Tests of databases start a server of their own and stop it.
POSTGRES := $(wildcard /usr/lib/postgresql/*/bin/initdb) $(shell command -v initdb)

postgres:
	@[ -n "$(strip $(POSTGRES))" ] && exit 0; \
	sudo=; [ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	echo 'Installing PostgreSQL with apt-get'; \
	$$sudo apt-get update -q && $$sudo env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -q -y --no-install-recommends postgresql

# Tests of several workers start an nginx of their own and stop it.
nginx:
	@[ -n "$$(PATH=$$PATH:/usr/sbin:/usr/local/sbin command -v nginx)" ] && exit 0; \
	sudo=; [ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	echo 'Installing nginx with apt-get'; \
	$$sudo apt-get update -q && $$sudo env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -q -y --no-install-recommends nginx-light

# Tests of Spark start a master and two workers of their own and stop them. PySpark is large, and
# nothing else needs it. Each Debian has one Java of those that Spark runs on.
JAVA := $(shell PATH=$$JAVA_HOME/bin:$$PATH command -v java)

spark: $(SPARK_STAMP)
	@[ -n "$(JAVA)" ] && exit 0; \
	sudo=; [ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	echo 'Installing Java with apt-get'; \
	$$sudo apt-get update -q; \
	for java in 17 21; do \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
	    "openjdk-$$java-jre-headless" && exit 0; \
	done; \
	exit 1

bench: $(DEV_STAMP) browser nginx ## measure speed, bytes, load and memory beside peers, in one run
	$(BIN)/python -m benchmarks

soak: $(DEV_STAMP) browser ## whether memory grows: MINUTES (15) of readers, then 500 steps in a browser
	$(BIN)/python -m benchmarks soak --minutes $(or $(MINUTES),15)

# ---------------------------------------------------------------- keeping it

schema: $(RUN_STAMP) ## write config.schema.json anew from the typed config
	$(BIN)/gapatlas schema

screenshots: $(DEV_STAMP) browser ## pictures of every page, wide and narrow, light and dark, in OUT
	$(BIN)/python -m tools.screenshots --out $(or $(OUT),screenshots)

format: $(DEV_STAMP) ## format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

PIP_COMPILE := CUSTOM_COMPILE_COMMAND='make requirements' $(BIN)/pip-compile --quiet \
               --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
               --no-emit-options

requirements: $(DEV_STAMP) ## pin every requirements*.txt anew; UPGRADE=--upgrade for newer releases
	$(PIP_COMPILE) $(UPGRADE) --output-file requirements.txt requirements.in
	$(PIP_COMPILE) $(UPGRADE) --constraint requirements.txt \
	  --output-file requirements-dev.txt requirements-dev.in
	$(PIP_COMPILE) $(UPGRADE) --output-file benchmarks/requirements-peers.txt \
	  benchmarks/requirements-peers.in

clean: ## remove everything that these targets make
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
	  .snapshots screenshots .bench build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- the environment

# The oldest Python that will do comes first: the pins were made with it.
$(VENV)/pyvenv.cfg:
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
	  "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	    2>/dev/null || continue; \
	  echo "Making $(VENV) with $$("$$python" --version)"; \
	  exec "$$python" -m venv --clear $(VENV); \
	done; \
	echo 'No Python 3.11 or newer with the venv module was found.' >&2; \
	echo 'On Debian or Ubuntu: sudo apt-get install python3-venv' >&2; \
	exit 1

$(RUN_STAMP): requirements.txt requirements.in pyproject.toml | $(VENV)/pyvenv.cfg
	@echo 'Installing what Gap Atlas needs (about half a minute the first time)'
	@$(PIP) uv==0.13.9 2>/dev/null || true
	@$(call install,--requirement requirements.txt)
	@$(call install,--no-deps --editable .)
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	@echo 'Installing what its tests need'
	@$(call install,--requirement requirements-dev.txt)
	@touch $@

$(SPARK_STAMP): requirements-spark.in $(DEV_STAMP)
	@echo 'Installing PySpark'
	@$(call install,--requirement requirements-spark.in)
	@touch $@
