"""Customers' pages on paper: how many pages, what may be torn, and black on white."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.accessibility import emulate_color_scheme
from tests.support.browser_session import BrowserSession
from tests.support.lighthouse import public_pages
from tests.support.paths import SUPPORT

pytestmark = pytest.mark.browser

PAPER = (SUPPORT / "paper.js").read_text(encoding="utf-8").rstrip().removesuffix(";")
SHEETS = {"cases/": 2, "policy/": 6}
"""The most pages of A4 that a page of the site may take."""


def sheets(session: BrowserSession) -> int:
    """The pages of A4 that the page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", session.chromium.page.pdf(format="A4", prefer_css_page_size=True)))


def on_paper(session: BrowserSession) -> list[str]:
    """The problems of the page as a browser with a dark scheme prints it."""
    emulate_color_scheme(session, "dark")
    session.chromium.page.emulate_media(media="print")
    return list(session.evaluate(PAPER))


@pytest.mark.parametrize("page", SHEETS)
def test_page_fits_on_few_sheets(chromium_session: BrowserSession, page: str) -> None:
    chromium_session.open(page)
    assert 1 <= sheets(chromium_session) <= SHEETS[page]


def test_every_page_is_printed_whole_and_black_on_white(chromium_session: BrowserSession, site: Path) -> None:
    problems = {}
    for page in public_pages(site):
        chromium_session.open(page)
        problems[page] = on_paper(chromium_session)
    assert {page: lines for page, lines in problems.items() if lines} == {}
    assert "policy/" in problems


def test_faults_planted_in_a_printed_page_are_found(chromium_session: BrowserSession) -> None:
    session = chromium_session
    session.open("policy/")
    few = sheets(session)
    session.evaluate("""() => {
        const style = new CSSStyleSheet();
        style.replaceSync(`
            tr { break-inside: auto !important } h4.faulty { break-after: auto !important }
            .faulty::after { content: "#there" } .faulty { background: #222; color: #eee; min-height: 40cm }`);
        document.adoptedStyleSheets = [style];
        const part = document.createElement("div");
        const add = (name, text) => {
            part.append(Object.assign(document.createElement(name), { textContent: text, className: "faulty" }));
        };
        add("h4", "Alone");
        add("table", "");
        part.lastChild.insertRow().insertCell().textContent = "Torn";
        add("p", "See #here");
        document.querySelector("main").append(part);
    }""")
    assert sheets(session) > few
    found = " ".join(on_paper(session))
    for fault in (
        "may be torn: tr",
        "may stand alone at the end of a page: h4",
        "prints #here",
        'prints "#there"',
        "has a dark ground: p",
        "is printed pale: p",
    ):
        assert fault in found
