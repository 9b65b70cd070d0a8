"""The worker's door: JSON in, JSON out. Nothing else of the checker is called from a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from checker import link
from checker.answers import AnswerError, AnswerErrors, parse_today
from checker.calendar import in_words
from checker.decide import Checker
from checker.explain import explain
from checker.flow import fitting, given, walk
from checker.timeline import case_timeline
from checker.verdict import Verdict, dumps
from checker.words import say


@cache
def published() -> Checker:
    """The checker of the policy that was published together with this code: the wheel holds it as a module."""
    from checker.published import POLICY  # the build writes this module

    return Checker(POLICY)


def answer(request: str, checker: Checker | None = None) -> str:
    """Answer ``{"answers": {…}, "today": "year-month-day", "digest": "…"}`` by the published policy.

    With ``"asked": […]`` the customer has just answered these questions, and hears what is wrong with the answers.
    Without it the answers come from a store, or from the link in ``"link"``: what does not fit the policy is left
    out, and said. With ``"another": true`` only what belongs to the order is taken over.

    Gives the answers to hold, the next question or none, the answers in words, the verdict with its
    explanation, the errors, the notices and the links that carry the answers; or ``{"updated": true}`` when the
    page is of another policy than the checker, because then no answer of ours would fit what the page says.
    """
    return dumps(_answer(request, checker or published()))


def _answer(request: str, checker: Checker) -> dict[str, Any]:
    try:
        message = json.loads(request)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        return AnswerErrors([AnswerError(None, say("error.request"))]).to_json()
    if message.get("digest") != checker.policy.digest:
        return {"updated": True}
    try:
        return _walked(message, checker)
    except AnswerErrors as errors:
        return errors.to_json()


def _walked(message: Mapping[str, Any], checker: Checker) -> dict[str, Any]:
    policy, today = checker.policy, parse_today(message.get("today"))
    notices = []
    raw = message.get("answers")
    if isinstance(fragment := message.get("link"), str):
        came = link.read(policy, fragment)
        raw = came.answers
        if came.version not in (None, link.version(policy)):
            notices.append(say("notice.changed"))
    if not isinstance(raw, Mapping):
        raw = {}
    raw = {name: raw[name] for name in policy.questions if raw.get(name) not in (None, [])}
    if message.get("another"):
        raw = {name: each for name, each in raw.items() if policy.questions[name].about == "order"}
    asked = message.get("asked")
    if not isinstance(asked, list):
        kept = fitting(policy, raw, today)
        if len(kept) < len(raw):
            notices.append(say("notice.dropped"))
        raw, asked = kept, []
    reached = walk(checker, raw, today)
    wrong = {error.question for error in reached.errors}
    blank = [
        AnswerError(name, say("error.amount_blank", question=question.ask))
        for name, question in policy.questions.items()
        if question.is_amount and name in asked and name not in wrong | reached.answers.keys()
    ]
    verdict = checker.decide(reached.answers, today)
    return {
        "answers": {name: each for name, each in raw.items() if name not in wrong} | {**reached.answers},
        "step": reached.step,
        "given": [
            {"question": name, "ask": policy.questions[name].ask, "answer": text}
            for name, text in given(policy, reached.answers, today)
        ],
        "errors": [error.to_json() for error in (*reached.errors, *blank)],
        "notices": notices,
        "offers": [*_offers(verdict)],
        "links": {
            "plain": link.write(policy, reached.answers),
            "amounts": link.write(policy, reached.answers, amounts=True),
        },
        "stamp": say(
            "result.stamp",
            today=in_words(today),
            version=verdict.version,
            valid_from=in_words(verdict.valid_from),
        ),
        "verdict": verdict.to_json(),
        "explanation": explain(policy, verdict).to_json(),
        "timeline": case_timeline(policy, verdict),
    }


def _offers(verdict: Verdict) -> Iterator[str]:
    """What a customer can do with the verdict."""
    if verdict.needed or verdict.perhaps:
        yield "prepare"
    if verdict.amounts:
        yield "refund"
    if verdict.estimates:
        yield "amounts"
    if any(deadline.last_day >= verdict.today for deadline in verdict.deadlines):
        yield "calendar"
