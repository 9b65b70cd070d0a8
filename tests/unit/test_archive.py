"""The case file holds the request and the pictures, under names that nobody can misuse."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from checker.request.archive import clean_picture, write_archive
from checker.request.pictures import PictureError
from tests.support.fuzzing import random_inputs
from tests.support.words import MESSAGES

DAY = date(2026, 11, 22)
TEXT = "Please look at my case: 你好.\n"


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
        assert clean_picture(path, "the_scale", MESSAGES, taken) == expected
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
    name = clean_picture(path, item, MESSAGES)[0]
    assert Path(name).name == name
    assert name.isascii()
    write_archive(folder / "case.zip", TEXT, [(path, name)], DAY, MESSAGES)


def test_archive_contains_the_request_and_the_bytes_of_each_picture(tmp_path: Path) -> None:
    first, second = picture(tmp_path / "1"), picture(tmp_path / "2", "PNG")
    pictures = [(path, clean_picture(path, "box", MESSAGES)[0]) for path in (first, second)]
    write_archive(tmp_path / "case.zip", TEXT, pictures, DAY, MESSAGES)
    with ZipFile(tmp_path / "case.zip") as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == {
            MESSAGES.say("letter.file"): b"\xef\xbb\xbf" + TEXT.encode(),
            "box-1.jpg": first.read_bytes(),
            "box-1.png": second.read_bytes(),
        }
        assert {entry.compress_type for entry in file.infolist()} == {ZIP_STORED}
        assert {entry.date_time for entry in file.infolist()} == {(2026, 11, 22, 0, 0, 0)}
        assert {(entry.create_system, entry.external_attr >> 16) for entry in file.infolist()} == {(3, 0o100644)}


def test_archive_without_pictures_contains_the_request(tmp_path: Path) -> None:
    write_archive(tmp_path / "case.zip", TEXT, [], DAY, MESSAGES)
    with ZipFile(tmp_path / "case.zip") as file:
        assert file.namelist() == [MESSAGES.say("letter.file")]


def test_archive_of_the_same_case_has_the_same_bytes(tmp_path: Path) -> None:
    files = []
    for folder in (tmp_path / "here", tmp_path / "there"):
        folder.mkdir()
        path = picture(folder / "picture")
        write_archive(folder / "case.zip", TEXT, [(path, clean_picture(path, "box", MESSAGES)[0])], DAY, MESSAGES)
        files.append((folder / "case.zip").read_bytes())
    assert files[0] == files[1]


@pytest.mark.parametrize(("day", "year"), [(date(1, 2, 3), 1980), (date(1979, 2, 3), 1980), (date(9000, 2, 3), 2107)])
def test_day_outside_the_range_of_zip_is_clamped(tmp_path: Path, day: date, year: int) -> None:
    write_archive(tmp_path / "case.zip", TEXT, [], day, MESSAGES)
    with ZipFile(tmp_path / "case.zip") as file:
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
def test_unsafe_or_duplicate_picture_name_is_refused(tmp_path: Path, names: list[str]) -> None:
    path = picture(tmp_path / "picture")
    with pytest.raises(ValueError, match="plain name of its own"):
        write_archive(tmp_path / "case.zip", TEXT, [(path, name) for name in names], DAY, MESSAGES)
    assert not (tmp_path / "case.zip").exists()
