"""Walks once through all that a page can ask, inside the browser's Python: what it imports is in the memory later.

What is not imported then never is, because the fast start brings no standard library; what is not called of Python's is
forgotten, as forget.py says, and what is not called of the WebAssembly is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from checker import browser, link

POLICY = browser.published().policy
ADDRESS = "https://example.org/check/"
PICTURE = Path("/tmp/rehearsal")
CASE_FILE = Path("/tmp/rehearsal.zip")
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
    reply: dict[str, Any] = json.loads(getattr(browser, what)(json.dumps(whole, default=str)))
    return reply


def _request(message: dict[str, Any]) -> None:
    """The written request, the calendar file and the case file of a case."""
    proof = [item for clause in POLICY.clauses.values() for item in clause.proof]
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


def rehearse() -> None:
    """Goes through all of it."""
    for message in _messages():
        _ask("answer", message)
    for example in POLICY.examples.values():
        answers = {name: [*answer] if isinstance(answer, tuple) else answer for name, answer in example.answers.items()}
        _ask("answer", {"link": [*link.write(POLICY, answers, amounts=True)]})
    for example in POLICY.examples.values():
        _request({"answers": dict(example.answers), "today": example.today})
    for request in ("", "[]", '{"digest": 0}'):
        browser.answer(request)
    for path in (None, "/tmp/none", "/tmp"):
        for what in ("clean", "pack"):
            _ask(what, {"path": path, "item": "", "taken": [], "pictures": []})
    for file in (PICTURE, CASE_FILE):
        file.unlink(missing_ok=True)
