"""The oldest browsers that the check supports, as package.json lists them under `browserslist`."""

from __future__ import annotations

import json

from tests.support.paths import ROOT

_LIST = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["browserslist"]

SUPPORTED: dict[str, str] = dict(entry.split() for entry in _LIST)
"""The oldest version by browser, as `{"chrome": "103"}`."""
