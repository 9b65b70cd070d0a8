"""The archive: the letter and the pictures in one .zip for the customer to send."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from checker.messages import Messages
from checker.request.pictures import without_metadata

_NAME = re.compile(r"[a-z0-9_]{1,60}-[0-9]{1,9}\.(jpg|png|webp)")
_FIRST_YEAR, _LAST_YEAR = 1980, 2107  # of dates in a .zip


def clean_picture(path: Path, item: str, messages: Messages, other_names: Collection[str] = ()) -> tuple[str, str]:
    """Removes the metadata from a picture, in place; returns a name after its proof item, and its media type.

    Its own name often tells when and with what it was taken. Names in ``other_names`` belong to other pictures.
    Raises PictureError, and leaves the file unchanged, if it is no picture.
    """
    picture = without_metadata(path.read_bytes())
    path.write_bytes(picture.data)
    stem = re.sub(r"[^a-z0-9_]", "", item.lower())[:60] or messages.say("letter.picture")
    number = 1
    while (name := f"{stem}-{number}.{picture.extension}") in other_names:
        number += 1
    return name, picture.type


def encoded(text: str) -> bytes:
    """The text in UTF-8 behind a byte order mark: editors that guess the encoding guess right."""
    return f"\ufeff{text}".encode()


def write_archive(to: Path, text: str, pictures: Iterable[tuple[Path, str]], day: date, messages: Messages) -> None:
    """Writes the archive of a letter and its pictures: equal contents on an equal day make equal bytes.

    Each picture has its path and the name from ``clean_picture``; all files have the date ``day``. Raises ValueError
    for a name that cannot come from ``clean_picture``, or that two pictures have.
    """
    pictures = [*pictures]
    names = [name for _, name in pictures]
    if len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)):
        raise ValueError("a picture must have a plain name of its own")
    with ZipFile(to, "w") as file:
        file.writestr(_entry(messages.say("letter.file"), day), encoded(text))
        for path, name in pictures:
            file.writestr(_entry(name, day), path.read_bytes())


def _entry(name: str, day: date) -> ZipInfo:
    """An uncompressed entry: pictures are compressed already, and compressors differ in their output."""
    year = min(max(day.year, _FIRST_YEAR), _LAST_YEAR)
    entry = ZipInfo(name, (year, day.month, day.day, 0, 0, 0))
    entry.create_system = 3  # the same on every computer
    entry.external_attr = 0o100644 << 16
    return entry
