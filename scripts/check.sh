#!/bin/sh
# Formatting, lint, types, browser code, templates, locks. Runs all of them, then says how it went.
set -u

failed=""

check() {
  name=$1
  shift
  echo "== $name"
  "$@" || failed="$failed $name,"
}

check "format" ruff format --check --quiet
check "lint" ruff check --quiet
check "types" mypy app migrations scripts tests bench
check "browser code" node_modules/.bin/biome check --error-on-warnings
check "templates" python -m scripts.templates
check "markup" djlint --quiet --lint templates
check "messages" python -m scripts.messages --check
check "dead code" python -m scripts.dead_code
check "locks" python -m scripts.lock --check

if [ -n "$failed" ]; then
  echo "make check: not in order:${failed%,}." >&2
  exit 1
fi
echo "make check: all in order."
