#!/bin/sh
# Provides the Python in which the runtime suite boots applications (FastAPI, SQLAlchemy, Flask, the
# async database drivers) and prints the command that runs it. Does nothing when it is there already.
#   a virtual environment   where a Python package index answers
#   a Debian 13 system      otherwise, bootstrapped from the mirror that apt uses (root or sudo)
# COVET_CACHE   where it is kept; default ~/.cache/covetpy-migrate
# COVET_MIRROR  the Debian mirror, where apt's own does not carry Debian 13
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${COVET_CACHE:-${HOME:-/tmp}/.cache/covetpy-migrate}
. "$here/packages.sh"

ready() { [ "$(cat "$1/.covet-complete" 2>/dev/null)" = "$2" ]; }
answer() { echo "$here/python"; exit 0; }
say() { echo "environment: $*" >&2; }

if ready "$cache/venv" "$wheels" || ready "$cache/trixie" "$packages"; then answer; fi
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
if ready "$cache/venv" "$wheels" || ready "$cache/trixie" "$packages"; then answer; fi

# A half-made environment has another name, so that an interrupted run leaves nothing that looks complete.
try_virtual_environment() {
    probe=$(mktemp -d)
    timeout 10 python3 -m pip --retries 0 --timeout 3 download -q --no-deps -d "$probe" idna \
        >/dev/null 2>&1 || { rm -rf "$probe"; return 1; }
    rm -rf "$probe" "$cache/venv"
    say "installing wheels into $cache/venv"
    # Built in place: a virtual environment holds absolute paths and cannot be renamed.
    python3 -m venv "$cache/venv" >&2 || { rm -rf "$cache/venv"; return 1; }
    # shellcheck disable=SC2086 # one argument per requirement
    "$cache/venv/bin/python" -m pip install -q $wheels >&2 || { rm -rf "$cache/venv"; return 1; }
    printf '%s' "$wheels" >"$cache/venv/.covet-complete"
}

mirror() {
    if [ -n "${COVET_MIRROR:-}" ]; then echo "$COVET_MIRROR"; return; fi
    apt-get indextargets --format '$(REPO_URI)|$(ORIGIN)|$(RELEASE)' 2>/dev/null |
        awk -F'|' '($2 == "Debian" || $2 == "") && $3 !~ /security/ { print $1; exit }'
}

bootstrap_debian() {
    root=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { say "bootstrapping Debian needs root or sudo"; return 1; }
        root=sudo
    fi
    command -v debootstrap >/dev/null || { say "debootstrap is missing: apt-get install debootstrap"; return 1; }
    from=$(mirror)
    [ -n "$from" ] || { say "apt names no Debian mirror: set COVET_MIRROR"; return 1; }
    say "bootstrapping Debian 13 into $cache/trixie (two minutes, once)"
    $root rm -rf "$cache/trixie.new"
    if ! $root debootstrap --variant=minbase --include="$packages" trixie "$cache/trixie.new" "$from" \
        >"$cache/debootstrap.log" 2>&1; then
        tail -5 "$cache/debootstrap.log" >&2
        $root rm -rf "$cache/trixie.new"
        return 1
    fi
    $root rm -rf "$cache/trixie.new/var/cache/apt/archives" "$cache/trixie.new/usr/share/doc"
    printf '%s' "$packages" | $root tee "$cache/trixie.new/.covet-complete" >/dev/null
    $root rm -rf "$cache/trixie"
    $root mv "$cache/trixie.new" "$cache/trixie"
}

try_virtual_environment || bootstrap_debian || {
    say "no Python with FastAPI and SQLAlchemy could be made; see the lines above"
    exit 1
}
answer
