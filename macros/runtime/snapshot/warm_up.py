"""Runs all that a page can ask once, inside the browser's Python, before its memory is taken.

What is imported then is in the snapshot. The fast start brings no standard library, so nothing can be imported later.
"""

from __future__ import annotations

import gc
import json
import linecache
import sys
import zipimport
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any
from zlib import crc32

from checker.web import api, permalink

CO_HAS_DOCSTRING = 0x4000000
"""As in CPython's code.h; `inspect` does not have it in Python 3.13."""

POLICY = api.published().policy
ADDRESS = "https://example.org/check/"
PICTURE = Path("/tmp/warm_up")
CASE_FILE = Path("/tmp/warm_up.zip")
ODD: tuple[object, ...] = (
    None,
    "",
    "?",
    "\ud800",
    "é ١",
    "描述",
    "😀",
    f"{POLICY.valid_from:%Y}-02-30",
    "31.12.2020",
    "3 Nov 2020",
    "1e9",
    "12,345.6",
    1.5,
    True,
    [],
    ["?", 1],
    {},
)

_EXIF = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"


def _png(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + name + content + crc32(name + content).to_bytes(4)


def _pictures() -> Iterator[bytes]:
    """One of each kind, as small as it can be, then broken ones."""
    jpeg = b"\xff\xd8\xff\xe1\0\x22Exif\0\0" + _EXIF + b"\xff\xc0\0\x08\x08\0\x01\0\x01\0\xff\xda\0\x02\0\xff\xd9"
    size = b"\0\0\0\x01" * 2 + b"\x08\0\0\0\0"
    parts = ((b"IHDR", size), (b"eXIf", _EXIF), (b"IDAT", b""), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(_png(*part) for part in parts)
    webp = b"RIFF\x0c\0\0\0WEBPVP8 \0\0\0\0"
    for picture in (jpeg, png, webp):
        yield picture
        yield picture[: len(picture) // 2]
    yield b"no picture"


def _messages() -> Iterator[dict[str, Any]]:
    """What pages send: the worked examples step by step, links, and answers of every wrong kind."""
    for example in POLICY.examples.values():
        answers = dict(example.answers)
        for count in range(len(answers) + 1):
            yield {"answers": dict([*answers.items()][:count]), "today": example.today}
        yield {"answers": answers, "today": example.today, "another": True}
    for name in POLICY.questions:
        for odd in ODD:
            yield {"answers": {name: odd}}
            yield {"answers": {name: odd}, "asked": [name]}
            yield {"answers": odd, "asked": odd, "link": odd, "today": odd, "letter": odd}


def _ask(what: str, message: Mapping[str, Any]) -> dict[str, Any]:
    whole = {"today": POLICY.valid_from, "digest": POLICY.digest, "address": ADDRESS, **message}
    reply: dict[str, Any] = json.loads(getattr(api, what)(json.dumps(whole, default=str)))
    return reply


def _request(message: dict[str, Any]) -> None:
    """The written request, the calendar file and the case file of a case."""
    proof = [*POLICY.proof]
    pictures = []
    for picture in _pictures():
        PICTURE.write_bytes(picture)
        cleaned = _ask("clean", {"path": str(PICTURE), "item": proof[0] if proof else "", "taken": []})
        if "name" in cleaned:
            pictures = [{"path": str(PICTURE), "name": cleaned["name"], "item": proof[0] if proof else ""}]
    for letter in (
        {},
        {"order": "1", "description": "É\r\n\u202e2"},
        {"order": "1" * 1000},
        {"description": "1" * 20_000},
        {"order": "№ 1", "description": "灯坏了。\nЛампа"},
        {"order": "😀", "description": "😀\n😀"},
    ):
        whole = {**message, "letter": letter, "pictures": pictures, "path": str(CASE_FILE)}
        for what in ("letter", "pack", "calendar"):
            _ask(what, whole)


def tidy_up() -> None:
    """Drops what only developers need: the texts about the code, and where it came from. No function goes."""
    for each in gc.get_objects():
        if isinstance(each, FunctionType):
            each.__code__ = _lean(each.__code__)
            del each.__annotations__
        if isinstance(each, FunctionType | ModuleType | type) and each.__doc__:
            with suppress(AttributeError, TypeError):  # what is built in keeps its text
                each.__doc__ = None
    linecache.clearcache()
    sys.path_importer_cache.clear()
    vars(zipimport)["_zip_directory_cache"].clear()
    sys._clear_internal_caches()


def _lean(code: CodeType) -> CodeType:
    """The same code without the numbers of its lines, the name of its file and its docstring."""
    consts = [_lean(each) if isinstance(each, CodeType) else each for each in code.co_consts]
    if code.co_flags & CO_HAS_DOCSTRING:
        consts[0] = None
    return code.replace(co_linetable=_no_lines(len(code.co_code) // 2), co_filename="", co_consts=tuple(consts))


def _no_lines(units: int) -> bytes:
    """The table of lines of so many units of code, none of which has a place: an entry is for eight of them at most."""
    rest = units % 8
    return b"\xff" * (units // 8) + (bytes([0xF8 + rest - 1]) if rest else b"")


def warm_up() -> None:
    """Goes through all of it."""
    for message in _messages():
        _ask("answer", message)
    for example in POLICY.examples.values():
        answers = {name: [*answer] if isinstance(answer, tuple) else answer for name, answer in example.answers.items()}
        _ask("answer", {"link": [*permalink.write(POLICY, answers, amounts=True)]})
    for example in POLICY.examples.values():
        _request({"answers": dict(example.answers), "today": example.today})
    for request in ("", "[]", '{"digest": 0}'):
        api.answer(request)
    for path in (None, "/tmp/none", "/tmp"):
        for what in ("clean", "pack"):
            _ask(what, {"path": path, "item": "", "taken": [], "pictures": []})
    for file in (PICTURE, CASE_FILE):
        file.unlink(missing_ok=True)
