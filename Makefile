# `make demo` and `make test` install what is missing, build, and run. Everything is built one way, so that nothing is built twice.

SWIFT_FLAGS := -c release -Xswiftc -enable-testing
BINARY := .build/release/prelabel
PREFIX ?= /usr/local
VENV := .venv

BUILD_PACKAGES := libtesseract-dev libleptonica-dev libcurl4-openssl-dev tesseract-ocr-eng poppler-utils pkg-config
TEST_PACKAGES := python3 python3-venv chromium

# Where the tests find the data sets that are too large for the project; they skip without them.
ifneq ($(wildcard ../shared/data/README.md),)
export PRELABEL_TEST_DATA ?= $(abspath ../shared/data)
endif
export PRELABEL_HOME ?= $(CURDIR)
export OMP_THREAD_LIMIT := 1

# Folders with pages and their true abstracts, for `make bench`.
PAGES ?= $(wildcard $(PRELABEL_TEST_DATA)/pages $(PRELABEL_TEST_DATA)/pages-typeset)

.PHONY: bench build demo test lint unit-tests client-tests install clean build-packages test-packages

build: build-packages
	swift build $(SWIFT_FLAGS)

demo: build
	$(BINARY) demo --output demo-output

test: lint unit-tests client-tests

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

unit-tests: build-packages
	swift build --build-tests $(SWIFT_FLAGS)
	swift test --skip-build $(SWIFT_FLAGS)

client-tests: build $(VENV)/installed test-packages
	$(VENV)/bin/python -m pytest Tests/Clients -q

$(VENV)/installed: Tests/Clients/requirements.txt | test-packages
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --requirement Tests/Clients/requirements.txt
	touch $@

install: build
	install -D $(BINARY) $(DESTDIR)$(PREFIX)/bin/prelabel
	mkdir -p $(DESTDIR)$(PREFIX)/share/prelabel
	cp -R Fixtures Models Sources/Service/Assets $(DESTDIR)$(PREFIX)/share/prelabel/

bench: build test-packages
	python3 -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --requirement Tests/Benchmarks/ocr/requirements.txt
	.venv-bench/bin/python Tests/Benchmarks/ocr/compare.py $(PAGES)

clean:
	rm -rf .build $(VENV) .venv-bench demo-output

build-packages:
	@sh .ci/packages $(BUILD_PACKAGES)

test-packages:
	@sh .ci/packages $(TEST_PACKAGES)
