"""Counts of a test run for pytest's summary: a test passes its figures to `record_counts`."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Mapping

import pytest

PROPERTY = "counts"
"""The name under which figures travel in a test's report, which pytest-xdist brings to the process that prints."""

type RecordCounts = Callable[[Mapping[str, float]], None]


@pytest.fixture
def record_counts(record_property: Callable[[str, object], None]) -> RecordCounts:
    """Records figures of this test. Figures of the same name from several tests are added up."""
    return functools.partial(record_property, PROPERTY)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the sums, sorted by name."""
    sums: Counter[str] = Counter()
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        if getattr(report, "when", None) == "teardown":  # each test has one of these, with all that it recorded
            for name, figures in report.user_properties:
                sums.update(figures if name == PROPERTY else {})
    if sums:
        terminalreporter.section("counted")
        for name, figure in sorted(sums.items()):
            terminalreporter.line(f"{figure:>9,}  {name}")
