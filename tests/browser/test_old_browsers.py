"""The check in the oldest supported Chromium, and what one shows that is too old for it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from checker import Policy
from tests.support.browser_session import BrowserSession
from tests.support.check_page import (
    PREPARE,
    SECRET,
    CheckPage,
    example_with_amounts,
    without_amounts,
    write_photo,
)
from tests.support.supported_browsers import SUPPORTED
from tests.support.words import say

pytestmark = [pytest.mark.browser, pytest.mark.deep]


def version(session: BrowserSession) -> int:
    return int(session.browser.version.partition(".")[0])


def test_oldest_supported_browser_leads_to_the_result_and_saves_a_request(
    open_session: Callable[..., BrowserSession], policy: Policy, tmp_path: Path
) -> None:
    session = open_session("chromium-oldest")
    assert version(session) == int(SUPPORTED["chrome"])
    example = example_with_amounts(policy)
    answers = without_amounts(policy, example.answers)
    check_page = CheckPage(session, policy, example.today)
    check_page.open()
    answers = {name: answers[name] for name in check_page.question_path(answers)}
    check_page.click_through(answers)
    check_page.open_view(PREPARE, answers)
    item, *_ = check_page.response(answers)["verdict"]["proof"]["needed"]
    picture = write_photo(tmp_path / "IMG_0001.jpg")
    session.choose_files(f"#pictures-{item}", [picture])
    name = session.expect_visible(".check-picture > span")
    session.click("#check-description")
    session.type("It is broken.")
    session.click("button", f"{say('prepare.pack')} {say('prepare.pack_zip')}")
    saved, content = check_page.last_download()
    assert saved == say("letter.archive")
    with ZipFile(io.BytesIO(content)) as file:
        assert {*file.namelist()} >= {say("letter.file"), name}
        assert SECRET.encode() not in file.read(name)
    session.expect_absent("[data-notice]")


def test_browser_that_is_too_old_gets_a_sentence_and_the_table(
    open_session: Callable[..., BrowserSession],
) -> None:
    session = open_session("chromium-too-old")
    assert version(session) < int(SUPPORTED["chrome"])
    session.open("check/")
    box = '[data-notice="old"]'
    assert session.expect_visible(f"{box} a[href$='cases/']") == say("page.cases")
    assert session.visible_texts(f"{box} p")[0].startswith(say("page.old"))
    assert session.problems == ["Error: this browser is too old"]
    session.problems.clear()
    session.click(f"{box} a[href$='cases/']")
    assert session.expect_visible("h1") == say("title.cases")
    assert session.problems == []
