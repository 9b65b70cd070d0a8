"""Customers' pages by keys alone, on a phone and on a desktop: the order, and that the focus is always seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.support.browser_session import BrowserSession
from tests.support.lighthouse import public_pages
from tests.support.paths import SUPPORT

pytestmark = pytest.mark.browser

FOCUS = (SUPPORT / "focus.js").read_text(encoding="utf-8").rstrip().removesuffix(";")
PHONE, DESKTOP = (360, 740), (1280, 800)
SOON = 8
"""Presses of Tab until the first thing to do on a page."""
FAINT = 3
"""The least contrast of the outline of focus with what is behind it (WCAG 2.2, 1.4.11)."""
STOPS = 300
"""More stops than any page has."""

Stop = dict[str, Any]


def stops(session: BrowserSession) -> Iterator[Stop]:
    """The focused elements after each press of Tab, until the page has no further stop."""
    for _ in range(STOPS):
        session.press("Tab")
        stop = session.evaluate(FOCUS)
        if stop is None:
            return
        yield stop
    raise AssertionError(f"still on the page after {STOPS} presses")


def leads_back(one: Stop, two: Stop) -> bool:
    """Whether the second of two stops stands above the first, and in no later column."""
    return bool(two["bottom"] <= one["top"] and two["left"] < one["right"])


@pytest.mark.parametrize("forced", ["none", "active"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_focus_is_seen_and_goes_on_at_each_stop(
    chromium_session: BrowserSession,
    site: Path,
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
    forced: Literal["none", "active"],
) -> None:
    session = chromium_session
    session.chromium.page.emulate_media(color_scheme=scheme, forced_colors=forced)
    session.resize(*size)
    problems: dict[str, list[str]] = {}
    for page in public_pages(site):
        session.open(page)
        before = None
        notes_aside = page == "policy/" and size == DESKTOP  # beside their clauses, some further down
        for stop in stops(session):
            faults = {
                "off the screen": not stop["inside"],
                "covered": stop["covered"],
                f"its outline has a contrast of {stop['contrast']:.1f}": stop["contrast"] < FAINT,
                f"goes back from {before and before['describe']}": before
                and leads_back(before, stop)
                and not notes_aside,
            }
            if lines := [fault for fault, here in faults.items() if here]:
                problems.setdefault(page or "/", []).append(f"{stop['describe']}: {', '.join(lines)}")
            before = stop
    assert problems == {}


def test_keys_meet_the_skip_link_the_brand_the_menu_and_soon_what_to_do(
    chromium_session: BrowserSession, site: Path
) -> None:
    session = chromium_session
    session.resize(*PHONE)
    late: dict[str, int] = {}
    for page in public_pages(site):
        session.open(page)
        order = [*stops(session)]
        assert [order[0]["skips"], order[1]["brand"]] == [True, True], page
        parts = [stop["part"] for stop in order]
        assert re.fullmatch("(header )+(main )*(footer )+", " ".join([*parts, ""])), page
        if "main" in parts and (count := parts.index("main") + 1) > SOON:
            late[page] = count
        session.open(page)
        session.press("Tab", "Enter", "Tab")
        assert session.evaluate(FOCUS) == order[parts.index("main" if "main" in parts else "footer")], page
    assert late == {}


def test_names_of_headings_hold_no_mark_of_a_link(chromium_session: BrowserSession, site: Path) -> None:
    session = chromium_session
    headings: dict[str, list[str]] = {}
    for page in public_pages(site):
        session.open(page)
        tree = session.chromium.page.locator("body").aria_snapshot()
        headings[page] = re.findall(r'^ *- heading "(.*)" \[level', tree, re.MULTILINE)
    assert all(headings.values()), headings
    assert [name for names in headings.values() for name in names if re.search("[#¶]", name)] == []


def test_focus_that_is_not_seen_is_found(chromium_session: BrowserSession) -> None:
    session = chromium_session
    session.resize(*PHONE)
    session.open()
    session.evaluate("""() => {
        const style = new CSSStyleSheet();
        style.replaceSync(`
            :focus-visible { outline: none !important }
            .brand { outline: 3px solid #bbb !important }
            .faulty { position: fixed; inset: 0; z-index: 9 }
            a.button { position: relative; inset-inline-start: -900px }`);
        document.adoptedStyleSheets = [style];
        document.querySelector("main").prepend(Object.assign(document.createElement("p"), { className: "faulty" }));
    }""")
    first, second, *others = stops(session)
    assert [first["contrast"], second["contrast"] < FAINT, second["contrast"] > 1] == [0, True, True]
    assert all(stop["covered"] for stop in others)
    assert leads_back(others[1], first)
    assert not leads_back(first, others[1])
