"""The statement on accessibility says what the tests do: its engines, browsers and known limits."""

from __future__ import annotations

import json
import tomllib
from datetime import date

import pytest

from macros.pages.macros import ACCESSIBILITY
from tests.support.browsers import KINDS
from tests.support.ibm import KNOWN
from tests.support.paths import TESTS
from tests.support.words import say

STATEMENT = tomllib.loads(ACCESSIBILITY.read_text(encoding="utf-8"))
ENGINES = {
    "axe": "axe-core",
    "IBM Equal Access": "accessibility-checker-engine",
    "Nu HTML Checker": "vnu-jar",
    "Lighthouse": "lighthouse",
}
"""The package of each engine, by its name in the statement."""


def test_statement_names_the_engines_and_browsers_of_the_tests() -> None:
    packages = json.loads((TESTS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {ENGINES[name] for name in STATEMENT["engines"]} <= {*packages}
    assert [*ENGINES] == STATEMENT["engines"]
    assert [name.lower() for name in STATEMENT["browsers"]] == [*KINDS]
    assert isinstance(STATEMENT["checked"], date)


def test_statement_names_each_known_limit() -> None:
    violations = {area: [rule for rule, reason in KNOWN[area].items() if "violation" in reason] for area in KNOWN}
    assert violations["customers"] == violations["check"] == []
    limits = ["screen_readers"]  # of which no test can tell
    if violations["editors"]:
        limits.append("editors")
    assert STATEMENT["limits"] == limits


@pytest.mark.parametrize("limit", STATEMENT["limits"])
def test_each_limit_has_its_sentence(limit: str) -> None:
    assert say(f"about.limit_{limit}")
