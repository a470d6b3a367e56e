# Two commands matter: `make run` and `make test`. Each installs what it needs into .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# The semantic extra is installed unless told otherwise: `make run EXTRA=`
EXTRA ?= requirements-semantic.txt

.DEFAULT_GOAL := help
.PHONY: help run install test format check picture bench fit scale faults lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: $(VENV)/run.done ## question the briefing: in Telegram with BOT_TOKEN set, else here in the terminal
	@$(BIN)/python -m bot --or-chat

install: $(VENV)/run.done ## install what the bot needs, nothing else

test: $(VENV)/test.done ## everything: format, lint, types, Dockerfile, content, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -m knowledge check
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

format: $(VENV)/test.done ## put the code in its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: $(VENV)/run.done ## check the content and show what it covers
	@$(BIN)/python -m knowledge check

picture: $(VENV)/test.done ## draw the README's conversation anew, from the real bot
	$(BIN)/python -m tests.picture docs/conversation.svg

bench: $(VENV)/test.done ## the matcher beside others on matching sets: make bench SETS="folder folder"
	@test -n "$(SETS)" || { echo 'name folders of matching sets: make bench SETS="folder folder"; CONTRIBUTING.md says what stands in them' >&2; exit 2; }
	@$(BIN)/python -m tests.bench $(SETS)

fit: $(VENV)/test.done ## learn the matcher's weights anew from the lessons: some minutes
	@$(BIN)/python -m tests.fit

scale: $(VENV)/test.done ## how large an archive may grow; fails where a limit is broken: make scale, make scale SIZES=1000,10000
	@$(BIN)/python -m tests.scale $(if $(SIZES),--sizes $(SIZES),--limits)

faults: $(VENV)/test.done ## break the bot on purpose, for an hour: make faults, make faults ROW=kill SEED=1
	@$(BIN)/python -m tests.faults $(ROW:%=--row %) $(SEED:%=--seed %)

lock: $(VENV)/test.done ## pin the newest versions that pyproject.toml allows, with hashes
	$(BIN)/uv pip compile -q --upgrade $(LOCK) pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade $(LOCK) -c requirements.txt --extra semantic pyproject.toml -o requirements-semantic.txt
	$(BIN)/uv pip compile -q --upgrade $(LOCK) -c requirements-semantic.txt --group dev -o requirements-dev.txt
LOCK := --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

clean: ## remove what was installed and cached
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/python.done:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=path/to/it")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

PIP_INSTALL := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all:

$(VENV)/run.done: requirements.txt $(EXTRA) | $(VENV)/python.done
	$(PIP_INSTALL) -r requirements.txt $(EXTRA:%=-r %)
	@touch $@

$(VENV)/test.done: requirements.txt $(EXTRA) requirements-dev.txt | $(VENV)/run.done
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@
