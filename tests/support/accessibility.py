"""Barriers for people with disabilities, as axe finds them, and the transcript of a screen reader."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.support.browser_session import BrowserSession
from tests.support.browsers.chromium import ChromiumWindow
from tests.support.paths import SUPPORT, TESTS

AXE = TESTS / "node_modules" / "axe-core" / "axe.min.js"

STRUCTURE = SUPPORT / "structure.js"

ANNOUNCED = (SUPPORT / "announcements.js").read_text(encoding="utf-8")
"""Run before each page, it keeps what a screen reader says without being asked, for `heard`."""

SAID = ("level", "checked", "expanded", "invalid", "focused")
"""The properties of a thing that a screen reader says with its name."""

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that look at colours. All that is new in the dark is theirs, but for a page's frame."""

FIND = """async (context, only) => {
    const { violations } = await axe.run(context ?? document, {
        ...(only && { runOnly: only }),
        resultTypes: ["violations"],
        rules: { "target-size": { enabled: true } },  // WCAG 2.2 asks for it; axe must be asked to look
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ impact, target, any, all, none }) => {
        const why = [...any, ...all, ...none].map(({ message }) => message).join("; ");
        return `${id} (${impact}) at ${target.join(" ")}: ${why}`;
    }));
}"""


def violations(session: BrowserSession, context: str | None = None, *, only: Sequence[str] | None = None) -> list[str]:
    """The violations that axe finds on the page or in the part of a CSS selector: rule, impact, place and reason.

    All its rules count, or `only` these.
    """
    if not session.evaluate("() => Boolean(window.axe)"):
        session.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")
    return list(session.evaluate(FIND, context, only))


def faults(session: BrowserSession) -> list[str]:
    """The faults of the page's structure: its outline, groups, descriptions, names and sizes."""
    return list(session.evaluate(STRUCTURE.read_text(encoding="utf-8").rstrip().removesuffix(";")))


def heard(session: BrowserSession) -> list[str]:
    """The announcements since the last call, on a page that began with ANNOUNCED."""
    return list(session.evaluate("() => announced.splice(0)"))


def emulate(session: BrowserSession, scheme: str) -> None:
    """Let the customer of a Chromium like `light` or `dark` colours."""
    assert isinstance(session.window, ChromiumWindow)
    session.window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]


def transcript(session: BrowserSession, part: str = "body") -> str:
    """The lines that a screen reader reads in the part of a CSS selector, in order. In Chromium only.

    It is Chromium's own accessibility tree: of each thing its role, name, value, state and, in brackets, description.
    """
    assert isinstance(session.window, ChromiumWindow)
    send = session.window.debugger.send
    expression = f"document.querySelector({json.dumps(part)})"
    found = send("Runtime.evaluate", {"expression": expression})["result"]["objectId"]
    top = send("DOM.describeNode", {"objectId": found})["node"]["backendNodeId"]
    nodes = {node["nodeId"]: node for node in send("Accessibility.getFullAXTree")["nodes"]}
    start = next(node for node in nodes.values() if node.get("backendDOMNodeId") == top)
    return "\n".join(_lines(nodes, start, 0))


def _lines(nodes: Mapping[str, Any], node: Mapping[str, Any], depth: int) -> Iterator[str]:
    role, name = node["role"]["value"], node.get("name", {}).get("value", "")
    if role == "InlineTextBox":
        return
    silent = node["ignored"] or role in ("none", "generic") or (role == "StaticText" and not name.strip())
    if not silent:
        line = [role, f'"{name}"' if name else "", *_states(node)]
        if described := node.get("description", {}).get("value"):
            line.append(f"({described})")
        yield "  " * depth + " ".join(filter(None, line))
    for child in node.get("childIds", []):
        if child in nodes:
            yield from _lines(nodes, nodes[child], depth if silent else depth + 1)


def _states(node: Mapping[str, Any]) -> Iterator[str]:
    if value := node.get("value", {}).get("value"):
        yield f"= {value}"
    for each in node.get("properties", []):
        if each["name"] in SAID and each["value"]["value"] not in (False, "false"):
            yield f"{each['name']} {each['value']['value']}"
