"""The archive: the letter and the pictures in one .zip for the customer to send."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from struct import pack
from zlib import crc32

from checker.messages import Messages
from checker.request.pictures import without_metadata

_NAME = re.compile(r"[a-z0-9_]{1,60}-[0-9]{1,9}\.(jpg|png|webp)")
_FIRST_YEAR, _LAST_YEAR = 1980, 2107  # of dates in a .zip
_UTF8 = 0x800
_MADE_BY, _ATTRIBUTES = b"\x14\x03", 0o100644 << 16  # of a file on Unix, on every computer


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file of an archive, which stands for its bytes."""

    name: str
    size: int
    """In bytes."""
    crc: int
    """CRC-32 of the bytes."""


def clean_picture(path: Path, item: str, messages: Messages, other_names: Collection[str] = ()) -> tuple[File, str]:
    """Removes the metadata from a picture, in place; returns it under a name after its proof item, and its media type.

    Its own name often tells when and with what it was taken. Names in ``other_names`` belong to other pictures.
    Raises PictureError, and leaves the file unchanged, if it is no picture.
    """
    picture = without_metadata(path.read_bytes())
    path.write_bytes(picture.data)
    stem = re.sub(r"[^a-z0-9_]", "", item.lower())[:60] or messages.say("letter.picture")
    number = 1
    while (name := f"{stem}-{number}.{picture.extension}") in other_names:
        number += 1
    return File(name=name, size=len(picture.data), crc=crc32(picture.data)), picture.type


def encoded(text: str) -> bytes:
    """The text as a file that every system opens right.

    It is UTF-8 behind a byte order mark, so that editors guess right, and its lines end as on Windows.
    """
    return f"\ufeff{text}".replace("\n", "\r\n").encode()


def archive_pieces(letter: str, pictures: Sequence[File], day: date, messages: Messages) -> list[bytes]:
    """The bytes of the archive before, between and after its pictures: an archive never has to fit into the memory.

    Equal contents on an equal day make equal bytes. All files have the date ``day``. Raises ValueError for a name that
    cannot come from ``clean_picture``, or that two pictures have.
    """
    names = [picture.name for picture in pictures]
    if len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)):
        raise ValueError("a picture must have a plain name of its own")
    content = encoded(letter)
    text = File(name=messages.say("letter.file"), size=len(content), crc=crc32(content))
    return [*_pieces(text, content, pictures, day)]


def _pieces(text: File, content: bytes, pictures: Sequence[File], day: date) -> Iterator[bytes]:
    """The pieces, by section 4.3 of PKWARE's APPNOTE.TXT. Nothing is compressed: pictures are compressed already."""
    piece, directory, position = b"", b"", 0
    for file in (text, *pictures):
        name, fields = file.name.encode(), _fields(file, day)
        directory += b"PK\1\2" + _MADE_BY + fields + pack("<HHHII", 0, 0, 0, _ATTRIBUTES, position) + name
        start = b"PK\3\4" + fields + name
        position += len(start) + file.size
        if file is text:
            piece = start + content
        else:
            yield piece + start
            piece = b""
    count = 1 + len(pictures)
    yield piece + directory + b"PK\5\6" + pack("<HHHHIIH", 0, 0, count, count, len(directory), position, 0)


def _fields(file: File, day: date) -> bytes:
    """The fields that a file has in front of it and in the directory."""
    flags = 0 if file.name.isascii() else _UTF8
    year = min(max(day.year, _FIRST_YEAR), _LAST_YEAR) - _FIRST_YEAR
    when = year << 9 | day.month << 5 | day.day
    return pack("<HHHHHIIIHH", 20, flags, 0, 0, when, file.crc, file.size, file.size, len(file.name.encode()), 0)
