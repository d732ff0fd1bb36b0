# The few commands people type.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DEMO_CONFIG = configs/uar/dinov2-tiny_ens_synthetic.py
DEMO_DIR ?= work_dirs/demo

.PHONY: demo demo-page test test-reliability test-crash test-fuzz test-distributed test-numbers coverage test-stacks dist licences audit lint docs clean

# So small a network is fastest on one thread; the other core draws the faces.
demo: export OMP_NUM_THREADS ?= 1
## demo: train and test a small ensemble on drawn faces (nothing downloaded but packages)
demo: $(VENV)/.demo
	$(BIN)/python tools/train.py $(DEMO_CONFIG) --work-dir $(DEMO_DIR) --resume
	$(BIN)/python tools/test.py $(DEMO_CONFIG) $(DEMO_DIR)/ensemble.pth --work-dir $(DEMO_DIR)

## demo-page: drop a face on a page of the demo ensemble, corrupt it, see the decision
demo-page: $(VENV)/.page $(DEMO_DIR)/ensemble.pth
	$(BIN)/python tools/demo_page.py $(DEMO_DIR)/ensemble.pth

$(DEMO_DIR)/ensemble.pth:
	$(MAKE) demo

# A process per core, each on one thread (tests/conftest.py); the tests of a
# file stay together for what they share.
## test: run the test suite
test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

# The longer set that `make test` leaves out (docs/reliability.md).
RELIABILITY = $(BIN)/python -m pytest -m reliability

## test-reliability: every group of tests/reliability
test-reliability: $(VENV)/.dev
	$(RELIABILITY) tests/reliability

## test-crash: killed, out of disk, told to stop; then resumed
test-crash: $(VENV)/.dev
	$(RELIABILITY) tests/reliability/crash

## test-numbers: planted faults are found, and one seed gives one result
test-numbers: $(VENV)/.dev
	$(RELIABILITY) tests/reliability/numbers

## test-distributed: several processes, members side by side, jobs of a cluster
test-distributed: $(VENV)/.dev
	$(RELIABILITY) tests/reliability/distributed

## test-stacks: the built wheel beside older, newer and forked packages (noxfile.py)
test-stacks: $(VENV)/.release
	$(BIN)/python -m nox -s stack

## dist: wheel and source archive in dist/
dist: $(VENV)/.release
	$(BIN)/python -m nox -s dist

## licences: write docs/dependencies.md: the licence of every package
licences: $(VENV)/.release
	$(BIN)/python -m nox -s licences

## audit: known weaknesses of the pinned packages; an error if the database is not reached
audit: $(VENV)/.release
	$(BIN)/python -m pip_audit --strict --no-deps --disable-pip -r requirements/demo.txt

## coverage: share of the package's lines that the test suite runs; an error below 90%
coverage: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --cov --cov-report=term

## test-fuzz: damaged and hostile files for every reader (SECURITY.md)
test-fuzz: $(VENV)/.dev
	$(RELIABILITY) tests/reliability/fuzz

## lint: style and types
lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy

## docs: the documentation site, docs/_build/index.html; a broken link is an error
docs: $(VENV)/.docs
	$(BIN)/python -m sphinx -W --keep-going -q -c docs . docs/_build

# Files that mark what an environment already holds.
$(VENV)/.demo: requirements/demo.txt setup.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "the pinned packages need Python 3.11 or later: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements/demo.txt
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.demo
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements/dev.txt
	touch $@

$(VENV)/.page: requirements/page.txt $(VENV)/.demo
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements/page.txt
	touch $@

$(VENV)/.release: requirements/release.txt
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements/release.txt
	touch $@

$(VENV)/.docs: requirements/docs.txt $(VENV)/.demo
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements/docs.txt
	touch $@

clean:
	rm -rf $(VENV) .nox dist work_dirs/demo docs/_build
