"""What hinders people who see, hear or move otherwise, as axe finds it; and what a screen reader goes through."""

from __future__ import annotations

from pathlib import Path

from browsers.chromium import ChromiumWindow
from walker import Walker

AXE = Path(__file__).resolve().parent / "node_modules" / "axe-core" / "axe.min.js"

FIND = """async (context) => {
    const { violations } = await axe.run(context ?? document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ impact, target, any, all, none }) => {
        const why = [...any, ...all, ...none].map(({ message }) => message).join("; ");
        return `${id} (${impact}) at ${target.join(" ")}: ${why}`;
    }));
}"""


def violations(walker: Walker, context: str | None = None) -> list[str]:
    """What axe finds on the page as it stands, or in the part of a CSS selector: rule, impact, place and why."""
    axe = AXE.read_text(encoding="utf-8")
    walker.evaluate(f"() => {{ if (!window.axe) {{ {axe} }} }}")
    return list(walker.evaluate(FIND, context))


def emulate(walker: Walker, scheme: str) -> None:
    """Let the customer of a Chromium like `light` or `dark` colours."""
    assert isinstance(walker.window, ChromiumWindow)
    walker.window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]


def transcript(walker: Walker, part: str = "body") -> str:
    """What a screen reader finds in the part of a CSS selector, in its order, line by line. In Chromium only."""
    assert isinstance(walker.window, ChromiumWindow)
    return walker.window.page.locator(part).aria_snapshot()
