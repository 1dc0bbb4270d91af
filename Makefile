# The menu of commands: `make` alone prints it.
SHELL = /bin/sh
PORT ?= 8000
WORKERS ?= 2
ARGS ?=

PY = .venv/bin/python
PIP = $(PY) -m pip --disable-pip-version-check --no-input install --quiet --require-hashes
MANAGE = $(PY) manage.py
PYTHONS = $(PYTHON) python3.13 python3.14 python3.12 python3
SUITABLE = import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 12))
# Asked first, because granian shares a port with another granian and says nothing.
TAKEN = import socket, sys; sys.exit(not socket.socket().connect_ex(("127.0.0.1", int("$(PORT)"))))
STATIC = $${NEWSPORTAL_HOME:-var}/static
# Lint judges the code, whatever the shell is set to, and leaves var/ alone.
LINT_ENV = env -u NEWSPORTAL_DEBUG -u NEWSPORTAL_SITE_URL -u NEWSPORTAL_CACHE_URL \
	DATABASE_URL=sqlite:///:memory: NEWSPORTAL_HOME=.venv/lint NEWSPORTAL_SECRET_KEY=only-for-lint-0123456789-0123456789

.DEFAULT_GOAL := help
.PHONY: help run worker test lint bench lock python venv venv-dev static

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

# Four threads a worker: granian's own default is hundreds, each with a database connection of its own.
# The kill time-out: a worker that gets the terminal's Ctrl-C as well may never end by itself.
run: export NEWSPORTAL_SITE_URL ?= http://127.0.0.1:$(PORT)
run: venv ## start the portal with its sample newsroom on http://127.0.0.1:8000 (PORT=, WORKERS=)
	@$(PY) -c '$(TAKEN)' 2>/dev/null || { echo "Port $(PORT) is taken or no port; choose another: make run PORT=8001" >&2; exit 1; }
	@$(MANAGE) open_newsroom
	@$(MAKE) -s --no-print-directory static
	@echo "The portal is at http://127.0.0.1:$(PORT)/ (editors: /admin/); Ctrl-C stops it."
	@exec .venv/bin/granian --interface wsgi --http 1 --host 127.0.0.1 --port $(PORT) --workers $(WORKERS) \
		--blocking-threads 4 --no-ws --workers-kill-timeout 3 --respawn-failed-workers --respawn-interval 0.5 \
		--http1-header-read-timeout 5000 --http1-buffer-size 65536 --backlog 1024 --log-config deploy/granian-log.json \
		newsportal.wsgi:application

worker: venv ## import large uploads beside the portal; start both with NEWSPORTAL_TASKS=database
	@NEWSPORTAL_TASKS=database exec $(MANAGE) db_worker $(ARGS)

test: venv-dev ## all tests: SQLite; PostgreSQL, Chromium and nginx where found (ARGS="-k words" for some)
	@$(PY) tests/run.py -- $(ARGS)

lint: venv-dev ## what the code must pass before its tests
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(LINT_ENV) $(MANAGE) makemigrations --check --dry-run
	@$(LINT_ENV) $(MANAGE) check

bench: venv-dev ## measure what the README claims
	@$(PY) -m bench.speed.import_posts
	@$(PY) -m bench.speed.pages
	@$(PY) -m bench.speed.stories
	@$(PY) -m bench.speed.search_articles

lock: venv ## pin requirements*.in anew, with hashes (ARGS=--upgrade takes newer versions)
	@test -x .venv/uv/bin/uv || $(PY) -m pip --disable-pip-version-check install --quiet --target .venv/uv uv
	@for name in requirements requirements-dev; do \
		echo "Pinning $$name.in"; \
		.venv/uv/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
			--no-emit-index-url --no-header $(ARGS) -o $$name.txt $$name.in || exit 1; \
	done

# The first suitable python's name. It is tried, not looked up: a pyenv shim may stand for nothing.
python:
	@for python in $(PYTHONS); do \
		if "$$python" -c '$(SUITABLE)' >/dev/null 2>&1; then echo "$$python"; exit 0; fi; \
	done; \
	echo "The portal needs Python 3.12 or newer with its venv module, and found none (tried: $(strip $(PYTHONS)))." >&2; \
	echo "Install it (Debian 13: apt-get install python3 python3-venv; or: pyenv install 3.13)," >&2; \
	echo "or name one: make PYTHON=/path/to/python3 ..." >&2; \
	exit 1

# What was installed stands beside it as a copy of its list; while both are the same, pip is not asked.
venv:
	@if ! $(PY) -c '$(SUITABLE)' >/dev/null 2>&1; then \
		python=$$($(MAKE) -s --no-print-directory python) || exit 1; \
		echo "Making .venv with $$("$$python" -V)"; \
		"$$python" -m venv --clear .venv; \
	fi
	@cmp -s requirements.txt .venv/requirements.txt || { \
		echo "Installing what the portal needs (requirements.txt); this takes a minute, once"; \
		$(PIP) -r requirements.txt && cp requirements.txt .venv/requirements.txt; \
	}

venv-dev: venv
	@cmp -s requirements-dev.txt .venv/requirements-dev.txt || { \
		echo "Installing what tests and lint need (requirements-dev.txt), once"; \
		$(PIP) -r requirements-dev.txt && cp requirements-dev.txt .venv/requirements-dev.txt; \
	}

# Collected again only when a static file, a dependency or a setting changed since.
static:
	@if ! test -e $(STATIC)/.collected || test -n "$$(find static newsportal/settings.py .venv/requirements.txt \
		-newer $(STATIC)/.collected 2>/dev/null | head -n 1)"; then \
		$(MANAGE) collectstatic --noinput --verbosity 0 && touch $(STATIC)/.collected; \
	fi
