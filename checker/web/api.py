"""The checker API of the browser: parameters in JSON, a response in JSON. Pages call nothing else of the checker.

The parameters are the answers, today's date and the digest of the page, and those that the function names. A response
is what the function returns, or ``{"errors": […]}`` for parameters that cannot be read, or ``{"updated": true}`` if the
page's digest is not the checker's: no answer of this checker would fit what that page says. A picture that is to be
cleaned is named by its path in Python's file system.
"""

from __future__ import annotations

import json
from binascii import b2a_base64
from collections.abc import Callable
from dataclasses import asdict
from functools import cache, wraps
from typing import Any

from checker.answers.parse import AnswerError, AnswerErrors
from checker.decide import Checker
from checker.request.archive import File, archive_pieces, clean_picture, encoded
from checker.request.calendar_entry import calendar_file, saved_after
from checker.request.letter import LetterError, letter_parts, letter_text, says_something
from checker.request.pictures import PictureError, check_room
from checker.verdict import dumps
from checker.web.parameters import ParameterError, Parameters, file, hexadecimal, items, number, text
from checker.web.preparation import Preparation
from checker.web.response import Case, respond


@cache
def published() -> Checker:
    """The checker of the policy in the wheel."""
    from checker.published import POLICY  # the build writes this module

    return Checker(POLICY)


def _endpoint(work: Callable[[Checker, Parameters], dict[str, Any]]) -> Callable[..., str]:
    """A function of the API: from parameters in JSON to what ``work`` returns, or an error, in JSON."""

    @wraps(work)
    def response(text: str, checker: Checker | None = None) -> str:
        checker = checker or published()
        messages = checker.policy.messages
        try:
            parameters = json.loads(text)
        except (ValueError, RecursionError):
            parameters = None
        try:
            if not isinstance(parameters, dict):
                raise ParameterError("parameters")
            is_current = parameters.get("digest") == checker.policy.digest
            return dumps(work(checker, parameters) if is_current else {"updated": True})
        except AnswerErrors as errors:
            return dumps(errors.to_json())
        except ParameterError as error:
            return dumps(AnswerErrors([AnswerError(None, error.in_words(messages))]).to_json())
        except LetterError as error:
            return dumps({"error": error.in_words(messages), "field": error.values["field"]})

    return response


answer = _endpoint(respond)
"""The next question or the result, as in ``checker.web.response``."""


@_endpoint
def known(checker: Checker, parameters: Parameters) -> dict[str, Any]:
    """The index, as ``known``, of the first of the ``cases`` that has the answers of the ``link``; null if none has."""
    return {"known": Case(checker, parameters).known(items(parameters, "cases", dict))}


@_endpoint
def letter(checker: Checker, parameters: Parameters) -> dict[str, Any]:
    """The request as far as it is prepared, as in ``checker.web.preparation``; or the field that is too long.

    It takes ``letter``, ``pictures`` and ``address``.
    """
    return _prepare(Case(checker, parameters), parameters).to_json()


@_endpoint
def room(checker: Checker, parameters: Parameters) -> dict[str, Any]:
    """Nothing if a picture of ``size`` bytes fits to the other ``pictures``, else an error."""
    others = [number(picture, "size") for picture in items(parameters, "pictures", dict)]
    try:
        check_room(number(parameters, "size", bits=53), others)  # as JavaScript counts
    except PictureError as error:
        return {"error": error.in_words(checker.policy.messages)}
    return {}


@_endpoint
def clean(checker: Checker, parameters: Parameters) -> dict[str, Any]:
    """Cleans the picture at ``path`` of the proof ``item``.

    Returns its new ``name``, ``size``, ``crc`` and ``type``, as ``pack`` takes them, or an error; with ``redraw`` if
    the browser may show it all the same.
    """
    path, item, other_names = file(parameters, "path"), text(parameters, "item"), items(parameters, "taken", str)
    try:
        picture, type_ = clean_picture(path, item, checker.policy.messages, other_names)
    except PictureError as error:
        return {"error": error.in_words(checker.policy.messages), "redraw": error.code != "large"}
    return {**asdict(picture), "type": type_}


@_endpoint
def pack(checker: Checker, parameters: Parameters) -> dict[str, Any]:
    """The request as a file: an archive if there are pictures, else the letter alone; or the field that is too long.

    Returns the ``name`` to save it under, its ``type``, and its ``pieces`` in base64: the file is the first piece, the
    first picture, the second piece and so on.
    """
    case, messages = Case(checker, parameters), checker.policy.messages
    letter = letter_text(_prepare(case, parameters).parts)
    pictures = [
        File(name=text(picture, "name"), size=number(picture, "size"), crc=number(picture, "crc"))
        for picture in items(parameters, "pictures", dict)
    ]
    if pictures:
        name, type_ = messages.say("letter.archive"), "application/zip"
        try:
            pieces = archive_pieces(letter, pictures, case.today, messages)
        except ValueError:  # a name that no clean picture has
            raise ParameterError("parameter", name="name") from None
    else:
        name, type_, pieces = messages.say("letter.file"), "text/plain;charset=utf-8", [encoded(letter)]
    return {"name": name, "type": type_, "pieces": [b2a_base64(piece, newline=False).decode() for piece in pieces]}


@_endpoint
def calendar(checker: Checker, parameters: Parameters) -> dict[str, Any]:
    """The days of the case number ``case`` as a calendar file: its ``text``, null if there is none, and its ``name``.

    It takes in ``saved`` what it returned as ``saved`` for the last file of this case.
    """
    case = Case(checker, parameters)
    number, address = hexadecimal(parameters, "case"), text(parameters, "address")
    entries = case.calendar_entries
    saved = case.saved | saved_after(entries)
    return {
        "text": calendar_file(checker.policy, entries, number, case.today, address) if entries else None,
        "name": checker.policy.messages.say("calendar_entry.file"),
        "saved": {name: entry.to_json() for name, entry in saved.items()},
    }


def _prepare(case: Case, parameters: Parameters) -> Preparation:
    names = [(text(picture, "item"), text(picture, "name")) for picture in items(parameters, "pictures", dict)]
    policy, stored = case.policy, case.stored
    answers = {name: words for name, words in case.answer_texts if name in stored}
    facts = {name: words for name, words in answers.items() if says_something(policy, name, str(stored[name]))}
    proof = tuple(case.proof(names))
    parts = letter_parts(policy, case.verdict, facts, case.letter, proof, address=text(parameters, "address"))
    return Preparation(policy=policy, verdict=case.verdict, fields=case.letter, proof=proof, parts=parts)
