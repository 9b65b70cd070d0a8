"""The windows that pages name are those of the oracle that goes day by day: their lengths, and for whom they hold."""

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


MUTATIONS = {
    "its days": (
        "library",
        "policy",
        'data-days="28"><p><span class="figure">28',
        'data-days="27"><p><span class="figure">27',
    ),
    "its days in words": ("library", "policy", '<span class="figure">28', '<span class="figure">27'),
    "the answers of its label": ("library", "cases", '<span data-id="medium.book">books</span> and', ""),
    "its label": ("library", "policy", "<span[^<]*films</span>", ""),
    "its label on the home page": ("library", "index", "<span[^<]*films</span>", ""),
    "its condition": ("bicycles", "rules", '(?s)(class="window.*?)<ul class="cases__any".*?</ul>', r"\1"),
    "its condition on the home page": ("bicycles", "index", '(?s)<p class="cases">.*?</ul>', ""),
    "its date": ("library", "policy", 'data-question="borrowed_on"', 'data-question="returned_on"'),
    "its clause": ("library", "policy", 'data-clause="late"', 'data-clause="lost"'),
    "what ends": ("shoes", "policy", "<p[^<]*<span[^<]*The label is free</span></p>", ""),
    "a window left out": ("library", "policy", '<div class="window" data-days="7">.*?</div>', ""),
    "all windows left out": ("library", "policy", '(?s)<div class="leaf">.*?</div>\n</div></div>', "</div></div>"),
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
