"""The page that says why the site can be relied on shows what was counted of these sources, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from markdown import markdown
from markup import content, shown, soup

from checker import Policy
from macros import reliance
from macros.pages import Pages
from macros.reliance import FIGURES, counted, keep, mark

COUNTED: dict[str, Any] = {
    "agreement": {"cells": 4210, "by_outcome": {"undecided": 11}, "differences": {"outcome": 0, "days": 0}},
    "pyodide": {"cells": 4211, "sha256": "x"},
    "leaves": {"leaves": 312, "survivors": 0},
    "texts": {"texts": 313, "survivors": 0},
    "coverage": {"covered_lines": 1717, "covered_branches": 818, "percent_covered": 100.0},
    "offline": {"Chromium": {"pages": 21, "files": 61}},
    "faults": {"a.js": {"404": "right", "500": "failed"}, "b.js": {"404": "late"}},
    "doors": {
        "in a page": {"browser": "Chromium", "tries": 40, "open": 0},
        "in a worker": {"browser": "Firefox", "tries": 31, "open": 0},
    },
    "origin": {"files": 162, "different": 0},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project that is small."""
    for name in reliance.SOURCES:
        (tmp_path / name).write_text(name)
    return tmp_path


def page(policy: Policy, figures: dict[str, Any]) -> BeautifulSoup:
    html = markdown(Pages(policy, "", lambda: "../", figures).reliance(), extensions=["attr_list", "toc", "md_in_html"])
    return BeautifulSoup(html, "html.parser")


def test_what_tests_count_is_kept_by_name_and_in_parts(root: Path) -> None:
    folder = root / "build"
    keep("doors", {"one": 1}, part="in a page", folder=folder, root=root)
    keep("doors", {"two": 2}, part="in a worker", folder=folder, root=root)
    keep("leaves", {"leaves": 3}, folder=folder, root=root)
    assert counted(folder, root) == {"doors": {"one": 1, "two": 2}, "leaves": {"leaves": 3}}
    assert counted(root / "none", root) == {}


@pytest.mark.parametrize("name", reliance.SOURCES)
def test_what_was_counted_of_other_sources_is_not_shown(name: str, root: Path) -> None:
    folder = root / "build"
    keep("leaves", {"leaves": 3}, folder=folder, root=root)
    (root / name).write_text("changed")
    assert counted(folder, root) == {}


def test_the_mark_is_of_the_sources_alone(root: Path) -> None:
    (root / "checker").unlink()
    (root / "checker").mkdir()
    before = mark(root)
    for made in ("checker/__pycache__/x.pyc", "checker/node_modules/x.js", "site/index.html"):
        (root / made).parent.mkdir(parents=True)
        (root / made).write_text("x")
    assert mark(root) == before
    shutil.move(root / "site" / "index.html", root / "checker" / "x.py")
    assert mark(root) != before


def test_the_page_shows_every_figure(frozen: Policy) -> None:
    assert {*COUNTED} == {*FIGURES}
    text = shown(page(frozen, COUNTED))
    for figure in ("4,210", "4,211", "312", "313", "1,717", "818", "100 %", "21", "61", "71", "162", "One more answer"):
        assert figure in text
    assert "2 files failed in 2 ways" in text
    assert "2 times the page said so. 1 times it could do without." in text
    assert "Chromium, Firefox" in text
    assert "not counted" not in text.partition("A test would notice")[0]


@pytest.mark.parametrize("name", FIGURES)
def test_the_page_says_what_was_not_counted(name: str, frozen: Policy) -> None:
    full, less = (shown(page(frozen, figures)) for figures in (COUNTED, {**COUNTED, name: None}))
    more = 0 if name in ("pyodide", "coverage") else 1  # which are a line of another part
    assert less.count("not counted") == full.count("not counted") + more
    assert less != full


def test_a_site_says_which_figures_it_shows(site: Path) -> None:
    said = json.loads((site / reliance.FILE).read_text(encoding="utf-8"))
    assert said == {"of": mark(), "counted": {}}
    assert "not counted" in content(soup(site / "reliance" / "index.html")).get_text()
