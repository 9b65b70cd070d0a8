"""A figure of the policy stands in policy.yaml and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker import Policy
from tests.support.paths import ROOT

FOLDERS = ("checker", "docs", "macros", "overrides")
CHECKED = ROOT / "macros" / "pages" / "accessibility.toml"
"""The day of the last check of accessibility, which is none of the policy's."""
SUFFIXES = {".css", ".html", ".js", ".md", ".py", ".toml"}

NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty)"
UNIT = r"(?:(?:calendar|business|working)[ -])?(?:day|week|month|year)s?\b"
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
FIGURES = {
    "a length of time": re.compile(rf"\b{NUMBER}(?:\s*(?:[–-]|to)\s*{NUMBER})?[ -]{UNIT}", re.IGNORECASE),
    "a date": re.compile(rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}} {MONTH}\b|\b{MONTH} \d{{1,2}}\b"),
}


def literal_figures(text: str) -> list[str]:
    return [match[0] for figure in FIGURES.values() for match in figure.finditer(text)]


def files() -> list[Path]:
    return sorted(
        path
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in SUFFIXES and "generated" not in path.parts and path != CHECKED
    )


def test_figures_and_dates_are_in_policy_yaml_alone() -> None:
    figures = {path.relative_to(ROOT): literal_figures(path.read_text(encoding="utf-8")) for path in files()}
    assert {path.parts[0] for path in figures} == set(FOLDERS)
    assert {path: texts for path, texts in figures.items() if texts} == {}


@pytest.mark.parametrize(
    "text",
    [
        "within 15 days",
        "a 15-day window",
        "2–3 working days",
        "two to three business days",
        "fifteen days",
        "until 2026-11-22",
        "22 November 2026",
        "November 22",
    ],
)
def test_search_finds_every_spelling_of_a_figure(text: str) -> None:
    assert literal_figures(text)


def test_search_finds_every_value_of_the_policy(frozen: Policy) -> None:
    lengths = [
        length
        for value in frozen.values.values()
        for name, length in ([("", value)] if isinstance(value, str) else value.items())
        if name != "by"
    ]
    assert lengths
    assert all(literal_figures(length) for length in lengths)


def test_policy_sentences_are_in_policy_yaml_alone(policy: Policy) -> None:
    """Sentences of 30 letters or more, so that a label such as "Your money back" may recur."""
    texts = [clause.text for clause in policy.clauses.values()]
    texts += [outcome.text for outcome in policy.outcomes.values()]
    texts += [note.text for clause in policy.clauses.values() for note in clause.interpretations.values()]
    sentences = {
        sentence.strip() for text in texts for sentence in re.split(r"(?<=[.?!])\s+", text) if len(sentence) >= 30
    }
    assert sentences
    for path in files():
        text = " ".join(path.read_text(encoding="utf-8").split())
        assert [sentence for sentence in sentences if " ".join(sentence.split()) in text] == [], path
