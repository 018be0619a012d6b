#!/bin/sh
# Installs what is missing to build and test covetpy-migrate on Debian 12 or later; elsewhere it says
# what to install. Usage: ./setup.sh [build|docs|test]   (each includes those before it)
set -eu
cd "$(dirname "$0")"
what=${1:-build}

build_packages="g++ cmake ninja-build pkg-config ca-certificates nodejs npm libcli11-dev
nlohmann-json3-dev libfmt-dev libtomlplusplus-dev libsqlite3-dev libpq-dev libmariadb-dev libssl-dev"
docs_packages="emscripten node-acorn"
test_packages="ccache git patch python3 libgtest-dev libbenchmark-dev python3-jsonschema
chromium fonts-dejavu-core sqlite3 postgresql-15 mariadb-server debootstrap strace util-linux"

case $what in
build) packages=$build_packages ;;
docs) packages="$build_packages $docs_packages" ;;
test) packages="$build_packages $docs_packages $test_packages" ;;
*) echo "usage: $0 [build|docs|test]" >&2; exit 1 ;;
esac

have() {
    # A tool that is there under another package (nodejs with its own npm) counts too.
    case $1 in
    nodejs) command -v node >/dev/null && return 0 ;;
    npm) command -v npm >/dev/null && return 0 ;;
    postgresql-15) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && return 0 ;;
    esac
    dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "This script installs packages on Debian only. Elsewhere, install the counterparts of:" >&2
    printf '  %s\n' $packages >&2
    echo "then run: npm ci --workspaces=false --ignore-scripts && cmake --preset release && cmake --build --preset release" >&2
    exit 2
fi

missing=""
for package in $packages; do have "$package" || missing="$missing $package"; done
if [ -n "$missing" ]; then
    root=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "error: these packages are missing and neither root nor sudo is at hand:" >&2
            echo "  apt-get install$missing" >&2
            exit 2
        }
        root=sudo
    fi
    echo "Installing:$missing"
    # Database packages must not start servers of their own.
    $root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 sh -c "
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends$missing" >/dev/null
fi

# At the versions and hashes of package-lock.json: the parser's C sources for every build, all of the docs
# site for the rest.
if [ "$what" = build ]; then stamps=build; scope=--workspaces=false; else stamps="build site"; scope=; fi
if ! cmp -s package-lock.json "node_modules/.covet-lock-${stamps##* }"; then
    npm ci $scope --ignore-scripts --no-audit --no-fund --loglevel=error
    for stamp in $stamps; do cp package-lock.json "node_modules/.covet-lock-$stamp"; done
fi
