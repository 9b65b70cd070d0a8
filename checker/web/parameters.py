"""The parameters of a call of the checker API: each with the type that it must have, or an error that names it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.messages import LocalizedError

type Parameters = Mapping[str, Any]


class ParameterError(LocalizedError):
    """A missing or malformed parameter; our own pages never send one."""

    section = "error"


def text(parameters: Parameters, name: str) -> str:
    """A printable text, which may stand in a file name or a letter. Raises ParameterError."""
    value = parameters.get(name)
    if not isinstance(value, str) or not value.isprintable():
        raise ParameterError("parameter", name=name)
    return value


def items[T](parameters: Parameters, name: str, kind: type[T]) -> list[T]:
    """A list of texts, or of objects whose own entries are read one by one. Raises ParameterError."""
    values = parameters.get(name)
    if not isinstance(values, list) or not all(isinstance(value, kind) for value in values):
        raise ParameterError("parameter", name=name)
    return values


def file(parameters: Parameters, name: str, *, new: bool = False) -> Path:
    """The path of an existing file, or of a ``new`` one that can be written. Raises ParameterError."""
    path = Path(text(parameters, name))
    try:
        fits = path.parent.is_dir() and not path.is_dir() if new else path.is_file()
    except OSError:  # a name that is too long for any file
        fits = False
    if not fits:
        raise ParameterError("parameter", name=name)
    return path
