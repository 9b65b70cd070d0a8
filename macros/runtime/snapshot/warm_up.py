"""Warm-up: makes every kind of call of the checker API, inside the browser's Python, before the snapshot is taken.

All modules must be imported by then, because browsers that start from the snapshot have no standard library.
"""

from __future__ import annotations

import gc
import json
import linecache
import sys
import zipimport
from contextlib import suppress
from datetime import date
from functools import cache, cached_property
from opcode import hasconst
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from checker.request.letter import LONGEST
from checker.web import api, permalink

DOCUMENTED = (FunctionType, ModuleType, type, property, cached_property, classmethod, staticmethod, type(cache(len)))
"""The types of objects with a docstring. Decorators copy that of the function; of a class, a copy in C stays."""

POLICY = api.published().policy
PICTURE = Path("/tmp/warm_up")
JPEG = b"\xff\xd8\xff\xc0\0\x08\x08\0\x01\0\x01\0\xff\xda\0\x02\0\xff\xd9"
"""The smallest picture."""
SAVED = {name: {"files": 1, "day": f"{date.max}"} for name in ("last_day", "change")}
LETTER = dict.fromkeys(LONGEST, "1") | {"wish": next(iter(POLICY.remedies), "")}


def warm_up() -> None:
    """Makes each call of the checker API for each worked example."""
    picture = {"path": str(PICTURE), "item": next(iter(POLICY.proof), ""), "taken": []}
    for example in POLICY.examples.values():
        answers = {name: [*answer] if isinstance(answer, tuple) else answer for name, answer in example.answers.items()}
        case: dict[str, Any] = {"answers": answers, "today": example.today.isoformat()}
        _call("answer", case)
        link = "&".join(map("=".join, permalink.write(POLICY, answers, amounts=True)))
        for function in ("known", "answer"):
            _call(function, {**case, "answers": None, "link": link, "cases": [case]})
        PICTURE.write_bytes(JPEG)
        case["pictures"] = [{**picture, **_call("clean", {**case, **picture})}]
        for function in ("letter", "pack", "calendar"):
            _call(function, {**case, "letter": LETTER, "saved": SAVED})
        _call("pack", {**case, "pictures": [], "letter": {}})
    PICTURE.unlink(missing_ok=True)


def _call(function: str, parameters: dict[str, Any]) -> dict[str, Any]:
    parameters = {"digest": POLICY.digest, "address": "https://example.org/check/", "case": "1", **parameters}
    response: dict[str, Any] = json.loads(getattr(api, function)(json.dumps(parameters)))
    return response


def tidy_up() -> None:
    """Removes docstrings, annotations, line numbers, file names and caches. Every function stays."""
    for value in gc.get_objects():
        if isinstance(value, FunctionType):
            value.__code__ = _strip(value.__code__)
            del value.__annotations__
        if isinstance(value, DOCUMENTED) and value.__doc__:
            with suppress(AttributeError, TypeError):  # built-in objects keep theirs
                value.__doc__ = None
    linecache.clearcache()
    sys.path_importer_cache.clear()
    vars(zipimport)["_zip_directory_cache"].clear()
    sys._clear_internal_caches()


def _strip(code: CodeType) -> CodeType:
    """The code without its line numbers, file name and docstring."""
    consts = [_strip(const) if isinstance(const, CodeType) else const for const in code.co_consts]
    if consts and isinstance(consts[0], str) and not _loads_first(code):  # so it is the docstring
        consts[0] = None
    return code.replace(co_linetable=_line_table(len(code.co_code) // 2), co_filename="", co_consts=tuple(consts))


def _loads_first(code: CodeType) -> bool:
    """Whether an instruction loads the first constant."""
    units = zip(code.co_code[::2], code.co_code[1::2], strict=True)
    return any(operation in hasconst and argument == 0 for operation, argument in units)


def _line_table(units: int) -> bytes:
    """An empty line table for so many code units; one entry covers at most eight of them."""
    rest = units % 8
    return b"\xff" * (units // 8) + (bytes([0xF8 + rest - 1]) if rest else b"")
