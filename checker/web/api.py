"""The checker API of the browser: a request in JSON, a response in JSON. Pages call nothing else of the checker.

A request has the answers, today's date and the digest of its page, and the fields that the function names. A response
is what the function returns, or ``{"errors": […]}`` for a request that cannot be read, or ``{"updated": true}`` if the
page's digest is not the checker's: no answer of this checker would fit what that page says. Files, which are pictures
and the archive, are named by their paths in Python's file system.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from checker.answers.parse import AnswerError, AnswerErrors
from checker.decide import Checker
from checker.request.archive import clean_picture, write_archive
from checker.request.calendar_entry import calendar_entry
from checker.request.letter import LetterError, LetterInput, letter_text
from checker.request.pictures import PictureError
from checker.verdict import dumps
from checker.web.request import Request, RequestError, file, items, text
from checker.web.response import Case, respond


@cache
def published() -> Checker:
    """The checker of the policy in the wheel."""
    from checker.published import POLICY  # the build writes this module

    return Checker(POLICY)


def answer(request: str, checker: Checker | None = None) -> str:
    """The next question or the result, as in ``checker.web.response``."""
    return _response(request, checker, respond)


def letter(request: str, checker: Checker | None = None) -> str:
    """The letter as ``text``, from ``letter``, ``pictures`` and ``address``; or the field that is too long."""
    return _response(request, checker, lambda checker, request: {"text": _letter(Case(checker, request), request)})


def clean(request: str, checker: Checker | None = None) -> str:
    """Cleans the picture at ``path`` of the proof ``item``, and returns its new ``name`` and ``type``, or an error."""

    def picture(checker: Checker, request: Request) -> dict[str, Any]:
        path, item, other_names = file(request, "path"), text(request, "item"), items(request, "taken", str)
        try:
            name, type_ = clean_picture(path, item, checker.policy.messages, other_names)
        except PictureError as error:
            return {"error": error.in_words(checker.policy.messages)}
        return {"name": name, "type": type_}

    return _response(request, checker, picture)


def pack(request: str, checker: Checker | None = None) -> str:
    """Writes the archive to ``path``, and returns the ``name`` to save it under, or the field that is too long."""

    def archive(checker: Checker, request: Request) -> dict[str, Any]:
        case, messages = Case(checker, request), checker.policy.messages
        letter = _letter(case, request)
        pictures = [(file(picture, "path"), text(picture, "name")) for picture in items(request, "pictures", dict)]
        path = file(request, "path", new=True)
        try:
            write_archive(path, letter, pictures, case.today, messages)
        except ValueError:  # a name that no clean picture has
            raise RequestError("request_part", part="name") from None
        return {"name": messages.say("letter.archive")}

    return _response(request, checker, archive)


def calendar(request: str, checker: Checker | None = None) -> str:
    """The safe last day as a calendar file: its ``text``, null if there is no such day, and its ``name``."""

    def entry(checker: Checker, request: Request) -> dict[str, Any]:
        text_of_entry = calendar_entry(checker.policy, Case(checker, request).verdict, text(request, "address"))
        return {"text": text_of_entry, "name": checker.policy.messages.say("calendar_entry.file")}

    return _response(request, checker, entry)


def _letter(case: Case, request: Request) -> str:
    questions = case.policy.questions
    return letter_text(
        case.policy,
        case.verdict,
        [(questions[name].ask, answer) for name, answer in case.answer_texts],
        LetterInput.read(request.get("letter")),
        [(text(picture, "item"), text(picture, "name")) for picture in items(request, "pictures", dict)],
        address=text(request, "address"),
    )


def _response(text: str, checker: Checker | None, work: Callable[[Checker, Request], dict[str, Any]]) -> str:
    """The response to a request, as JSON: what ``work`` returns, or an error."""
    checker = checker or published()
    messages = checker.policy.messages
    try:
        request = json.loads(text)
    except (ValueError, RecursionError):
        request = None
    if not isinstance(request, dict):
        return dumps(AnswerErrors([AnswerError(None, messages.say("error.request"))]).to_json())
    if request.get("digest") != checker.policy.digest:
        return dumps({"updated": True})
    try:
        return dumps(work(checker, request))
    except AnswerErrors as errors:
        return dumps(errors.to_json())
    except RequestError as error:
        return dumps(AnswerErrors([AnswerError(None, error.in_words(messages))]).to_json())
    except LetterError as error:
        return dumps({"error": error.in_words(messages), "field": error.values["field"]})
