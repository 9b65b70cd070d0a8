"""The calls that are timed, with JSON in and out. The same source runs in CPython and inside Pyodide."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from checker.answers.parse import parse_today
from checker.decide import Checker
from checker.verdict import dumps
from checker.web import api


def api_calls(checker: Checker) -> dict[str, Callable[[str], str]]:
    """A function for a verdict, and one for the response to a page: the verdict with its explanation in words."""

    def verdict(request: str) -> str:
        parts = json.loads(request)
        return dumps(checker.decide(parts["answers"], parse_today(parts["today"], checker.policy.messages)).to_json())

    return {"verdict": verdict, "page answer": partial(api.answer, checker=checker)}
