# Two commands are the whole set-up: `make demo` and `make test`. What is longer than a line lives in .ci/.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test audit captures bench lint lock clean

PY := .venv/bin/python
PORT ?= 8000
SERVE ?= 1
BROWSER ?= 1
export BROWSER

help: ## list what can be asked
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

setup:
	@.ci/setup

demo: setup ## load Dijon and the demonstration, and serve them (PORT=8000; SERVE=0 stops before serving)
	@.ci/demo $(SERVE) $(PORT)

test: setup ## every test (BROWSER=0 leaves the browser out; DATABASE_URL= names a PostgreSQL; ARGS= for pytest)
	@.ci/browser $(PY) -m pytest -n auto --dist loadgroup $(ARGS)

audit: setup ## axe-core on every page, and scripts planted in every text, for every role, in light and dark, narrow and wide (about half an hour)
	@.ci/browser $(PY) -m pytest -q -p no:cacheprovider tests/navigateur/audit.py tests/navigateur/audit_canaris.py

captures: setup ## the pictures of the README and of the guide, taken of the demonstration
	@.ci/browser $(PY) -m pytest -q -p no:cacheprovider tests/navigateur/captures.py

bench: setup ## seconds and memory of the reports for 15, 60 and 300 fiches, beside LibreOffice where it is installed
	@$(PY) -m tests.bench

lint: setup ## style of code and templates, layers, missing migrations, known faults of dependencies
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 --check {} +
	@.venv/bin/djlint --lint --quiet templates
	@.venv/bin/lint-imports --no-logo
	@ENV_FILE=/dev/null DEBUG=1 DATABASE_URL=sqlite://:memory: $(PY) manage.py makemigrations --check --dry-run
	@.ci/audit

lock: ## resolve the dependencies again, with hashes and without any address
	@.ci/lock

clean: ## remove what set-up and demonstration made, the demonstration's data included
	@rm -rf .venv node_modules staticfiles var .env
