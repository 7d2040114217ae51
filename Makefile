# Everything a person or a program asks of a checkout. Needs Python 3.11 with pip; the rest is fetched.
# PORT, EWTP_HOME and DATABASE_URL are taken from the environment or from the command line.

PYTHON ?= python3
PORT ?= 8000
EWTP_HOME ?= .ewtp
PYTEST_OPTIONS ?=

VENV := .venv
BIN := $(VENV)/bin
# What is only measured against stays out of the environment of the product.
BENCH_VENV := .bench-venv
# A uv that is already there is used; otherwise pip puts one beside the checkout, which needs no rights elsewhere.
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN_UV = PYTHONPATH=.tools UV_PYTHON_DOWNLOADS=never $(UV)
CATALOGUES := $(wildcard src/ewtp/web/*locale/*/LC_MESSAGES/*.po)

export PORT EWTP_HOME
ifdef DATABASE_URL
export DATABASE_URL
endif

.DEFAULT_GOAL := help
.PHONY: help run serve test test-fast setup check format bench wheel lock run-lock graph refusals messages chromium spark clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Serving needs none of the tools that check and test the source; once they are there, they stay.
run: $(VENV)/.installed $(VENV)/.translated ## set up what serving needs, load the rulebook and the demonstration, serve on PORT (8000)
	@exec $(BIN)/ewtp serve --demonstration --port "$(PORT)"

setup: $(VENV)/.tools $(VENV)/.translated ## make .venv with everything in it

# Tests keep their bytecode, in which assertions are rewritten, also where Python is told not to write any: making it
# takes every process four seconds.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest

# T= names a part, which one process runs; without it everything runs, and tests of one mark share a worker. There is a
# worker more than the two cores that are reckoned with, for some tests wait for a server, a browser or a killed database.
ifdef T
test: setup ## run every test, or those that T= names
	$(PYTEST) $(PYTEST_OPTIONS) $(T)
else
test: setup chromium spark
	$(PYTEST) -n3 --dist=loadgroup $(PYTEST_OPTIONS)
endif

# What needs a database is quick by itself (`make test T=tests/apps/barriers`), and in all too slow for this one.
test-fast: setup ## no browser, Spark, machine code, whole seed, official file, database or server, nothing slow; few drawn inputs
	EWTP_TEST_FEW_INPUTS=1 $(PYTEST) -n2 --dist=loadgroup -m "not (browser or spark or kernel or seed or whole_file or database or server or slow)" $(PYTEST_OPTIONS)

check: setup ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## rewrite the source as the formatter has it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheel: setup ## build dist/ewtp-….whl, with the seed and the compiled translations in it
	$(BIN)/python -m hatchling build -t wheel

# Memory is kept as the command `ewtp` has it kept, on both sides.
bench: export MIMALLOC_PURGE_DELAY ?= 10000
bench: setup $(BENCH_VENV)/.installed ## every benchmark, one JSON object a line
	@set -e; for file in bench/bench_*.py; do $(BIN)/python -m "bench.$$(basename "$$file" .py)"; done

lock: $(UV) ## pin the newest versions that pyproject.toml allows
	$(RUN_UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-header --no-emit-index-url --group dev pyproject.toml --output-file requirements.lock
	$(MAKE) --no-print-directory run-lock
	$(PYTHON) -c 'import tomllib; \
	  print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["spark"], "setuptools", sep="\n")' | \
	  $(RUN_UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-header --no-emit-index-url --constraint requirements.lock --output-file requirements-spark.lock -
	$(RUN_UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-header --no-emit-index-url bench/world/requirements.in --output-file requirements-bench.lock

run-lock: $(UV) ## write requirements-run.lock, the part of requirements.lock that serving needs
	$(RUN_UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --no-emit-index-url --constraint requirements.lock --group build pyproject.toml --output-file requirements-run.lock

graph: setup ## draw the import graph into ARCHITECTURE.md
	$(BIN)/python -m tools.import_graph

refusals: setup ## write the wordings of docs/refusals.md
	$(BIN)/python -m tools.refusals_page

messages: setup ## gather the texts to translate into every catalogue
	$(BIN)/pybabel extract -F babel.cfg --no-location --sort-output -k Sentence:2 -k term -k gettext_noop -k gettext_lazy \
	  -k ngettext_lazy:1,2 \
	  -k pgettext_lazy:1c,2 -o $(VENV)/django.pot src/ewtp
	$(BIN)/pybabel update --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete --width 120 -D django -i $(VENV)/django.pot -d src/ewtp/web/locale

# Browser tests drive a real Chromium; that without windows takes half the processor time, and where a Debian has none of
# it, the whole one does. Elsewhere than on Debian as root its absence skips them, with a message.
INSTALL_DEBIAN := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
chromium:
	@command -v chromium-headless-shell >/dev/null 2>&1 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  { apt-get update -qq && $(INSTALL_DEBIAN) chromium-headless-shell; } || \
	  command -v chromium >/dev/null 2>&1 || $(INSTALL_DEBIAN) chromium; \
	elif ! command -v chromium >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then \
	  echo "Chromium is missing: the browser tests will be skipped." >&2; \
	fi

# Spark takes half a gigabyte and needs a Java, so it is an extra; without it its tests are skipped, with a message.
spark: setup
	@version=$$(java -version 2>&1 | sed -nE 's/.* version "(1\.)?([0-9]+).*/\2/p' | head -1); \
	if [ "$${version:-0}" -ge 17 ]; then $(MAKE) --no-print-directory $(VENV)/.spark; \
	else echo "Java 17 is missing: the tests of Spark will be skipped." >&2; fi

clean: ## remove what setup made; data in EWTP_HOME stays
	rm -rf $(VENV) $(BENCH_VENV) .tools

.tools/bin/uv:
	$(PYTHON) -m pip install --quiet --target .tools uv

$(VENV)/bin/python: | $(UV)
	$(RUN_UV) venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)

# Spark is published as source alone; what builds it is pinned as well. Once there, it stays when the rest changes.
SPARK := requirements-spark.lock --build-constraints requirements-spark.lock
$(VENV)/.spark: requirements-spark.lock $(VENV)/.installed
	$(RUN_UV) pip install --quiet --require-hashes --python $(BIN)/python -r $(SPARK)
	@touch $@

# The build backend is one of the pinned packages, so that an installation asks for nothing that the lock does not name.
# Bytecode is made here: where Python is told not to write it, a command would compile its imports again at every start.
INSTALL = $(RUN_UV) pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python
$(VENV)/.installed: pyproject.toml requirements-run.lock | $(VENV)/bin/python
	$(INSTALL) $(if $(wildcard $(VENV)/.tools),requirements.lock,requirements-run.lock) $(if $(wildcard $(VENV)/.spark),$(SPARK))
	$(RUN_UV) pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@$(BIN)/python -m compileall -q src/ewtp
	@touch $@

# A sync removes what its file does not name, so the project itself is installed again.
$(VENV)/.tools: requirements.lock $(VENV)/.installed
	$(INSTALL) requirements.lock $(if $(wildcard $(VENV)/.spark),$(SPARK))
	$(RUN_UV) pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

$(BENCH_VENV)/.installed: requirements-bench.lock | $(UV)
	$(RUN_UV) venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(BENCH_VENV)
	$(RUN_UV) pip sync --quiet --require-hashes --python $(BENCH_VENV)/bin/python requirements-bench.lock
	@touch $@

# gettext's own compiler is not needed: Babel compiles the catalogues.
$(VENV)/.translated: $(CATALOGUES) | $(VENV)/.installed
	@if [ -n "$(CATALOGUES)" ]; then for folder in src/ewtp/web/*locale; do $(BIN)/pybabel --quiet compile -D django -d $$folder; done; fi
	@touch $@
