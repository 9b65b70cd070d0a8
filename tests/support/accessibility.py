"""Accessibility of a page: violations that axe finds, its structure, and what a screen reader reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from tests.support.browser_session import BrowserSession
from tests.support.paths import SUPPORT, TESTS

AXE = TESTS / "node_modules" / "axe-core" / "axe.min.js"

STRUCTURE = SUPPORT / "structure.js"

RECORD_ANNOUNCEMENTS = (SUPPORT / "announcements.js").read_text(encoding="utf-8")
"""An init script that records the announcements of live regions, for `announcements`."""

STATE_PROPERTIES = ("level", "checked", "expanded", "invalid", "focused")
"""The properties of an element that a screen reader reads with its name."""

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


def transcript(session: BrowserSession, part: str = "body") -> str:
    """Chromium's accessibility tree of the part of a CSS selector, a line for each element.

    A line holds role, name, value, state and, in brackets, the description.
    """
    send = session.chromium.debugger.send
    expression = f"document.querySelector({json.dumps(part)})"
    handle = send("Runtime.evaluate", {"expression": expression})["result"]["objectId"]
    top = send("DOM.describeNode", {"objectId": handle})["node"]["backendNodeId"]
    nodes = {node["nodeId"]: node for node in send("Accessibility.getFullAXTree")["nodes"]}
    start = next(node for node in nodes.values() if node.get("backendDOMNodeId") == top)
    return "\n".join(_lines(nodes, start, 0))


def _lines(nodes: Mapping[str, Any], node: Mapping[str, Any], depth: int) -> Iterator[str]:
    role, name = node["role"]["value"], node.get("name", {}).get("value", "")
    if role == "InlineTextBox":
        return
    is_silent = node["ignored"] or role in ("none", "generic") or (role == "StaticText" and not name.strip())
    if not is_silent:
        line = [role, f'"{name}"' if name else "", *_states(node)]
        if description := node.get("description", {}).get("value"):
            line.append(f"({description})")
        yield "  " * depth + " ".join(filter(None, line))
    for child in node.get("childIds", []):
        if child in nodes:
            yield from _lines(nodes, nodes[child], depth if is_silent else depth + 1)


def _states(node: Mapping[str, Any]) -> Iterator[str]:
    if value := node.get("value", {}).get("value"):
        yield f"= {value}"
    for state in node.get("properties", []):
        if state["name"] in STATE_PROPERTIES and state["value"]["value"] not in (False, "false"):
            yield f"{state['name']} {state['value']['value']}"
