"""Whatever goes wrong with whichever file of the check page: a right answer, or a word and the way to the table."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from checker import Policy
from checker.policy import Example
from checker.web.api import answer
from macros.site.asset_manifest import MANIFEST
from tests.support.browser_session import BrowserSession
from tests.support.check_page import CheckPage
from tests.support.counts import RecordCounts
from tests.support.page_faults import FAULTS, missing
from tests.support.servers import Play, Reply

pytestmark = [pytest.mark.browser, pytest.mark.deep]

FEW = 10_000
"""Milliseconds within which a customer must be told."""

END = """(visit, next, few) => {
    if (location.search !== visit || document.readyState === "loading") return null;
    const [notice] = walk.find("[data-notice]", null);
    if (notice) return notice.querySelector("a[href$='cases/']") && notice.dataset.notice;
    if (document.activeElement === document.querySelector(`[data-view="${next}"] h2`)) return "right";
    if ("started" in document.querySelector(".check").dataset) return null;
    const soon = (animation) => animation.effect.getTiming().delay < few;
    return document.querySelector(".check-unstarted").getAnimations().every(soon) && "unstarted";
}"""
"""How a visit ends: right, where the next question is there; with a notice; or with the box that styles alone show."""

SUBMIT = """(visit, box) => {
    if (location.search !== visit || !("started" in document.querySelector(".check").dataset)) return false;
    document.querySelector(box).checked = true;
    delete document.querySelector(box).dataset.next; // the answer waits for the checker
    document.querySelector(box).form.requestSubmit();
    return true;
}"""


def at_once(reply: Reply) -> Reply:
    """Let no customer wait for the word that it takes long."""
    [patience] = re.findall(rb"const TIMEOUT = (\d+);", reply.body)
    assert int(patience) < FEW
    return Reply(type=reply.type, body=reply.body.replace(patience, b"1"))


IMPATIENT: dict[str, Play] = {"check/checker.js": at_once}


class Visits:
    """Visits of the check page, one for each fault of each file: a first answer, and how it ends."""

    def __init__(self, session: BrowserSession, policy: Policy, case: Example, site: Path, other: Path) -> None:
        self.session = session
        self.check_page = CheckPage(session, policy, case.today)
        self.site, self.other = site, other
        first, self.next, *_ = self.check_page.way(case.answers)
        self.box = f"#answer-{first}-{case.answers[first]}"
        self.answers = {first: case.answers[first]}
        self.count = 0
        self.found: dict[str, dict[str, str]] = {}

    def faults(self, name: str) -> Iterator[tuple[str, Play]]:
        """All that can come in the place of a file."""
        yield from FAULTS.items()
        theirs = next(self.other.glob(re.sub(r"[0-9a-f]{16}", "*", name)))
        if theirs.read_bytes() != (self.site / name).read_bytes():
            yield "another version", lambda reply: Reply(type=reply.type, body=theirs.read_bytes())

    def visit(self, name: str, fault: str, play: Play, ends: Iterable[str], **others: Play) -> str:
        """Answer the first question while this is played; how it ended, which must be one of these."""
        self.count += 1
        visit = f"?{self.count}"
        self.session.evaluate(
            "() => caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))"
        )
        asked = threading.Event()
        site_server = self.session.server
        site_server.plays = {**others, name: lambda reply: (asked.set(), play(reply))[1]}
        self.session.evaluate("(address) => { location = address }", f"{site_server.address}check/{visit}")
        if "unstarted" not in ends:
            self.session.wait_for(SUBMIT, visit, self.box)
        assert asked.wait(60), (name, fault)
        return self.sees_end(name, fault, ends)

    def sees_end(self, name: str, fault: str, ends: Iterable[str]) -> str:
        """Wait until it has ended in one of these ways; take note of it."""
        one_of = f"(ends, ...given) => {{ const end = ({END})(...given); return ends.includes(end) && end; }}"
        end = str(self.session.wait_for(one_of, [*ends], f"?{self.count}", self.next, FEW))
        assert self.session.sees('[data-view="check-result"]') == []
        self.found.setdefault(name, {})[fault] = end
        return end

    def harmless(self, name: str) -> set[str]:
        """The faults of a file in spite of which all went right."""
        return {fault for fault, end in self.found[name].items() if end == "right"}

    def visit_slowly(self, name: str, told: str, *, comes: bool = True, **others: Play) -> None:
        """Hold a file back until the customer has been told; when it comes after all, all goes on."""
        held = threading.Event()
        self.visit(name, "stall", lambda reply: reply if held.wait(60) else None, [told], **IMPATIENT, **others)
        held.set()
        if comes:
            self.sees_end(name, "slow 3G", ["right"])


@pytest.fixture
def visits(
    chromium_session: BrowserSession, policy: Policy, site: Path, next_site: Path, record_counts: RecordCounts
) -> Iterator[Visits]:
    case = next(iter(policy.examples.values()))
    visits = Visits(chromium_session, policy, case, site, next_site)
    visits.session.open("404.html")
    yield visits
    visits.session.wrong.clear()
    record_counts({"visits with a file that failed": sum(map(len, visits.found.values()))})


def named(site: Path) -> list[str]:
    """All that has its content in its name, as the build lists it."""
    return list(json.loads((site / MANIFEST).read_text(encoding="utf-8"))["integrity"])


def of(names: Iterable[str], pattern: str) -> list[str]:
    found = [name for name in names if re.match(pattern, name)]
    assert found
    return found


def test_broken_snapshot_falls_back_to_stock_start(visits: Visits) -> None:
    """The sources are missing, too, so that all visits end soon; that they would start is seen once."""
    asked: list[Reply] = []
    sources: dict[str, Play] = {"pyodide.mjs": lambda reply: asked.append(reply) or missing(reply)}
    snapshot = of(named(visits.site), "snapshot/")
    for name in snapshot:
        for fault, play in visits.faults(name):
            asked.clear()
            end = visits.visit(name, fault, play, ["failed", "updated", "right"], **sources)
            assert (end == "right") == (not asked), (name, fault)
        visits.visit_slowly(name, "late")
        # One bit of a script may be one that makes no difference; the page takes a script of any type.
        assert visits.harmless(name) <= {"wrong MIME", "another bit", "slow 3G"}
    visits.visit(next(name for name in snapshot if name.endswith("worker.js")), "404", missing, ["right"])


def test_broken_stock_start_shows_a_notice(visits: Visits) -> None:
    for name in of(named(visits.site), r"runtime/|checker/|assets/\w+/check/worker.js"):
        for fault, play in visits.faults(name):
            visits.visit(name, fault, play, ["failed", "updated", "right"], **{"snapshot/*": missing})
        visits.visit_slowly(name, "late", comes=False, **{"snapshot/*": missing})
        # As above: of a script the bit may be one that makes no difference. All else is compared with its hash.
        assert visits.harmless(name) <= {"wrong MIME", *(["another bit"] if name.endswith("worker.js") else [])}


def test_visit_without_an_end_fails_the_test(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.browser_session.PATIENCE", 2)
    held = threading.Event()
    [name, *_] = of(named(visits.site), "snapshot/")
    with pytest.raises(AssertionError, match="is still"):
        visits.visit(name, "stall", lambda reply: reply if held.wait(60) else None, ["failed", "late", "right"])
    held.set()


def answers_at_once(visits: Visits) -> Play:
    """A worker that is there at once, and says what Python says to the first answer."""
    check_page = visits.check_page
    asked = {"answers": visits.answers, "asked": [*visits.answers], "today": f"{check_page.today}"}
    reply = answer(json.dumps({**asked, "digest": check_page.policy.digest}), check_page.checker)
    script = f"""const reply = {json.dumps(reply)};
        onmessage = ({{ data: {{ id, name }} }}) => postMessage({{ id, value: name === "started" || reply }});
        postMessage({{}});"""
    return lambda reply: Reply(type=reply.type, body=script.encode())


def test_broken_page_asset_shows_a_notice_or_does_no_harm(visits: Visits) -> None:
    visits.session.open("check/")
    asked = visits.session.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => name)")
    there = [name for name in named(visits.site) if f"{visits.session.server.address}{name}" in asked]
    worker: dict[str, Play] = {"snapshot/*": missing, "snapshot/*/worker.js": answers_at_once(visits)}
    for name in of(there, "assets/"):
        is_needed = "/check/" in name
        for fault, play in visits.faults(name):
            if fault != "another bit":  # what a page shows is looked at by nobody
                visits.visit(name, fault, play, ["unstarted" if is_needed else "right"], **worker)
        if is_needed:
            visits.visit_slowly(name, "unstarted", comes=False, **worker)
