#!/usr/bin/env bash
# Installs uv into .tools/: the version of tools/uv.txt, from wheels that have one of its hashes. uv installs all the rest.
set -euo pipefail
root="$PWD"

# Any Python 3 will do, and pyenv gives its usual one only outside of a folder with a .python-version.
cd /
python3 -m venv --clear "$root/.tools"
"$root/.tools/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement "$root/tools/uv.txt"
