#!/bin/sh
# Migrates a copy of the legacy shop to CovetPy 1.0 on SQLite and shows every step.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tool="$here/../build/release/bin/covetpy-migrate"
shop="$here/../build/demo/legacy_shop"

step() { printf '\n$ %s\n' "$*"; }

rm -rf "$shop"
mkdir -p "$shop"
cp -R "$here/legacy_shop/." "$shop"
tool=$(cd "$(dirname "$tool")" && pwd)/covetpy-migrate
shop=$(cd "$shop" && pwd)

step covetpy-migrate analyze legacy_shop
"$tool" analyze "$shop"

step "covetpy-migrate code legacy_shop --diff      (of the files that are there already)"
"$tool" code "$shop" --diff | awk '
    /^diff --git/ { header = $0; next }
    header != "" { show = !/^new file/; if (show) print header; header = "" }
    show'

step covetpy-migrate run legacy_shop --url sqlite:///shop.db --vendor-runtime --yes
"$tool" run "$shop" --url sqlite:///shop.db --vendor-runtime --yes

step covetpy-migrate verify legacy_shop --url sqlite:///shop.db
"$tool" verify "$shop" --url sqlite:///shop.db

cat <<TEXT

The migrated shop is in $shop
  look at it       git diff --no-index $here/legacy_shop $shop
  start it         cd $shop && uvicorn app:app      (needs fastapi, sqlalchemy, aiosqlite, uvicorn)
  put it back      $tool rollback $shop
TEXT
