# What a person types. Everything else is `swift build`, `swift test` and the `minference` command itself.

SWIFT ?= swift
SWIFTFLAGS ?=
# Kernels at -O0 are a hundred times slower, so tests run in release too. They import nothing with @testable, so that they
# share the build with the demo.
CONFIGURATION ?= release
BUILD = $(SWIFT) build -c $(CONFIGURATION) $(SWIFTFLAGS)
MINFERENCE = .build/$(CONFIGURATION)/minference

.PHONY: demo test build bench patterns results kernels check-server install format lint docs static clean toolchain

## demo: a 32K-token document answered by the bundled model, dense and MInference side by side
demo: build
	$(MINFERENCE) demo

## test: everything, in a few minutes
test: toolchain
	$(SWIFT) test -c $(CONFIGURATION) --disable-testable-imports $(SWIFTFLAGS) --parallel

## build: the command line, in .build/release/minference
build: toolchain
	$(BUILD) --product minference

## bench: attention and prefill speed on this machine
bench: build
	$(MINFERENCE) bench attention
	$(MINFERENCE) bench prefill

## patterns: the bundled model's pattern of each head, searched anew; 40 seconds on a GPU, hours on two cores (resumes)
patterns: build
	$(MINFERENCE) search --model bundled --objective answer --space fine --budget flops=0.034 --length 32K \
		--tasks niah_multikey_3,niah_multivalue,cwe,vt,niah_multikey_2,niah_multiquery,fwe --rule-lengths 64K,128K \
		--output Models/needle-11m/patterns.json

## results: Documentation/Results.md made again on this machine; goes on where it stopped (DEVICE, LENGTHS, SAMPLES)
DEVICE ?= auto
LENGTHS ?= 4K,8K,16K
SAMPLES ?= 5
METHODS = dense,minference,a-shape,dilated,strided,inf-llm,static
RESULTS = Documentation/results
results: build
	$(MINFERENCE) eval latency --device $(DEVICE) --lengths $(LENGTHS) --repetitions 3 --project 256K,1024K \
		--methods dense,minference,a-shape,block-sparse,top-k --output $(RESULTS)/latency
	$(MINFERENCE) eval perplexity --device $(DEVICE) --lengths $(LENGTHS) --methods $(METHODS) \
		--output $(RESULTS)/perplexity
	$(MINFERENCE) eval needle --device $(DEVICE) --lengths $(LENGTHS) --methods dense,minference \
		--output $(RESULTS)/needle
	$(MINFERENCE) eval ruler --device $(DEVICE) --lengths $(LENGTHS) --samples $(SAMPLES) --methods $(METHODS) \
		--threshold 85 --output $(RESULTS)/ruler
	$(MINFERENCE) eval report

## kernels: every GPU kernel compiled and checked, with NVIDIA's compiler library from PyPI; needs no GPU
kernels: build .build/cuda/installed
	MINFERENCE_CUDA_PATH="$$(echo .build/cuda/lib/python3*/site-packages/nvidia/cu13/lib)" \
		$(MINFERENCE) kernels --check

.build/cuda/installed:
	python3 -m venv .build/cuda
	.build/cuda/bin/pip install --quiet --no-deps 'nvidia-cuda-nvrtc==13.0.*' 'nvidia-cuda-nvdisasm==13.*' || { \
		echo "make: the kernels were not checked: pip cannot install NVIDIA's compiler library; is there a network?" >&2; \
		exit 1; }
	touch $@

## check-server: PyPI's openai client and the page in headless Chromium, against the server with the bundled model
check-server: build .build/peers/installed
	.build/peers/bin/python Benchmarks/peers/openai_check.py $(MINFERENCE)
	.build/peers/bin/python Benchmarks/peers/page_check.py $(MINFERENCE) --screenshots .build/screenshots

.build/peers/installed:
	python3 -m venv .build/peers
	.build/peers/bin/pip install --quiet 'openai==3.57.0' || { \
		echo "make: the server was not checked: pip cannot install the openai client; is there a network?" >&2; \
		exit 1; }
	touch $@

## static: one stripped binary without the Swift runtime, for another machine with glibc 2.35 or newer
static: toolchain
	$(SWIFT) build -c release --product minference --static-swift-stdlib --scratch-path .build-static
	strip -o minference.static .build-static/release/minference

## install: that binary and the bundled model, to DESTDIR and PREFIX (/usr/local)
PREFIX ?= /usr/local
install: static
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/minference/Models/needle-11m
	install -m 755 minference.static $(DESTDIR)$(PREFIX)/lib/minference/minference
	install -m 644 README.md LICENSE $(DESTDIR)$(PREFIX)/lib/minference
	install -m 644 Models/needle-11m/* $(DESTDIR)$(PREFIX)/lib/minference/Models/needle-11m
	ln -sf ../lib/minference/minference $(DESTDIR)$(PREFIX)/bin/minference

## format, lint: swift-format with the rules of .swift-format
format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

## docs: the DocC site of the public module, in docs/
docs: toolchain
	MINFERENCE_DOCS=1 $(SWIFT) package --allow-writing-to-directory docs generate-documentation \
		--target MInference --output-path docs --warnings-as-errors \
		--transform-for-static-hosting --hosting-base-path minference

clean:
	rm -rf .build .build-static docs minference.static

toolchain:
	@command -v $(SWIFT) >/dev/null || { \
		echo "make: no Swift toolchain on the PATH; install Swift 6.2 or newer from https://www.swift.org/install" >&2; \
		exit 1; }
