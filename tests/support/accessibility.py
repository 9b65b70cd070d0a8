"""Accessibility of a page: violations that axe finds, its structure, and the announcements of live regions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tests.support.browser_session import BrowserSession
from tests.support.paths import SUPPORT, TESTS

AXE = TESTS / "node_modules" / "axe-core" / "axe.min.js"

STRUCTURE = SUPPORT / "structure.js"

RECORD_ANNOUNCEMENTS = (SUPPORT / "announcements.js").read_text(encoding="utf-8")
"""An init script that records the announcements of live regions, for `announcements`."""

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that check colours. A dark scheme changes nothing else, but for a page's frame."""

FIND = """async (context, only) => {
    const { violations } = await axe.run(context ?? document, {
        ...(only && { runOnly: only }),
        resultTypes: ["violations"],
        rules: { "target-size": { enabled: true } },  // of WCAG 2.2, and off by default
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ impact, target, any, all, none }) => {
        const why = [...any, ...all, ...none].map(({ message }) => message).join("; ");
        return `${id} (${impact}) at ${target.join(" ")}: ${why}`;
    }));
}"""


def violations(session: BrowserSession, context: str | None = None, *, only: Sequence[str] | None = None) -> list[str]:
    """The violations that axe finds on the page: rule, impact, place and reason.

    Args:
        context: A CSS selector of the part to check; None for the whole page.
        only: The rules to check; None for all.
    """
    if not session.evaluate("() => Boolean(window.axe)"):
        session.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")
    return list(session.evaluate(FIND, context, only))


def structure_problems(session: BrowserSession) -> list[str]:
    """Problems of the page's structure: its outline, groups, descriptions, names and sizes."""
    return list(session.evaluate(STRUCTURE.read_text(encoding="utf-8").rstrip().removesuffix(";")))


def announcements(session: BrowserSession) -> list[str]:
    """The announcements since the last call, on a page that began with RECORD_ANNOUNCEMENTS."""
    return list(session.evaluate("() => announced.splice(0)"))


def emulate_color_scheme(session: BrowserSession, scheme: Literal["light", "dark"]) -> None:
    """Set the preferred colour scheme of a Chromium, `light` or `dark`."""
    session.chromium.page.emulate_media(color_scheme=scheme)
