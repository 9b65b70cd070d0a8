"""The drawing of a case's window: what it says, and that its labels never meet."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations

import pytest

from checker import Checker, Policy
from checker.explain.drawing import LETTER, LINE, STRONG, Tree, timeline_drawing
from macros.analysis.load import load
from tests.support.paths import POLICIES
from tests.support.words import say

RECEIVED = date(2026, 9, 15)  # from here to the last day all dates are long
ANSWERS = {"problem": "quality", "received_on": RECEIVED.isoformat(), "product": "standard", "cause": "none"}
DAYS = [0, 1, 2, 6, 7, 8, 9, 14, 15, 16, 20, 25, 26, 40, 144, 3000]


def draw(policy: Policy, days: int, *, today: date | None = None, **answers: str) -> Tree:
    """The drawing for a customer who applies so many days after the order arrived."""
    applied = RECEIVED + timedelta(days)
    answers = {**ANSWERS, "applied_on": applied.isoformat(), **answers}
    tree = timeline_drawing(policy, Checker(policy).decide(answers, today or applied))
    assert tree
    return tree


def parts(tree: Tree | str, kind: str = "") -> Iterator[Tree]:
    """The tree and all below it, or those that have a class."""
    if isinstance(tree, str):
        return
    if kind in ("", *tree[1].get("class", "").split()):
        yield tree
    for child in tree[2]:
        yield from parts(child, kind)


def lines(tree: Tree) -> list[str]:
    return [str(text[2][0]) for text in parts(tree, "timeline__text")]


def percent(attributes: Mapping[str, str], name: str) -> float:
    return float(attributes[name].removesuffix("%"))


def bars(tree: Tree) -> list[tuple[str, int]]:
    """The bars with their rounded widths in percent."""
    kinds = {"past": "timeline__bar--past", "open": "timeline__bar--open"}
    return [
        (kind, round(percent(bar[1], "width")))
        for bar in parts(tree, "timeline__bar")
        for kind, name in kinds.items()
        if name in bar[1]["class"].split()
    ]


def test_drawing_labels_first_day_application_day_and_last_day(frozen: Policy) -> None:
    tree = draw(frozen, 3)
    assert lines(tree) == [
        "Today, 18 September 2026",
        "12 days left",
        "Last day",
        "30 September 2026",
        "Counted from",
        "15 September 2026",
    ]
    assert bars(tree) == [("past", 20), ("open", 80)]


def test_drawing_has_a_complete_text_alternative(frozen: Policy) -> None:
    tree = draw(frozen, 3)
    assert (tree[0], tree[1]["role"]) == ("svg", "img")
    assert tree[1]["aria-label"] == (
        "A line of time. Counted from: 15 September 2026. Today, 18 September 2026. "
        "Last day: 30 September 2026. 12 days left."
    )


@pytest.mark.parametrize(("days", "left"), [(14, "1 day left"), (15, "The last day"), (16, "1 day after the last day")])
def test_days_around_the_deadline_are_labelled(days: int, left: str, frozen: Policy) -> None:
    assert lines(draw(frozen, days))[1] == left


def test_two_deadlines_are_two_bars_with_their_conditions(frozen: Policy) -> None:
    tree = draw(frozen, 10, product="unknown")
    assert lines(tree) == [
        "Today, 25 September 2026",
        "factory special products",
        "22 September 2026",
        "standard products",
        "30 September 2026",
        "Counted from",
        "15 September 2026",
    ]
    assert bars(tree) == [("past", 47), ("past", 67), ("open", 33)]
    assert tree[1]["aria-label"].endswith(
        "factory special products: 22 September 2026. 3 days after the last day. "
        "standard products: 30 September 2026. 5 days left."
    )


@pytest.mark.parametrize(("offset", "key"), [(0, "today"), (-1, "applying"), (1, "applied")])
def test_other_application_day_is_not_called_today(offset: int, key: str, frozen: Policy) -> None:
    applied = RECEIVED + timedelta(3)
    tree = draw(frozen, 3, today=applied + timedelta(offset))
    assert lines(tree)[0] == say(f"drawing.{key}", date=applied)


def test_case_without_a_deadline_has_no_drawing(frozen: Policy) -> None:
    verdict = Checker(frozen).decide({"problem": "quality", "received_on": "not_received"}, RECEIVED)
    assert timeline_drawing(frozen, verdict) is None


@pytest.mark.parametrize(("days", "cut"), [(15, 0), (25, 0), (26, 2), (3000, 2)])
def test_long_time_after_the_deadline_is_cut_and_marked(days: int, cut: int, frozen: Policy) -> None:
    tree = draw(frozen, days)
    assert len([*parts(tree, "timeline__cut")]) == cut
    assert sum(width for _, width in bars(tree)) >= 60


def boxes(tree: Tree) -> Iterator[tuple[float, float, float]]:
    """Of each line of text the left and the right edge on the narrowest screen, in percent, and its height."""
    for _, attributes, (text,) in parts(tree, "timeline__text"):
        width = len(str(text)) * (STRONG if "timeline__text--strong" in attributes["class"] else LETTER)
        place = percent(attributes, "x")
        left = {"start": place, "middle": place - width / 2, "end": place - width}[attributes["text-anchor"]]
        yield left, left + width, float(attributes["y"].removesuffix("em"))


@pytest.mark.parametrize("product", ["standard", "factory_special", "unknown"])
@pytest.mark.parametrize("days", DAYS)
def test_labels_neither_overlap_nor_leave_the_drawing(days: int, product: str, frozen: Policy) -> None:
    yesterday = RECEIVED + timedelta(max(0, days - 1))
    for tree in (draw(frozen, days, product=product), draw(frozen, days, product=product, today=yesterday)):
        assert_apart([*boxes(tree)])


def assert_apart(found: Sequence[tuple[float, float, float]]) -> None:
    assert min(left for left, _, _ in found) >= -0.1
    assert max(right for _, right, _ in found) <= 100.1
    for (left, right, y), (other_left, other_right, other_y) in combinations(found, 2):
        assert abs(y - other_y) > 0.9 * LINE or right <= other_left or other_right <= left


@pytest.mark.parametrize("product", ["standard", "unknown"])
@pytest.mark.parametrize("days", DAYS)
def test_drawing_is_json_without_styles(days: int, product: str, frozen: Policy) -> None:
    tree = draw(frozen, days, product=product)
    assert as_lists(json.loads(json.dumps(tree))) == tree
    for _, attributes, _ in parts(tree):
        assert not {"style", "id", "fill", "stroke"} & {*attributes}


def as_lists(value: object) -> object:
    return tuple(map(as_lists, value)) if isinstance(value, list) else value


CHANGES = {
    "shoes": (
        (date(2026, 11, 5), {"trouble": "size", "member": "none", "delivered_on": "2026-10-30"}),
        ["The label is free", "14 November 2026", "Last day", "29 November 2026"],
        "Today, 5 November 2026. The label is free: 14 November 2026. Last day: 29 November 2026. 24 days left.",
    ),
    "parcels": (
        (date(2026, 11, 27), {"route": "abroad", "sent_on": "2026-10-03", "seen_on": "never_seen"}),
        ["All of your money or a new parcel", "3 December 2026"],
        "Today, 27 November 2026. All of your money or a new parcel: 3 December 2026.",
    ),
    "battery": (
        (date(2026, 11, 27), {"bought_on": "2024-08-31", "use": "private"}),
        ["A change", "30 April 2027", "A change", "31 October 2028", "A change", "31 August 2031"],
        "Today, 27 November 2026. A change: 30 April 2027. A change: 31 October 2028. A change: 31 August 2031.",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_to_come_have_a_bar_each(name: str) -> None:
    (today, answers), labels, description = CHANGES[name]
    policy = load(POLICIES / f"{name}.yaml")
    tree = timeline_drawing(policy, Checker(policy).decide(answers, today))
    assert tree
    assert lines(tree)[1:-2] == labels
    assert tree[1]["aria-label"].endswith(description)
    waits = name == "parcels"
    assert ("open" in {kind for kind, _ in bars(tree)}) != waits, "time to wait is not time that is left"
    assert_apart([*boxes(tree)])


def test_days_that_end_alike_share_a_bar(frozen: Policy) -> None:
    first, second = Checker(frozen).decide({**ANSWERS, "product": "unknown"}, RECEIVED).timelines
    assert first.deadline
    assert second.deadline
    alike = dataclasses.replace(
        second,
        stretches=first.stretches,
        deadline=dataclasses.replace(second.deadline, last_day=first.deadline.last_day),
    )
    verdict = Checker(frozen).decide(ANSWERS, RECEIVED)
    tree = timeline_drawing(frozen, dataclasses.replace(verdict, timelines=(first, alike)))
    assert tree
    assert "Possible last day" in lines(tree)
