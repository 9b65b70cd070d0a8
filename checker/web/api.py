"""The worker's door: JSON in, JSON out. Nothing else of the checker is called from a page.

Every request holds the answers, today's date and the digest of its page. Every function gives what its own text says,
or ``{"errors": […]}`` for a request that cannot be read, with the part that is missing or no good, or
``{"updated": true}`` when the page is of another policy than the checker, because then no answer of ours would fit
what the page says. Files, which are the pictures of a case and the case file, are named by their path in Python's
memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from checker.answers.parse import AnswerError, AnswerErrors
from checker.decide import Checker
from checker.request.archive import clean as clean_file
from checker.request.archive import pack as pack_files
from checker.request.calendar_entry import calendar_entry
from checker.request.letter import LetterError, Request, write
from checker.request.pictures import PictureError
from checker.verdict import dumps
from checker.web.request import Message, MessageError, file, items, text, texts
from checker.web.response import Case, reply


@cache
def published() -> Checker:
    """The checker of the policy that was published together with this code: the wheel holds it as a module."""
    from checker.published import POLICY  # the build writes this module

    return Checker(POLICY)


def answer(request: str, checker: Checker | None = None) -> str:
    """What comes next: the next question or the result, as ``checker.web.response`` says it."""
    return _through(request, checker, reply)


def letter(request: str, checker: Checker | None = None) -> str:
    """The written request as ``text``, from ``letter``, ``pictures`` and ``address``; or what is too long in it."""
    return _through(request, checker, lambda checker, message: {"text": _letter(Case(checker, message), message)})


def clean(request: str, checker: Checker | None = None) -> str:
    """Clean the picture at ``path``, which shows ``item``: its new ``name`` and ``type``, or what is wrong with it."""

    def cleaned(checker: Checker, message: Message) -> dict[str, Any]:
        path, item, taken = file(message, "path"), text(message, "item"), texts(message, "taken")
        try:
            filed = clean_file(path, item, checker.policy.messages, taken)
        except PictureError as error:
            return {"error": checker.policy.messages.say(f"picture.{error.code}")}
        return {"name": filed.name, "type": filed.type}

    return _through(request, checker, cleaned)


def pack(request: str, checker: Checker | None = None) -> str:
    """Write the case file to ``path``, and give the ``name`` to save it under; or what is too long in the request."""

    def packed(checker: Checker, message: Message) -> dict[str, Any]:
        case = Case(checker, message)
        letter = _letter(case, message)
        pictures = [(file(each, "path"), text(each, "name")) for each in items(message, "pictures")]
        to = file(message, "path", new=True)
        try:
            pack_files(to, letter, pictures, case.today, checker.policy.messages)
        except ValueError:  # a name that no cleaned picture has
            raise MessageError("name") from None
        return {"name": checker.policy.messages.say("letter.case_file")}

    return _through(request, checker, packed)


def calendar(request: str, checker: Checker | None = None) -> str:
    """The safe last day as a calendar file: its ``text``, null without such a day, and its ``name``."""

    def entered(checker: Checker, message: Message) -> dict[str, Any]:
        entry = calendar_entry(checker.policy, Case(checker, message).verdict, text(message, "address"))
        return {"text": entry, "name": checker.policy.messages.say("appointment.file")}

    return _through(request, checker, entered)


def _letter(case: Case, message: Message) -> str:
    asked = case.policy.questions
    return write(
        case.policy,
        case.verdict,
        [(asked[name].ask, answer) for name, answer in case.given],
        Request.read(message.get("letter")),
        [(text(each, "item"), text(each, "name")) for each in items(message, "pictures")],
        address=text(message, "address"),
    )


def _through(request: str, checker: Checker | None, work: Callable[[Checker, Message], dict[str, Any]]) -> str:
    checker = checker or published()
    messages = checker.policy.messages
    try:
        message = json.loads(request)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        return dumps(AnswerErrors([AnswerError(None, messages.say("error.request"))]).to_json())
    if message.get("digest") != checker.policy.digest:
        return dumps({"updated": True})
    try:
        return dumps(work(checker, message))
    except AnswerErrors as errors:
        return dumps(errors.to_json())
    except MessageError as error:
        message = messages.say("error.request_part", part=error.part)
        return dumps(AnswerErrors([AnswerError(None, message)]).to_json())
    except LetterError as error:
        return dumps({"error": messages.say("letter.too_long", count=error.excess), "field": error.field})
