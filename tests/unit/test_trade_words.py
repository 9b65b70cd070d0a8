"""A policy of another trade is spoken of in its own words: no message names an order, an item or a parcel."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from checker import Checker, Policy
from checker.messages import TRADE
from checker.request.calendar_entry import Saved, calendar_entries, calendar_file
from checker.request.letter import LetterInput, letter_parts, letter_text
from checker.web.api import answer, letter
from macros.analysis.load import load
from tests.support.paths import POLICIES

WORDS = re.compile(
    r"\b(?:orders?|items?|requests?|appl(?:y|ies|ied|ying|ications?)|arriv\w+|refunds?|reissue|parcels?|packages?|products?"
    r"|goods|carriers?|platform|shops?|stores?|ship(?:s|ped|ping)?|deliver\w*)\b",
    re.IGNORECASE,
)
"""Words of trades: those that a policy can replace, and those that the interface never needs."""
EDITORS = {"proof", "pages.of_order", "pages.not_entered", "pages.all_entered", "rules"}
"""Sections and messages that editors alone read."""
ADDRESS = "https://host.example/policy/"


def trade_words(text: str) -> list[str]:
    return WORDS.findall(text)


@pytest.fixture(scope="module")
def room() -> Policy:
    return load(POLICIES / "room.yaml")


def message_forms() -> Iterator[tuple[str, str]]:
    """Every form of every message that customers may meet, by its key."""
    catalogue = tomllib.loads(files("checker").joinpath("messages.toml").read_text(encoding="utf-8"))
    for section, messages in catalogue.items():
        for name, message in messages.items():
            if not {section, f"{section}.{name}"} & EDITORS:
                for form in message.values() if isinstance(message, dict) else [message]:
                    yield f"{section}.{name}", form


def test_policy_of_another_trade_has_a_word_for_each_default(room: Policy) -> None:
    texts = (POLICIES / "room.yaml").read_text(encoding="utf-8").partition("calendar:")[2]
    assert trade_words(re.sub(r"\w+_\w+|apply at|order$", "", texts, flags=re.MULTILINE)) == []
    assert all(getattr(room.words, word) != word for word in TRADE)


def test_no_message_for_customers_names_a_trade() -> None:
    found = {key: trade_words(re.sub(r"\{\w+\}", "", form)) for key, form in message_forms()}
    assert len(found) > 200
    assert {key: words for key, words in found.items() if words} == {}


def test_no_answer_of_the_check_names_another_trade(room: Policy) -> None:
    checker = Checker(room)
    for case in [*room.examples.values()]:
        for answers in ({**case.answers}, {**case.answers, "booked_on": "2 13 2026"}, {}):
            parameters: dict[str, Any] = {"answers": answers, "asked": [*answers], "today": case.today.isoformat()}
            text = answer(json.dumps(parameters | {"digest": room.digest}), checker)
            assert trade_words(" ".join(spoken(json.loads(text)))) == []
        wrong = json.dumps(parameters | {"digest": room.digest, "address": ADDRESS, "pictures": 5})
        assert trade_words(" ".join(spoken(json.loads(letter(wrong, checker))))) == []


def test_no_letter_and_no_calendar_entry_names_another_trade(room: Policy) -> None:
    checker = Checker(room)
    entries = []
    for case in room.examples.values():
        verdict = checker.decide(dict(case.answers), case.today)
        for fields in (LetterInput(), LetterInput(order="7", wish="voucher", description="We cannot come.")):
            text = letter_text(letter_parts(room, verdict, {}, fields, address=ADDRESS))
            assert trade_words(text) == []
            assert room.words.request in text
        for saved in ({}, {"last_day": Saved(files=1, day=case.today)}):
            entries += calendar_entries(verdict, saved)
    assert {"last_day", "cancelled"} <= {entry.kind for entry in entries}
    assert trade_words(calendar_file(room, entries, "a1", room.valid_from, ADDRESS)) == []


def test_letter_names_answers_by_their_labels(room: Policy) -> None:
    answers = {"reason": "plans", "booked_on": "2026-03-01"}
    parameters = {"answers": answers, "today": "2026-03-02", "letter": {}, "pictures": []}
    text = json.loads(letter(json.dumps(parameters | {"digest": room.digest, "address": ADDRESS}), Checker(room)))[
        "text"
    ]
    assert {"Reason: My plans have changed", "Booked: 1 March 2026"} <= set(text.splitlines())
    assert room.questions["cancelled_on"].label not in text


def test_word_of_another_trade_is_found() -> None:
    assert trade_words("Your Order arrived, and the parcel's applications.") == [
        "Order",
        "arrived",
        "parcel",
        "applications",
    ]


def spoken(response: Any) -> Iterator[str]:
    """The texts of a response: all values, without its keys, ids and places in the case."""
    if isinstance(response, dict):
        for name, value in response.items():
            if name not in ("answers", "verdict", "links", "id", "class", "offers", "step"):
                yield from spoken(value)
    elif isinstance(response, list):
        for value in response:
            yield from spoken(value)
    elif isinstance(response, str):
        yield response
