# `make` lists the commands. Each first builds .venv when it is missing or out of date
# (PYTHON=/path/to/python3.13 names an interpreter).

PY = .venv/bin/python
FIRST = notebooks/00_start_here.ipynb
HUB_CACHE ?= $(CURDIR)/.hub/cache

.DEFAULT_GOAL := help
.PHONY: help environment tools proxy lab test warm book hub load tally lint format execute posterior programs lock minutes \
	mutants seeds calibrate bench test-all test-latest test-browser test-hub

help:
	@awk -F ' *## *' '/^## /{print "\n" substr($$0, 4)} /^[a-z-]+:.*##/{sub(/:.*/, "", $$1); printf "  make %-13s %s\n", $$1, $$2}' Makefile

environment:
	@PYTHON="$(PYTHON)" sh making/set_up

tools:
	@PYTHON="$(PYTHON)" sh making/set_up tools

## To learn
lab: environment ## open the lessons in JupyterLab (LAB_FLAGS="--no-browser --port=8899" are passed on)
	$(PY) -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/$(FIRST) $(LAB_FLAGS)

test: environment ## run every test, and every notebook against its stored outputs (about five minutes)
	@$(PY) tests/changed_notebooks.py
	$(PY) -m pytest --nbval -n 2 --dist loadscope notebooks tests helpers

## To teach
warm: environment ## fill the compile caches before a class (about a minute)
	$(PY) -m making.warm

book: tools ## make the site of the lessons (classroom/site/_build/html)
	$(PY) classroom/site/build.py

hub: proxy ## start a hub for a class on this machine (classroom/README.md)
	HUB_CACHE="$(HUB_CACHE)" $(PY) -m jupyterhub --config classroom/jupyterhub_config.py

load: proxy ## let students that a script plays work on a hub of their own, and measure it (20 minutes)
	HUB_CACHE="$(HUB_CACHE)" $(PY) classroom/load.py $(LOAD_FLAGS)

tally: environment ## count what a class answered, from its files (FOLDER=/home or handed-in notebooks, TALLY="--page")
	$(PY) classroom/tally.py $(if $(FOLDER),"$(FOLDER)") $(TALLY)

## To maintain (CONTRIBUTING.md)
lint: environment ## check the style of code and notebooks
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

format: environment ## mend the style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

execute: environment ## run the notebooks and store their outputs (NOTEBOOKS="notebooks/01_..." for some)
	$(PY) -m making.execute $(NOTEBOOKS)

posterior: environment ## fit the lessons' models again and store draws and tables in data/ (NAMES="scores" for some)
	$(PY) -m making.posteriors $(NAMES)

programs: environment ## ask lme4, glmmTMB, rstanarm, brms and Bambi the lessons' questions (five minutes)
	$(PY) -m making.programs $(PROGRAMS)

lock: environment ## renew the locks and environment.yml (PACKAGE=pymc for one package)
	$(PY) -m making.lock $(PACKAGE)

minutes: environment ## print how long each lesson takes, core and further part, by one measure
	@$(PY) -m making.minutes

mutants: environment ## break what the course states, and see that the tests notice (seven minutes; NAMES="one; two" for some)
	$(PY) -m studies.mutants $(if $(NAMES),"$(NAMES)")

seeds: environment ## fit the lesson's model with 80 seeds, and count the clean runs (six minutes)
	$(PY) -m studies.seeds

calibrate: environment ## simulate 200 experiments, fit each, and check that the ranks are uniform (half an hour)
	$(PY) -m studies.calibrate

bench: environment ## time and weigh fit, lessons and growth (15 minutes; PARTS="tests setup" for the rest)
	@: numpyro lies beside the packages of .venv, because ArviZ imports the jax it brings, in every lesson
	$(PY) -m uv pip install --quiet --target .venv/numpyro --no-deps --require-hashes -r studies/numpyro.lock
	$(PY) -m studies.bench $(PARTS)

test-all: test mutants test-latest ## all of these, as the workflow does weekly

test-latest: environment ## run the lessons with the newest releases that pyproject.toml allows (three minutes)
	sh making/test_latest

test-browser: book ## try the lessons in JupyterLab, and the site, in a real browser (ten minutes)
	$(PY) -m pytest -p no:cacheprovider classroom/site/test_browser.py

test-hub: proxy ## attack real hubs and break them; as root, also those with accounts (eight minutes)
	$(PY) -m pytest -p no:cacheprovider classroom/test_hub.py $(HUB_TESTS)

proxy: tools
	@[ -d .venv/proxy/node_modules ] || { command -v npm >/dev/null || { echo "The hub needs Node.js and npm (Debian: sudo apt install nodejs npm)."; exit 1; }; \
	    mkdir -p .venv/proxy && cp classroom/package*.json .venv/proxy/ && npm ci --prefix .venv/proxy --silent --no-audit --no-fund; }
	@[ -d "$(HUB_CACHE)" ] || PYTENSOR_FLAGS="base_compiledir=$(HUB_CACHE)" $(PY) -m making.warm
	@chmod -R a+rX,go-w "$(HUB_CACHE)"
