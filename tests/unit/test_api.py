"""The worker's door: JSON and files go in, JSON and files come out, and nothing that is sent breaks it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from PIL import Image

from checker import Checker, Policy
from checker.request.letter import LONGEST
from checker.request.pictures import without_metadata
from checker.verdict import dumps
from checker.web import api
from checker.web.response import respond
from tests.support.fuzzing import tried
from tests.support.words import say
from tests.unit.test_response import BROKEN, MORE, TODAY

ADDRESS = "https://shop.example/policy/"
LETTER = {"order": "A-17", "wish": "refund", "description": "The lamp is broken."}
DOORS = ["answer", "letter", "clean", "pack", "calendar"]

type Door = Callable[..., Any]


@pytest.fixture
def door(checker: Checker) -> Door:
    return door_of(checker)


def door_of(checker: Checker) -> Door:
    """Asks through the door as the page does."""

    def door(what: str, **message: object) -> Any:
        request = {"digest": checker.policy.digest, "today": TODAY, "answers": BROKEN | MORE, **message}
        return json.loads(getattr(api, what)(json.dumps(request), checker))

    return door


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(file, "JPEG", comment="SECRET")
    path = tmp_path / "picture-1"
    path.write_bytes(file.getvalue())
    return path


def test_answer_is_the_response_in_one_line_of_json(checker: Checker) -> None:
    message = {"digest": checker.policy.digest, "today": TODAY, "answers": BROKEN | MORE}
    assert api.answer(json.dumps(message), checker) == dumps(respond(checker, message))


def test_letter_contains_the_case_and_the_typed_texts(door: Door, checker: Checker) -> None:
    pictures = [{"path": "/tmp/picture-1", "name": "product_pictures-1.jpg", "item": "product_pictures"}]
    text = door("letter", letter=LETTER, pictures=pictures, address=ADDRESS)["text"]
    questions = checker.policy.questions
    said = [f"- {questions[each['question']].ask} {each['answer']}" for each in door("answer")["given"]]
    for line in (
        "Subject: After-sales policy: request about order A-17",
        "Date: 22 November 2026",
        "The lamp is broken.",
        *said,
        f"- {checker.policy.clauses['proof'].proof['product_pictures'].title}: product_pictures-1.jpg",
    ):
        assert line in text.splitlines()
    assert ADDRESS in text


@pytest.mark.parametrize("typed", [None, {}, "nonsense", {"order": 5, "wish": [], "description": None}])
def test_letter_without_typed_texts_says_so(door: Door, typed: object) -> None:
    text = door("letter", letter=typed, pictures=[], address=ADDRESS)["text"]
    assert say("letter.description_missing") in text


@pytest.mark.parametrize("field", LONGEST)
@pytest.mark.parametrize("what", ["letter", "pack"])
def test_too_long_text_is_an_error_that_names_the_field(door: Door, tmp_path: Path, field: str, what: str) -> None:
    letter = LETTER | {field: "x" * (LONGEST[field] + 2)}
    to = tmp_path / "case"
    said = door(what, letter=letter, pictures=[], address=ADDRESS, path=str(to))
    assert said == {"error": say("letter.too_long", count=2), "field": field}
    assert not to.exists()


def test_picture_is_cleaned_in_place_and_named(door: Door, picture: Path) -> None:
    expected = without_metadata(picture.read_bytes()).data
    said = door("clean", path=str(picture), item="product_pictures", taken=["product_pictures-1.jpg"])
    assert said == {"name": "product_pictures-2.jpg", "type": "image/jpeg"}
    assert picture.read_bytes() == expected
    assert b"SECRET" not in expected


def test_file_that_is_no_picture_is_refused_and_unchanged(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "picture-1"
    path.write_bytes(b"notes")
    assert door("clean", path=str(path), item="product_pictures", taken=[]) == {"error": say("picture.kind")}
    assert path.read_bytes() == b"notes"


def test_archive_contains_the_letter_and_the_pictures(door: Door, picture: Path, tmp_path: Path) -> None:
    named = {"path": str(picture), "item": "product_pictures"}
    named |= {"name": door("clean", taken=[], **named)["name"]}
    to = tmp_path / "case"
    given = {"letter": LETTER, "pictures": [named], "address": ADDRESS}
    assert door("pack", path=str(to), **given) == {"name": say("letter.archive")}
    with ZipFile(to) as file:
        assert file.testzip() is None
        assert file.namelist() == [say("letter.file"), "product_pictures-1.jpg"]
        assert file.read(say("letter.file")).decode() == door("letter", **given)["text"]
        assert file.read("product_pictures-1.jpg") == picture.read_bytes()


def test_calendar_is_a_file_if_there_is_a_last_day(door: Door) -> None:
    said = door("calendar", address=f"{ADDRESS}#secret=1")
    assert said["name"] == say("calendar_entry.file")
    [event] = Calendar.from_ical(said["text"]).events
    assert event.start == date(2026, 12, 4)
    assert "secret" not in said["text"]
    over = door("calendar", address=ADDRESS, answers={"problem": "change_of_mind"})
    assert over == {"text": None, "name": say("calendar_entry.file")}


# ---- pages of another policy, and messages that are none


@pytest.mark.parametrize("what", DOORS)
@pytest.mark.parametrize("digest", ["another", None, 5, ["x"]])
def test_request_with_another_digest_gets_only_the_update_notice(door: Door, what: str, digest: object) -> None:
    assert door(what, digest=digest) == {"updated": True}


@pytest.mark.parametrize("what", DOORS)
@pytest.mark.parametrize("request_", ["", "{", "null", "[]", '"x"', "5", "NaN", "[" * 10**6])
def test_request_that_is_no_object_is_an_error(checker: Checker, what: str, request_: str) -> None:
    said = json.loads(getattr(api, what)(request_, checker))
    assert said == {"errors": [{"question": None, "message": say("error.request")}]}


@pytest.mark.parametrize("what", ["answer", "letter", "pack", "calendar"])
def test_invalid_today_is_an_error_in_every_function(door: Door, what: str, tmp_path: Path) -> None:
    said = door(what, today="soon", letter=LETTER, pictures=[], address=ADDRESS, path=str(tmp_path / "case"))
    assert said == {"errors": [{"question": None, "message": say("error.today")}]}
    assert not (tmp_path / "case").exists()


WHOLE: dict[str, dict[str, object]] = {
    "letter": {"pictures": [], "address": ADDRESS},
    "clean": {"path": __file__, "item": "product_pictures", "taken": []},
    "pack": {"pictures": [], "address": ADDRESS, "path": "/tmp/case"},
    "calendar": {"address": ADDRESS},
}
NO_TEXT: list[object] = [None, 5, ["x"], "\0", "\ud800"]
NO_PATH: list[object] = [*NO_TEXT, "/none/there", "x" * 5000, "/tmp"]
WRONG: dict[str, list[object]] = {
    "pictures": [None, {}, [5]],
    "taken": [None, "x", [5]],
    "path": NO_PATH,
    "item": NO_TEXT,
    "address": NO_TEXT,
}
PARTS = [(what, part, wrong) for what, parts in WHOLE.items() for part in parts for wrong in WRONG[part]]
NO_PICTURES = {
    "path": {"name": "x-1.jpg", "item": "x", "path": "/none"},
    "item": {"name": "x-1.jpg"},
    "name": {"item": ""},
}


@pytest.mark.parametrize(("what", "part", "wrong"), PARTS)
def test_invalid_or_missing_field_is_named(door: Door, what: str, part: str, wrong: object) -> None:
    unreadable = {"errors": [{"question": None, "message": say("error.request_part", part=part)}]}
    assert door(what, **WHOLE[what] | {part: wrong}) == unreadable
    lacking = {name: given for name, given in WHOLE[what].items() if name != part}
    assert door(what, **lacking) == unreadable


@pytest.mark.parametrize("part", NO_PICTURES)
def test_invalid_picture_is_named_by_its_field(door: Door, tmp_path: Path, part: str) -> None:
    to = tmp_path / "case"
    said = door("pack", pictures=[NO_PICTURES[part]], address=ADDRESS, path=str(to))
    assert said == {"errors": [{"question": None, "message": say("error.request_part", part=part)}]}
    assert not to.exists()


@pytest.mark.parametrize("names", [["../x-1.jpg"], ["x-1.jpg", "x-1.jpg"], ["letter.txt"]])
def test_archive_refuses_names_that_no_cleaned_picture_has(
    door: Door, picture: Path, tmp_path: Path, names: list[str]
) -> None:
    pictures = [{"name": name, "item": "x", "path": str(picture)} for name in names]
    said = door("pack", pictures=pictures, address=ADDRESS, path=str(tmp_path / "case"))
    assert said == {"errors": [{"question": None, "message": say("error.request_part", part="name")}]}
    assert not (tmp_path / "case").exists()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([TODAY, "unknown", "12"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
@tried(200)
def test_random_answers_of_any_type_give_json(frozen: Policy, data: st.DataObject) -> None:
    door = door_of(Checker(frozen))
    names = st.sampled_from([*frozen.questions])
    answers = data.draw(JSON | st.dictionaries(names, JSON))
    more = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "asked": JSON | st.lists(names),
                "another": JSON,
                "link": st.lists(st.tuples(names | st.text(), st.text() | st.sampled_from([*BROKEN.values()]))) | JSON,
            },
        )
    )
    said = door("answer", answers=answers, **more)
    assert said.keys() >= {"answers", "errors", "step", "verdict"}
    assert all(error["message"] for error in said["errors"])
    assert door("answer", answers=said["answers"])["errors"] == []


def test_installed_wheel_answers_by_its_published_policy(
    frozen: Policy, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "checker.published", SimpleNamespace(POLICY=frozen))
    request = json.dumps({"answers": BROKEN, "today": TODAY, "digest": frozen.digest})
    api.published.cache_clear()
    try:
        assert api.answer(request) == api.answer(request, checker)
    finally:
        api.published.cache_clear()
