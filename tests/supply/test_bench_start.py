"""The start-up benchmark compares pages with equal verdicts. Nothing is timed here."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

import pytest

from bench.start import pages, readme, runs
from bench.start.host import Host, Line
from bench.start.worse import worse
from checker import Policy
from tests.support.paths import POLICIES, ROOT
from tests.support.servers import run_server

needs_peers = pytest.mark.skipif(not pages.installed(), reason=pages.MISSING)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    site = tmp_path / "site"
    (site / "runtime" / "1.2.3").mkdir(parents=True)
    (site / "index.html").write_text("<p>hello</p>" * 100)
    (site / "runtime" / "1.2.3" / "some.wasm").write_bytes(b"wasm")
    return Host(site, tmp_path / "cache")


@pytest.mark.deep
@needs_peers
@pytest.mark.browser
def test_every_timed_page_shows_the_checker_verdicts(tmp_path: Path) -> None:
    try:
        runs.chromium()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    policy = pages.write_pages(POLICIES / "frozen.yaml", tmp_path / "site")
    cases = pages.cases(policy)
    assert len({case.title for case in cases}) > 1
    with run_server(Host(tmp_path / "site", ROOT / "build" / "bench" / "brotli")) as host:
        runs.compare(host, (pages.OURS, *pages.PEERS), cases)
        with pytest.raises(runs.DifferentVerdictError):
            runs.compare(host, (pages.PEERS[-1],), [pages.Case(cases[0].link, cases[1].title)])


def test_bench_links_are_examples_shifted_to_today(frozen: Policy) -> None:
    examples = [*frozen.examples.values()]
    cases = pages.cases(frozen)
    assert [case.title for case in cases] == [*dict.fromkeys(case.title for case in cases)]
    answers = parse_qs(cases[0].link)
    received = date.fromisoformat(str(examples[0].answers["received_on"]))
    assert answers["problem"] == [examples[0].answers["problem"]]
    assert answers["received_on"] == [(received + (date.today() - examples[0].today)).isoformat()]


def test_bench_host_sends_brotli_and_cache_headers_and_counts_bytes(host: Host) -> None:
    with run_server(host):
        accepts = Request(host.address, headers={"Accept-Encoding": "br"})
        with urlopen(accepts) as page, urlopen(f"{host.address}runtime/1.2.3/some.wasm") as wasm:
            assert page.headers["Content-Encoding"] == "br"
            assert page.headers["Cache-Control"] == "no-cache"
            assert wasm.headers["Content-Type"] == "application/wasm"
            assert wasm.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            sizes = [len(page.read()), len(wasm.read())]
    assert [path for path, _ in host.sent] == ["/", "/runtime/1.2.3/some.wasm"]
    assert all(sent > size for (_, sent), size in zip(host.sent, sizes, strict=True))
    assert sizes[0] < 100


def test_bench_host_responses_share_the_bandwidth() -> None:
    line = Line(bits=8e6, delay=0)
    before = line.free
    line.carry(1000)
    first = line.free
    line.carry(1000)
    assert before < first
    assert round(line.free - first, 6) >= 0.001


def test_bench_readme_holds_the_last_results() -> None:
    results = json.loads(readme.RESULTS.read_text(encoding="utf-8"))
    assert readme.README.read_text(encoding="utf-8") == readme.readme(results)


def test_bench_readme_has_every_row_and_note() -> None:
    table = {"title": "This machine", "head": ["page", "sent"], "rows": [["ours", "3 KB"]], "note": "Medians of 5."}
    shown = readme.readme({"machine": ["2026-11-27", "Linux"], "tables": [table]})
    assert (
        shown.removeprefix(readme.INTRODUCTION)
        == """
## This machine

| page | sent |
| ---- | ---: |
| ours | 3 KB |

Medians of 5.

## The computer and the versions

- 2026-11-27
- Linux
"""
    )


HEAD = ["page", "sent", "first visit", "× this site"]


@pytest.mark.parametrize(
    ("ours", "stock", "regressions"),
    [
        (["3000 KB", "700 ms"], ["4800 KB", "4200 ms", "6.00"], []),
        (["3000 KB", "1400 ms"], ["4800 KB", "8400 ms", "6.00"], []),  # a slower computer
        (["3000 KB", "800 ms"], ["4800 KB", "4200 ms", "5.11"], []),
        (
            ["3000 KB", "900 ms"],
            ["4800 KB", "4200 ms", "5.09"],
            ["This machine, stock, first visit: 6.00 before, 5.09 now."],
        ),
        (["3600 KB", "700 ms"], ["4800 KB", "4200 ms", "6.00"], ["This machine, stock, sent: 1.60 before, 1.33 now."]),
        (["2000 KB", "500 ms"], ["4800 KB", "4200 ms", "8.40"], []),
    ],
    ids=["same", "slower computer", "a little slower", "slower", "larger", "better"],
)
def test_bench_reports_a_ratio_worse_by_more_than_15_percent(
    ours: list[str], stock: list[str], regressions: list[str]
) -> None:
    def results(ours: list[str], stock: list[str]) -> dict[str, object]:
        rows = [["this site", *ours, "1.00"], ["stock", *stock], ["floor", "", "", ""]]
        return {"machine": [], "tables": [{"title": "This machine", "head": HEAD, "rows": rows, "note": ""}]}

    before = results(["3000 KB", "700 ms"], ["4800 KB", "4200 ms", "6.00"])
    assert [*worse(before, results(ours, stock))] == regressions
