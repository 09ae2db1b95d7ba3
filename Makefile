# `make run` and `make test` need Python 3.11 or newer and make; they set up everything else themselves.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: run test fuzz faults format lists image lock screens clean

run: $(VENV)/.ready  ## the bot: with TELEGRAM_TOKEN on Telegram, without it on a chat page of its own
	$(BIN)/backbeat run

test: export PYTHONDONTWRITEBYTECODE = # even where a machine sets it: the tests start many processes
test: $(VENV)/.ready  ## every check and every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile
	$(BIN)/pytest -n 3 --dist worksteal

fuzz: $(VENV)/.ready  ## 5,000 steps of anything that people do, from another seed each time; some six minutes
	BACKBEAT_FUZZ_STEPS=$${BACKBEAT_FUZZ_STEPS:-5000} $(BIN)/pytest tests/chat/test_fuzz.py

faults: $(VENV)/.ready  ## a month of fifty people, killed 200 times, on both stores; FAULTS=--help
	$(BIN)/python -m tests.faults $(FAULTS)

format: $(VENV)/.ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lists: $(VENV)/.ready  ## what is written from the code: the sentences that it says, and the schemas of content
	$(BIN)/python -m tests.sentences
	$(BIN)/backbeat schema

screens: $(VENV)/.ready  ## pictures of every screen, by the browser of this machine
	$(BIN)/python -m tests.browser.gallery docs/screens

image: $(VENV)/.ready  ## what stands in the Dockerfile, done for real in a bare Debian, and the bot in it; needs root
	$(BIN)/python -m tests.image $(WORK)

lock: $(VENV)/.ready  ## pins every dependency with its hashes; the files name no download host
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--quiet $(LOCKFLAGS) pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--quiet $(LOCKFLAGS) pyproject.toml --group dev --extra clips -c requirements.lock -o requirements-dev.lock

$(VENV)/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Backbeat needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

clean:
	rm -rf $(VENV)
