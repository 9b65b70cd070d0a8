"""The whole case space in the browser: the page shows of each case what Python decides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from itertools import batched
from pathlib import Path
from typing import Any

import pytest

from checker import Checker, Policy
from checker.web.api import answer
from macros.runtime.bundle import bundle_folders
from tests.support.browser_session import BrowserSession
from tests.support.case_enumeration import TODAY, cells, every_answer, ways
from tests.support.check_page import Answers, CheckPage, as_raw
from tests.support.node import evaluate
from tests.support.overrides import record_request
from tests.support.paths import SUPPORT

ASK = (SUPPORT / "case_space.js").read_text(encoding="utf-8")
AT_ONCE = 250


def expected_page(reply: dict[str, Any]) -> dict[str, Any]:
    """The texts that the page must show for a response, part by part."""
    explanation = reply["explanation"]
    headline, card = explanation["headline"], explanation["headline"]["card"]
    folds = [[part for part in explanation["sections"] if part["fold"] == fold] for fold in ("why", "unclear")]
    return {
        "mood": headline["mood"],
        "box": words(headline["title"], headline["time"], *texts(explanation["texts"], explanation["notices"])),
        "card": words(card["label"], card["weekday"], card["text"], *rows(card), *card["lines"]) if card else "",
        "now": tasks(explanation, "now"),
        "after": tasks(explanation, "after"),
        "reminders": [
            words(part["heading"], *texts(part["items"]))
            for part in explanation["sections"]
            if part["id"] == "reminders"
        ],
        "folds": [[part["id"] for part in parts] for parts in folds],
        "offers": [name for name in ("prepare", "refund", "calendar") if name in reply["offers"]],
        "stamp": reply["stamp"],
    }


def words(*parts: str | None) -> str:
    """The texts without blanks, so that markup between them makes no difference."""
    return "".join("".join(part.split()) for part in parts if part)


def texts(*lists: list[dict[str, Any]]) -> list[str]:
    """The texts of items, each with its second line."""
    return [text for items in lists for item in items for text in (item["text"], item["note"]) if text]


def rows(card: dict[str, Any]) -> list[str]:
    return [text for row in card["rows"] for text in (row["name"], row["note"])]


def tasks(explanation: dict[str, Any], part: str) -> list[str]:
    """A part of a result: its heading, and each task without its list, which stands before or behind its sentences."""
    entries = explanation[part]
    if not entries:
        return []
    return [
        explanation[f"{part}_heading"],
        *(
            words(task["title"], *texts(task["texts"]), *texts(task["links"], task["addresses"]))
            + words(*texts(task["items"]))
            for task in entries
        ),
    ]


@pytest.fixture
def check_page(chromium_session: BrowserSession, policy: Policy) -> CheckPage:
    check_page = CheckPage(chromium_session, policy, TODAY)
    check_page.open()
    return check_page


def compare(check_page: CheckPage, checker: Checker, cells: Sequence[Answers]) -> set[str | None]:
    """Compare page and Python; returns the questions and the outcomes that the cells lead to."""
    today, digest = check_page.today.isoformat(), checker.policy.digest
    replies = [answer(json.dumps({"answers": cell, "today": today, "digest": digest}), checker) for cell in cells]
    for cell, reply, page in zip(cells, replies, check_page.session.evaluate(ASK, cells, False), strict=True):
        if page.pop("bytes") != sha256(reply.encode()).hexdigest():
            [again] = check_page.session.evaluate(ASK, [cell], True)
            assert again["bytes"] == reply, cell
        response = json.loads(reply)
        assert page == ({} if response["step"] else expected_page(response)), cell
    return {response["step"] or response["verdict"]["outcome"] for response in map(json.loads, replies)}


@pytest.mark.deep
@pytest.mark.browser
def test_page_shows_the_python_verdict_of_every_case(check_page: CheckPage, policy: Policy) -> None:
    """The snapshot suffices: no case falls back to the stock start."""
    requests: list[str] = []
    check_page.session.server.overrides["pyodide.mjs"] = record_request(requests, "pyodide.mjs")
    checker = Checker(policy)
    seen = set().union(*(compare(check_page, checker, part) for part in batched(cells(policy), AT_ONCE, strict=False)))
    assert seen == {*policy.outcomes, None, *(name for name, _ in every_answer(policy))}
    for example in policy.examples.values():  # they also have proof and amounts
        check_page.set_today(example.today)
        assert compare(check_page, checker, [as_raw(example.answers)]) == {example.outcome}
    assert requests == []


ALL_ANSWERS = """hashlib.sha256("\\n".join(
    checker.web.api.answer(json.dumps({{"answers": dict(zip(names, given)), "today": {today!r}, "digest": {digest!r}}}))
    for names, answers in json.loads({asked!r})
    for given in itertools.product(*answers)
).encode()).hexdigest()"""


def test_node_gives_the_same_bytes_as_cpython_over_the_case_space(site: Path, policy: Policy) -> None:
    checker, today = Checker(policy), TODAY.isoformat()
    calls = [{"answers": cell, "today": today, "digest": policy.digest} for cell in cells(policy)]
    ours = sha256("\n".join(answer(json.dumps(parameters), checker) for parameters in calls).encode()).hexdigest()
    asked = json.dumps([([name for name, _ in way], [answers for _, answers in way]) for way in ways(policy)])
    expression = ALL_ANSWERS.format(today=today, digest=policy.digest, asked=asked)
    runtime, bundle = (site / folder for folder in bundle_folders(policy.digest))
    assert evaluate(runtime, bundle, "checker.web.api, hashlib, itertools", expression) == ours
