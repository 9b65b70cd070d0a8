"""Whatever is sent or written, the answer is an answer, or an error with its place: never a traceback, never a wait.

`make test` tries some inputs of each kind, `make fuzz` 10,000, each with its time and its memory.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from checker import AnswerErrors, Checker
from checker.request.letter import LONGEST
from checker.verdict import dumps
from checker.web import api
from macros.analysis.load import check, load
from macros.cli import _answers
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.formatter import layout_warnings
from tests.support import fuzzing
from tests.support.fuzzing import fuzz, measure
from tests.support.hostile import JSON, ODD, answer_sets, fragments, sources, texts
from tests.support.paths import POLICIES

TODAY = date(2026, 11, 22)
CHECKERS = [Checker(load(file)) for file in sorted(POLICIES.glob("*.yaml"))]
ANY_CHECKER = st.sampled_from(CHECKERS)
FUNCTIONS = {
    "answer": ("answers", "asked", "another", "link", "known", "opened", "lost", "unstored", "letter", "pictures"),
    "known": ("link", "cases"),
    "letter": ("answers", "letter", "pictures", "address"),
    "room": ("size", "pictures"),
    "clean": ("path", "item", "taken"),
    "pack": ("answers", "letter", "pictures", "address"),
    "calendar": ("answers", "address", "case", "saved"),
}


def respond(function: str, message: Any, checker: Checker) -> dict[str, Any]:
    """The response of a function of the checker API, which must be JSON."""
    response: dict[str, Any] = json.loads(getattr(api, function)(message, checker).encode())
    errors = response.get("errors", [])
    assert all(error["message"] for error in errors)
    assert all(error["question"] in {None, *checker.policy.questions} for error in errors)
    return response


# ---- policy.yaml


def policy_or_mistakes(source: bytes | str) -> None:
    """A policy that answers, or mistakes that each name a place in the file."""
    try:
        policy, hints = check(source, "policy.yaml")
    except PolicyErrors as errors:
        response = errors.errors
        assert response
    else:
        response = hints
        message = {"digest": policy.digest, "today": policy.valid_from.isoformat(), "answers": {}}
        assert respond("answer", json.dumps(message), Checker(policy)).keys() >= {"step", "verdict"}
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    lines = len(text.splitlines()) + 1
    for error in response:
        assert 1 <= error.line <= lines
        assert error.column >= 1
        assert error.message.strip()
        assert str(error).startswith(f"policy.yaml:{error.line}:{error.column}: ")


@given(source=texts())
@fuzz(few=20)
def test_random_bytes_give_a_policy_or_errors_with_places(source: bytes) -> None:
    policy_or_mistakes(source)


@given(source=sources())
@fuzz(few=10)
def test_mutated_policy_gives_a_policy_or_errors_with_places(source: str) -> None:
    policy_or_mistakes(source)


@given(source=texts())
@fuzz(few=10)
def test_random_policy_is_formatted_or_gives_warnings_with_places(source: bytes) -> None:
    with contextlib.suppress(PolicyErrors):
        check(source)
        assert [hint for hint in layout_warnings(source, "policy.yaml") if hint.line < 1 or hint.column < 1] == []


# ---- answers


@given(checker=ANY_CHECKER, data=st.data())
@fuzz(few=100)
def test_random_answers_give_a_verdict_or_errors_with_questions(checker: Checker, data: st.DataObject) -> None:
    raw = data.draw(answer_sets(checker.policy))
    today = data.draw(st.just(TODAY) | st.dates())
    try:
        answers = _answers(json.dumps(raw).encode(), checker.policy.messages)
        verdict = checker.decide(answers, today)
        counterfactuals = [change.to_json() for change in checker.counterfactuals(answers, today)]
    except AnswerErrors as errors:
        response = errors
    else:
        assert json.loads(dumps([verdict.to_json(), counterfactuals]).encode())
        assert verdict.outcome in verdict.possible or len(verdict.possible) > 1
        return
    names = {None, *checker.policy.questions} | ({*raw} if isinstance(raw, dict) else set())
    assert response.errors
    assert all(error.message and error.question in names for error in response.errors)
    assert json.loads(dumps(response.to_json()))


# ---- what pages send


@st.composite
def messages(draw: st.DrawFn, checker: Checker, function: str, folder: str) -> Any:
    """Parameters of a call of a page, missing or of any type; its files are in the folder or do not exist."""
    paths = st.sampled_from([f"{folder}/picture", f"{folder}/none", folder, f"{folder}/new", f"{folder}/\0", 5, None])
    names = st.sampled_from(["x-1.jpg", "x-2.png", "../x-1.jpg", "letter.txt", "\ud800"])
    sizes = st.integers(-1, 2**33) | JSON
    picture = st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("name", "item"), names | JSON) | dict.fromkeys(("size", "crc"), sizes)
    )
    entry = st.fixed_dictionaries({"files": sizes, "day": st.dates().map(str) | JSON})
    typed = st.fixed_dictionaries({}, optional={"wish": JSON, **{name: st.text() | JSON for name in LONGEST}})
    known: dict[str, st.SearchStrategy[Any]] = {
        "answers": answer_sets(checker.policy),
        "asked": st.lists(st.sampled_from([*checker.policy.questions]) | st.text(max_size=3)) | JSON,
        "another": JSON,
        "cases": st.lists(st.fixed_dictionaries({"answers": answer_sets(checker.policy), "visited": JSON})) | JSON,
        "link": fragments(checker.policy) | JSON,
        "known": JSON,
        "opened": JSON,
        "lost": JSON,
        "unstored": JSON,
        "letter": typed | JSON,
        "pictures": st.lists(picture, max_size=3) | JSON,
        "address": st.sampled_from(["https://shop.example/#x", "\n", *filter(None, map(str, ODD))]) | JSON,
        "path": paths,
        "size": sizes,
        "case": st.text("0123456789abcdef") | JSON,
        "saved": st.dictionaries(st.sampled_from(["last_day", "change"]), entry) | JSON,
        "item": st.text() | JSON,
        "taken": st.lists(names) | JSON,
    }
    parts = {name: draw(known[name]) for name in FUNCTIONS[function] if draw(st.integers(0, 9))}
    whole = {"digest": checker.policy.digest, "today": TODAY.isoformat(), **parts}
    if not draw(st.integers(0, 9)):
        whole[draw(st.sampled_from(["today", "digest"]))] = draw(JSON)
    return whole


@given(checker=ANY_CHECKER, function=st.sampled_from([*FUNCTIONS]), data=st.data())
@fuzz(few=100)
def test_random_parameters_get_a_response_from_every_function(
    checker: Checker, function: str, data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "picture").write_bytes(data.draw(st.binary(max_size=40)))
        text = json.dumps(data.draw(messages(checker, function, folder)))
        if not data.draw(st.integers(0, 9)):
            at = data.draw(st.integers(0, len(text)))
            text = text[:at] + data.draw(st.text(max_size=5)) + text[at + data.draw(st.integers(0, 5)) :]
        assert respond(function, text, checker) or function == "room"  # which has nothing to say where there is room


@given(checker=ANY_CHECKER, data=st.data())
@fuzz(few=100)
def test_random_url_fragment_leads_to_a_question_or_a_result(checker: Checker, data: st.DataObject) -> None:
    fragment = data.draw(fragments(checker.policy))
    message = {"digest": checker.policy.digest, "today": TODAY.isoformat(), "link": fragment}
    response = respond("answer", json.dumps(message), checker)
    assert response.keys() >= {"step", "verdict", "notices"}
    assert response["errors"] == []


# ---- pictures


def _pictures() -> list[bytes]:
    pictures = []
    for kind, options in (("JPEG", {"comment": "c"}), ("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True})):
        file = io.BytesIO()
        exif = Image.Exif()
        exif[0x112] = 6
        Image.new("RGB", (5, 4), "red").save(file, kind, exif=exif, **options)
        pictures.append(file.getvalue())
    return pictures


@given(picture=st.sampled_from(_pictures()), seed=st.integers(0, 2**32), changes=st.integers(0, 6), cut=st.booleans())
@fuzz(few=100)
def test_random_bytes_give_a_clean_picture_or_an_error(picture: bytes, seed: int, changes: int, cut: bool) -> None:
    dice, data = random.Random(seed), bytearray(picture)
    for _ in range(changes):
        data[dice.randrange(len(data))] = dice.choice([0, 1, 0x7F, 0x80, 0xFE, 0xFF, dice.randrange(256)])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        path.write_bytes(data[: dice.randrange(len(data))] if cut else data)
        [checker, *_] = CHECKERS
        message = {"digest": checker.policy.digest, "path": str(path), "item": "x", "taken": []}
        assert respond("clean", json.dumps(message), checker).keys() in (
            {"name", "size", "crc", "type"},
            {"error", "redraw"},
        )


# ---- and the long run sees what costs too much


@pytest.mark.parametrize(
    ("limit", "costs"), [("SECONDS", lambda: sum(range(10**6))), ("MEGABYTES", lambda: b"x" * 2**25)]
)
def test_too_expensive_input_fails(limit: str, costs: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    random_inputs = measure(costs)
    random_inputs()
    monkeypatch.setattr(fuzzing, limit, 0.001)
    with pytest.raises(AssertionError):
        random_inputs()
