"""The case file holds the request and the pictures, under names that nobody can misuse."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from itertools import chain, zip_longest
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from checker.messages import Messages
from checker.request.archive import File, archive_pieces, clean_picture, encoded
from checker.request.pictures import PictureError
from tests.support.fuzzing import random_inputs
from tests.support.words import MESSAGES

DAY = date(2026, 11, 22)
TEXT = "Please look at my case: 你好.\n"


def archive(
    text: str, paths: Sequence[Path], day: date = DAY, messages: Messages = MESSAGES, item: str = "box"
) -> bytes:
    """The archive of a letter and of pictures of one proof item that are cleaned for it, as a page puts it together."""
    pictures: dict[str, bytes] = {}
    files = []
    for path in paths:
        file, _ = clean_picture(path, item, messages, pictures)
        files.append(file)
        pictures[file.name] = path.read_bytes()
    pieces = archive_pieces(text, files, day, messages)
    return b"".join(chain.from_iterable(zip_longest(pieces, pictures.values(), fillvalue=b"")))


def opened(data: bytes) -> ZipFile:
    return ZipFile(io.BytesIO(data))


def picture(path: Path, format: str = "JPEG") -> Path:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(file, format, **({"comment": "SECRET"} if format == "JPEG" else {}))
    path.write_bytes(file.getvalue())
    return path


def test_picture_is_cleaned_in_place_and_named_after_its_proof_item(tmp_path: Path) -> None:
    taken: list[str] = []
    for format, expected in (
        ("JPEG", ("the_scale-1.jpg", "image/jpeg")),
        ("JPEG", ("the_scale-2.jpg", "image/jpeg")),
        ("PNG", ("the_scale-1.png", "image/png")),
        ("WEBP", ("the_scale-1.webp", "image/webp")),
    ):
        path = picture(tmp_path / "IMG_1000.HEIC", format)
        file, type_ = clean_picture(path, "the_scale", MESSAGES, taken)
        assert (file.name, type_) == expected
        assert (file.size, file.crc) == (path.stat().st_size, crc32(path.read_bytes()))
        assert b"SECRET" not in path.read_bytes()
        with Image.open(path) as image:
            assert image.size == (4, 3)
        taken.append(expected[0])


def test_file_that_is_no_picture_is_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "notes.jpg"
    path.write_bytes(b"notes")
    with pytest.raises(PictureError):
        clean_picture(path, "the_scale", MESSAGES)
    assert path.read_bytes() == b"notes"


@random_inputs(60)
@given(
    st.text(max_size=100)
    | st.sampled_from(["../../etc/passwd", "C:\\con", "", "-rf", "a/b", "\u202egpj", "é", "x" * 500])
)
def test_picture_name_of_any_item_can_be_packed(tmp_path_factory: pytest.TempPathFactory, item: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = picture(folder / "picture")
    file, _ = clean_picture(path, item, MESSAGES)
    assert Path(file.name).name == file.name
    assert file.name.isascii()
    assert len(archive_pieces(TEXT, [file], DAY, MESSAGES)) == 2


def test_archive_contains_the_request_and_the_bytes_of_each_picture(tmp_path: Path) -> None:
    paths = [picture(tmp_path / "1"), picture(tmp_path / "2", "PNG"), picture(tmp_path / "3")]
    with opened(archive(TEXT, paths)) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == {
            MESSAGES.say("letter.file"): encoded(TEXT),
            "box-1.jpg": paths[0].read_bytes(),
            "box-1.png": paths[1].read_bytes(),
            "box-2.jpg": paths[2].read_bytes(),
        }
        assert {entry.compress_type for entry in file.infolist()} == {ZIP_STORED}
        assert {entry.date_time for entry in file.infolist()} == {(2026, 11, 22, 0, 0, 0)}
        assert {(entry.create_system, entry.external_attr >> 16) for entry in file.infolist()} == {(3, 0o100644)}


def test_archive_has_the_bytes_of_another_writer(tmp_path: Path) -> None:
    path = picture(tmp_path / "picture")
    written = archive(TEXT, [path])
    expected = io.BytesIO()
    with ZipFile(expected, "w") as file:
        for name, content in ((MESSAGES.say("letter.file"), encoded(TEXT)), ("box-1.jpg", path.read_bytes())):
            entry = ZipInfo(name, (2026, 11, 22, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            file.writestr(entry, content)
    assert written == expected.getvalue()


def test_system_tools_accept_the_archive(tmp_path: Path) -> None:
    to = tmp_path / "case.zip"
    to.write_bytes(archive(TEXT, [picture(tmp_path / "1"), picture(tmp_path / "2", "PNG")]))
    subprocess.run([sys.executable, "-m", "zipfile", "-t", str(to)], check=True, stdout=subprocess.DEVNULL)


def test_text_is_utf_8_behind_a_byte_order_mark_with_line_ends_of_windows() -> None:
    assert encoded("Dear 店,\n\nü\n") == b"\xef\xbb\xbf" + "Dear 店,\r\n\r\nü\r\n".encode()


def test_file_name_outside_ascii_is_marked_as_utf_8() -> None:
    messages = Messages("en")
    messages.say = lambda key, **_: "手紙.txt"  # type: ignore[method-assign]
    with opened(archive(TEXT, [], messages=messages)) as file:
        assert file.namelist() == ["手紙.txt"]
        assert file.infolist()[0].flag_bits == 0x800


def test_archive_without_pictures_contains_the_request() -> None:
    with opened(archive(TEXT, [])) as file:
        assert file.namelist() == [MESSAGES.say("letter.file")]


def test_archive_of_the_same_case_has_the_same_bytes(tmp_path: Path) -> None:
    first, second = (archive(TEXT, [picture(tmp_path / name)]) for name in ("here", "there"))
    assert first == second


@pytest.mark.parametrize(("day", "year"), [(date(1, 2, 3), 1980), (date(1979, 2, 3), 1980), (date(9000, 2, 3), 2107)])
def test_day_outside_the_range_of_zip_is_clamped(day: date, year: int) -> None:
    with opened(archive(TEXT, [], day)) as file:
        assert file.infolist()[0].date_time == (year, 2, 3, 0, 0, 0)


@pytest.mark.parametrize(
    "names",
    [
        ["../x-1.jpg"],
        ["/x-1.jpg"],
        ["a/x-1.jpg"],
        ["a\\x-1.jpg"],
        ["C:x-1.jpg"],
        ["..jpg"],
        [".jpg"],
        ["-x-1.jpg"],
        ["x-1.jpg\n"],
        ["x\0-1.jpg"],
        ["é-1.jpg"],
        ["x"],
        [""],
        ["x" * 200 + "-1.jpg"],
        [MESSAGES.say("letter.file")],
        ["x-1.jpg", "x-1.jpg"],
        ["x-1.jpg", "X-1.jpg"],
    ],
)
def test_unsafe_or_duplicate_picture_name_is_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match="plain name of its own"):
        archive_pieces(TEXT, [File(name=name, size=1, crc=0) for name in names], DAY, MESSAGES)
