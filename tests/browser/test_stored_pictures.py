"""Pictures of a request stay in the browser: a reload brings them back, and what is lost is not claimed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from checker import Policy
from macros.pages.macros import PICTURE_DAYS
from tests.browser.test_request import open_request
from tests.support.browser_session import BrowserSession
from tests.support.check_page import PREPARE, RESULT, CheckPage, write_photo
from tests.support.words import say

pytestmark = pytest.mark.browser

ENTRIES = """async (clear) => {
  const opening = indexedDB.open(`check ${location.pathname}`, 1);
  await new Promise((resolve) => (opening.onsuccess = opening.onerror = resolve));
  const names = [...opening.result.objectStoreNames];
  if (!names.length) { opening.result.close(); indexedDB.deleteDatabase(`check ${location.pathname}`); return []; }
  const store = opening.result.transaction("pictures", "readwrite").objectStore("pictures");
  const all = store.getAllKeys();
  await new Promise((resolve) => (all.onsuccess = resolve));
  if (clear) await new Promise((resolve) => (store.delete(all.result[0]).onsuccess = resolve));
  opening.result.close();
  return all.result;
}"""


def add_two(session: BrowserSession, policy: Policy, folder: Path) -> tuple[CheckPage, dict[str, Any], str]:
    check_page, answers = open_request(session, policy)
    needed = check_page.response(answers)["verdict"]["proof"]["needed"]
    item = next(name for name in needed if policy.proof[name].written == "no")
    session.choose_files(f"#pictures-{item}", [write_photo(folder / f"IMG_{number}.jpg") for number in range(2)])
    expect_state(session, item, say("prepare.pictures", count=2))
    return check_page, answers, item


def expect_state(session: BrowserSession, item: str, words: str) -> None:
    selector = f"[data-item='{item}'] .state"
    session.wait_for(
        "(selector, words) => document.querySelector(selector).innerText.trim() === words", selector, words
    )


def test_pictures_come_back_after_a_reload(session: BrowserSession, policy: Policy, tmp_path: Path) -> None:
    check_page, answers, item = add_two(session, policy, tmp_path)
    names = session.visible_texts(".check-picture > span")
    stored = say("prepare.private_kept", days=PICTURE_DAYS)
    assert session.expect_visible(".check-zip[data-days]") == stored
    session.reload()  # nothing holds it up
    check_page.expect_view(PREPARE, answers)
    expect_state(session, item, say("prepare.pictures", count=2))
    assert session.visible_texts(".check-picture > span") == names
    session.click("[data-do=pack]")
    assert check_page.last_download()[0] == say("letter.archive")
    check_page.open_view(RESULT, answers)
    session.reload()
    check_page.expect_view(RESULT, answers)
    assert say("result.provided") in session.expect_visible("[data-tasks=now] .points")
    session.click("button", say("keep.clear"))
    session.wait_for(f"async () => (await ({ENTRIES})()).length === 0")


def test_lost_picture_is_not_claimed(chromium_session: BrowserSession, policy: Policy, tmp_path: Path) -> None:
    session = chromium_session
    check_page, answers, item = add_two(session, policy, tmp_path)
    session.evaluate(ENTRIES, True)
    session.reload()
    check_page.expect_view(PREPARE, answers)
    expect_state(session, item, say("prepare.pictures", count=1))
    assert session.visible_texts('[data-part="notices"] li') == [say("notice.lost")]
    assert len(session.visible_texts(".check-picture > span")) == 1


def come_back(check_page: CheckPage, _: Any) -> None:
    check_page.session.reload()


def open_start(check_page: CheckPage, _: Any) -> None:
    check_page.session.open("policy/")
    check_page.open()


def check_another_case(check_page: CheckPage, answers: Any) -> None:
    check_page.session.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    open_start(check_page, answers)
    check_page.click_first_answer(answers)


@pytest.mark.parametrize("visit", [come_back, open_start, check_another_case])
def test_pictures_are_deleted_when_their_time_is_over(
    visit: Callable[[CheckPage, Any], None], chromium_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session = chromium_session
    check_page, answers, _ = add_two(session, policy, tmp_path)
    assert len(session.evaluate(ENTRIES)) == 2
    check_page.set_today(check_page.today + timedelta(PICTURE_DAYS + 1))
    visit(check_page, answers)
    session.wait_for("() => walk.find('h1', null).length")
    session.wait_for(f"async () => (await ({ENTRIES})()).length === 0")
