# The few commands people type.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DEMO_CONFIG = configs/uar/dinov2-tiny_ens_synthetic.py
DEMO_DIR ?= work_dirs/demo

.PHONY: demo demo-page test lint docs clean

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

## lint: style and types
lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy

## docs: the documentation site, docs/_build/index.html; a broken link is an error
docs: $(VENV)/.docs
	$(BIN)/python -m sphinx -W --keep-going -q -c docs . docs/_build

# Files that mark what an environment already holds.
$(VENV)/.demo: requirements/demo.txt setup.py
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

$(VENV)/.docs: requirements/docs.txt $(VENV)/.demo
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements/docs.txt
	touch $@

clean:
	rm -rf $(VENV) work_dirs/demo docs/_build
