"""The windows that pages draw are those of the oracle that goes day by day: their lengths, and for whom they hold."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest

from macros.analysis.load import load
from tests.support.day_by_day import DayByDay
from tests.support.markup import render_pages
from tests.support.page_words import PagesError
from tests.support.paths import POLICIES
from tests.support.window_reader import all_differences


@pytest.mark.parametrize("file", sorted(POLICIES.glob("*.yaml")), ids=lambda file: file.stem)
def test_windows_on_pages_are_decided_windows(file: Path) -> None:
    assert all_differences(DayByDay.of(file), render_pages(load(file)))[:20] == []


def test_windows_on_live_pages_are_decided_windows(live_file: Path) -> None:
    test_windows_on_pages_are_decided_windows(live_file)


CARD, CLAUSE = "index", "policy"
MUTATIONS = {
    "its days": ("library", CLAUSE, 'data-days="28"><p>28 days', 'data-days="27"><p>27 days'),
    "its days in words": ("library", CLAUSE, "<p>28 days", "<p>27 days"),
    "its bar": ("library", CLAUSE, "<rect.*?</rect>", ""),
    "the answers of its label": ("library", CLAUSE, 'for <span data-id="medium.book">books</span> and', "for"),
    "its label": ("library", CLAUSE, " for <span[^<]*films</span>", ""),
    "its label on a card": ("library", CARD, " for <span[^<]*films</span>", ""),
    "its condition": ("bicycles", CLAUSE, '(?s)<p class="cases">One of these.*?</ul>', ""),
    "its condition on a card": ("bicycles", CARD, '(?s)<p class="cases">One of these.*?</ul>', ""),
    "its date": ("library", CLAUSE, 'data-question="borrowed_on"', 'data-question="returned_on"'),
    "what ends": ("shoes", CLAUSE, ": <span[^<]*The label is free</span>", ""),
    "a window left out": ("library", CLAUSE, '<div class="window" data-days="7">.*?</div>', ""),
    "all windows left out": ("library", CLAUSE, "(?s)<figure.*?</figure>", ""),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_changed_window_is_detected(mutation: str) -> None:
    name, page, before, after = MUTATIONS[mutation]
    file = POLICIES / f"{name}.yaml"
    pages = render_pages(load(file))
    changed = pages | {page: re.sub(before, after, pages[page], count=1)}
    assert changed != pages
    with contextlib.suppress(PagesError):
        assert all_differences(DayByDay.of(file), changed)
