# Bureau's targets; bare `make` lists them. What each needs of Debian is in scripts/packages.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Flags of the release build. Swift's own libraries go into the binary: it is a tenth faster for it, and runs where
# no toolchain is.
SWIFT_FLAGS ?= --static-swift-stdlib
# Of every build: an index would take a third of the compiler's time. SwiftPM keeps its caches in the home folder;
# where that cannot be written, in .build.
SWIFT_OPTIONS := --disable-index-store $(shell [ -w "$$HOME" ] || echo --cache-path .build/home/cache \
	--config-path .build/home/configuration --security-path .build/home/security)
RELEASE := .build/release/bureau
DEBUG := .build/debug/bureau
SWIFT_SOURCES := Package.swift Sources Tests

.PHONY: help build run test debug format lint tidy screenshots sim fuzz year quarter stand-ins bench bench-compare openapi openapi-check migrations test-contract docker clean \
	build-debug toolchain

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: toolchain ## Build the release binary, .build/release/bureau
	@scripts/setup build
	@swift build -c release --product bureau $(SWIFT_OPTIONS) $(SWIFT_FLAGS)

run: build ## Build, then serve the sample agency: prints where it listens and how to sign in (ARGS=…)
	@exec $(RELEASE) demo $(ARGS)

test: toolchain ## Run all tests (FILTER=regex, ENGINES=sqlite|postgresql, SAN=thread|address, CONFIGURATION=release)
	@scripts/setup build test
	@FILTER='$(FILTER)' SAN='$(SAN)' CONFIGURATION='$(CONFIGURATION)' SWIFT_OPTIONS='$(SWIFT_OPTIONS)' scripts/test

debug: build-debug ## Serve the sample agency from a debug build: verbose log, backtraces (ARGS=…)
	@BUREAU_LOG_LEVEL=debug SWIFT_BACKTRACE=enable=yes,interactive=no exec $(DEBUG) demo $(ARGS)

format: ## Format the Swift sources
	@swift format format --in-place --recursive --parallel $(SWIFT_SOURCES)

lint: ## Say where the Swift sources are not formatted
	@swift format lint --strict --recursive --parallel $(SWIFT_SOURCES)

tidy: ## Run the house rules only (Tests/Tidy)
	@$(MAKE) test FILTER=TidyTests

screenshots: build-debug ## Take pictures of every page into .build/screenshots, and say what does not fit (ARGS="leads …")
	@scripts/screenshots $(DEBUG) $(ARGS)

sim: toolchain ## Tell stories in which workers die and commits fail, by seed (ARGS="--seeds 100000"; --help)
	@swift build --product bureau-sim $(SWIFT_OPTIONS)
	@.build/debug/bureau-sim $(ARGS)

fuzz: ## Send random bodies, queries and heads to the server, the same from the same seed (ARGS="SEED COUNT SECONDS")
	@BUREAU_FUZZ='$(or $(ARGS),1 3000 300)' $(MAKE) test FILTER=ScenarioTests.Fuzzing ENGINES=$(or $(ENGINES),sqlite)

year: ## Live a year of 1,000 leads and 20 clients, and 30 stories of it in random order, on the release build (ENGINES=…)
	@BUREAU_TEST_YEAR=1000 BUREAU_TEST_STORIES=30 $(MAKE) test CONFIGURATION=release \
		FILTER='ScenarioTests.Nurture(Year|Stories)'

quarter: ## Live a quarter of posts, mails and money with a server that dies at random moments (SEED=1; ENGINES=…)
	@BUREAU_TEST_SEED=$(or $(SEED),1) $(MAKE) test FILTER=ScenarioTests.CampaignQuarter

stand-ins: toolchain ## Stand in for mail services, mailboxes, chats, Stripe and Calendly, to watch a deal (docs/stand-ins.md; ARGS=…)
	@scripts/setup build
	@swift build --product stand-ins $(SWIFT_OPTIONS)
	@exec .build/debug/stand-ins $(ARGS)

bench: build ## Measure, beside the peers when BUREAU_BENCH names their harness (ARGS="W1 W2"; see Benchmarks/)
	@scripts/setup bench
	@swift build -c release --product bureau-bench $(SWIFT_OPTIONS)
	@Benchmarks/run $(ARGS)

bench-compare: build ## Run another commit's release binary and this one in turns; fail where this is a tenth slower (BASE=binary, ARGS="W3")
	@[ -n "$(BASE)" ] || { echo "name the other binary: make bench-compare BASE=path"; exit 2; }
	@Benchmarks/compare $(BASE) $(ARGS)

openapi: build-debug ## Regenerate openapi/bureau.yaml from the routes
	@scripts/openapi write $(DEBUG)

openapi-check: build-debug ## Fail when openapi/bureau.yaml is stale
	@scripts/openapi check $(DEBUG)

migrations: ## Note the migrations of a release, which are not changed from then on (Tests/Bureau/released-migrations.txt)
	@BUREAU_RELEASE_MIGRATIONS=1 $(MAKE) test FILTER=ReleasedMigrationTests ENGINES=sqlite

test-contract: build-debug ## Check webhooks with the standard's library, and the API with Schemathesis
	@scripts/setup contract
	@scripts/webhook_check $(DEBUG)
	@scripts/contract $(DEBUG) $(ARGS)

docker: ## Build the container image bureau:latest
	@docker build --file deploy/Dockerfile --tag bureau:latest .

clean: ## Remove what was built
	@rm -rf .build

# Without a line in the list: steps of the above.
build-debug: toolchain
	@scripts/setup build
	@swift build --product bureau $(SWIFT_OPTIONS)

toolchain:
	@scripts/toolchain
