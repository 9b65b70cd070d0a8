"""What is timed of a whole verdict: JSON in, JSON out. The same lines run in CPython and inside Pyodide."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from checker.answers.parse import parse_today
from checker.decide import Checker
from checker.verdict import dumps
from checker.web import api


def doors(checker: Checker) -> dict[str, Callable[[str], str]]:
    """A verdict, and all that a page is answered: the verdict with its explanation in words."""

    def verdict(request: str) -> str:
        message = json.loads(request)
        return dumps(
            checker.decide(message["answers"], parse_today(message["today"], checker.policy.messages)).to_json()
        )

    return {"verdict": verdict, "page answer": partial(api.answer, checker=checker)}
