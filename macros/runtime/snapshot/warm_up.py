"""Warm-up: makes every kind of call of the checker API, inside the browser's Python, before the snapshot is taken.

All modules must be imported by then, because browsers that start from the snapshot have no standard library.
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
"""From CPython's code.h; `inspect` lacks it in Python 3.13."""

POLICY = api.published().policy
ADDRESS = "https://example.org/check/"
PICTURE = Path("/tmp/warm_up")
CASE_FILE = Path("/tmp/warm_up.zip")
INVALID: tuple[object, ...] = (
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
    """The smallest picture of each type, each also truncated, and a file of no type."""
    jpeg = b"\xff\xd8\xff\xe1\0\x22Exif\0\0" + _EXIF + b"\xff\xc0\0\x08\x08\0\x01\0\x01\0\xff\xda\0\x02\0\xff\xd9"
    size = b"\0\0\0\x01" * 2 + b"\x08\0\0\0\0"
    parts = ((b"IHDR", size), (b"eXIf", _EXIF), (b"IDAT", b""), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(_png(*part) for part in parts)
    webp = b"RIFF\x0c\0\0\0WEBPVP8 \0\0\0\0"
    for picture in (jpeg, png, webp):
        yield picture
        yield picture[: len(picture) // 2]
    yield b"no picture"


def _calls() -> Iterator[dict[str, Any]]:
    """Parameters as pages send them: the worked examples step by step, and invalid answers of every kind."""
    for example in POLICY.examples.values():
        answers = dict(example.answers)
        for count in range(len(answers) + 1):
            yield {"answers": dict([*answers.items()][:count]), "today": example.today}
        yield {"answers": answers, "today": example.today, "another": True}
    for name in POLICY.questions:
        for value in INVALID:
            yield {"answers": {name: value}}
            yield {"answers": {name: value}, "asked": [name]}
            yield {"answers": value, "asked": value, "link": value, "today": value, "letter": value}


def _ask(what: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    parameters = {"today": POLICY.valid_from, "digest": POLICY.digest, "address": ADDRESS, **parameters}
    response: dict[str, Any] = json.loads(getattr(api, what)(json.dumps(parameters, default=str)))
    return response


def _ask_for_documents(case: dict[str, Any]) -> None:
    """Asks for the letter, the calendar entry and the case file of a case."""
    item = next(iter(POLICY.proof), "")
    pictures = []
    for picture in _pictures():
        PICTURE.write_bytes(picture)
        response = _ask("clean", {"path": str(PICTURE), "item": item, "taken": []})
        if "name" in response:
            pictures = [{"path": str(PICTURE), "name": response["name"], "item": item}]
    for letter in (
        {},
        {"order": "1", "description": "É\r\n\u202e2"},
        {"order": "1" * 1000},
        {"description": "1" * 20_000},
        {"order": "№ 1", "description": "灯坏了。\nЛампа"},
        {"order": "😀", "description": "😀\n😀"},
    ):
        for what in ("letter", "pack", "calendar"):
            _ask(what, {**case, "letter": letter, "pictures": pictures, "path": str(CASE_FILE)})


def tidy_up() -> None:
    """Removes docstrings, annotations, line numbers, file names and caches. Every function stays."""
    for value in gc.get_objects():
        if isinstance(value, FunctionType):
            value.__code__ = _strip(value.__code__)
            del value.__annotations__
        if isinstance(value, FunctionType | ModuleType | type) and value.__doc__:
            with suppress(AttributeError, TypeError):  # built-in objects keep theirs
                value.__doc__ = None
    linecache.clearcache()
    sys.path_importer_cache.clear()
    vars(zipimport)["_zip_directory_cache"].clear()
    sys._clear_internal_caches()


def _strip(code: CodeType) -> CodeType:
    """The code without its line numbers, file name and docstring."""
    consts = [_strip(const) if isinstance(const, CodeType) else const for const in code.co_consts]
    if code.co_flags & CO_HAS_DOCSTRING:
        consts[0] = None
    return code.replace(co_linetable=_line_table(len(code.co_code) // 2), co_filename="", co_consts=tuple(consts))


def _line_table(units: int) -> bytes:
    """An empty line table for so many code units; one entry covers at most eight of them."""
    rest = units % 8
    return b"\xff" * (units // 8) + (bytes([0xF8 + rest - 1]) if rest else b"")


def warm_up() -> None:
    """Makes all calls."""
    for parameters in _calls():
        _ask("answer", parameters)
    for example in POLICY.examples.values():
        answers = {name: [*answer] if isinstance(answer, tuple) else answer for name, answer in example.answers.items()}
        _ask("answer", {"link": [*permalink.write(POLICY, answers, amounts=True)]})
    for example in POLICY.examples.values():
        _ask_for_documents({"answers": dict(example.answers), "today": example.today})
    for text in ("", "[]", '{"digest": 0}'):
        api.answer(text)
    for path in (None, "/tmp/none", "/tmp"):
        for what in ("clean", "pack"):
            _ask(what, {"path": path, "item": "", "taken": [], "pictures": []})
    for file in (PICTURE, CASE_FILE):
        file.unlink(missing_ok=True)
