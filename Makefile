# Thin: every target calls a preset or a script. `make help` lists them.
.PHONY: help build demo docs docs-build test unit bench wasm clang-tidy format clean

help:            ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

build:           ## the release binary: build/release/bin/covetpy-migrate
	./setup.sh build
	cmake --preset release -DCOVET_BUILD_TESTS=OFF
	cmake --build --preset release --target covetpy-migrate

demo: build      ## migrate a legacy shop to SQLite and show every step
	examples/demo.sh

test:            ## set up, build and run every test suite
	./setup.sh test
	tests/run.sh

unit:            ## the fast suites alone
	cmake --preset dev && cmake --build --preset dev
	ctest --preset dev -L 'unit|fixtures'

bench: build     ## figures against psql, mariadb, sqlite-utils and CPython (BENCH='--rows 200000')
	tests/database/run.sh benchmarks/run.py build/release/bin/covetpy-migrate $(BENCH)

wasm:            ## the WebAssembly module: build/wasm/bin/covet_migrate.mjs
	./setup.sh docs
	cmake --preset wasm
	cmake --build --preset wasm

docs-build: wasm
	cmake --preset release -DCOVET_BUILD_TESTS=OFF
	cmake --build --preset release --target covetpy-migrate
	npm run build --workspace docs-site

docs: docs-build ## build the docs site with its playground, and serve it on this machine
	npm run serve --workspace docs-site

clang-tidy:      ## build once more with clang-tidy
	cmake --preset clang-tidy && cmake --build --preset clang-tidy

format:          ## clang-format over our own sources
	git ls-files '*.h' '*.cpp' | xargs clang-format -i

clean:           ## remove build output
	rm -rf build
