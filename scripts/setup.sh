#!/bin/sh
# Make the virtual environment if there is none, and install a lock: setup.sh LOCK
set -eu

lock=$1
venv=.venv

fail() {
  echo "$1" >&2
  exit 1
}

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
  for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if new_enough "$name"; then
      echo "$name"
      return
    fi
  done
  found=$(python3 --version 2>/dev/null || echo "no python3")
  fail "Strand needs Python 3.11 or newer, and this machine has $found: install the package python3 (3.11 or newer)."
}

if ! new_enough "$venv/bin/python" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  python=$(find_python)
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "Python's venv module is missing: install the package python3-venv (Debian, Ubuntu: sudo apt install python3-venv)."
  "$python" -m venv --clear "$venv" ||
    fail "The virtual environment could not be made in $venv: $python -m venv failed, as it says above."
fi

echo "Installing what $lock names."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" ||
  fail "The packages of $lock could not be installed, as pip says above; is the network up?"
