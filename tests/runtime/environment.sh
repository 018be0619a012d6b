#!/bin/sh
# Provides the Python in which the runtime suite boots applications (FastAPI, SQLAlchemy, Flask, the
# async database drivers) and prints the command that runs it. Does nothing when it is there already.
#   a virtual environment   where a Python package index answers
#   a Debian 13 system      otherwise, bootstrapped from the mirror that apt uses (root or sudo)
# COVET_CACHE   where it is kept; default ~/.cache/covetpy-migrate
# COVET_MIRROR  the Debian mirror, where apt's own does not carry Debian 13
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=packages.sh
. "$here/packages.sh"

ready() { [ -e "$venv/.covet-complete" ] || [ -e "$system/.covet-complete" ]; }
answer() { echo "$here/python"; exit 0; }
say() { echo "environment: $*" >&2; }

if ready; then answer; fi
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
if ready; then answer; fi

# A half-made environment has another name, so that an interrupted run leaves nothing that looks complete.
try_virtual_environment() {
    probe=$(mktemp -d)
    timeout 10 python3 -m pip --retries 0 --timeout 3 download -q --no-deps -d "$probe" idna \
        >/dev/null 2>&1 || { rm -rf "$probe"; return 1; }
    rm -rf "$probe" "$venv"
    say "installing wheels into $venv"
    # Built in place: a virtual environment holds absolute paths and cannot be renamed.
    python3 -m venv "$venv" >&2 || { rm -rf "$venv"; return 1; }
    # shellcheck disable=SC2086 # one argument per requirement
    "$venv/bin/python" -m pip install -q $wheels >&2 || { rm -rf "$venv"; return 1; }
    : >"$venv/.covet-complete"
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
    say "bootstrapping Debian 13 into $system (two minutes, once)"
    $root rm -rf "$system.new"
    if ! $root debootstrap --variant=minbase --include="$packages" trixie "$system.new" "$from" \
        >"$cache/debootstrap.log" 2>&1; then
        tail -5 "$cache/debootstrap.log" >&2
        $root rm -rf "$system.new"
        return 1
    fi
    $root rm -rf "$system.new/var/cache/apt/archives" "$system.new/usr/share/doc"
    $root touch "$system.new/.covet-complete"
    $root mv "$system.new" "$system"
}

try_virtual_environment || bootstrap_debian || {
    say "no Python with FastAPI and SQLAlchemy could be made; see the lines above"
    exit 1
}
answer
