"""Figures in texts: each line of the data files is found as it says, or is no figure; and what a figure is."""

from __future__ import annotations

import pytest

from macros.policyfile.figures import find
from tests.support.paths import TESTS

HERE = TESTS / "figures"


def lines(name: str) -> list[str]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


SPELLED_OUT = lines("spelled_out.txt")
NO_FIGURES = lines("no_figures.txt")


def test_data_files_hold_enough_lines() -> None:
    assert len(SPELLED_OUT) >= 60
    assert len(NO_FIGURES) >= 60


@pytest.mark.parametrize("line", SPELLED_OUT)
def test_spelled_out_figure_is_found(line: str) -> None:
    figure, _, text = line.partition("|")
    assert [match.text for match in find(text)] == [figure]


@pytest.mark.parametrize("line", NO_FIGURES)
def test_line_without_figure_is_accepted(line: str) -> None:
    assert find(line.replace("{", "\ufffc").replace("}", "\ufffc")) == ()
