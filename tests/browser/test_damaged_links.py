"""Links that were damaged on their way: the page shows what the checker reads from them, and says what is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from checker import Checker, Policy
from checker.policy import Example
from checker.web import permalink
from checker.web.response import Case
from macros.site.build import NOT_FOUND_PAGE
from tests.support.browser_session import BrowserSession
from tests.support.check_page import RESULT, CheckPage
from tests.support.damaged_links import WHOLE
from tests.support.servers import Reply
from tests.support.words import say

pytestmark = pytest.mark.browser

NOTICES = '[data-part="notices"] li'

CUT: list[Callable[[str], str]] = [
    lambda link: link[:-3],
    lambda link: link[: link.index("&")],
    lambda link: link[: link.index("&") - 1],
    lambda link: link[: link.index("&") + 3],
    lambda link: link.split("=")[0][:-1],
]
"""Losses at the end of a link."""


@pytest.fixture
def case(policy: Policy) -> Example:
    """A case with a result."""
    return next(iter(policy.examples.values()))


@pytest.fixture
def check_page(chromium_session: BrowserSession, policy: Policy, case: Example) -> CheckPage:
    return CheckPage(chromium_session, policy, case.today)


@pytest.fixture
def link(check_page: CheckPage, case: Example) -> str:
    """The text behind the # of a link to a result."""
    return check_page.link(case.answers).partition("#")[2]


@pytest.fixture
def not_found(check_page: CheckPage, site: Path) -> CheckPage:
    """The check page on a host that sends our own page for unknown addresses."""
    page = (site / NOT_FOUND_PAGE).read_bytes()
    check_page.session.server.overrides["*"] = lambda reply: (
        Reply(status=404, type="text/html", body=page) if reply.status == 404 else reply
    )
    return check_page


def expect_case(check_page: CheckPage, arrived: str) -> None:
    """Wait for the view and the notices of the answers that the checker reads from a link."""
    case = Case(Checker(check_page.policy), {"link": arrived, "today": str(check_page.today)})
    view = case.walk.step or RESULT
    check_page.expect_view(view, case.stored)
    assert check_page.session.visible_texts(NOTICES) == case.notices


def test_changed_link_leads_to_the_result(check_page: CheckPage, case: Example, link: str) -> None:
    for change in WHOLE[::4]:  # Python reads them all, from what the browser leaves of them
        check_page.session.open("policy/")
        check_page.open(f"check/#{change(link)}")
        check_page.expect_view(RESULT, case.answers)
        assert check_page.session.visible_texts(NOTICES) == []


def test_cut_link_shows_what_is_left_of_it(check_page: CheckPage, link: str) -> None:
    for cut in CUT:
        arrived = cut(link)
        assert arrived != link
        check_page.session.open("policy/")
        check_page.open(f"check/#{arrived}")
        expect_case(check_page, arrived)


def test_link_of_another_policy_says_so(check_page: CheckPage, link: str) -> None:
    arrived = f"{link.rpartition('&')[0]}&{permalink.VERSION}=0.9-00000000"
    check_page.open(f"check/#{arrived}.")
    expect_case(check_page, arrived)
    assert say("notice.changed") in check_page.session.visible_texts(NOTICES)


def test_cut_link_says_that_its_end_is_missing(check_page: CheckPage, link: str) -> None:
    check_page.open(f"check/#{link[:-3]}")
    assert check_page.session.expect_visible(NOTICES) == say("notice.cut")


def test_link_with_a_question_mark_is_read_and_not_sent_again(check_page: CheckPage, case: Example, link: str) -> None:
    check_page.open(f"check/?{link}")
    check_page.expect_view(RESULT, case.answers)
    assert check_page.session.evaluate("() => location.search") == ""


def test_campaign_in_the_query_is_no_link(check_page: CheckPage, policy: Policy) -> None:
    check_page.open("check/?utm_source=mail")
    assert check_page.session.evaluate("() => location.hash + location.search") == "?utm_source=mail"
    assert check_page.session.visible_texts(NOTICES) == []


@pytest.mark.parametrize(
    "address",
    [
        "check/%23{link}",
        "check%23{link}",
        "check/%2523{quoted}",
        "check//%23{link}",
        "check/.)#{link}",
        "check).#{link}",
        "/check/#{link}",
        "check/%23{link}?utm_source=mail",
    ],
)
def test_damaged_address_leads_to_the_check(not_found: CheckPage, case: Example, link: str, address: str) -> None:
    address = f"{not_found.base}{address.format(link=link, quoted=quote(link))}"
    not_found.session.open(address)
    not_found.expect_view(RESULT, case.answers)
    assert not_found.session.evaluate("() => location.pathname").endswith("/check/")


@pytest.mark.parametrize(
    "address", ["nothing", "check/nothing#at=all", "no//such/place", "%23", "caf%C3%A9", "//x.example/%23"]
)
def test_unknown_address_stays_on_this_site_and_ends(not_found: CheckPage, address: str) -> None:
    session = not_found.session
    session.open(f"{not_found.base}{address}")
    session.wait_for("() => Boolean(document.querySelector('h1'))")
    assert session.evaluate("() => location.origin + '/'") == session.server.address
