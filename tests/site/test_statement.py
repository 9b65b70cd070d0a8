"""The statement on accessibility says what the tests do: their programs, browsers and known limits."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

from checker.messages import CATALOGUES
from macros.pages.macros import ACCESSIBILITY
from macros.project import ROOT
from tests.support.browsers import KINDS
from tests.support.markup import soup
from tests.support.words import in_words, say

STATED = tomllib.loads(ACCESSIBILITY.read_text(encoding="utf-8"))
ENGINES = {
    "axe-core": "axe",
    "accessibility-checker-engine": "IBM Equal Access",
    "vnu-jar": "Nu HTML Checker",
    "lighthouse": "Lighthouse",
}
"""The package of each program that looks at pages, and its name."""


def test_statement_names_the_programs_and_browsers_of_the_tests() -> None:
    installed = json.loads((ROOT / "tests" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert STATED["engines"] == list(ENGINES.values())
    assert {*ENGINES} <= {*installed}
    assert [name.lower() for name in STATED["browsers"]] == [*KINDS]


def test_statement_lists_each_known_limit_and_no_other() -> None:
    about = tomllib.loads((ROOT / "checker" / CATALOGUES["en"]).read_text(encoding="utf-8"))["about"]
    assert {f"limit_{limit}" for limit in STATED["limits"]} == {key for key in about if key.startswith("limit_")}


def test_page_shows_the_statement(draft_site: Path) -> None:
    text = soup(draft_site / "about" / "index.html").get_text()
    assert isinstance(STATED["checked"], date)
    for part in (in_words(STATED["checked"]), *STATED["engines"], *STATED["browsers"]):
        assert part in text
    assert [limit for limit in STATED["limits"] if say(f"about.limit_{limit}") not in text] == []
