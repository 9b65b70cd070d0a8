"""The parts of a page's message: each as it must be, or an error that names it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

type Message = Mapping[str, Any]


class MessageError(ValueError):
    """A part of a message that is missing, or is not what it must be. No page of ours sends such a message."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def text(message: Message, part: str) -> str:
    """A text that can be seen, and so can stand in a file's name and in a letter. Raises MessageError."""
    given = message.get(part)
    if not isinstance(given, str) or not given.isprintable():
        raise MessageError(part)
    return given


def texts(message: Message, part: str) -> list[str]:
    """A list of texts. Raises MessageError."""
    given = message.get(part)
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise MessageError(part)
    return given


def items(message: Message, part: str) -> list[Message]:
    """A list of objects, whose own parts are read one by one. Raises MessageError."""
    given = message.get(part)
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise MessageError(part)
    return given


def file(message: Message, part: str, *, new: bool = False) -> Path:
    """The path of a file that is there, or of a ``new`` one that can be written. Raises MessageError."""
    path = Path(text(message, part))
    try:
        fits = path.parent.is_dir() and not path.is_dir() if new else path.is_file()
    except OSError:  # a name that is too long for any file
        fits = False
    if not fits:
        raise MessageError(part)
    return path
