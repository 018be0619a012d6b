#!/bin/sh
# Builds once and runs all suites. One suite alone: ctest --preset release -L unit
set -eu
cd "$(dirname "$0")/.."
jobs=$(nproc)

# The Python that boots applications takes a minute to fetch: it comes while the compiler works.
tests/runtime/environment.sh >build-environment.log 2>&1 &
environment=$!
trap 'kill $environment 2>/dev/null || true' EXIT

cmake --preset release -DCOVET_BUILD_TESTS=ON
cmake --build --preset release -j "$jobs"
# This one also shows that the core does without exceptions, and that no #include is missing.
cmake --preset wasm
cmake --build --preset wasm -j "$jobs"

trap - EXIT
wait $environment || { cat build-environment.log; exit 1; }
rm -f build-environment.log
ctest --preset release -j "$jobs"
