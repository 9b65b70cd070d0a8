"""The case file: the written request and the pictures, in one .zip that a customer sends."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from checker.messages import Messages
from checker.request.pictures import cleaned

_NAME = re.compile(r"[a-z0-9_]{1,60}-[0-9]{1,9}\.(jpg|png|webp)")
_FIRST_YEAR, _LAST_YEAR = 1980, 2107  # what a .zip can say


@dataclass(frozen=True, slots=True)
class Filed:
    """A picture that is ready to be saved or packed: the name of its file, and its media type."""

    name: str
    type: str


def clean(path: Path, item: str, messages: Messages, taken: Collection[str] = ()) -> Filed:
    """Take the metadata out of a picture, in place, and name it after the proof item that it shows.

    The name under which it came is given up: it often says when a picture was taken, or with what. Names
    in ``taken`` belong to other pictures. Raises PictureError, and leaves the file alone, when it is no picture.
    """
    picture = cleaned(path.read_bytes())
    path.write_bytes(picture.data)
    stem = re.sub(r"[^a-z0-9_]", "", item.lower())[:60] or messages.say("letter.picture")
    number = 1
    while (name := f"{stem}-{number}.{picture.extension}") in taken:
        number += 1
    return Filed(name, picture.type)


def pack(to: Path, text: str, pictures: Iterable[tuple[Path, str]], day: date, messages: Messages) -> None:
    """Write the case file: equal contents on an equal day make equal bytes.

    Args:
        to: Where to write it.
        text: The written request.
        pictures: Where each picture is, and the name that ``clean`` gave it.
        day: The date of all files inside.
        messages: The words of the interface, which name the request's file.

    Raises:
        ValueError: A name is none that ``clean`` gives, or two pictures have the same.
    """
    pictures = [*pictures]
    names = [name for _, name in pictures]
    if len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)):
        raise ValueError("a picture must have a plain name of its own")
    with ZipFile(to, "w") as file:
        file.writestr(_entry(messages.say("letter.file"), day), text.encode())
        for path, name in pictures:
            file.writestr(_entry(name, day), path.read_bytes())


def _entry(name: str, day: date) -> ZipInfo:
    """An entry that is stored as it is: pictures are small already, and programs compress differently."""
    year = min(max(day.year, _FIRST_YEAR), _LAST_YEAR)
    entry = ZipInfo(name, (year, day.month, day.day, 0, 0, 0))
    entry.create_system = 3  # the same on every computer
    entry.external_attr = 0o100644 << 16
    return entry
