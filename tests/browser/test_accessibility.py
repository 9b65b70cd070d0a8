"""Accessibility of every page when it opens, in light and dark, on a phone and on a desktop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import pytest

from tests.support.accessibility import COLOURS, emulate_color_scheme, violations
from tests.support.browser_session import BrowserSession
from tests.support.ibm import COLOURS as IBM_COLOURS
from tests.support.ibm import Area, Finding, findings, known, outdated
from tests.support.lighthouse import all_pages, public_pages

pytestmark = pytest.mark.browser

LOOKS: tuple[tuple[int, Literal["light", "dark"], Sequence[str] | None], ...] = (
    (360, "light", None),
    (1280, "dark", None),
    (360, "dark", IBM_COLOURS),
)
"""Widths, preferred colour schemes, and the rules that IBM's engine checks; None for all."""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_on_any_page(
    chromium_session: BrowserSession, site: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    session = chromium_session
    emulate_color_scheme(session, scheme)
    session.resize(width, 800)
    problems: dict[str, list[str]] = {}
    for page in all_pages(site):
        session.open(page)
        assert session.evaluate("(scheme) => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", scheme)
        problems[page] = violations(session)
    assert {page: lines for page, lines in problems.items() if lines} == {}
    assert "" in problems


@pytest.mark.parametrize("area", ["customers", "editors"])
def test_ibms_engine_finds_nothing_on_any_page_but_what_a_person_confirmed(
    chromium_session: BrowserSession, site: Path, area: Area
) -> None:
    session = chromium_session
    found: dict[str, Finding] = {}
    problems: dict[str, str] = {}
    public = public_pages(site)
    for page in [page for page in all_pages(site) if (page in public) == (area == "customers")]:
        for width, scheme, only in LOOKS:
            emulate_color_scheme(session, scheme)
            session.resize(width, 800)
            session.open(page)
            for finding in findings(session, only=only):
                found[finding.rule] = finding
                if finding.violation or finding.rule not in known(area):
                    problems[f"{page or '/'} at {width} px, {scheme}, {finding.rule}"] = finding.text
    assert problems == {}
    assert outdated(area, found) == []


def test_ibms_engine_finds_violations_planted_in_a_page(chromium_session: BrowserSession) -> None:
    session = chromium_session
    session.open()
    session.evaluate("""() => {
        const text = Object.assign(document.createElement("p"), { textContent: "No" });
        text.style.cssText = "color: #888; background: #999";
        document.querySelector("main").replaceChildren(text, document.createElement("button"));
    }""")
    rules = {finding.rule for finding in findings(session) if finding.violation}
    assert rules >= {"text_contrast_sufficient", "input_label_exists"}
    assert [finding.rule for finding in findings(session, only=IBM_COLOURS) if finding.violation] == [*IBM_COLOURS]


@pytest.mark.parametrize("kind", ["firefox", "webkit"])
def test_axe_finds_no_violation_in_other_browsers(
    open_session: Callable[..., BrowserSession], site: Path, kind: str
) -> None:
    session = open_session(kind)
    session.resize(360, 800)
    problems = {}
    for page in public_pages(site):
        session.open(page)
        problems[page] = violations(session)
    assert {page: lines for page, lines in problems.items() if lines} == {}
    assert "" in problems


def test_axe_finds_violations_planted_in_a_page(session: BrowserSession) -> None:
    session.open()
    session.evaluate("""() => {
        const text = Object.assign(document.createElement("p"), { id: "faulty", textContent: "No" });
        const picture = Object.assign(new Image(), { src: document.querySelector("[rel=icon]").href });
        document.querySelector("main").replaceChildren(text, picture);
        text.style.cssText = "color: #888; background: #999";
    }""")
    problems = violations(session, "main")
    assert [line.split(" at ")[0] for line in problems] == ["color-contrast (serious)", "image-alt (critical)"]
    assert "#faulty: Element has insufficient color contrast" in problems[0]
    assert violations(session, "main", only=COLOURS) == problems[:1]
