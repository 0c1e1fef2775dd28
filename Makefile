# Two commands are the whole set-up: `make demo` and `make test`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint lock clean

PY := .venv/bin/python
PORT ?= 8000
SERVE ?= 1
BROWSER ?= 1
export PYTHONWARNINGS ?= default

help: ## list what can be asked
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup:
	@.ci/setup

demo: setup ## load Dijon and the demonstration on SQLite, and serve it (PORT=8000; SERVE=0 stops before serving)
	@.ci/demo $(SERVE) $(PORT)

test: setup ## run every test, browser tests included (BROWSER=0 leaves them out; DATABASE_URL= names a PostgreSQL)
	@BROWSER=$(BROWSER) .ci/browser
	@BROWSER=$(BROWSER) $(PY) -m pytest $(ARGS)

lint: setup ## style, templates, layers, missing migrations
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check --quiet .
	@git ls-files -z '*.html' | xargs -0 .venv/bin/djade --target-version 5.2 --check
	@.venv/bin/djlint --lint --quiet templates
	@.venv/bin/lint-imports
	@SECRET_KEY=lint $(PY) manage.py makemigrations --check --dry-run

lock: ## resolve the dependencies again, with hashes and without any address
	@.ci/lock

clean: ## remove what set-up and demonstration made
	@rm -rf .venv node_modules staticfiles var .env
