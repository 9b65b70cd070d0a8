"""The worker's door: JSON in, JSON out. Nothing else of the checker is called from a page.

Every request holds the answers, today's date and the digest of its page. Every function gives what its own text says,
or ``{"errors": […]}`` for a request that cannot be read, or ``{"updated": true}`` when the page is of another
policy than the checker, because then no answer of ours would fit what the page says. Files, which are the
pictures of a case and the case file, are named by their path in Python's memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from checker.answers import AnswerError, AnswerErrors
from checker.appointment import appointment
from checker.casefile import clean as clean_file
from checker.casefile import pack as pack_files
from checker.decide import Checker
from checker.letter import LetterError, Request, write
from checker.pictures import PictureError
from checker.reply import Case, reply
from checker.verdict import dumps
from checker.words import say

type Message = Mapping[str, Any]


@cache
def published() -> Checker:
    """The checker of the policy that was published together with this code: the wheel holds it as a module."""
    from checker.published import POLICY  # the build writes this module

    return Checker(POLICY)


def answer(request: str, checker: Checker | None = None) -> str:
    """What comes next: the next question or the result, as ``checker.reply`` says it."""
    return _through(request, checker, reply)


def letter(request: str, checker: Checker | None = None) -> str:
    """The written request as ``text``, from ``letter``, ``pictures`` and ``address``; or what is too long in it."""
    return _through(request, checker, lambda checker, message: {"text": _letter(Case(checker, message), message)})


def clean(request: str, checker: Checker | None = None) -> str:
    """Clean the picture at ``path``, which shows ``item``: its new ``name`` and ``type``, or what is wrong with it."""

    def cleaned(_: Checker, message: Message) -> dict[str, Any]:
        try:
            filed = clean_file(Path(message["path"]), message["item"], message["taken"])
        except PictureError as error:
            return {"error": str(error)}
        return {"name": filed.name, "type": filed.type}

    return _through(request, checker, cleaned)


def pack(request: str, checker: Checker | None = None) -> str:
    """Write the case file to ``path``, and give the ``name`` to save it under; or what is too long in the request."""

    def packed(checker: Checker, message: Message) -> dict[str, Any]:
        case = Case(checker, message)
        pictures = [(Path(picture["path"]), picture["name"]) for picture in message["pictures"]]
        pack_files(Path(message["path"]), _letter(case, message), pictures, case.today)
        return {"name": say("letter.case_file")}

    return _through(request, checker, packed)


def calendar(request: str, checker: Checker | None = None) -> str:
    """The safe last day as a calendar file: its ``text``, null without such a day, and its ``name``."""

    def entered(checker: Checker, message: Message) -> dict[str, Any]:
        text = appointment(checker.policy, Case(checker, message).verdict, message["address"])
        return {"text": text, "name": say("appointment.file")}

    return _through(request, checker, entered)


def _letter(case: Case, message: Message) -> str:
    asked = case.policy.questions
    return write(
        case.policy,
        case.verdict,
        [(asked[name].ask, text) for name, text in case.given],
        Request.read(message.get("letter")),
        [(picture["item"], picture["name"]) for picture in message["pictures"]],
        address=message["address"],
    )


def _through(request: str, checker: Checker | None, work: Callable[[Checker, Message], dict[str, Any]]) -> str:
    checker = checker or published()
    try:
        message = json.loads(request)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        return dumps(AnswerErrors([AnswerError(None, say("error.request"))]).to_json())
    if message.get("digest") != checker.policy.digest:
        return dumps({"updated": True})
    try:
        return dumps(work(checker, message))
    except AnswerErrors as errors:
        return dumps(errors.to_json())
    except LetterError as error:
        return dumps({"error": str(error), "field": error.field})
