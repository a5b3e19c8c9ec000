# make lab           open the lessons in JupyterLab (LAB_FLAGS="--no-browser --port=8899" are passed on)
# make test          run every test, and every notebook against its stored outputs
# make book          make the site of the lessons (classroom/site/_build/html)
# make test-browser  try the lessons in JupyterLab, and the site, in a real browser
# make warm          fill the compile caches before a class
# make hub           start a hub for a class on this machine (classroom/README.md)
# make load          let learners that a script plays work on a hub of their own, and measure it
# make lint          check the style of code and notebooks; make format mends it
# make execute       run the notebooks and store their outputs (NOTEBOOKS="notebooks/01_..." for some)
# make posterior     fit the lessons' models again and store the draws in data/
# make seeds         fit the lesson's model with 80 seeds, and count the clean runs
# make calibrate     simulate 200 experiments, fit each, and check that the ranks are uniform
# make bench         time and weigh fit, lessons and growth (PARTS="tests setup" for the rest)
# make programs      ask lme4, glmmTMB, rstanarm, brms and Bambi the lessons' questions (data/programs.csv)
# make mutants       break twenty-two statements and see that the tests notice
# make test-latest   run the lessons with the newest releases that pyproject.toml allows
# make lock          renew requirements.lock and the locks in .ci/
# Each of them first builds .venv when it is missing or out of date (PYTHON=... names an interpreter).

PYTHON_ENV = .venv/bin/python
FIRST = notebooks/00_start_here.ipynb

.DEFAULT_GOAL := help

.PHONY: help environment tools lab test seeds calibrate bench programs mutants test-latest book test-browser lint format execute \
	posterior warm proxy hub load lock

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

calibrate: environment
	$(PYTHON_ENV) studies/calibrate.py

bench: environment
	@: numpyro lies beside the packages of .venv, because ArviZ imports the jax it brings, in every lesson
	$(PYTHON_ENV) -m uv pip install --quiet --target .venv/numpyro --no-deps --require-hashes -r .ci/numpyro.lock
	$(PYTHON_ENV) studies/bench.py $(PARTS)

programs: environment
	$(PYTHON_ENV) studies/programs.py $(PROGRAMS)

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
	--no-emit-index-url --no-header --upgrade

HUB_CACHE ?= $(CURDIR)/.hub/cache

proxy: tools
	@[ -d .venv/proxy/node_modules ] || { command -v npm >/dev/null || { echo "The hub needs Node.js and npm (Debian: sudo apt install nodejs npm)."; exit 1; }; \
	    mkdir -p .venv/proxy && cp classroom/package*.json .venv/proxy/ && npm ci --prefix .venv/proxy --silent --no-audit --no-fund; }
	@[ -d "$(HUB_CACHE)" ] || PYTENSOR_FLAGS="base_compiledir=$(HUB_CACHE)" $(PYTHON_ENV) studies/warm.py
	@chmod -R a+rX,go-w "$(HUB_CACHE)"

hub: proxy
	HUB_CACHE="$(HUB_CACHE)" $(PYTHON_ENV) -m jupyterhub --config classroom/jupyterhub_config.py

load: proxy
	HUB_CACHE="$(HUB_CACHE)" $(PYTHON_ENV) classroom/load.py $(LOAD_FLAGS)

lock: environment
	$(LOCK) --extra test pyproject.toml -o requirements.lock
	$(LOCK) --extra test --extra tools -c requirements.lock pyproject.toml -o .ci/tools.lock
	echo numpyro | $(LOCK) -c requirements.lock --no-emit-package numpy --no-emit-package scipy - -o .ci/numpyro.lock
