# The few commands people type.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DEMO_CONFIG = configs/uar/dinov2-tiny_ens_synthetic.py
DEMO_DIR ?= work_dirs/demo

.PHONY: demo test lint clean

# So small a network is fastest on one thread; the other core draws the faces.
demo: export OMP_NUM_THREADS ?= 1
## demo: train and test a small ensemble on drawn faces (nothing downloaded but packages)
demo: $(VENV)/.demo
	$(BIN)/python tools/train.py $(DEMO_CONFIG) --work-dir $(DEMO_DIR) --resume
	$(BIN)/python tools/test.py $(DEMO_CONFIG) $(DEMO_DIR)/ensemble.pth --work-dir $(DEMO_DIR)

## test: run the test suite
test: $(VENV)/.dev
	$(BIN)/python -m pytest

## lint: style and types
lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy

# Files that mark what an environment already holds.
$(VENV)/.demo: requirements/demo.txt setup.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements/demo.txt
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.demo
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements/dev.txt
	touch $@

clean:
	rm -rf $(VENV) work_dirs/demo
