"""Whatever goes wrong with whichever file of the check page: a right answer, or a word and the way to the table."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from customer import Customer
from faults import FAULTS
from stage import Play, Reply
from walker import Walker

from checker import Policy
from checker.browser import answer
from checker.policy import Example
from checker.words import say
from macros.load import ROOT
from macros.manifest import FILE

pytestmark = pytest.mark.browser

COUNTS = ROOT / "build" / "reliance" / "faults.json"
"""What was tried on each file, and how it ended."""

FEW = 10_000
"""Milliseconds within which a customer must be told."""

# How a visit ends: "right" where the next question is there; else the notice, or the box that styles alone show in time.
ENDS = """(visit, next, few) => {
    if (location.search !== visit) return null;
    const [notice] = walk.find("[data-notice]");
    if (notice) return walk.find("a", null).some((link) => notice.contains(link)) ? notice.dataset.notice : null;
    if (document.activeElement === document.querySelector(`[data-view="${next}"] h2`)) return "right";
    const box = document.querySelector(".check-unstarted");
    const soon = box?.getAnimations().every((each) => each.effect.getTiming().delay < few);
    return soon && !("started" in document.querySelector(".check").dataset) && "unstarted";
}"""


class Visits:
    """Visits of the check page, one for each fault of each file: a first answer, and how it ends."""

    def __init__(self, walker: Walker, policy: Policy, case: Example, site: Path, other: Path) -> None:
        self.walker = walker
        self.customer = Customer(walker, policy, case.today)
        self.site, self.other = site, other
        first, self.next, *_ = self.customer.way(case.answers)
        self.box = f"#{first}-{case.answers[first]}"
        self.answers = {first: case.answers[first]}
        alone = "for (const each of document.querySelectorAll('[data-next]')) each.removeAttribute('data-next')"
        walker.before_each_page(f"addEventListener('DOMContentLoaded', () => {{ {alone} }});")
        self.count = 0
        self.found: dict[str, dict[str, str]] = {}

    def faults(self, name: str) -> Iterator[tuple[str, Play]]:
        """All that can go wrong with a file."""
        yield from FAULTS.items()
        theirs = next(self.other.glob(re.sub(r"[0-9a-f]{16}", "*", name)))
        if theirs.read_bytes() != (self.site / name).read_bytes():
            yield "another version", lambda reply: Reply(type=reply.type, body=theirs.read_bytes())

    def visit(self, name: str, fault: str, plays: dict[str, Play], ends: Iterable[str]) -> str:
        """Answer the first question while this is played; how it ended, which must be one of these."""
        self.count += 1
        asked = threading.Event()
        play = plays[name]
        self.walker.stage.plays = {**plays, name: lambda reply: (asked.set(), play(reply))[1]}
        visit = f"?{self.count}"
        self.walker.evaluate("(address) => { location = address }", f"{self.walker.stage.address}check/{visit}")
        assert asked.wait(60), (name, fault)
        submit = """(visit, box, ends) => {
            if (location.search !== visit || document.readyState === "loading") return false;
            if (ends.includes("unstarted")) return true;
            if (!("started" in document.querySelector(".check").dataset)) return false;
            document.querySelector(box).checked = true;
            document.querySelector(box).form.requestSubmit();
            return true;
        }"""
        ends = [*ends]
        self.walker.wait_for(submit, visit, self.box, ends)
        ended = self.walker.wait_for(f"(ends, ...given) => {{ const end = ({ENDS})(...given); return ends.includes(end) && end; }}",
                                     ends, visit, self.next, FEW)
        assert self.walker.sees('[data-view="check-result"]') == []
        self.found.setdefault(name, {})[fault] = ended
        return ended


@pytest.fixture
def visits(
    chromium_walker: Walker, policy: Policy, site: Path, next_site: Path
) -> Iterator[Visits]:
    case = next(iter(policy.examples.values()))
    visits = Visits(chromium_walker, policy, case, site, next_site)
    visits.walker.open("404.html")
    yield visits
    visits.walker.wrong.clear()
    counts = json.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.is_file() else {}
    COUNTS.parent.mkdir(parents=True, exist_ok=True)
    COUNTS.write_text(json.dumps({**counts, **visits.found}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def named(site: Path) -> list[str]:
    """All that has its content in its name, as the build lists it."""
    return list(json.loads((site / FILE).read_text(encoding="utf-8"))["integrity"])


def of(names: Iterable[str], pattern: str) -> list[str]:
    found = [name for name in names if re.match(pattern, name)]
    assert found
    return found


def missing(_: Reply) -> Reply:
    return Reply(status=404, type="text/plain", body=b"Not found")


def test_a_broken_memory_gives_way_to_the_sources(visits: Visits) -> None:
    """The sources are missing, too, so that all visits end soon; that they would start is seen once."""
    for name in of(named(visits.site), "memory/"):
        for fault, play in visits.faults(name):
            asked: list[Reply] = []
            sources = {"pyodide.mjs": lambda reply, asked=asked: asked.append(reply) or missing(reply)}
            assert visits.visit(name, fault, {**sources, name: play}, ["failed", "updated"])
            assert asked, (name, fault)
    last = of(named(visits.site), "memory/")[0]
    assert visits.visit(last, "404", {"memory/*": missing, last: missing}, ["right"])


def test_broken_sources_are_told(visits: Visits) -> None:
    for name in of(named(visits.site), r"runtime/|checker/|assets/\w+/check/worker.js"):
        for fault, play in visits.faults(name):
            visits.visit(name, fault, {"memory/*": missing, name: play}, ["failed", "updated", "right"])
    assert {"failed", "right"} == {end for ends in visits.found.values() for end in ends.values()}
