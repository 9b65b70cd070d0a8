"""The words of the interface: one catalogue for each language, and a policy reads and speaks in its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checker import Policy
from checker.messages import CATALOGUES, Messages, messages
from checker.values.dates import read_date
from checker.values.durations import Duration

GERMAN = """
list = { and = "und" }
date.text = "{day}. {month} {year}"
date.months = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
date.weekdays = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"
date.ordinals = ""
date.fillers = "der den am"
duration.day = { one = "{figure} Tag", other = "{figure} Tage" }
duration.working_day = { one = "{figure} Arbeitstag", other = "{figure} Arbeitstage" }
"""


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Messages:
    file = tmp_path / "german.toml"
    file.write_text(GERMAN, encoding="utf-8")
    monkeypatch.setitem(CATALOGUES, "de", str(file))
    return Messages("de-AT")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("15 Tage", Duration(15, 15, "day")),
        ("1 Tag", Duration(1, 1, "day")),
        ("4–5 Arbeitstage", Duration(4, 5, "working_day")),
    ],
)
def test_durations_are_read_and_written_in_the_words_of_the_language(
    german: Messages, text: str, duration: Duration
) -> None:
    assert Duration.parse(text, german) == duration
    assert duration.in_words(german) == text


def test_a_duration_in_another_language_is_explained_in_the_words_of_the_language(german: Messages) -> None:
    with pytest.raises(
        ValueError, match=r"^must be a length of time such as 10 Tage or 4–5 Arbeitstage, got '15 days'$"
    ):
        Duration.parse("15 days", german)


def test_dates_and_lists_are_in_the_words_of_the_language(german: Messages) -> None:
    day = date(2026, 3, 9)
    assert read_date("9 mär 2026", day, german) == day
    assert read_date("Montag, den 9. März 2026", day, german) == day
    assert german.date(day) == "9. März 2026"
    assert german.join(["a", "b", "c"]) == "a, b und c"


def test_a_policy_speaks_its_language_whatever_the_country(frozen: Policy) -> None:
    assert replace(frozen, language="en-GB").messages.join(["a", "b"], "or") == "a or b"
    assert frozen.messages is messages(frozen.language, frozen.words, frozen.shop.name)


def test_a_language_without_catalogue_is_named() -> None:
    with pytest.raises(ValueError, match=r"^no catalogue for the language 'fr-CA'$"):
        messages("fr-CA")
