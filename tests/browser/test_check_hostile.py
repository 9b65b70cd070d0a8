"""Hostile links, local storage, pasted texts and responses do not harm the check page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Dialog

from checker import Checker, Policy
from checker.answers.kinds import is_step, kind_of
from checker.policy import Example
from checker.request.letter import LONGEST
from checker.web.response import respond
from tests.support.browser_session import BrowserSession
from tests.support.check_page import PREPARE, REFUND, RESULT, CheckPage, first, questions_of_kind, without_amounts
from tests.support.overrides import stub_worker
from tests.support.words import say

pytestmark = pytest.mark.browser

MARKUP = "\"'></p><x-ran></x-ran><img src=x onerror='globalThis.ran=1'><script>globalThis.ran=1</script>"
MILLION = 10**6
PASTED = {
    "markup": MARKUP,
    "a million letters": "9" * MILLION,
    "control characters": "\x00\x01\x1b[31m\x7f\u0085",
    "reordering": "\u202eexe.1102 \u2066\u200f\u061c",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "half a surrogate pair": "\ud83d",
    "scripts": "javascript:globalThis.ran=1",
    "templates": "{{7*7}} ${7*7} {0.__class__} %s",
}

# Sets the fragment, waits until the page has followed it, and returns to the start.
GO = """async (fragment) => {
    const moved = () => new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
    const set = moved();
    location.hash = fragment;
    await set;
    while (!walk.find("[data-view] h1", null).length) await new Promise(requestAnimationFrame);
    if (!location.hash) return;
    const back = moved();
    location.hash = "";
    await back;
}"""

PASTE = """(selector, text) => {
    const field = document.querySelector(selector);
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
}"""

STORE = "(text) => { localStorage.setItem('check /check/', text) }"


@pytest.fixture
def case(policy: Policy) -> Example:
    """A case with a request and an estimate."""
    tools = {"prepare", "refund"}
    examples = (
        example
        for example in policy.examples.values()
        if tools <= {*respond(Checker(policy), {"answers": example.answers, "today": str(example.today)})["offers"]}
    )
    return first(examples, "worked example that needs proof and has an estimate")


@pytest.fixture
def check_page(chromium_session: BrowserSession, policy: Policy, case: Example) -> Iterator[CheckPage]:
    """A check page on which no foreign script may run."""
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    chromium_session.chromium.page.on("dialog", dismiss)
    yield CheckPage(chromium_session, policy, case.today)
    expect_nothing_ran(chromium_session)
    assert dialogs == []


def expect_nothing_ran(session: BrowserSession) -> None:
    assert session.evaluate("() => [globalThis.ran, document.querySelector('x-ran, img[src=x]')]") == [None, None]
    assert session.problems == []


def expect_page_works(check_page: CheckPage, case: Example) -> None:
    """Check that the page still leads from its start to a result."""
    check_page.session.evaluate("() => { location.hash = '' }")
    check_page.click_through(case.answers)


def first_heading(check_page: CheckPage) -> str:
    return next(iter(check_page.policy.questions.values())).ask


def test_hostile_fragment_does_not_harm_the_page(check_page: CheckPage, policy: Policy, case: Example) -> None:
    questions = [*policy.questions]
    fragments = [
        "=",
        "=&=&=",
        "&&&",
        "%",
        "%=%",
        "%ff%00=%E0%A4%A",
        MARKUP,
        f"{questions[0]}={MARKUP}",
        f"policy-version={MARKUP}",
        f"{MARKUP}={MARKUP}",
        "constructor",
        "constructor=x",
        "__proto__=x&__proto__[polluted]=1",
        "toString=1&hasOwnProperty=1",
        "no_question",
        "no_question=no_answer",
        "check-errors",
        "check-nothing",
        "javascript:globalThis.ran=1",
        "javascript:globalThis.ran=1//=",
        '"]',
        '"]=\\',
        "policy-version=0-00000000",
        "&".join(f"{name}=no_answer" for name in questions),
        "&".join(f"{name}={MARKUP}&{name}=unknown" for name in questions),
        "&".join(f"{name}=2026-99-99" for name in questions),
        "x" * MILLION,
        "x=" + "9" * MILLION,
        "&".join(f"x{number}={number}" for number in range(MILLION // 10)),
        f"{questions[0]}=" + "%F0%9F%98%80" * 1000,
    ]
    check_page.open()
    expect_page_works(check_page, case)
    for fragment in fragments:
        check_page.session.evaluate(GO, fragment)
        assert check_page.session.expect_visible("[data-view] h1") == first_heading(check_page), fragment[:100]
        expect_nothing_ran(check_page.session)
    assert check_page.session.evaluate("() => ({}).polluted ?? null") is None
    expect_page_works(check_page, case)


@pytest.mark.parametrize("fragment", ["no_question", "constructor", '"]', "check-errors", "x" * MILLION])
def test_unknown_fragment_opens_the_first_question(check_page: CheckPage, fragment: str) -> None:
    check_page.open(f"check/#{fragment}")
    assert check_page.session.expect_visible("[data-view] h1") == first_heading(check_page)


def test_fragment_ahead_of_the_answers_opens_the_first_question(check_page: CheckPage, policy: Policy) -> None:
    first, *others = (name for name, question in policy.questions.items() if is_step(question))
    later_views = [*(f"#{name}" for name in others), f"#{PREPARE}", f"#{REFUND}", f"#{MARKUP}={MARKUP}"]
    check_page.open(f"check/{later_views.pop()}")
    check_page.expect_view(first, {})
    for place in later_views:
        check_page.session.evaluate("(place) => { location.hash = place }", place)
        check_page.session.wait_for("(first) => location.hash === first", f"#{first}")
        check_page.session.evaluate("() => { location.hash = '' }")
    expect_nothing_ran(check_page.session)


# ---- local storage

ODD = [None, 1.5, True, MARKUP, [], {}, {"length": 1}, [[MARKUP]], {"__proto__": {"polluted": 1}}]


@pytest.mark.deep
def test_hostile_local_storage_does_not_harm_the_page(check_page: CheckPage, policy: Policy, case: Example) -> None:
    names = [*policy.questions, *LONGEST, "wish"]
    stored = [
        "",
        "{",
        "undefined",
        MARKUP,
        *map(json.dumps, ODD),
        *(json.dumps({"answers": odd, "letter": odd}) for odd in ODD),
        *(json.dumps(dict.fromkeys(["answers", "letter"], dict.fromkeys(names, odd))) for odd in ODD),
        json.dumps({"answers": {MARKUP: MARKUP, "constructor": "x"}, "letter": {"constructor": "x"}}),
        '{"__proto__": {"polluted": 1}, "answers": {"__proto__": {"polluted": 1}}}',
        json.dumps({"answers": "9" * MILLION}),
        "9" * MILLION,
        "[" * MILLION,
    ]
    check_page.open()
    for text in stored:
        check_page.session.evaluate(STORE, text)
        check_page.open()
        assert check_page.session.expect_visible("[data-view] h1") == first_heading(check_page), text[:100]
        expect_nothing_ran(check_page.session)
    expect_page_works(check_page, case)


@pytest.mark.parametrize("odd", [["2026-11-19"], {"length": 1}, 20261119, MARKUP], ids=repr)
def test_malformed_stored_answers_are_dropped(check_page: CheckPage, policy: Policy, odd: object) -> None:
    answers = dict.fromkeys(policy.questions, odd)
    check_page.open()
    check_page.session.open("cases/")
    check_page.session.evaluate(STORE, json.dumps({"answers": answers, "letter": answers}))
    name = first(questions_of_kind(policy, "date"), "question for a date")
    start = next(iter(policy.questions))
    check_page.open(f"check/#{name}")
    check_page.session.wait_for("(start) => location.hash === start", f"#{start}")
    check_page.expect_view(start, {})
    assert check_page.session.visible_texts('[data-part="notices"] li') == [say("notice.dropped")]


@pytest.mark.parametrize(
    "refuse",
    [
        "Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } });",
        "Storage.prototype.getItem = () => { throw new DOMException('', 'SecurityError') };",
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') };",
    ],
)
def test_page_answers_without_local_storage(check_page: CheckPage, case: Example, refuse: str) -> None:
    check_page.session.add_init_script(refuse)
    check_page.open()
    expect_page_works(check_page, case)
    check_page.session.click("button", say("keep.clear"))
    check_page.session.expect_visible(f'[data-view="{check_page.question_path(case.answers)[0]}"] h1')
    of_theme = "Uncaught SecurityError"
    check_page.session.server.problems = [text for text in check_page.session.problems if text != of_theme]


# ---- pasted texts


def test_hostile_text_in_an_answer_field_shows_an_error(check_page: CheckPage, policy: Policy, case: Example) -> None:
    check_page.open()
    dated = check_page.dated_question(case.answers)
    for name in check_page.question_path(case.answers):
        check_page.session.expect_visible(f'[data-view="{name}"] h1')
        if name == dated:
            for text in PASTED.values():
                for part in ("day", "month", "year"):
                    check_page.session.evaluate(PASTE, f"#{part}-{dated}", text)
                expect_refusal(check_page, dated, say("form.next"))
                check_page.session.evaluate(
                    "(id) => { for (const part of document.getElementsByName(id)) part.value = '' }", f"answer-{dated}"
                )
        check_page.click_answer(name, case.answers[name])
    check_page.expect_view(RESULT, case.answers)
    check_page.session.evaluate("(place) => { location.hash = place }", REFUND)
    for name in (name for name, question in policy.questions.items() if kind_of(question).is_money):
        for text in PASTED.values():
            check_page.session.evaluate(PASTE, f"#answer-{name}-1", text)
            expect_refusal(check_page, name, say("refund.submit"))


def expect_refusal(check_page: CheckPage, question: str, button: str) -> None:
    """Submit the fields, and check for a short error at the question and in the summary."""
    check_page.session.evaluate("() => { document.querySelector('.check-errors').hidden = true }")
    check_page.session.click("button", button)
    check_page.session.expect_focus(".check-errors")
    message = check_page.session.expect_visible(f"#error-{question}")
    assert 0 < len(message) < 300
    assert message in check_page.session.visible_texts(".check-errors li")
    expect_nothing_ran(check_page.session)


def test_hostile_text_in_the_request_stays_text(check_page: CheckPage, policy: Policy, case: Example) -> None:
    check_page.open_result(without_amounts(policy, case.answers))
    check_page.session.evaluate("(place) => { location.hash = place }", PREPARE)
    for field, (kind, text) in product(LONGEST, PASTED.items()):
        check_page.session.evaluate("() => { document.querySelector('.paper').textContent = '' }")
        check_page.session.evaluate(PASTE, f"#check-{field}", text)
        if kind == "a million letters":
            error = say("letter.too_long", count=MILLION - LONGEST[field])
            assert check_page.session.expect_visible(f'[data-field="{field}"]') == error
        else:
            check_page.session.wait_for("() => document.querySelector('.paper').textContent")
        expect_nothing_ran(check_page.session)
        check_page.session.evaluate(PASTE, f"#check-{field}", "")
    check_page.session.wait_for("() => document.querySelector('.paper').textContent")


# ---- responses


FIXED = ("id", "fold", "href", "mood", "tone", "day", "days", "cells")
"""Entries of an explanation that are no texts."""

SHOWN = ", ".join(
    [
        ".check-outcome :is(b, .check-time, .check-texts p, .leaf__label, .span :is(p, span))",
        ".check-result :is(h2, h3, li > b, li > span, li > p:not(.check-to-refund), .fold p:not([data-clause] *))",
        ".check-answers :is(dt, dt + dd)",
        "[data-part=notices] li",
        ".check-stamp",
    ]
)
"""The elements that show the texts of a response."""


def with_markup(part: Any) -> Any:
    """The same part of a response with markup as each of its texts."""
    if isinstance(part, dict):
        return {key: value if key in FIXED else with_markup(value) for key, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [*map(with_markup, part)]
    return MARKUP if isinstance(part, str) else part


def test_markup_in_a_response_is_shown_as_text(check_page: CheckPage, policy: Policy, case: Example) -> None:
    response = respond(check_page.checker, {"answers": case.answers, "today": str(case.today)})
    response |= {name: with_markup(response[name]) for name in ("given", "stamp", "explanation")}
    response["notices"] = [MARKUP]
    check_page.session.server.overrides["worker.js"] = stub_worker(json.dumps(json.dumps(response)))
    check_page.open()
    check_page.click_first_answer(case.answers)
    check_page.session.expect_focus('[data-view="check-result"] h1')
    texts = """(parts) => Array.from(document.querySelectorAll(parts), ({ textContent }) => textContent.trim())"""
    shown = [text for text in check_page.session.evaluate(texts, SHOWN) if text]
    assert len(shown) > 10
    assert [text for text in shown if text.replace(MARKUP, "").strip()] == []
