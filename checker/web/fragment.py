"""The pairs in the text of a link as it arrives: mail programs, chats and people encode, wrap, quote and cut it.

A whole link of ours has only ASCII letters, figures and the signs ``_ . - = &``. Nothing of that is lost here: what
surrounds the text, is put into it or encodes it has one reading each, and goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.values.normalize import normalize

LONGEST = 50_000
"""The most characters of a link that are read. The longest of our own has a tenth of it."""

_MOST_PARTS = 1_000
_ROUNDS = 4
"""How often a text is decoded: each program on its way may encode it once more."""

_ENCODED = re.compile("(?:%[0-9A-Fa-f]{2})+")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos|nbsp|num|equals)(?:;|$)|#([0-9]{1,6});|#[xX]([0-9A-Fa-f]{1,5});)")
_ENTITIES = {"amp": "&", "num": "#", "equals": "="}
_WRAPPED_CODE = re.compile("% ?([0-9A-Fa-f]) ?([0-9A-Fa-f])")
_QUOTED_SIGN = re.compile("(?:3[Dd])+")
_CUT_CODE = re.compile("%[0-9A-Fa-f]?$")
_BEFORE = re.compile(r"^[^0-9A-Za-z_]+")
_BEHIND = re.compile(r"[^0-9A-Za-z]+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The text between two ``&``, with single spaces where white space was."""

    text: str
    is_open: bool
    """Whether no ``&`` follows: the rest of it may have been cut off."""

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The names and values that it can be read as; none without ``=``.

        Another ``=`` than the one between them is what quoted-printable text puts at the end of a line, or before 3D.
        White space inside comes from wrapped lines. At an open end it may as well come from words that follow.
        """
        for text in dict.fromkeys((self.text, _BEHIND.sub("", self.text)) if self.is_open else (self.text,)):
            pieces = text.split("=")
            for at in range(1, min(len(pieces), 10)):
                name, value = _id("".join(pieces[:at])), "".join(pieces[at:]).strip()
                if not (self.is_open and " " in value):
                    value = value.replace(" ", "")
                yield name, value
                if encoded := _QUOTED_SIGN.match(value):
                    yield name, value[encoded.end() :]

    @property
    def name(self) -> str:
        """The id before the first ``=``."""
        return _id(self.text.partition("=")[0])


def parts(text: str) -> list[Part]:
    """The parts of a link; an empty part at the end if ``&`` is its end."""
    spaced = normalize(_decode(text[:LONGEST]).replace("+", " "))
    whole = _BEFORE.sub("", normalize(_decode(_WRAPPED_CODE.sub(r"%\1\2", spaced))))
    found: list[Part] = []
    pieces = whole.split("&", _MOST_PARTS)[:_MOST_PARTS]
    for number, piece in enumerate(pieces, 1):
        *addresses, last = re.split("[#?]", piece)  # a whole address may have been pasted behind the sign
        found += (Part(text=address, is_open=True) for address in addresses if address)
        found.append(Part(text=last if re.search("[0-9A-Za-z]", last) else "", is_open=number == len(pieces)))
    return found


def _id(text: str) -> str:
    """The id at the end of a text, without the rest of a broken code or address before it."""
    return re.split("[^0-9a-z_-]", text.replace(" ", "").casefold())[-1]


def _decode(text: str) -> str:
    for _ in range(_ROUNDS):
        before, text = text, _ENTITY.sub(_sign, _ENCODED.sub(_signs, _CUT_CODE.sub("", text)))
        if text == before:
            break
    return text


def _signs(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace")


def _sign(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _ENTITIES.get(name, " ")
    return chr(int(decimal) if decimal else int(hexadecimal, 16))
