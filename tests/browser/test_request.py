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
from checker.messages import say
from checker.request.archive import clean, pack
from checker.request.calendar_entry import last_day
from tests.support.browser_session import Walker
from tests.support.check_page import (
    PREPARE,
    REFUND,
    RESULT,
    SECRET,
    Customer,
    as_raw,
    of_kind,
    photograph,
    with_amounts,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def walker(long_walker: Walker) -> Walker:
    return long_walker


def test_a_customer_prepares_the_request_and_keeps_the_answer(walker: Walker, policy: Policy, tmp_path: Path) -> None:
    example = with_amounts(policy)
    answers = {name: answer for name, answer in example.answers.items() if not policy.questions[name].is_amount}
    customer = Customer(walker, policy, example.today)

    # Somebody passed a link on: it leads to the answer.
    customer.open(customer.link(answers))
    customer.arrives(RESULT, answers)
    customer.sees_given(answers)
    assert walker.address == f"check/#{RESULT}"

    # What is ready is ticked. A picture loses what the camera wrote into it.
    walker.click(f'[href="#{PREPARE}"]')
    customer.arrives(PREPARE, answers)
    [proof] = of_kind(policy, "proof")
    first, second, *_ = customer.reply(answers)["verdict"]["proof"]["needed"]
    walker.click(f"#answer-{proof}-{first}")
    picture = photograph(tmp_path / "IMG_0001.jpg")
    walker.choose_files(f"#pictures-{second}", [picture])
    name = walker.see(".check-picture > span")
    answers[proof] = sorted([first, second])
    walker.wait_for("(id) => document.getElementById(id).checked", f"answer-{proof}-{second}")
    wish, *_ = customer.reply(answers)["verdict"]["grants"]["remedies"]
    walker.click(f"#check-wish-{wish}")
    walker.click("#check-order")
    walker.type("A-1")
    walker.click("#check-description")
    walker.type("It is broken.")

    # What is written is ready with it.
    items = {item: each for clause in policy.clauses.values() for item, each in clause.proof.items()}
    written = [item for item in customer.reply(answers)["verdict"]["proof"]["needed"] if items[item].written == "yes"]
    for item in written:
        walker.wait_for("(id) => document.getElementById(id).checked", f"answer-{proof}-{item}")
    answers[proof] = sorted({first, second, *written})

    # The case file holds the request and the picture, and nothing else.
    walker.click("button", say("prepare.pack"))
    saved = customer.saved()
    assert walker.see(".check-letter .check-done") == say("prepare.packed")
    asked = {"letter": {"order": "A-1", "description": "It is broken.", "wish": wish}}
    asked |= {"pictures": [{"item": second, "name": name}], "address": f"{walker.stage.address}policy/"}
    letter = customer.says("letter", answers, asked)["text"]
    assert clean(picture, second).name == name
    pack(tmp_path / "expected.zip", letter, [(picture, name)], example.today)
    assert saved == (say("letter.case_file"), (tmp_path / "expected.zip").read_bytes())
    with ZipFile(io.BytesIO(saved[1])) as file:
        assert file.read(say("letter.file")).decode() == letter
        content = file.read(name)
    assert SECRET.encode() not in content
    with Image.open(io.BytesIO(content)) as image:
        assert (image.size, dict(image.getexif())) == ((64, 48), {})

    # The request alone can be copied, and read where that is refused.
    walker.click("button", say("prepare.copy"))
    assert customer.copied() == letter
    assert walker.see(".check-letter .check-done") == say("prepare.copied")
    walker.evaluate("() => { kept.refuses = true }")
    walker.click("button", say("prepare.copy"))
    walker.wait_for(
        "(text) => walk.find('.check-letter .check-done', null)[0].innerText === text", say("prepare.not_copied")
    )
    walker.click("button", say("prepare.preview"))
    walker.wait_for("(text) => document.querySelector('.check-preview pre').textContent === text", letter)
    walker.evaluate("() => { kept.refuses = false }")

    # A picture that is taken out again leaves the focus where the next can be added.
    walker.click("button", f"{say('form.remove')}: {name}")
    walker.focused(f"#pictures-{second}")
    walker.sees_no(".check-picture")
    walker.click(f'[href="#{RESULT}"]')
    customer.arrives(RESULT, answers)

    # The refund is worked out from a list of two items, once all amounts make sense.
    walker.click(f'[href="#{REFUND}"]')
    customer.arrives(REFUND, answers)
    [listed] = of_kind(policy, "amounts")
    single = of_kind(policy, "amount")
    walker.click("button", say("refund.submit"))
    customer.is_told(answers | dict.fromkeys(single, "") | {listed: [""]}, *single, listed)
    whole = Decimal(str(example.answers[listed]))
    amounts = {name: str(example.answers[name]) for name in single}
    parts = [str(whole - 1), "1"]
    walker.click("button", say("form.add"))
    walker.focused(f"#answer-{listed}-2")
    for zero in ("0", None):
        given = {name: zero or amount for name, amount in amounts.items()} | {listed: parts}
        for name, typed in given.items():
            for number, text in enumerate([typed] if isinstance(typed, str) else typed, start=1):
                walker.click(f"#answer-{name}-{number}")
                walker.evaluate("() => document.activeElement.select()")
                walker.type(text)
        walker.click("button", say("refund.submit"))
        if zero:
            customer.is_told(answers | given, *single, listed)
    answers |= given
    walker.focused(".check-estimate")
    sections = {each["id"]: each for each in customer.reply(answers)["explanation"]["sections"]}
    for item in sections["estimates"]["items"]:
        said = walker.see(".check-estimate").split()
        assert [word for word in f"{item['text']} {item['note']}".split() if word not in said] == []
    walker.sees_no(".check-errors")
    walker.click(f'[href="#{RESULT}"]')
    customer.arrives(RESULT, answers)

    # The link holds amounts only when it is asked to.
    walker.click("button", say("keep.copy_link"))
    without = {name: answer for name, answer in answers.items() if not policy.questions[name].is_amount}
    assert customer.copied() == customer.link(answers)
    walker.click("button", say("keep.about_link"))
    walker.click("#check-link-amounts")
    walker.click("button", say("keep.copy_link"))
    assert customer.copied() == customer.link(answers, amounts=True)
    assert walker.see(".check-keep .check-done") == say("keep.copied")

    # The last day goes into a calendar.
    walker.click("button", say("keep.calendar"))
    name, content = customer.saved()
    [event] = Calendar.from_ical(content.decode()).walk("VEVENT")
    assert name == say("appointment.file")
    assert event["DTSTART"].dt == last_day(customer.checker.decide(as_raw(answers), example.today))
    assert not isinstance(event["DTSTART"].dt, datetime)
    assert isinstance(event["DTSTART"].dt, date)

    # Another problem of the same order: what belongs to the order stays.
    walker.click("button", say("keep.another"))
    kept = {name: answer for name, answer in answers.items() if policy.questions[name].about == "order"}
    step = customer.walk(kept).step
    assert step
    customer.arrives(step, kept)
    assert customer.fields(step) == []
    assert customer.kept()["answers"] == customer.reply(kept)["answers"]
    assert customer.kept()["letter"] == {"order": "A-1"}
    customer.type_answer(step, str(answers[step]))
    kept[step] = answers[step]
    customer.arrives(customer.walk(kept).step or RESULT, kept)

    # All is forgotten.
    customer.open(customer.link(without))
    customer.arrives(RESULT, without)
    walker.click("button", say("keep.clear"))
    customer.arrives(customer.way(answers)[0], {})
    assert customer.kept() is None
    assert [customer.fields(name) for name in policy.questions] == [[]] * len(policy.questions)
    letter = "() => ['#check-order', '#check-description'].map((field) => document.querySelector(field).value)"
    assert walker.evaluate(letter) == ["", ""]
    assert walker.evaluate("() => document.querySelector('.check-preview pre').textContent") == ""
