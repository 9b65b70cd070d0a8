"""The checker API: JSON and files in, JSON and files out, and no call breaks it."""

from __future__ import annotations

import io
import json
import sys
from binascii import a2b_base64
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from PIL import Image

from checker import Checker, Policy
from checker.request.archive import encoded
from checker.request.letter import LONGEST
from checker.request.pictures import LIMITS, without_metadata
from checker.verdict import dumps
from checker.web import api
from checker.web.response import respond
from tests.support.fuzzing import random_inputs
from tests.support.hostile import JSON
from tests.support.words import in_words, say
from tests.unit.test_dialog import BROKEN
from tests.unit.test_response import MORE, TODAY

ADDRESS = "https://shop.example/policy/"
LETTER = {"order": "A-17", "wish": "refund", "description": "The lamp is broken."}
FUNCTIONS = ["answer", "known", "letter", "room", "clean", "pack", "calendar"]

type Call = Callable[..., Any]


@pytest.fixture
def call(checker: Checker) -> Call:
    return caller(checker)


def caller(checker: Checker) -> Call:
    """Calls a function of the checker API as the page does."""

    def call(what: str, **more: object) -> Any:
        parameters = {"digest": checker.policy.digest, "today": TODAY, "answers": BROKEN | MORE, **more}
        return json.loads(getattr(api, what)(json.dumps(parameters), checker))

    return call


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(file, "JPEG", comment="SECRET")
    path = tmp_path / "picture-1"
    path.write_bytes(file.getvalue())
    return path


def test_answer_is_the_response_in_one_line_of_json(checker: Checker) -> None:
    parameters = {"digest": checker.policy.digest, "today": TODAY, "answers": BROKEN | MORE}
    assert api.answer(json.dumps(parameters), checker) == dumps(respond(checker, parameters))


def test_letter_contains_the_case_and_the_typed_texts(call: Call, checker: Checker) -> None:
    pictures = [{"name": "product_pictures-1.jpg", "item": "product_pictures"}]
    request = call("letter", letter=LETTER, pictures=pictures, address=ADDRESS)
    policy = checker.policy
    facts = [
        say("letter.fact", label=policy.label(item["question"]), answer=item["answer"])
        for item in call("answer")["given"]
        if item["question"] not in ("applied_on", "cause")
    ]
    for line in (
        say("letter.subject_order", number="A-17"),
        in_words(date(2026, 11, 22)),
        "The lamp is broken.",
        *facts,
        say("letter.files", title=policy.proof["product_pictures"].title, files="product_pictures-1.jpg"),
    ):
        assert line in request["text"].splitlines()
    assert policy.questions["cause"].ask not in request["text"]
    shown = "\n\n".join("\n".join([*filter(None, [part["heading"]]), *part["lines"]]) for part in request["parts"])
    assert request["text"] == f"{shown}\n"


@pytest.mark.parametrize("typed", [None, {}, "nonsense", {"order": 5, "wish": [], "description": None}])
def test_letter_without_typed_texts_is_empty_and_says_what_is_missing(call: Call, typed: object) -> None:
    request = call("letter", letter=typed, pictures=[], address=ADDRESS, answers=BROKEN)
    assert request["empty"]
    assert {entry["state"] for entry in request["proof"]} == {"missing"}
    assert request["missing"] == [
        say("prepare.no_description"),
        say("prepare.no_wish"),
        say("prepare.no_proof", count=len(request["proof"]) - 1),  # the description is not counted twice
    ]
    assert say("letter.description") not in request["text"]


def test_letter_with_all_that_it_needs_names_nothing_missing(call: Call, checker: Checker) -> None:
    ready = [name for name, item in checker.policy.proof.items() if item.written == "no"]
    request = call("letter", letter=LETTER, pictures=[], address=ADDRESS, answers=BROKEN | {"proof": ready})
    assert request["missing"] == []
    assert not request["empty"]


PICTURE = {"name": "product_pictures-1.jpg", "item": "product_pictures"}


@pytest.mark.parametrize(
    ("given", "item", "state", "words"),
    [
        ({"pictures": [PICTURE]}, "product_pictures", "pictures", say("prepare.pictures", count=1)),
        ({"letter": {"description": "Broken."}}, "description", "written", say("prepare.written")),
        ({"letter": {"description": " \n\0"}}, "description", "missing", say("prepare.missing")),
        ({"answers": BROKEN | {"proof": ["package_pictures"]}}, "package_pictures", "separately", ""),
    ],
)
def test_proof_item_has_the_state_of_what_the_customer_has_done(
    call: Call, given: dict[str, Any], item: str, state: str, words: str
) -> None:
    parameters = {"letter": {}, "pictures": [], "address": ADDRESS, "answers": BROKEN} | given
    request = call("letter", **parameters)
    states = {entry["item"]: (entry["state"], entry["text"]) for entry in request["proof"]}
    done = state != "missing"
    assert states == dict.fromkeys(states, ("missing", say("prepare.missing"))) | {item: (state, words)}
    assert request["ready"] == say("prepare.ready", ready=int(done), total=len(states))
    assert request["empty"] != done
    assert call("answer", **parameters)["verdict"]["proof"]["provided"] == [item] * done


def test_only_what_is_ticked_is_stored(call: Call) -> None:
    parameters = {"answers": BROKEN | {"proof": ["package_pictures"]}, "letter": LETTER, "pictures": [PICTURE]}
    response = call("answer", **parameters)
    assert response["verdict"]["proof"]["provided"] == ["product_pictures", "package_pictures", "description"]
    assert response["answers"]["proof"] == ["package_pictures"]
    assert [value for name, value in response["links"]["plain"] if name == "proof"] == ["package_pictures"]


@pytest.mark.parametrize("pictures", [None, {}, "x", [5], [{}], [{"item": 5}], [{"item": "\ud800"}]])
def test_result_is_the_same_with_pictures_that_are_none(call: Call, pictures: object) -> None:
    assert call("answer", pictures=pictures) == call("answer")


@pytest.mark.parametrize("field", LONGEST)
@pytest.mark.parametrize("what", ["letter", "pack"])
def test_too_long_text_is_an_error_that_names_the_field(call: Call, tmp_path: Path, field: str, what: str) -> None:
    letter = LETTER | {field: "x" * (LONGEST[field] + 2)}
    response = call(what, letter=letter, pictures=[], address=ADDRESS)
    assert response == {"error": say("letter.too_long", count=2), "field": field}


def test_picture_is_cleaned_in_place_and_named(call: Call, picture: Path) -> None:
    expected = without_metadata(picture.read_bytes()).data
    response = call("clean", path=str(picture), item="product_pictures", taken=["product_pictures-1.jpg"])
    file = {"name": "product_pictures-2.jpg", "size": len(expected), "crc": crc32(expected)}
    assert response == {**file, "type": "image/jpeg"}
    assert picture.read_bytes() == expected
    assert b"SECRET" not in expected


def test_file_that_is_no_picture_is_refused_and_unchanged(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "picture-1"
    path.write_bytes(b"notes")
    assert call("clean", path=str(path), item="product_pictures", taken=[]) == {
        "error": say("picture.kind"),
        "redraw": True,
    }
    assert path.read_bytes() == b"notes"


@pytest.mark.parametrize(
    ("size", "others", "error"),
    [
        (0, [], None),
        (50_000_000, [], None),
        (50_000_000, [50_000_000], None),
        (2**33, [], say("picture.large_file", size="8590", **LIMITS)),
        (50_000_001, [], say("picture.large_file", size="50.1", **LIMITS)),
        (1_000_001, [50_000_000, 49_000_000], say("picture.no_room", size="1.1", left="1", **LIMITS)),
        (30_000_000, [50_000_000, 24_460_000], say("picture.no_room", size="30", left="25.5", **LIMITS)),
        (1, [50_000_000] * 3, say("picture.no_room", size="0.1", left="0", **LIMITS)),
    ],
)
def test_picture_has_room_up_to_the_limit_of_all(call: Call, size: int, others: list[int], error: str | None) -> None:
    response = call("room", size=size, pictures=[{"size": other} for other in others])
    assert response == ({"error": error} if error else {})


def test_picture_of_too_many_pixels_is_not_drawn_anew(call: Call, picture: Path) -> None:
    data = picture.read_bytes()
    frame = data.index(b"\xff\xc0") + 5
    picture.write_bytes(data[:frame] + b"\x7f\xff\x7f\xff" + data[frame + 4 :])
    response = call("clean", path=str(picture), item="x", taken=[])
    assert response == {"error": say("picture.large"), "redraw": False}


def test_archive_contains_the_letter_and_the_pictures(call: Call, picture: Path) -> None:
    cleaned = call("clean", path=str(picture), item="product_pictures", taken=[])
    given = {"letter": LETTER, "pictures": [cleaned | {"item": "product_pictures"}], "address": ADDRESS}
    response = call("pack", **given)
    first, last = map(a2b_base64, response.pop("pieces"))
    assert response == {"name": say("letter.archive"), "type": "application/zip"}
    with ZipFile(io.BytesIO(first + picture.read_bytes() + last)) as file:
        assert file.testzip() is None
        assert file.namelist() == [say("letter.file"), "product_pictures-1.jpg"]
        assert file.read(say("letter.file")) == encoded(call("letter", **given)["text"])
        assert file.read("product_pictures-1.jpg") == picture.read_bytes()


def test_request_without_pictures_is_a_text_file(call: Call) -> None:
    given = {"letter": LETTER, "pictures": [], "address": ADDRESS}
    response = call("pack", **given)
    assert [*map(a2b_base64, response.pop("pieces"))] == [encoded(call("letter", **given)["text"])]
    assert response == {"name": say("letter.file"), "type": "text/plain;charset=utf-8"}


def test_calendar_is_a_file_if_there_is_a_last_day(call: Call) -> None:
    response = call("calendar", case="a1", address=f"{ADDRESS}#secret=1")
    assert response["name"] == say("calendar_entry.file")
    [event] = Calendar.from_ical(response["text"]).events
    assert event.start == date(2026, 12, 4)
    assert "secret" not in response["text"]
    assert response["saved"] == {"last_day": {"files": 1, "day": "2026-12-04"}}
    over = {"problem": "change_of_mind"}
    none = call("calendar", case="a1", address=ADDRESS, answers=over)
    assert none == {"text": None, "name": say("calendar_entry.file"), "saved": {}}


def test_calendar_that_has_an_entry_too_many_is_offered_a_file(call: Call) -> None:
    over = {"problem": "change_of_mind"}
    saved = call("calendar", case="a1", address=ADDRESS)["saved"]
    assert "calendar" in call("answer", answers=over, saved=saved)["offers"]
    response = call("calendar", case="a1", address=ADDRESS, answers=over, saved=saved)
    [event] = Calendar.from_ical(response["text"]).events
    assert (event["UID"], event["STATUS"], event.start) == ("a1-last_day", "CANCELLED", date(2026, 12, 4))
    assert response["saved"] == {"last_day": {"files": 2, "day": None}}
    assert "calendar" not in call("answer", answers=over, saved=response["saved"])["offers"]


# ---- pages of another policy, and parameters that are none


@pytest.mark.parametrize("what", FUNCTIONS)
@pytest.mark.parametrize("digest", ["another", None, 5, ["x"]])
def test_call_with_another_digest_gets_only_the_update_notice(call: Call, what: str, digest: object) -> None:
    assert call(what, digest=digest) == {"updated": True}


@pytest.mark.parametrize("what", FUNCTIONS)
@pytest.mark.parametrize("text", ["", "{", "null", "[]", '"x"', "5", "NaN", "[" * 10**6])
def test_parameters_that_are_no_object_are_an_error(checker: Checker, what: str, text: str) -> None:
    response = json.loads(getattr(api, what)(text, checker))
    assert response == {"errors": [{"question": None, "message": say("error.parameters")}]}


@pytest.mark.parametrize("what", ["answer", "known", "letter", "pack", "calendar"])
def test_invalid_today_is_an_error_in_every_function(call: Call, what: str) -> None:
    response = call(what, today="soon", letter=LETTER, pictures=[], address=ADDRESS, case="a1", cases=[])
    assert response == {"errors": [{"question": None, "message": say("error.today")}]}


WHOLE: dict[str, dict[str, object]] = {
    "known": {"cases": []},
    "letter": {"pictures": [], "address": ADDRESS},
    "room": {"size": 1, "pictures": []},
    "clean": {"path": __file__, "item": "product_pictures", "taken": []},
    "pack": {"pictures": [], "address": ADDRESS},
    "calendar": {"address": ADDRESS, "case": "a1"},
}
NO_TEXT: list[object] = [None, 5, ["x"], "\0", "\ud800"]
NO_PATH: list[object] = [*NO_TEXT, "/none/there", "x" * 5000, "/tmp"]
WRONG: dict[str, list[object]] = {
    "cases": [None, {}, [5]],
    "pictures": [None, {}, [5]],
    "size": [None, -1, 2**53, "1", True],
    "taken": [None, "x", [5]],
    "path": NO_PATH,
    "item": NO_TEXT,
    "address": NO_TEXT,
    "case": [*NO_TEXT, "", "x", "A1", "a" * 33, "a1\n"],
}
PARTS = [(what, part, wrong) for what, parts in WHOLE.items() for part in parts for wrong in WRONG[part]]
PICTURE_FILE = {"item": "x", "name": "x-1.jpg", "size": 1, "crc": 0}


@pytest.mark.parametrize(("what", "part", "wrong"), PARTS)
def test_invalid_or_missing_parameter_is_named(call: Call, what: str, part: str, wrong: object) -> None:
    unreadable = {"errors": [{"question": None, "message": say("error.parameter", name=part)}]}
    assert call(what, **WHOLE[what] | {part: wrong}) == unreadable
    lacking = {name: given for name, given in WHOLE[what].items() if name != part}
    assert call(what, **lacking) == unreadable


@pytest.mark.parametrize("part", PICTURE_FILE)
@pytest.mark.parametrize("wrong", [None, -1, 2**32, True, 1.5, "\0", []])
def test_invalid_picture_is_named_by_its_field(call: Call, part: str, wrong: object) -> None:
    response = call("pack", pictures=[PICTURE_FILE | {part: wrong}], address=ADDRESS)
    assert response == {"errors": [{"question": None, "message": say("error.parameter", name=part)}]}


@pytest.mark.parametrize("names", [["../x-1.jpg"], ["x-1.jpg", "x-1.jpg"], ["letter.txt"]])
def test_archive_refuses_names_that_no_cleaned_picture_has(call: Call, names: list[str]) -> None:
    response = call("pack", pictures=[PICTURE_FILE | {"name": name} for name in names], address=ADDRESS)
    assert response == {"errors": [{"question": None, "message": say("error.parameter", name="name")}]}


@given(st.data())
@random_inputs(200)
def test_random_answers_of_any_type_give_json(frozen: Policy, data: st.DataObject) -> None:
    call = caller(Checker(frozen))
    names = st.sampled_from([*frozen.questions])
    links = st.lists(st.tuples(names, st.text())).map(lambda pairs: urlencode(pairs, errors="replace"))
    answers = data.draw(JSON | st.dictionaries(names, JSON))
    more = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "asked": JSON | st.lists(names),
                "another": JSON,
                "link": st.text() | links | JSON,
            },
        )
    )
    response = call("answer", answers=answers, **more)
    assert response.keys() >= {"answers", "errors", "step", "verdict"}
    assert all(error["message"] for error in response["errors"])
    assert call("answer", answers=response["answers"])["errors"] == []


def test_installed_wheel_answers_by_its_published_policy(
    frozen: Policy, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "checker.published", SimpleNamespace(POLICY=frozen))
    parameters = json.dumps({"answers": BROKEN, "today": TODAY, "digest": frozen.digest})
    api.published.cache_clear()
    try:
        assert api.answer(parameters) == api.answer(parameters, checker)
    finally:
        api.published.cache_clear()
