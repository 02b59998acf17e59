# Every target does its own set-up in a clean clone: a virtual environment, everything from PyPI as pinned.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
PINS := pyproject.toml constraints.txt

.PHONY: help install demo test bench screenshots train base clean

help:
	@echo "make install  set up $(VENV) with the slatewatch command"
	@echo "make demo     read the page that ships with slatewatch and print its card"
	@echo "make test     set up, then everything that CI checks (scripts/check)"
	@echo "make bench    set up, then speed against the rivals (bench/)"
	@echo "make screenshots  set up, then take the pictures of docs/pictures anew"
	@echo "make train    set up, then train the model anew on all labelled articles, on from training/base"
	@echo "make base     set up, then make training/base anew from the encoder, in some hours"

install: $(VENV)/.installed

demo: $(VENV)/.installed
	$(VENV)/bin/slatewatch read --cards slatewatch/demo/escaping-north-korea.html

test: $(VENV)/.installed-test
	scripts/browser
	scripts/pdftotext
	VENV=$(VENV) scripts/check

bench: $(VENV)/.installed-bench
	$(VENV)/bin/python bench/claims.py

screenshots: $(VENV)/.installed-test
	scripts/browser
	$(VENV)/bin/python scripts/screenshots

train: $(VENV)/.installed-train
	$(VENV)/bin/python -m training

base: $(VENV)/.installed-train
	$(VENV)/bin/python -m training.base

# Stamps: set-up runs once, and again only when the dependencies change.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(PINS) | $(VENV)/bin/python
	$(PIP) -e .
	@touch $@

$(VENV)/.installed-%: $(PINS) | $(VENV)/bin/python
	$(PIP) -e '.[$*]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
