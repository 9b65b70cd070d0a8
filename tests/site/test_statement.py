"""The page on accessibility shows the statement, and the catalogue has a sentence for each of its limits alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

from checker.messages import CATALOGUES
from macros.project import ROOT
from tests.support.markup import soup
from tests.support.words import in_words, say
from tests.unit.test_statement import STATEMENT


def test_statement_lists_each_known_limit_and_no_other() -> None:
    about = tomllib.loads((ROOT / "checker" / CATALOGUES["en"]).read_text(encoding="utf-8"))["about"]
    assert {f"limit_{limit}" for limit in STATEMENT["limits"]} == {key for key in about if key.startswith("limit_")}


def test_page_shows_the_statement(draft_site: Path) -> None:
    text = soup(draft_site / "about" / "index.html").get_text()
    for part in (in_words(STATEMENT["checked"]), *STATEMENT["engines"], *STATEMENT["browsers"]):
        assert part in text
    assert [limit for limit in STATEMENT["limits"] if say(f"about.limit_{limit}") not in text] == []
