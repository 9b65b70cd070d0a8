"""The tables of the start-up benchmark."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from urllib.parse import urlencode

from bench.report import Table
from bench.start.host import Host
from bench.start.pages import FLOOR, OURS, PEERS, Case
from bench.start.runs import Condition, Runs, compare, elsewhere, in_chromium, ratio, seconds, visitor
from bench.start.visit import Visit, read, time_verdicts, visit
from tests.support.browsers import KINDS

ROUNDS_OF_VERDICTS = 100
"""The last half counts: browsers optimise code that runs often."""
READING = 15
"""Seconds on a policy page before the check page."""
POLICY_PAGE = "policy/"

US, THEIRS = "this site", "stock Pyodide"
NAMES = dict(
    zip((OURS, *PEERS), (US, THEIRS, "PyScript, Pyodide", "PyScript, MicroPython", "JavaScript by hand"), strict=True)
)
GROUND = "floor, in a worker"

THIS_MACHINE = Condition(name="This machine")
PHONE_NET = Condition(name="Fast 4G: 9 Mbit/s, 60 ms", bits=9e6, delay=0.06)
PHONE_CPU = Condition(name="A processor four times slower", slower=4)
PHONE = Condition(name="Both: fast 4G, and a processor four times slower", bits=9e6, delay=0.06, slower=4)

MS = 1000
KB = 1000
TEXTS = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".png", "/")


def tables(host: Host, cases: Sequence[Case], rounds: int, few: int) -> Iterator[Table]:
    """All tables, one by one as they are measured; the last compares with the goals.

    Raises:
        DifferentVerdictError: A page shows other verdicts than the checker.
        NoAnswerError: A page shows none.
    """
    compare(host, (OURS, *PEERS), cases)
    link = cases[0].link
    pages = {name: f"{path}#{link}" for path, name in NAMES.items()} | {GROUND: _floor(host, link)}
    goals: list[tuple[str, str, str]] = []

    runs = in_chromium(host, pages, THIS_MACHINE, rounds)
    yield _visits(THIS_MACHINE, runs, rounds)
    ours, stock = runs[US], runs[THEIRS]
    goals += [
        ("first visit, stock against this site", "6 ×", _times(stock.first, ours.first)),
        ("second visit, stock against this site", "9 ×", _times(stock.second, ours.second)),
        ("second visit, this site against the floor", "≤ 1.8 ×", _times(ours.second, runs[GROUND].second)),
        ("bytes to the first verdict, this site against stock", "≤ 0.8 ×", f"{_size(ours) / _size(stock):.2f} ×"),
    ]
    for condition in (PHONE_NET, PHONE_CPU, PHONE):
        runs = in_chromium(host, pages, condition, few)
        yield _visits(condition, runs, few)
        if condition is PHONE_NET:
            first = _times(runs[THEIRS].first, runs[US].first)
            read_before = _after_reading(host, pages[US], few)
            again = f"{median(read_before) / seconds(runs[US].second):.2f} ×"
            goals += [
                ("first visit on fast 4G, stock against this site", "1.8 ×", first),
                (f"after {READING} s on a policy page, on fast 4G, against a second visit", "≤ 1.3 ×", again),
            ]
    for kind, goal in {"firefox": "5 ×", "webkit": "9 ×"}.items():
        if path := KINDS[kind].find():
            with KINDS[kind].start(path) as browser:
                runs = elsewhere(host, browser.window, {name: pages[name] for name in NAMES.values()}, few)
            yield _first_visits(f"{browser.name} {browser.version}", runs, few)
            goals.append(
                (
                    f"first visit in {browser.name}, stock against this site",
                    goal,
                    _times(runs[THEIRS].first, runs[US].first),
                )
            )

    goals.append(("first view of a policy page, its HTML, CSS and JavaScript", "≤ 60 KB", _policy_page(host)))
    early, later = _verdicts(host, pages[US], cases)
    goals.append(("a verdict in the running worker, message to message", "< 5 ms", f"{later * MS:.1f} ms"))
    goals.append(("the same, of the first ten", "", f"{early * MS:.1f} ms"))
    yield Table("What was to be reached", ("what", "to reach", "reached"), goals)


def _visits(condition: Condition, runs: Mapping[str, Runs], rounds: int) -> Table:
    ours = runs[US]
    rows = [
        (
            name,
            "" if name == GROUND else f"{_size(page) / KB:.0f} KB",
            "" if name == GROUND else f"{seconds(page.first) * MS:.0f} ms",
            "" if name == GROUND else f"{ratio(page.first, ours.first):.2f}",
            f"{seconds(page.second) * MS:.0f} ms",
            f"{ratio(page.second, ours.second):.2f}",
        )
        for name, page in runs.items()
    ]
    head = ("page", "sent", "first visit", f"× {US}", "second visit", f"× {US}")
    return Table(condition.name, head, rows, f"Medians of {rounds}, in Chromium.")


def _first_visits(browser: str, runs: Mapping[str, Runs], rounds: int) -> Table:
    rows = [
        (
            name,
            f"{_size(page) / KB:.0f} KB",
            f"{seconds(page.first) * MS:.0f} ms",
            f"{ratio(page.first, runs[US].first):.2f}",
        )
        for name, page in runs.items()
    ]
    note = f"Medians of {rounds}. A browser that takes brotli over https alone gets all files as they are here."
    return Table(browser, ("page", "sent", "first visit", f"× {US}"), rows, note)


def _size(runs: Runs) -> float:
    """The median bytes on the wire to the first verdict."""
    return median(visit.bytes for visit in runs.first)


def _times(visits: Sequence[Visit], base: Sequence[Visit]) -> str:
    return f"{ratio(visits, base):.2f} ×"


def _floor(host: Host, link: str) -> str:
    """The path of the floor's page, with the files of our page's runtime as its query."""
    with visitor(host, THIS_MACHINE) as window:
        visit(window, host, f"{OURS}#{link}")
        paths = [path for path, _ in host.sent if not path.endswith(TEXTS)]
    return f"{FLOOR}?{urlencode([('path', path) for path in dict.fromkeys(paths)])}"


def _after_reading(host: Host, page: str, rounds: int) -> list[float]:
    """The seconds to a verdict after a policy page, in each round."""
    times = []
    for _ in range(rounds):
        with visitor(host, PHONE_NET) as window:
            read(window, host, POLICY_PAGE)
            time.sleep(READING)
            times.append(visit(window, host, page).seconds)
    return times


def _policy_page(host: Host) -> str:
    with visitor(host, THIS_MACHINE) as window:
        return f"{read(window, host, POLICY_PAGE) / KB:.0f} KB"


def _verdicts(host: Host, page: str, cases: Sequence[Case]) -> tuple[float, float]:
    """The median seconds of a verdict soon after the start, and after many others."""
    with visitor(host, THIS_MACHINE) as window:
        visit(window, host, page)
        time.sleep(1)
        times = time_verdicts(window, [case.link for case in cases], ROUNDS_OF_VERDICTS)
    return median(times[:10]), median(times[len(times) // 2 :])
