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
from checker.request.archive import encoded
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
from tests.support.words import say
from tests.unit.test_archive import archive

pytestmark = pytest.mark.browser

# Records each text that is put into an element from now on.
RECORD_TEXTS = """(selector) => {
  globalThis.texts = [];
  const record = (changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => texts.push(node.data)));
  new MutationObserver(record).observe(document.querySelector(selector), { subtree: true, childList: true });
}"""
STATUS = f'[data-view="{PREPARE}"] .check-done'


def open_request(session: BrowserSession, policy: Policy) -> tuple[CheckPage, dict[str, Any]]:
    """The page with the request of the example that has amounts, without what is asked beside the questions."""
    example = example_with_amounts(policy)
    check_page = CheckPage(session, policy, example.today)
    answers = {name: example.answers[name] for name in check_page.question_path(example.answers)}
    check_page.open_result(answers)
    check_page.open_view(PREPARE, answers)
    return check_page, answers


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
    assert session.server.address + session.address == check_page.link(answers)

    # An item is ready if it is ticked, has a picture without metadata, or is written.
    session.click(f'[href="#{PREPARE}"]')
    check_page.expect_view(PREPARE, answers)
    [proof] = questions_of_kind(policy, "proof")
    needed = check_page.response(answers)["verdict"]["proof"]["needed"]
    first, second, *_ = needed
    states = dict.fromkeys(needed, "missing")
    check_page.expect_proof_states(states)
    session.click(f"#answer-{proof}-{first}")
    answers[proof] = [first]
    picture = write_photo(tmp_path / "IMG_0001.jpg")
    session.choose_files(f"#pictures-{second}", [picture])
    name = session.expect_visible(".check-picture > span")
    wish, *_ = check_page.response(answers)["verdict"]["grants"]["remedies"]
    session.click(f"#check-wish-{wish}")
    fields = {"order": "A-1", "item": "Lamp", "quantity": "2 of 5", "name": "Ada", "description": "It is broken."}
    for field, text in fields.items():
        session.click(f"#check-{field}")
        session.type(text)
    written = [item for item in needed if policy.proof[item].written == "yes"]
    states |= {first: "separately", second: "pictures"} | dict.fromkeys(written, "written")
    check_page.expect_proof_states(states)

    # The request is shown as it will be sent.
    request: dict[str, Any] = {"letter": {**fields, "wish": wish}}
    request |= {"pictures": [{"item": second, "name": name}], "address": f"{session.server.address}policy/"}
    response = check_page.api_response("letter", answers, **request)
    letter = response["text"]
    shown = "() => [...document.querySelectorAll('.paper p')].map((part) => part.textContent).join('\\n\\n') + '\\n'"
    session.wait_for(f"(letter) => ({shown})() === letter", letter)
    assert session.visible_texts(".check-ready") == [response["ready"]]
    assert session.visible_texts(".check-missing li") == response["missing"]

    # The file holds the request and the picture alone.
    session.click("button", f"{say('prepare.pack')} {say('prepare.pack_zip')}")
    download = check_page.last_download()
    assert session.expect_visible(STATUS) == say("prepare.packed")
    assert download == (say("letter.archive"), archive(letter, [picture], example.today, item=second))
    with ZipFile(io.BytesIO(download[1])) as file:
        assert file.read(say("letter.file")) == encoded(letter)
        content = file.read(name)
    assert SECRET.encode() not in content
    with Image.open(io.BytesIO(content)) as image:
        assert (image.size, dict(image.getexif())) == ((64, 48), {})

    # The request alone can be copied.
    session.click("button", say("prepare.copy"))
    assert check_page.clipboard_text() == letter
    assert session.expect_visible(STATUS) == say("prepare.copied")
    session.evaluate("() => { outputs.refusesCopies = true }")
    session.click("button", say("prepare.copy"))
    session.wait_for(
        "(selector, text) => walk.find(selector, null)[0].innerText === text", STATUS, say("prepare.not_copied")
    )
    session.evaluate("() => { outputs.refusesCopies = false }")

    # The device's own share sheet takes the text and the pictures.
    session.click("[data-do=share-letter]")
    share = session.wait_for("() => outputs.shares.pop()")
    assert (share["title"], share["text"]) == (response["parts"][0]["heading"], letter)
    assert share["files"] == [{"name": name, "type": "image/jpeg", "size": len(content)}]
    assert session.expect_visible(STATUS) == say("prepare.shared")

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
    check_page.expect_receipt(answers)
    session.expect_absent(".check-errors")
    session.click(f'[href="#{RESULT}"]')
    check_page.expect_view(RESULT, answers)

    # The link holds amounts only on demand.
    session.click("button", say("keep.link"))
    without = without_amounts(policy, answers)
    assert check_page.clipboard_text() == check_page.link(answers)
    session.click("#check-link-amounts")
    session.click("button", say("keep.link"))
    assert check_page.clipboard_text() == check_page.link(answers, amounts=True)
    assert session.expect_visible(".check-share .check-done") == say("keep.copied")

    # The deadline is a calendar entry.
    session.click("button", say("keep.calendar"))
    name, content = check_page.last_download()
    [event] = Calendar.from_ical(content.decode()).walk("VEVENT")
    assert name == say("calendar_entry.file")
    assert event["UID"] == f"{check_page.stored_state()['case']}-last_day"
    day = event.decoded("DTSTART")
    assert (type(day), day) == (date, calendar_days(check_page.checker.decide(as_raw(answers), example.today))[0][0])

    # The next file of the case replaces it.
    session.click("button", say("keep.calendar"))
    [later] = Calendar.from_ical(check_page.last_download()[1].decode()).walk("VEVENT")
    assert (later["UID"], event["SEQUENCE"], later["SEQUENCE"]) == (event["UID"], 0, 1)

    # Another problem of the same order: answers about the order stay.
    session.click("button", say("keep.another"))
    about_order = {name: answer for name, answer in answers.items() if policy.questions[name].about == "order"}
    step = check_page.path(about_order).step
    assert step
    check_page.expect_view(step, about_order)
    assert check_page.field_values(step) == []
    assert check_page.stored_state()["answers"] == check_page.response(about_order)["answers"]
    assert check_page.stored_state()["letter"] == {"name": "Ada", "order": "A-1"}
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
    assert session.evaluate("() => document.querySelector('.paper').textContent") == ""


def test_picture_that_is_not_kept_is_gone_after_a_reload_and_its_item_not_ready(
    session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session.add_init_script("Object.defineProperty(globalThis, 'indexedDB', { value: undefined });")
    check_page, answers = open_request(session, policy)
    needed = check_page.response(answers)["verdict"]["proof"]["needed"]
    item = next(name for name in needed if policy.proof[name].written == "no")
    states = dict.fromkeys(needed, "missing")
    check_page.expect_proof_states(states)  # before the texts are recorded
    session.evaluate(RECORD_TEXTS, f'[data-item="{item}"] .state')
    session.choose_files(f"#pictures-{item}", [write_photo(tmp_path / "IMG_0001.jpg")])
    check_page.expect_proof_states(states | {item: "pictures"})
    assert session.evaluate("() => texts") == [say("prepare.adding"), say("prepare.pictures", count=1)]
    assert session.expect_visible(".check-zip[data-days]") == say("prepare.private")
    check_page.open_view(RESULT, answers)
    assert say("result.provided") in session.expect_visible("[data-tasks=now] .points")
    session.evaluate("() => addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
    session.back()
    check_page.expect_view(PREPARE, answers)
    session.click("[data-do=pack]")  # what is saved does not hold up a reload
    session.expect_visible(STATUS)
    session.reload()
    check_page.expect_view(PREPARE, answers)
    check_page.expect_proof_states(states)
    title = policy.proof[item].title
    paper = session.expect_visible(".paper")
    assert title in paper.partition(say("letter.to_follow"))[2]
    assert say("letter.attached") not in paper
    check_page.open_view(RESULT, answers)
    assert say("result.provided") not in session.expect_visible("[data-tasks=now] .points")


def test_empty_request_is_neither_saved_nor_copied_nor_shared(session: BrowserSession, policy: Policy) -> None:
    check_page, _ = open_request(session, policy)
    missing = [say("prepare.no_description"), say("prepare.no_wish")]
    session.wait_for("() => document.querySelector('.paper').textContent")
    assert session.visible_texts(".check-missing li")[:2] == missing
    for action in ("pack", "copy-letter", "share-letter"):
        session.evaluate("(selector) => { document.querySelector(selector).textContent = '' }", STATUS)
        session.click(f"[data-do={action}]")
        session.expect_focus("#check-description")
        assert session.expect_visible(STATUS) == say("prepare.empty")
    remaining = "() => [outputs.downloads, outputs.copies, outputs.shares].map(({ length }) => length)"
    assert session.evaluate(remaining) == [0, 0, 0]

    # The description is enough, and without a picture the file is a text. The button says that it is at work.
    session.type("It is broken.")
    session.evaluate(RECORD_TEXTS, "[data-do=pack]")
    session.click("[data-do=pack]")
    name, content = check_page.last_download()
    assert name == say("letter.file")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") > 3
    assert "It is broken.\r\n" in content.decode("utf-8-sig")
    assert session.evaluate("() => [...outputs.blobs.values()].at(-1).type") == "text/plain;charset=utf-8"
    assert session.evaluate("() => texts") == [say("prepare.packing"), say("prepare.pack")]


def test_words_about_an_empty_request_are_gone_once_it_holds_something(
    session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    check_page, answers = open_request(session, policy)
    needed = check_page.response(answers)["verdict"]["proof"]["needed"]
    item = next(name for name in needed if policy.proof[name].written == "no")
    session.wait_for("() => document.querySelector('.paper').textContent")
    session.click("[data-do=pack]")
    assert session.expect_visible(STATUS) == say("prepare.empty")
    session.choose_files(f"#pictures-{item}", [write_photo(tmp_path / "IMG_0001.jpg")])
    check_page.expect_proof_states(dict.fromkeys(needed, "missing") | {item: "pictures"})
    session.expect_absent(STATUS)


def test_share_sheet_that_takes_no_files_is_not_offered_with_pictures(
    session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    check_page, answers = open_request(session, policy)
    session.evaluate("() => { outputs.refusesFiles = true }")
    session.expect_visible("[data-do=share-letter]")
    for refusal, words in (("AbortError", ""), ("NotAllowedError", say("prepare.not_shared"))):
        session.evaluate("(name) => { outputs.refusesShares = name }", refusal)
        session.click("#check-description")
        session.type("x")
        session.click("[data-do=share-letter]")
        session.wait_for("(selector, words) => document.querySelector(selector).textContent === words", STATUS, words)
    item = next(
        name
        for name in check_page.response(answers)["verdict"]["proof"]["needed"]
        if policy.proof[name].written == "no"
    )
    session.choose_files(f"#pictures-{item}", [write_photo(tmp_path / "IMG_0001.jpg")])
    session.expect_visible(".check-picture")
    session.expect_absent("[data-do=share-letter]")


def test_address_of_the_request_without_a_case_leads_to_the_first_question(
    session: BrowserSession, policy: Policy
) -> None:
    check_page = CheckPage(session, policy, policy.valid_from)
    session.open(f"check/#{PREPARE}")
    check_page.expect_view(check_page.path({}).step or RESULT, {})
    assert session.visible_texts('[data-part="notices"] li') == [say("notice.no_answers")]
