"""The fields of a request: each with the type that it must have, or an error that names it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.messages import LocalizedError

type Request = Mapping[str, Any]


class RequestError(LocalizedError):
    """A missing or malformed field of a request; our own pages never send one."""

    section = "error"


def text(request: Request, field: str) -> str:
    """A printable text, which may stand in a file name or a letter. Raises RequestError."""
    value = request.get(field)
    if not isinstance(value, str) or not value.isprintable():
        raise RequestError("request_part", part=field)
    return value


def items[T](request: Request, field: str, kind: type[T]) -> list[T]:
    """A list of texts, or of objects whose own fields are read one by one. Raises RequestError."""
    values = request.get(field)
    if not isinstance(values, list) or not all(isinstance(value, kind) for value in values):
        raise RequestError("request_part", part=field)
    return values


def file(request: Request, field: str, *, new: bool = False) -> Path:
    """The path of an existing file, or of a ``new`` one that can be written. Raises RequestError."""
    path = Path(text(request, field))
    try:
        fits = path.parent.is_dir() and not path.is_dir() if new else path.is_file()
    except OSError:  # a name that is too long for any file
        fits = False
    if not fits:
        raise RequestError("request_part", part=field)
    return path
