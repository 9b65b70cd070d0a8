# Each target sets up what it needs, unless that is up to date.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: serve build check watch quick test test-deep mutants fuzz pages lint format bench audit sbom clean help

# The uv that tools/uv.txt pins, whatever else is installed; `make UV=/usr/bin/uv build` takes another.
UV := .tools/bin/uv
OWN_UV := $(filter .tools/bin/uv,$(UV))
RUN := "$(UV)" run --no-sync
# One process per processor; more than four would need too much memory for their browsers.
AT_ONCE := -n auto --maxprocesses 4 --dist worksteal
# The tests with random inputs.
FUZZED := -m "(hypothesis or supply or browser) and not deep" $(addprefix tests/,unit property supply/test_comment.py supply/test_comment_fuzz.py browser/test_no_restart.py::test_published_worker_answers_every_page_input_as_python_does)

# The number of set-up steps: only page tests need a browser, only the benchmark needs other engines.
STEPS := $(if $(filter test-deep,$(MAKECMDGOALS)),7,$(if $(filter bench,$(MAKECMDGOALS)),6,$(if $(filter test pages,$(MAKECMDGOALS)),5,3)))
READY := .venv/.ready node_modules/.ready

serve: $(READY) ## Show the site on this computer and follow every edit of policy.yaml and docs/
	@$(RUN) mkdocs serve

build: $(READY) ## Build the site into site/, with files compressed beside the others
	@$(RUN) policy build --compressed

check: $(READY) ## Check policy.yaml: its words, its rules, its examples and its gaps
	@$(RUN) policy check --today "$$(date +%F)"

watch: $(READY) ## Check policy.yaml again whenever you save it
	@$(RUN) policy check --watch --today "$$(date +%F)"

quick: $(READY) lint ## Check style, types and floors, and run unit and property tests (under a minute)
	@$(RUN) pytest tests/unit tests/property -m "not deep" --hypothesis-profile=quick $(AT_ONCE)

test: $(READY) tests/node_modules/.ready lint ## Check style and types, and run the tests, some of them in browsers
	@browser="$$(tools/browser.sh 5/$(STEPS))" && BROWSER_PATH="$$browser" $(RUN) pytest -m "not deep" $(AT_ONCE)

test-deep: $(READY) tests/node_modules/.ready .venv/.spark tests/browsers/node_modules/.ready ## Run the tests that take long and seldom fail: publishing, many edits, long walks, 1,000 random inputs
	@browser="$$(tools/browser.sh 7/$(STEPS))" && BROWSER_PATH="$$browser" $(RUN) pytest -m deep $(AT_ONCE)
	@$(RUN) pytest $(FUZZED) --hypothesis-profile=deep $(AT_ONCE)

fuzz: $(READY) ## Try 10,000 and more inputs of each kind, and measure each (half an hour)
	@$(RUN) pytest $(FUZZED) --hypothesis-profile=fuzz $(AT_ONCE)

pages: build tests/node_modules/.ready ## Measure every page as a phone shows it: what Lighthouse says of it
	@browser="$$(tools/browser.sh 5/$(STEPS) whole)" && BROWSER_PATH="$$browser" $(RUN) python -m tests.support.lighthouse site

mutants: .venv/.mutants ## Make small faults in the checker, one by one, and see that tests find each (an hour)
	@$(RUN) python -m tests.support.mutants

lint: .venv/.ready ## Check the style and the types of the Python code
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy

format: .venv/.ready ## Put policy.yaml and the Python code into their standard form
	@$(RUN) policy format
	@$(RUN) ruff check --fix-only
	@$(RUN) ruff format

bench: $(READY) .venv/.bench bench/node_modules/.ready ## Measure the speed, beside other rule engines and other pages (half an hour)
	@$(RUN) python -m bench
	@browser="$$(tools/browser.sh 6/$(STEPS) whole)" && BROWSER_PATH="$$browser" $(RUN) python -m bench.start

audit: node_modules/.ready ## Look for known holes in the locked packages, which needs the network
	@"$(UV)" audit --locked --preview-features audit
	@for folder in . tests bench; do $(RUN) python tools/npm.py audit --package-lock-only --prefix "$$folder" || exit; done

sbom: $(READY) ## List all packages that the site is made with, as CycloneDX, in build/sbom/
	@UV="$(UV)" $(RUN) python tools/sbom.py

clean: ## Remove all that make has made, the set-up too
	rm -rf .tools .venv node_modules tests/node_modules tests/browsers/node_modules bench/node_modules build site .site.building policy.completion.json .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find bench checker macros tests -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

.tools/bin/uv: tools/uv.txt tools/uv.sh
	@tools/step.sh 1/$(STEPS) "uv, which installs the rest" \
		"See pip's message above. With a uv of your own, run make UV=/path/to/uv." \
		tools/uv.sh
	@touch $@

.venv/.ready: pyproject.toml uv.lock .python-version | $(OWN_UV)
	@tools/step.sh 2/$(STEPS) "Python packages (about a minute the first time)" \
		"See uv's message above. It needs a Python $$(cat .python-version), installed or to be fetched, and the package index." \
		"$(UV)" sync --locked
	@touch $@

node_modules/.ready: package.json package-lock.json | .venv/.ready
	@tools/step.sh 3/$(STEPS) "The browser's Python runtime" \
		"Is the npm registry reachable? Then run make again." \
		$(RUN) python tools/npm.py ci --ignore-scripts --no-audit --no-fund
	@touch $@

tests/node_modules/.ready: tests/package.json tests/package-lock.json | .venv/.ready
	@tools/step.sh 4/$(STEPS) "What looks at pages (about a minute the first time)" \
		"Is the npm registry reachable? Then run make again." \
		$(RUN) python tools/npm.py ci --prefix tests --ignore-scripts --no-audit --no-fund
	@touch $@

.venv/.bench: .venv/.ready
	@tools/step.sh 4/$(STEPS) "Other rule engines, in Python" \
		"See uv's message above. It needs the package index." \
		"$(UV)" sync --locked --inexact --group bench
	@touch $@

.venv/.spark: tools/spark.txt tools/spark-build.txt .venv/.ready
	@tools/step.sh 5/$(STEPS) "Spark, built from its source (two minutes)" \
		"See uv's message above. It needs the package index." \
		"$(UV)" pip install --no-config --no-deps --require-hashes --build-constraints tools/spark-build.txt --requirement tools/spark.txt
	@touch $@

# Nobody looks for holes in these browsers: they are old, and only tests of our own pages run them.
tests/browsers/node_modules/.ready: tests/browsers/package.json tests/browsers/package-lock.json | .venv/.ready
	@tools/step.sh 6/$(STEPS) "Old browsers (100 MB)" \
		"Is the npm registry reachable? Then run make again." \
		$(RUN) python tools/npm.py ci --prefix tests/browsers --ignore-scripts --no-audit --no-fund
	@touch $@

.venv/.mutants: .venv/.ready
	@tools/step.sh 3/$(STEPS) "What makes small faults" \
		"See uv's message above. It needs the package index." \
		"$(UV)" sync --locked --inexact --group mutants
	@touch $@

bench/node_modules/.ready: bench/package.json bench/package-lock.json | .venv/.ready
	@tools/step.sh 5/$(STEPS) "Other rule engines in JavaScript, and other Pythons for a page" \
		"Is the npm registry reachable? Then run make again." \
		$(RUN) python tools/npm.py ci --prefix bench --ignore-scripts --no-audit --no-fund
	@touch $@
