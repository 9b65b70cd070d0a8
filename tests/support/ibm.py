"""IBM's accessibility engine, a second opinion beside axe: what it finds on a page, and what is known of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.support.browser_session import BrowserSession
from tests.support.paths import SUPPORT, TESTS

ENGINE = TESTS / "node_modules" / "accessibility-checker-engine" / "ace-window.js"

Area = Literal["customers", "check", "editors"]
"""Customers' pages as they open, the states of the check page, and the editors' pages."""

FIND = """async (only) => {
    const checker = new ace_ibma.Checker();
    if (only) for (const name of Object.keys(checker.rulesetRules)) checker.rulesetRules[name] = only;
    const { results } = await checker.check(document, ["WCAG_2_2", "IBM_Accessibility"]);
    return results.filter(({ value: [, outcome] }) => outcome !== "PASS").map((found) => ({
        rule: found.ruleId,
        violation: found.value[0] === "VIOLATION" && found.value[1] === "FAIL",
        text: `${found.message} ${found.snippet.slice(0, 200)}`,
    }));
}"""

KNOWN = tomllib.loads((SUPPORT / "ibm.toml").read_text(encoding="utf-8"))

OBSCURED = "element_tabbable_unobscured"
"""A rule about what stands where, which changes with the length of texts."""

COLOURS = ("text_contrast_sufficient",)
"""The rules that check colours."""


@dataclass(frozen=True)
class Finding:
    """A finding of the engine about one element: a violation, or something that a person has to look at."""

    rule: str
    violation: bool
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.text}"


def findings(session: BrowserSession, *, only: Sequence[str] | None = None) -> list[Finding]:
    """The findings of the engine on the page, by the rules of WCAG 2.2 and of IBM; `only` names the rules to check."""
    if not session.evaluate("() => Boolean(window.ace_ibma)"):
        session.evaluate(f"() => {{ {ENGINE.read_text(encoding='utf-8')} }}")
    return [Finding(**found) for found in session.evaluate(FIND, only)]


def known(area: Area) -> dict[str, str]:
    """The reasons, by rule, why the things that the engine asks about are as they should be."""
    return {**(KNOWN["customers"] if area == "check" else {}), **KNOWN[area]}


def outdated(area: Area, found: Iterable[str]) -> list[str]:
    """The rules that an area lists, and that were not found; without those that depend on the policy's words."""
    return [rule for rule in KNOWN[area] if rule not in {*found} and not rule.startswith(("text_", OBSCURED))]
