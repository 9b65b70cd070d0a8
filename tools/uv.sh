#!/usr/bin/env bash
# Installs uv from PyPI into .tools/, for a computer that has none.
set -euo pipefail
tools="$PWD/.tools"

# Any Python 3 will do, and pyenv gives its usual one only outside of a folder with a .python-version.
cd /
python3 -m venv "$tools"
"$tools/bin/python" -m pip install --quiet --disable-pip-version-check uv
