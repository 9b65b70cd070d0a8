"""The parameters of a call of the checker API: each with the type that it must have, or an error that names it."""

from __future__ import annotations

import re
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


def hexadecimal(parameters: Parameters, name: str) -> str:
    """A number in hexadecimal, of up to 128 bits. Raises ParameterError."""
    value = text(parameters, name)
    if not re.fullmatch("[0-9a-f]{1,32}", value):
        raise ParameterError("parameter", name=name)
    return value


def number(parameters: Parameters, name: str, *, bits: int = 32) -> int:
    """A whole number of so many bits, 0 or more. Raises ParameterError."""
    value = parameters.get(name)
    if type(value) is not int or not 0 <= value < 2**bits:
        raise ParameterError("parameter", name=name)
    return value


def items[T](parameters: Parameters, name: str, kind: type[T]) -> list[T]:
    """A list of texts, or of objects whose own entries are read one by one. Raises ParameterError."""
    values = parameters.get(name)
    if not isinstance(values, list) or not all(isinstance(value, kind) for value in values):
        raise ParameterError("parameter", name=name)
    return values


def file(parameters: Parameters, name: str) -> Path:
    """The path of an existing file. Raises ParameterError."""
    path = Path(text(parameters, name))
    try:
        exists = path.is_file()
    except OSError:  # a name that is too long for any file
        exists = False
    if not exists:
        raise ParameterError("parameter", name=name)
    return path
