"""From a result to the request, the estimate, the link and the calendar entry, in every browser."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from icalendar import Calendar
from PIL import Image

from checker import Policy
from checker.request.archive import clean_picture, write_archive
from checker.request.calendar_entry import calendar_days
from tests.support.browser_session import BrowserSession
from tests.support.check_page import (
    PREPARE,
    REFUND,
    RESULT,
    SECRET,
    CheckPage,
    as_raw,
    example_with_amounts,
    questions_of_kind,
    without_amounts,
    write_photo,
)
from tests.support.words import MESSAGES, say

pytestmark = pytest.mark.browser


def test_request_estimate_link_and_calendar_entry_match_python(
    long_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session = long_session
    example = example_with_amounts(policy)
    answers = without_amounts(policy, example.answers)
    check_page = CheckPage(session, policy, example.today)

    # A link leads to the result.
    check_page.open(check_page.link(answers))
    check_page.expect_view(RESULT, answers)
    check_page.expect_answer_list(answers)
    assert session.address == f"check/#{RESULT}"

    # Provided proof is ticked. A picture loses its metadata.
    session.click(f'[href="#{PREPARE}"]')
    check_page.expect_view(PREPARE, answers)
    [proof] = questions_of_kind(policy, "proof")
    first, second, *_ = check_page.response(answers)["verdict"]["proof"]["needed"]
    session.click(f"#answer-{proof}-{first}")
    picture = write_photo(tmp_path / "IMG_0001.jpg")
    session.choose_files(f"#pictures-{second}", [picture])
    name = session.expect_visible(".check-picture > span")
    answers[proof] = sorted([first, second])
    session.wait_for("(id) => document.getElementById(id).checked", f"answer-{proof}-{second}")
    wish, *_ = check_page.response(answers)["verdict"]["grants"]["remedies"]
    session.click(f"#check-wish-{wish}")
    session.click("#check-order")
    session.type("A-1")
    session.click("#check-description")
    session.type("It is broken.")

    # Written proof is provided by the description.
    items = {name: item for clause in policy.clauses.values() for name, item in clause.proof.items()}
    written = [
        item for item in check_page.response(answers)["verdict"]["proof"]["needed"] if items[item].written == "yes"
    ]
    for item in written:
        session.wait_for("(id) => document.getElementById(id).checked", f"answer-{proof}-{item}")
    answers[proof] = sorted({first, second, *written})

    # The case file holds the request and the picture alone.
    session.click("button", say("prepare.pack"))
    download = check_page.last_download()
    assert session.expect_visible(".check-letter .check-done") == say("prepare.packed")
    request: dict[str, Any] = {"letter": {"order": "A-1", "description": "It is broken.", "wish": wish}}
    request |= {"pictures": [{"item": second, "name": name}], "address": f"{session.server.address}policy/"}
    letter = check_page.api_response("letter", answers, **request)["text"]
    assert clean_picture(picture, second, MESSAGES)[0] == name
    write_archive(tmp_path / "expected.zip", letter, [(picture, name)], example.today, MESSAGES)
    assert download == (say("letter.archive"), (tmp_path / "expected.zip").read_bytes())
    with ZipFile(io.BytesIO(download[1])) as file:
        assert file.read(say("letter.file")).decode() == letter
        content = file.read(name)
    assert SECRET.encode() not in content
    with Image.open(io.BytesIO(content)) as image:
        assert (image.size, dict(image.getexif())) == ((64, 48), {})

    # The request alone can be copied, or read where copying is refused.
    session.click("button", say("prepare.copy"))
    assert check_page.clipboard_text() == letter
    assert session.expect_visible(".check-letter .check-done") == say("prepare.copied")
    session.evaluate("() => { outputs.refusesCopies = true }")
    session.click("button", say("prepare.copy"))
    session.wait_for(
        "(text) => walk.find('.check-letter .check-done', null)[0].innerText === text", say("prepare.not_copied")
    )
    session.click("button", say("prepare.preview"))
    session.wait_for("(text) => document.querySelector('.check-preview pre').textContent === text", letter)
    session.evaluate("() => { outputs.refusesCopies = false }")

    # After a picture is removed, the focus is where the next one can be added.
    session.click("button", f"{say('form.remove')}: {name}")
    session.expect_focus(f"#pictures-{second}")
    session.expect_absent(".check-picture")
    session.click(f'[href="#{RESULT}"]')
    check_page.expect_view(RESULT, answers)

    # The estimate is computed from a list of two items, once all amounts are valid.
    session.click(f'[href="#{REFUND}"]')
    check_page.expect_view(REFUND, answers)
    [listed] = questions_of_kind(policy, "amounts")
    single = questions_of_kind(policy, "amount")
    session.click("button", say("refund.submit"))
    check_page.expect_errors(answers | dict.fromkeys(single, "") | {listed: [""]}, *single, listed)
    whole = Decimal(str(example.answers[listed]))
    amounts = {name: str(example.answers[name]) for name in single}
    parts = [str(whole - 1), "1"]
    session.click("button", say("form.add"))
    session.expect_focus(f"#answer-{listed}-2")
    for zero in ("0", None):
        typed = {name: zero or amount for name, amount in amounts.items()} | {listed: parts}
        for name, value in typed.items():
            for number, text in enumerate([value] if isinstance(value, str) else value, start=1):
                session.click(f"#answer-{name}-{number}")
                session.evaluate("() => document.activeElement.select()")
                session.type(text)
        session.click("button", say("refund.submit"))
        if zero:
            check_page.expect_errors(answers | typed, *single, listed)
    answers |= typed
    session.expect_focus(".check-estimate")
    sections = {section["id"]: section for section in check_page.response(answers)["explanation"]["sections"]}
    for item in sections["estimates"]["items"]:
        shown = session.expect_visible(".check-estimate").split()
        assert [word for word in f"{item['text']} {item['note']}".split() if word not in shown] == []
    session.expect_absent(".check-errors")
    session.click(f'[href="#{RESULT}"]')
    check_page.expect_view(RESULT, answers)

    # The link holds amounts only on demand.
    session.click("button", say("keep.copy_link"))
    without = without_amounts(policy, answers)
    assert check_page.clipboard_text() == check_page.link(answers)
    session.click("button", say("keep.about_link"))
    session.click("#check-link-amounts")
    session.click("button", say("keep.copy_link"))
    assert check_page.clipboard_text() == check_page.link(answers, amounts=True)
    assert session.expect_visible(".check-share .check-done") == say("keep.copied")

    # The deadline is a calendar entry.
    session.click("button", say("keep.calendar"))
    name, content = check_page.last_download()
    [event] = Calendar.from_ical(content.decode()).walk("VEVENT")
    assert name == say("calendar_entry.file")
    day = event.decoded("DTSTART")
    assert (type(day), day) == (date, calendar_days(check_page.checker.decide(as_raw(answers), example.today))[0][0])

    # Another problem of the same order: answers about the order stay.
    session.click("button", say("keep.another"))
    about_order = {name: answer for name, answer in answers.items() if policy.questions[name].about == "order"}
    step = check_page.path(about_order).step
    assert step
    check_page.expect_view(step, about_order)
    assert check_page.field_values(step) == []
    assert check_page.stored_state()["answers"] == check_page.response(about_order)["answers"]
    assert check_page.stored_state()["letter"] == {"order": "A-1"}
    check_page.type_answer(step, answers[step])
    about_order[step] = answers[step]
    check_page.expect_view(check_page.path(about_order).step or RESULT, about_order)

    # Clearing removes everything.
    check_page.open_result(without)
    session.click("button", say("keep.clear"))
    check_page.expect_view(check_page.question_path(answers)[0], {})
    assert check_page.stored_state() is None
    assert [check_page.field_values(name) for name in policy.questions] == [[]] * len(policy.questions)
    letter = "() => ['#check-order', '#check-description'].map((field) => document.querySelector(field).value)"
    assert session.evaluate(letter) == ["", ""]
    assert session.evaluate("() => document.querySelector('.check-preview pre').textContent") == ""
