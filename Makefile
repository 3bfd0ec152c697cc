# `make demo` and `make test` install what is missing, build, and run. Everything is built one way, so that nothing is built twice.

SWIFT_FLAGS := -c release -Xswiftc -enable-testing
BINARY := .build/release/prelabel
PREFIX ?= /usr/local
VENV := .venv

# What runs where Swift is not: static Swift, built apart.
STATIC_FLAGS := -c release --static-swift-stdlib --scratch-path .build/static
TESSDATA := $(firstword $(wildcard Models/tessdata/eng.traineddata /usr/share/tesseract-ocr/*/tessdata/eng.traineddata))

BUILD_PACKAGES := libtesseract-dev libleptonica-dev libcurl4-openssl-dev zlib1g-dev tesseract-ocr-eng poppler-utils pkg-config
BUNDLE_PACKAGES := binutils libc6-dev poppler-utils zip
TEST_PACKAGES := python3 python3-venv chromium openjdk-17-jre-headless

# Where the tests find the data sets that are too large for the project; they skip without them.
ifneq ($(wildcard ../shared/data/README.md),)
export PRELABEL_TEST_DATA ?= $(abspath ../shared/data)
endif
export PRELABEL_HOME ?= $(CURDIR)
export OMP_THREAD_LIMIT := 1

# Folders with pages and their true abstracts, for `make bench`.
PAGES ?= $(wildcard $(PRELABEL_TEST_DATA)/pages $(PRELABEL_TEST_DATA)/pages-typeset)

.PHONY: bench bench-annotators soak build image-test demo dist lambda-zip static test lint unit-tests client-tests install clean build-packages bundle-packages test-packages

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

# The steps of the container images, in a Debian root folder; wants root.
image-test: static $(VENV)/installed
	@sh .ci/packages debootstrap
	PRELABEL_IMAGE_TEST=1 $(VENV)/bin/python -m pytest Tests/Clients/test_images.py -q

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

# An archive that runs on any x86-64 Linux: .build/dist/prelabel-linux-x86_64.tar.gz
dist: static
	docker/bundle/bundle .build/dist/prelabel .build/static/release/prelabel -- pdfinfo pdftoppm prlimit
	mkdir -p .build/dist/prelabel/share/prelabel
	cp -R Fixtures Models Sources/Service/Assets .build/dist/prelabel/share/prelabel/
	install -D -m 644 $(TESSDATA) .build/dist/prelabel/share/prelabel/Models/tessdata/eng.traineddata
	install -m 644 README.md LICENSE .build/dist/prelabel/
	tar -C .build/dist --sort=name --owner=0 --group=0 --numeric-owner -czf .build/dist/prelabel-linux-x86_64.tar.gz prelabel

# Two archives for Lambda: .build/dist/functions.zip (pre- and post-annotation), .build/dist/ocr.zip (all three)
lambda-zip: static
	docker/bundle/bundle .build/dist/functions .build/static/release/bootstrap
	mkdir -p .build/dist/functions/share/prelabel/Models && cp -R Models/roles-* .build/dist/functions/share/prelabel/Models/
	cd .build/dist/functions && rm -f ../functions.zip && zip -q -9 -X -r ../functions.zip .
	docker/bundle/bundle .build/dist/ocr .build/static/release/prelabel -- pdfinfo pdftoppm prlimit
	docker/bundle/as-lambda .build/dist/ocr
	mkdir -p .build/dist/ocr/share/prelabel/Models && cp -R Models/roles-* .build/dist/ocr/share/prelabel/Models/
	install -D -m 644 $(TESSDATA) .build/dist/ocr/share/prelabel/Models/tessdata/eng.traineddata
	cd .build/dist/ocr && rm -f ../ocr.zip && zip -q -9 -X -r ../ocr.zip .

static: build-packages bundle-packages
	swift build $(STATIC_FLAGS) --product prelabel
	swift build $(STATIC_FLAGS) --product bootstrap

bench: build test-packages
	python3 -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --requirement Tests/Benchmarks/ocr/requirements.txt
	.venv-bench/bin/python Tests/Benchmarks/ocr/compare.py $(PAGES)

# Label Studio is large, and so has an environment of its own.
bench-annotators: build test-packages
	python3 -m venv .venv-annotators
	.venv-annotators/bin/pip install --quiet --requirement Tests/Benchmarks/annotators/requirements.txt
	.venv-annotators/bin/python Tests/Benchmarks/annotators/compare.py

# Hours of work in one go: long runs that are stopped in between.
soak: build $(VENV)/installed
	$(VENV)/bin/python Tests/Soak/ocr.py
	$(VENV)/bin/python Tests/Soak/jobs.py pace
	$(VENV)/bin/python Tests/Soak/jobs.py kills
	$(VENV)/bin/python Tests/Soak/jobs.py size

clean:
	rm -rf .build $(VENV) .venv-bench .venv-annotators demo-output

build-packages:
	@sh .ci/packages $(BUILD_PACKAGES)

bundle-packages:
	@sh .ci/packages $(BUNDLE_PACKAGES)

test-packages:
	@sh .ci/packages $(TEST_PACKAGES)
