# Everything a person types. The first `make run` installs what it needs into this folder.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
REQUIREMENTS ?= requirements-dev.txt
BIN := .venv/bin
STACK := $(BIN)/python -m eduplatform.stack
WITH_SERVERS := $(STACK) exec --
WITH_EMPTY_SERVERS := $(STACK) exec --volatile --
# uv when it works here (a shim may stand for one that doesn't), else pip
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
INSTALL := $(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check) --require-hashes
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ── Running ───────────────────────────────────────────────────────────────────────────────────
.PHONY: run seed worker messages
run: install ## The whole platform on this machine, until Ctrl-C; PORT=8000
	@$(STACK) run --with-parent

seed: install ## The demo's courses and people into the database of `make run`
	$(WITH_SERVERS) $(BIN)/python manage.py seed_demo

worker: install ## One more worker for all queues beside `make run`
	$(WITH_SERVERS) $(BIN)/celery -A eduplatform worker -Q events,search,jobs -n extra-$$$$@%h -c 1 -l INFO

messages: install ## Read new messages into the translation catalogues, and compile them
	$(BIN)/python manage.py messages
	$(BIN)/python manage.py messages --compile

# ── Checking ──────────────────────────────────────────────────────────────────────────────────
.PHONY: test test-real browser fuzz gallery lint fmt bench bench-pages bench-search bench-http bench-middleware bench-freshness bench-memory bench-offline bench-tutor bench-learning bench-community bench-delivery bench-habit lighthouse faults
test: install ## All tests but the browser's, on all processors; ARGS="apps/core -x"
	$(BIN)/python manage.py messages --compile
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

browser: install ## The whole way in Chromium; every page in every state and shape: ARGS="-k test_pages --all"
	$(BIN)/python manage.py messages --compile
	$(BIN)/pytest tests/browser $(ARGS)

gallery: install ## Pictures of every page in every state in .data/gallery; ARGS="lesson --screen 390-dark"
	$(BIN)/python manage.py messages --compile
	$(BIN)/python -m tests.browser.gallery $(ARGS)

test-real: install ## The core of the tests on Debian's PostgreSQL and Redis
	$(BIN)/python manage.py messages --compile
	.ci/with-debian-servers $(BIN)/pytest $(REAL)

lint: install ## Style, types, floors, migrations, deployment, catalogues, API description
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy .
	$(BIN)/python manage.py messages --check
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py spectacular --fail-on-warn --validate --file /dev/null
	$(WITH_EMPTY_SERVERS) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/pytest tests/test_operations.py

fmt: install ## Format the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

fuzz: install ## Every call of the API as six kinds of people; EXAMPLES=15
	$(BIN)/python manage.py messages --compile
	$(BIN)/pytest tests/api/fuzz.py -s $(ARGS)

bench: bench-pages bench-search bench-http bench-middleware bench-freshness bench-memory bench-offline bench-tutor bench-learning bench-community bench-habit ## All measurements

bench-pages: install ## Server time and queries of the main pages
	$(WITH_EMPTY_SERVERS) sh -c '$(BIN)/python manage.py messages --compile && \
		$(BIN)/python manage.py migrate -v0 && $(BIN)/python manage.py seed_demo && \
		$(PRODUCTION) SECURE_SSL_REDIRECT=false ALLOWED_HOSTS=localhost LOG_LEVEL=ERROR \
		$(BIN)/python -m tests.bench.pages'

bench-search: install ## Times and checks search in the database of `make run`, or in DATA=folder; COURSES=1000000 fills it up first
	$(STACK) $(if $(DATA),--data $(DATA)) exec -- sh -c '$(BIN)/python manage.py migrate -v0 && \
		$(PRODUCTION) DEMO_MODE=true $(BIN)/python -m tests.bench.search $(if $(COURSES),--courses $(COURSES)) $(ARGS)'

bench-http: install ## Production's web process under load, kept in .data/bench-http; COURSES=100000 ARGS="--only enrol"
	$(STACK) --data $(or $(DATA),.data/bench-http) exec -- sh -c '$(BIN)/python manage.py messages --compile && \
		$(BIN)/python manage.py migrate -v0 && \
		exec $(BIN)/python -m tests.bench.http --courses $(or $(COURSES),100000) $(ARGS)'

bench-middleware: install ## What each middleware costs a request
	$(WITH_EMPTY_SERVERS) sh -c '$(BIN)/python manage.py migrate -v0 && \
		$(BIN)/python manage.py seed_catalog --courses 100 >/dev/null && \
		$(PRODUCTION) SECURE_SSL_REDIRECT=false ALLOWED_HOSTS=127.0.0.1 \
		$(BIN)/python -m tests.bench.middleware 2>/dev/null'

bench-freshness: install ## How soon search sees changes, 200 a second; ARGS="--seconds 300" for the long run
	$(STACK) --data $(or $(DATA),.data/bench-http) exec -- sh -c '$(BIN)/python manage.py migrate -v0 && \
		DEMO_MODE=true $(BIN)/python -m tests.bench.freshness --courses $(or $(COURSES),100000) $(ARGS)'

bench-memory: install ## Cards of a student who has 10,000, and how even placing makes the days
	$(WITH_EMPTY_SERVERS) sh -c '$(BIN)/python manage.py migrate -v0 && \
		$(PRODUCTION) SECURE_SSL_REDIRECT=false ALLOWED_HOSTS=localhost,testserver LOG_LEVEL=ERROR \
		$(BIN)/python -m tests.bench.memory'

bench-offline: install ## What the offline engine makes of the demo lessons: kinds, time, memory
	$(BIN)/python -m tests.bench.offline $(ARGS)

bench-tutor: install ## How well the tutor finds what answers judged questions, and how long it takes
	$(BIN)/python -m tests.bench.tutor

bench-learning: install ## What the learning engine is worth on simulated students, beside its targets
	$(BIN)/python -m tests.bench.learning $(ARGS)

bench-community: install ## Long topics and feeds; ARGS=topics for one of them
	$(WITH_EMPTY_SERVERS) sh -c '$(BIN)/python manage.py messages --compile && \
		$(BIN)/python manage.py migrate -v0 && \
		$(PRODUCTION) SECURE_SSL_REDIRECT=false ALLOWED_HOSTS=localhost,testserver LOG_LEVEL=ERROR \
		$(BIN)/python -m tests.bench.community $(ARGS)'

bench-habit: install ## An event's cost, a leaderboard of 100,000, a log replayed; ARGS=board for one of them
	$(WITH_EMPTY_SERVERS) sh -c '$(BIN)/python manage.py messages --compile && \
		$(BIN)/python manage.py migrate -v0 && \
		$(PRODUCTION) SECURE_SSL_REDIRECT=false ALLOWED_HOSTS=localhost,testserver LOG_LEVEL=ERROR \
		$(BIN)/python -m tests.bench.habit $(ARGS)'

bench-delivery: install ## How soon a message is at its receiver, with 200 sockets open
	$(WITH_EMPTY_SERVERS) sh -c '$(BIN)/python manage.py migrate -v0 && \
		DJANGO_SETTINGS_MODULE=tests.faults.settings $(BIN)/python -m tests.bench.community.delivery $(ARGS)'

lighthouse: install tests/bench/lighthouse/node_modules/installed ## Lighthouse on the demo in .data/lighthouse; DATA=folder ARGS="landing --rounds 1"
	$(STACK) --data $(or $(DATA),.data/bench-lighthouse) exec -- sh -c '$(BIN)/python manage.py messages --compile && \
		$(BIN)/python manage.py migrate -v0 && DEMO_MODE=true $(BIN)/python manage.py seed_demo && \
		export $(PRODUCTION) SECURE_SSL_REDIRECT=false DEMO_MODE=true && \
		$(BIN)/python manage.py collectstatic --noinput --verbosity 0 && \
		exec $(BIN)/python -m tests.bench.lighthouse $(ARGS)'

tests/bench/lighthouse/node_modules/installed: tests/bench/lighthouse/package-lock.json
	@cd tests/bench/lighthouse && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

faults: install ## The web server killed in the middle of 1,000 messages: no gap, no double
	$(WITH_EMPTY_SERVERS) sh -c '$(BIN)/python manage.py migrate -v0 && \
		DJANGO_SETTINGS_MODULE=tests.faults.settings $(BIN)/python -m tests.faults.killed_server $(ARGS)'

# ── Shipping ──────────────────────────────────────────────────────────────────────────────────
.PHONY: release
release: install ## Catalogues and static files as the image of production carries them
	$(BIN)/python manage.py messages --compile
	$(PRODUCTION) $(BIN)/python manage.py collectstatic --noinput --verbosity 0

# ── Installing ────────────────────────────────────────────────────────────────────────────────
.PHONY: install lock clean
install: .venv/installed static/dist/built ## Python and front end into this folder

.venv/installed: $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "EduPlatform needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Installing the Python packages into .venv, a minute or three the first time ..."
	@test -x $(BIN)/python || $(if $(UV),uv venv --quiet --python "$$(command -v $(PYTHON))" .venv,\
		$(PYTHON) -m venv .venv || { \
		echo "Python can't make a virtual environment here; on Debian: apt install python3-venv"; exit 1; })
	@$(INSTALL) -r $(REQUIREMENTS)
	@touch $@

node_modules/installed: package.json package-lock.json requirements-node.txt | .venv/installed
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1 || { \
		echo "No Node 20 or newer here: installing one into .venv ..."; $(INSTALL) -r requirements-node.txt; }
	@echo "Installing the front-end packages ..."
	@npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

FRONTEND := $(shell find static templates apps eduplatform -type f -not -path 'static/dist/*' \
	\( -path 'static/*' -o -name '*.html' -o -name '*.js' -o -name '*.css' \))

static/dist/built: node_modules/installed $(FRONTEND)
	@echo "Building the front end ..."
	@npm run --silent build
	@touch $@

lock: ## Compile requirements*.in to exact versions with hashes
	@test -n "$(UV)" || { echo "make lock needs uv: https://docs.astral.sh/uv/"; exit 1; }
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt -c requirements.txt
	$(COMPILE) requirements-node.in -o requirements-node.txt
COMPILE := uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header --annotation-style line

clean: ## Remove what was installed and built; .data stays
	rm -rf .venv node_modules static/dist staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find apps eduplatform tests -name __pycache__ -type d -prune -exec rm -rf {} +
	find apps eduplatform -name '*.mo' -delete

# Enough to start with DEBUG off; nothing is served with it.
PRODUCTION := DEBUG=false ALLOWED_HOSTS=school.example EMAIL_URL=dummymail:// \
	SECRET_KEY=a-key-for-the-check-alone-abcdefghijklmnopqrstuvwxyz-0123456789 \
	ACCESS_TOKEN_KEY=another-key-for-the-check-abcdefghijklmnopqrstuvwxyz-9876543210
# What meets the servers: locks, the outbox, search, money, sign-in.
REAL := apps/core apps/accounts apps/enrollment apps/payments apps/search tests/test_outbox_crash.py \
	--ignore-glob='*/test_markdown*' --ignore-glob='*/test_catalogues.py'
