#!/usr/bin/env bash
# Installs uv into .tools/, with the version and hashes of tools/uv.txt. uv installs everything else.
set -euo pipefail
root="$PWD"

# Any Python 3 works; pyenv offers its default one only outside of folders with a .python-version.
cd /
python3 -m venv --clear "$root/.tools"
"$root/.tools/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement "$root/tools/uv.txt"
