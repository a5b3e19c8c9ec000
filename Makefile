# make lab       open the lessons in JupyterLab (LAB_FLAGS="--no-browser --port=8899" are passed on)
# make test      run every test, and every notebook against its stored outputs
# make mutants   break twenty-two statements and see that the tests notice
# make test-latest  run the lessons with the newest releases that pyproject.toml allows
# make seeds     fit the lesson's model with 80 seeds, and count the clean runs
# make book      make the site of the lessons (classroom/site/_build/html)
# make test-browser  try the lessons in JupyterLab, and the site, in a real browser
# make lint      check the style of code and notebooks; make format mends it
# make execute   run the notebooks and store their outputs (NOTEBOOKS="notebooks/01_..." for some)
# make posterior fit the lessons' models again and store the draws in data/
# make warm      fill the compile caches before a class
# make lock      renew requirements.lock and .ci/tools.lock
# Each of them first builds .venv when it is missing or out of date (PYTHON=... names an interpreter).

PYTHON_ENV = .venv/bin/python
FIRST = notebooks/00_start_here.ipynb

.DEFAULT_GOAL := help

.PHONY: help environment tools lab test seeds mutants test-latest book test-browser lint format execute posterior warm lock

help:
	@sed -n 's/^# //p' Makefile

environment:
	@PYTHON="$(PYTHON)" sh .ci/set_up

tools:
	@PYTHON="$(PYTHON)" sh .ci/set_up tools

lab: environment
	$(PYTHON_ENV) -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/$(FIRST) $(LAB_FLAGS)

test: environment
	@$(PYTHON_ENV) tests/changed_notebooks.py
	$(PYTHON_ENV) -m pytest --nbval -n 2 --dist loadscope notebooks tests helpers

seeds: environment
	$(PYTHON_ENV) studies/seeds.py

mutants: environment
	$(PYTHON_ENV) studies/mutants.py

test-latest: environment
	sh .ci/test_latest

book: tools
	$(PYTHON_ENV) classroom/site/build.py

test-browser: book
	$(PYTHON_ENV) -m pytest -p no:cacheprovider classroom/site/test_browser.py

lint: environment
	$(PYTHON_ENV) -m ruff check .
	$(PYTHON_ENV) -m ruff format --check .

format: environment
	$(PYTHON_ENV) -m ruff check --fix .
	$(PYTHON_ENV) -m ruff format .

execute: environment
	$(PYTHON_ENV) studies/execute_notebooks.py $(NOTEBOOKS)

posterior: environment
	$(PYTHON_ENV) studies/make_posterior.py

warm: environment
	$(PYTHON_ENV) studies/warm.py

LOCK = $(PYTHON_ENV) -m uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-emit-index-url --no-header --upgrade --extra test pyproject.toml

lock: environment
	$(LOCK) -o requirements.lock
	$(LOCK) --extra tools -c requirements.lock -o .ci/tools.lock
