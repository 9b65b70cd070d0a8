"""Accessibility of every page when it opens, in light and dark, on a phone and on a desktop."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from tests.support.accessibility import COLOURS, emulate_color_scheme, violations
from tests.support.browser_session import BrowserSession

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_on_any_page(
    chromium_session: BrowserSession, site: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    session = chromium_session
    emulate_color_scheme(session, scheme)
    session.resize(width, 800)
    problems: dict[str, list[str]] = {}
    pages = [str(page.relative_to(site)).removesuffix("index.html") for page in sorted(site.rglob("*.html"))]
    for page in pages:
        session.open(page)
        assert session.evaluate("(scheme) => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", scheme)
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
