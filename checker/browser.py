"""The worker's one door: JSON in, JSON out. Nothing else of the checker is called from a page."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from checker.answers import AnswerError, AnswerErrors, parse_today
from checker.decide import Checker
from checker.explain import explain
from checker.verdict import dumps
from checker.words import say


@cache
def published() -> Checker:
    """The checker of the policy that was published together with this code: the wheel holds it as a module."""
    from checker.published import POLICY  # the build writes this module

    return Checker(POLICY)


def answer(request: str, checker: Checker | None = None) -> str:
    """Answer ``{"answers": {…}, "today": "year-month-day", "digest": "…"}`` by the published policy.

    Gives the verdict with its explanation, or the errors; or ``{"updated": true}`` when the page is of
    another policy than the checker, because then no answer of ours would fit what the page says.
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
        verdict = checker.decide(message.get("answers"), parse_today(message.get("today")))
    except AnswerErrors as errors:
        return errors.to_json()
    return {"verdict": verdict.to_json(), "explanation": explain(checker.policy, verdict).to_json()}
