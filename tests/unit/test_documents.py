"""The documents for developers name files and commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.supported_browsers import SUPPORTED

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "macros/runtime/snapshot/README.md")
PATH = re.compile(r"`((?:checker|macros|tests|docs|overrides|tools|bench|\.github)/[\w./-]*)`")
TARGET = re.compile(r"`make ([a-z][a-z-]*)")
MADE = ("bench/node_modules/", "tests/node_modules/", "tests/browsers/node_modules/")
"""Folders that set-up makes."""


def missing(text: str, root: Path) -> list[str]:
    """Paths and `make` targets in a text that do not exist."""
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    paths = [path for path in PATH.findall(text) if path not in MADE and not (root / path).exists()]
    return paths + [f"make {target}" for target in TARGET.findall(text) if target not in targets]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_name_files_and_commands_that_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert PATH.search(text)
    assert missing(text, ROOT) == []


def test_readme_names_the_oldest_supported_browsers() -> None:
    assert SUPPORTED["edge"] == SUPPORTED["chrome"]
    sentence = "needs Chrome or Edge {chrome}, Firefox {firefox}, or Safari {safari}, on phones too".format(**SUPPORTED)
    assert sentence in (ROOT / "README.md").read_text(encoding="utf-8")


def test_ten_places_where_to_change_what_are_named() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("### Where to change what")[2].partition("###")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ") and PATH.search(row)]
    assert len(rows) >= 10


def test_path_and_target_that_do_not_exist_are_found() -> None:
    assert missing("`checker/nothing.py` and `make nothing`, `checker/policy.py`, `make test`", ROOT) == [
        "checker/nothing.py",
        "make nothing",
    ]
