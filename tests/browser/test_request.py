"""From an answer to the request: what a customer prepares, keeps and passes on, walked in every browser."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from icalendar import Calendar
from PIL import Image

from checker import Policy
from checker.answers.kinds import kind_of
from checker.request.archive import clean_picture, write_archive
from checker.request.calendar_entry import last_day
from tests.support.browser_session import BrowserSession
from tests.support.check_page import (
    PREPARE,
    REFUND,
    RESULT,
    SECRET,
    CheckPage,
    as_raw,
    of_kind,
    photograph,
    with_amounts,
)
from tests.support.words import MESSAGES, say

pytestmark = pytest.mark.browser


@pytest.fixture
def session(long_session: BrowserSession) -> BrowserSession:
    return long_session


def test_request_estimate_link_and_calendar_entry_match_python(
    session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    example = with_amounts(policy)
    answers = {name: answer for name, answer in example.answers.items() if not kind_of(policy.questions[name]).is_money}
    check_page = CheckPage(session, policy, example.today)

    # Somebody passed a link on: it leads to the answer.
    check_page.open(check_page.link(answers))
    check_page.arrives(RESULT, answers)
    check_page.sees_given(answers)
    assert session.address == f"check/#{RESULT}"

    # What is ready is ticked. A picture loses what the camera wrote into it.
    session.click(f'[href="#{PREPARE}"]')
    check_page.arrives(PREPARE, answers)
    [proof] = of_kind(policy, "proof")
    first, second, *_ = check_page.reply(answers)["verdict"]["proof"]["needed"]
    session.click(f"#answer-{proof}-{first}")
    picture = photograph(tmp_path / "IMG_0001.jpg")
    session.choose_files(f"#pictures-{second}", [picture])
    name = session.see(".check-picture > span")
    answers[proof] = sorted([first, second])
    session.wait_for("(id) => document.getElementById(id).checked", f"answer-{proof}-{second}")
    wish, *_ = check_page.reply(answers)["verdict"]["grants"]["remedies"]
    session.click(f"#check-wish-{wish}")
    session.click("#check-order")
    session.type("A-1")
    session.click("#check-description")
    session.type("It is broken.")

    # What is written is ready with it.
    items = {item: each for clause in policy.clauses.values() for item, each in clause.proof.items()}
    written = [item for item in check_page.reply(answers)["verdict"]["proof"]["needed"] if items[item].written == "yes"]
    for item in written:
        session.wait_for("(id) => document.getElementById(id).checked", f"answer-{proof}-{item}")
    answers[proof] = sorted({first, second, *written})

    # The case file holds the request and the picture, and nothing else.
    session.click("button", say("prepare.pack"))
    saved = check_page.saved()
    assert session.see(".check-letter .check-done") == say("prepare.packed")
    asked = {"letter": {"order": "A-1", "description": "It is broken.", "wish": wish}}
    asked |= {"pictures": [{"item": second, "name": name}], "address": f"{session.server.address}policy/"}
    letter = check_page.says("letter", answers, asked)["text"]
    assert clean_picture(picture, second, MESSAGES).name == name
    write_archive(tmp_path / "expected.zip", letter, [(picture, name)], example.today, MESSAGES)
    assert saved == (say("letter.archive"), (tmp_path / "expected.zip").read_bytes())
    with ZipFile(io.BytesIO(saved[1])) as file:
        assert file.read(say("letter.file")).decode() == letter
        content = file.read(name)
    assert SECRET.encode() not in content
    with Image.open(io.BytesIO(content)) as image:
        assert (image.size, dict(image.getexif())) == ((64, 48), {})

    # The request alone can be copied, and read where that is refused.
    session.click("button", say("prepare.copy"))
    assert check_page.copied() == letter
    assert session.see(".check-letter .check-done") == say("prepare.copied")
    session.evaluate("() => { kept.refuses = true }")
    session.click("button", say("prepare.copy"))
    session.wait_for(
        "(text) => walk.find('.check-letter .check-done', null)[0].innerText === text", say("prepare.not_copied")
    )
    session.click("button", say("prepare.preview"))
    session.wait_for("(text) => document.querySelector('.check-preview pre').textContent === text", letter)
    session.evaluate("() => { kept.refuses = false }")

    # A picture that is taken out again leaves the focus where the next can be added.
    session.click("button", f"{say('form.remove')}: {name}")
    session.focused(f"#pictures-{second}")
    session.sees_no(".check-picture")
    session.click(f'[href="#{RESULT}"]')
    check_page.arrives(RESULT, answers)

    # The refund is worked out from a list of two items, once all amounts make sense.
    session.click(f'[href="#{REFUND}"]')
    check_page.arrives(REFUND, answers)
    [listed] = of_kind(policy, "amounts")
    single = of_kind(policy, "amount")
    session.click("button", say("refund.submit"))
    check_page.is_told(answers | dict.fromkeys(single, "") | {listed: [""]}, *single, listed)
    whole = Decimal(str(example.answers[listed]))
    amounts = {name: str(example.answers[name]) for name in single}
    parts = [str(whole - 1), "1"]
    session.click("button", say("form.add"))
    session.focused(f"#answer-{listed}-2")
    for zero in ("0", None):
        given = {name: zero or amount for name, amount in amounts.items()} | {listed: parts}
        for name, typed in given.items():
            for number, text in enumerate([typed] if isinstance(typed, str) else typed, start=1):
                session.click(f"#answer-{name}-{number}")
                session.evaluate("() => document.activeElement.select()")
                session.type(text)
        session.click("button", say("refund.submit"))
        if zero:
            check_page.is_told(answers | given, *single, listed)
    answers |= given
    session.focused(".check-estimate")
    sections = {each["id"]: each for each in check_page.reply(answers)["explanation"]["sections"]}
    for item in sections["estimates"]["items"]:
        said = session.see(".check-estimate").split()
        assert [word for word in f"{item['text']} {item['note']}".split() if word not in said] == []
    session.sees_no(".check-errors")
    session.click(f'[href="#{RESULT}"]')
    check_page.arrives(RESULT, answers)

    # The link holds amounts only when it is asked to.
    session.click("button", say("keep.copy_link"))
    without = {name: answer for name, answer in answers.items() if not kind_of(policy.questions[name]).is_money}
    assert check_page.copied() == check_page.link(answers)
    session.click("button", say("keep.about_link"))
    session.click("#check-link-amounts")
    session.click("button", say("keep.copy_link"))
    assert check_page.copied() == check_page.link(answers, amounts=True)
    assert session.see(".check-share .check-done") == say("keep.copied")

    # The last day goes into a calendar.
    session.click("button", say("keep.calendar"))
    name, content = check_page.saved()
    [event] = Calendar.from_ical(content.decode()).walk("VEVENT")
    assert name == say("calendar_entry.file")
    assert event["DTSTART"].dt == last_day(check_page.checker.decide(as_raw(answers), example.today))
    assert not isinstance(event["DTSTART"].dt, datetime)
    assert isinstance(event["DTSTART"].dt, date)

    # Another problem of the same order: what belongs to the order stays.
    session.click("button", say("keep.another"))
    kept = {name: answer for name, answer in answers.items() if policy.questions[name].about == "order"}
    step = check_page.walk(kept).step
    assert step
    check_page.arrives(step, kept)
    assert check_page.fields(step) == []
    assert check_page.kept()["answers"] == check_page.reply(kept)["answers"]
    assert check_page.kept()["letter"] == {"order": "A-1"}
    check_page.type_answer(step, str(answers[step]))
    kept[step] = answers[step]
    check_page.arrives(check_page.walk(kept).step or RESULT, kept)

    # All is forgotten.
    check_page.open(check_page.link(without))
    check_page.arrives(RESULT, without)
    session.click("button", say("keep.clear"))
    check_page.arrives(check_page.way(answers)[0], {})
    assert check_page.kept() is None
    assert [check_page.fields(name) for name in policy.questions] == [[]] * len(policy.questions)
    letter = "() => ['#check-order', '#check-description'].map((field) => document.querySelector(field).value)"
    assert session.evaluate(letter) == ["", ""]
    assert session.evaluate("() => document.querySelector('.check-preview pre').textContent") == ""
