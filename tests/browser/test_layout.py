"""The layout of customers' pages: narrow, enlarged, with wider text; their first screen, and their length."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REQUIRE
from tests.support.browser_session import BrowserSession
from tests.support.lighthouse import public_pages
from tests.support.paths import SUPPORT

pytestmark = pytest.mark.browser

LAYOUT = (SUPPORT / "layout.js").read_text(encoding="utf-8").rstrip().removesuffix(";")
STYLE = """(css) => {
    const style = new CSSStyleSheet();
    style.replaceSync(css);
    document.adoptedStyleSheets = [style];
}"""
"""Adds a style sheet, which a page's security policy would not let a test write into it."""
SPACING = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }
"""
"""The text spacing that pages must bear (WCAG 2.2, 1.4.12)."""
LOOKS = {"narrow": ((320, 568), ""), "enlarged": ((640, 360), ""), "spaced": ((360, 740), SPACING)}
"""A window 320 px wide, one of 1280 px at 200 %, and a phone with that spacing: the viewport and the styles."""
LONGEST = 5_000
"""Pixels that the policy may take on a phone, in a common font."""
FONT = "Liberation Sans"


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_on_a_page_scrolls_sideways_is_cut_or_out_of_order(
    chromium_session: BrowserSession, site: Path, look: str
) -> None:
    session = chromium_session
    size, css = LOOKS[look]
    session.resize(*size)
    problems = {}
    for page in public_pages(site):
        session.open(page)
        session.evaluate(STYLE, css)
        problems[page] = session.evaluate(LAYOUT)
    assert {page: lines for page, lines in problems.items() if lines} == {}
    assert "policy/" in problems


def test_layout_faults_planted_in_a_page_are_found(chromium_session: BrowserSession) -> None:
    session = chromium_session
    session.resize(320, 568)
    session.open()
    session.evaluate(STYLE, "main { height: 5px; overflow: clip } h1 { width: 900px } footer { position: sticky }")
    found = " ".join(session.evaluate(LAYOUT))
    for fault in (
        "is cut below: main",
        "is cut at its side: main",
        "leaves the window: h1",
        "stays over others: footer",
    ):
        assert fault in found
    session.evaluate(STYLE, "main { display: flex; flex-direction: column-reverse }")
    assert "stands above what is read before it: " in " ".join(session.evaluate(LAYOUT))
    session.evaluate(STYLE, "h1 { width: 900px }")
    assert "the page is " in session.evaluate(LAYOUT)[0]


def test_first_choice_of_the_home_page_stands_on_the_first_screen(chromium_session: BrowserSession) -> None:
    session = chromium_session
    for size in ((360, 740), (1280, 800)):
        session.resize(*size)
        session.open()
        place = session.evaluate("""() => {
            const [heading, choice] = ["h1", "a[href^='check/']"].map((each) => document.querySelector(`main ${each}`));
            const [above, below] = [heading, choice].map((node) => node.getBoundingClientRect());
            return { below: below.bottom, after: below.top - above.bottom, beside: below.left - above.right };
        }""")
        assert place["below"] <= size[1]
        assert max(place["after"], place["beside"]) >= 0


def test_policy_on_a_phone_is_not_too_long(chromium_session: BrowserSession) -> None:
    session = chromium_session
    if not (shutil.which("fc-list") and subprocess.check_output(["fc-list", FONT])):
        missing = f"No {FONT} here. To get it: apt-get install fonts-liberation."
        (pytest.fail if os.environ.get(REQUIRE) else pytest.skip)(missing)
    session.resize(360, 740)
    session.open("policy/")
    session.evaluate(STYLE, f'* {{ font-family: "{FONT}" !important }}')
    assert 1_000 < session.evaluate("() => document.documentElement.scrollHeight") < LONGEST
