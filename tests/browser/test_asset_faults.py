"""Any fault of any file of the check page ends in a right answer, or in a notice with a link to the table."""

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
from tests.support.overrides import FAULTS, hold, not_found, replace_body, stub_worker
from tests.support.servers import Override, Reply

pytestmark = [pytest.mark.browser, pytest.mark.deep]

FEW = 10_000
"""Milliseconds until a customer must see a notice."""

END = """(visit, next, few) => {
    if (location.search !== visit || document.readyState === "loading") return null;
    const [notice] = walk.find("[data-notice]", null);
    if (notice) return notice.querySelector("a[href$='cases/']") && notice.dataset.notice;
    if (document.activeElement === document.querySelector(`[data-view="${next}"] h1`)) return "right";
    if ("started" in document.querySelector(".check").dataset) return null;
    const soon = (animation) => animation.effect.getTiming().delay < few;
    return document.querySelector(".check-unstarted").getAnimations().every(soon) && "unstarted";
}"""
"""The end of a visit: "right" with the next question, a notice, or the notice "unstarted" that CSS alone shows."""

SUBMIT = """(visit, box) => {
    if (location.search !== visit || !("started" in document.querySelector(".check").dataset)) return false;
    document.querySelector(box).checked = true;
    delete document.querySelector(box).dataset.next; // the answer waits for the checker
    document.querySelector(box).form.requestSubmit();
    return true;
}"""


def without_patience(reply: Reply) -> Reply:
    """Show the notice of a late checker at once."""
    [patience] = re.findall(rb"const LATE = (\d+);", reply.body)
    assert int(patience) < FEW
    return Reply(type=reply.type, body=reply.body.replace(patience, b"1"))


CAUSES = ["failed", "network", "portal", "changed", "host", "blocked", "old", "updated"]
"""The notices that name a cause."""

IMPATIENT: dict[str, Override] = {"check/checker.js": without_patience}


class Visits:
    """Visits of the check page with a fault of one file; each gives a first answer."""

    def __init__(self, session: BrowserSession, policy: Policy, case: Example, site: Path, other: Path) -> None:
        self.session = session
        self.check_page = CheckPage(session, policy, case.today)
        self.site, self.other = site, other
        first, self.next, *_ = self.check_page.question_path(case.answers)
        self.box = f"#answer-{first}-{case.answers[first]}"
        self.answers = {first: case.answers[first]}
        self.count = 0
        self.ends: dict[str, dict[str, str]] = {}
        """The end of each visit, by file and fault."""

    def faults(self, name: str) -> Iterator[tuple[str, Override]]:
        """The faults of a file: those of the network, and the file of another version."""
        yield from FAULTS.items()
        other = next(self.other.glob(re.sub(r"[0-9a-f]{8,16}", "*", name))).read_bytes()
        if other != (self.site / name).read_bytes():
            yield "another version", replace_body(other)

    def visit(self, name: str, fault: str, override: Override, ends: Iterable[str], **others: Override) -> str:
        """Answer the first question under a fault; returns the end, which must be one of `ends`."""
        self.count += 1
        visit = f"?{self.count}"
        self.session.evaluate(
            "() => caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))"
        )
        requested = threading.Event()

        def record(reply: Reply) -> Reply | None:
            requested.set()
            return override(reply)

        self.session.server.overrides = {**others, name: record}
        self.check_page.follow_link(f"{self.session.server.address}check/{visit}")
        if "unstarted" not in ends:
            self.session.wait_for(SUBMIT, visit, self.box)
        assert requested.wait(60), (name, fault)
        return self.wait_for_end(name, fault, ends)

    def wait_for_end(self, name: str, fault: str, ends: Iterable[str]) -> str:
        """Wait for one of the ends, and record it."""
        one_of = f"(ends, ...args) => {{ const end = ({END})(...args); return ends.includes(end) && end; }}"
        end = str(self.session.wait_for(one_of, [*ends], f"?{self.count}", self.next, FEW))
        assert self.session.visible_texts('[data-view="check-result"]') == []
        self.ends.setdefault(name, {})[fault] = end
        return end

    def harmless(self, name: str) -> set[str]:
        """The faults of a file that did not change the answer."""
        return {fault for fault, end in self.ends[name].items() if end == "right"}

    def visit_slowly(self, name: str, notice: str, *, recovers: bool = True, **others: Override) -> None:
        """Hold a file back until a notice appears; then send it, after which the answer must come if `recovers`."""
        released = threading.Event()
        self.visit(name, "stall", hold(released), [notice], **IMPATIENT, **others)
        released.set()
        if recovers:
            self.wait_for_end(name, "slow 3G", ["right"])


@pytest.fixture
def visits(chromium_session: BrowserSession, policy: Policy, site: Path, next_site: Path) -> Iterator[Visits]:
    case = next(iter(policy.examples.values()))
    visits = Visits(chromium_session, policy, case, site, next_site)
    visits.session.open("404.html")
    yield visits
    visits.session.problems.clear()


def hashed_files(site: Path) -> list[str]:
    """The files with a hash in their names, as the build lists them."""
    return list(json.loads((site / MANIFEST).read_text(encoding="utf-8"))["integrity"])


def matching(names: Iterable[str], pattern: str) -> list[str]:
    matches = [name for name in names if re.match(pattern, name)]
    assert matches
    return matches


def test_broken_snapshot_falls_back_to_stock_start(visits: Visits) -> None:
    """The stock start fails, too, so that all visits end soon; one visit at the end lets it succeed."""
    requests: list[str] = []

    def fail(reply: Reply) -> Reply:
        requests.append("pyodide.mjs")
        return not_found(reply)

    sources: dict[str, Override] = {"pyodide.mjs": fail}
    snapshot = matching(hashed_files(visits.site), "snapshot/")
    for name in snapshot:
        for fault, override in visits.faults(name):
            visits.session.open("404.html")  # the page before may still be looking for its cause, in all files
            requests.clear()
            end = visits.visit(name, fault, override, [*CAUSES, "right"], **sources)
            assert (end == "right") == (not requests), (name, fault)
        visits.visit_slowly(name, "late")
        # One bit of a script may make no difference, and the page runs scripts of any media type.
        assert visits.harmless(name) <= {"wrong MIME", "another bit", "slow 3G"}
    visits.visit(next(name for name in snapshot if name.endswith("worker.js")), "404", not_found, ["right"])


def test_broken_stock_start_shows_a_notice(visits: Visits) -> None:
    for name in matching(hashed_files(visits.site), r"runtime/|checker/|assets/\w+/check/worker.js"):
        for fault, override in visits.faults(name):
            visits.visit(name, fault, override, [*CAUSES, "right"], **{"snapshot/*": not_found})
        visits.visit_slowly(name, "late", recovers=False, **{"snapshot/*": not_found})
        # One bit of a script may make no difference. Other files are compared with their hashes.
        assert visits.harmless(name) <= {"wrong MIME", *(["another bit"] if name.endswith("worker.js") else [])}


def test_visit_without_an_end_fails_the_test(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.browser_session.PATIENCE", 2)
    released = threading.Event()
    [name, *_] = matching(hashed_files(visits.site), "snapshot/")
    with pytest.raises(AssertionError, match="is still"):
        visits.visit(name, "stall", hold(released), ["failed", "late", "right"])
    released.set()


def answering_worker(visits: Visits) -> Override:
    """A worker that starts at once, and answers the first question as Python does."""
    check_page = visits.check_page
    request = {"answers": visits.answers, "asked": [*visits.answers], "today": f"{check_page.today}"}
    response = answer(json.dumps({**request, "digest": check_page.policy.digest}), check_page.checker)
    return stub_worker(json.dumps(response))


def test_broken_page_asset_shows_a_notice_or_does_no_harm(visits: Visits) -> None:
    visits.session.open("check/")
    requests = visits.session.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => name)")
    loaded = [name for name in hashed_files(visits.site) if f"{visits.session.server.address}{name}" in requests]
    worker: dict[str, Override] = {"snapshot/*": not_found, "snapshot/*/worker.js": answering_worker(visits)}
    for name in matching(loaded, "assets/"):
        is_needed = "/check/" in name
        ends = ["unstarted", *CAUSES] if is_needed else ["right", *(CAUSES if name.endswith(".css") else [])]
        for fault, override in visits.faults(name):
            if fault != "another bit":  # what a page displays is not checked
                visits.visit(name, fault, override, ends, **worker)
        if is_needed:
            visits.visit_slowly(name, "unstarted", recovers=False, **worker)
