"""Drawings of time: the timelines of a case, and the windows of a policy.

A drawing is a tree of `(name, attributes, children)`; a child is a tree or a text. The page makes SVG elements of it,
the build writes it as markup. Horizontal measures are in percent, to fit any screen; vertical ones are in em, to grow
with the font. Colours come from the style sheet, by class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import attrgetter

from checker.explain.timeline import TimelineText
from checker.messages import Messages
from checker.policy import Policy
from checker.verdict import Deadline, Timeline, Verdict

type Tree = tuple[str, Mapping[str, str], tuple[Tree | str, ...]]

NEAREST, LATEST = 1 / 14, 2 / 3
"""The least distance of a day from the next, and the longest after the last day, as shares of the window."""

LETTER, STRONG = 2.9, 3.4
"""The width of a letter and of a bold one on the narrowest screen, in percent, rounded up."""

SHORT = int(100 / LETTER)
"""The most letters of a condition: it must fit on one line of the narrowest screen."""

# Heights in em. A label has a name and a date, one below the other.
LINE, BAR, LABEL, GAP = 1.35, 0.9, 3.1, 1.2


@dataclass(frozen=True, slots=True)
class End:
    """A day at which a bar ends: a last day, or a change to come."""

    day: date
    name: str
    counted_from: date
    is_last_day: bool = False
    is_wait: bool = False
    """Whether something better begins on the day; else something ends with it."""


def timeline_drawing(policy: Policy, verdict: Verdict) -> Tree | None:
    """The drawing of a case's timelines: where they begin, the day of acting, each last day and each change to come.

    It is one `svg`, labelled with all that it shows; None if there is neither a last day nor a change to come.
    """
    timelines = verdict.timelines
    ends = sorted((end for timeline in timelines for end in _ends(policy, verdict, timeline)), key=attrgetter("day"))
    if not ends:
        return None
    by_day = [[*group] for _, group in groupby(ends, attrgetter("day"))]
    unlike = policy.messages.say("drawing.possible_last_day")
    rows = [group[0] if len(group) == 1 else replace(group[0], name=unlike) for group in by_day]
    return _CaseDrawing(policy.messages, rows, timelines[0].acting, verdict.today).tree()


def _ends(policy: Policy, verdict: Verdict, timeline: Timeline) -> Iterator[End]:
    """The last day of a timeline, and the changes to come before it."""
    say, stretches = policy.messages.say, timeline.stretches
    for number in timeline.to_come:
        stretch = stretches[number]
        is_wait = stretch.effect == "better"
        name = TimelineText(policy, verdict.today).sides(timeline, number)[is_wait]
        day = stretch.first if is_wait else stretch.first - timedelta(1)
        yield End(day, _short(name) or say("drawing.change"), stretch.counted_from, is_wait=is_wait)
    if deadline := timeline.deadline:
        name = _condition(policy, deadline) or say("drawing.possible_last_day")
        start = next(stretch.counted_from for stretch in stretches if stretch.first > deadline.last_day)
        name = say("drawing.last_day") if len(verdict.timelines) == 1 else name
        yield End(deadline.last_day, name, start, is_last_day=True)


def _condition(policy: Policy, deadline: Deadline) -> str:
    """The condition of a possible last day; empty if it is too long for a label."""
    join = policy.messages.join
    phrases = (
        [policy.questions[answer.question].offered[choice].phrase for choice in answer.choices]
        for answer in deadline.given
    )
    return _short(join(join(alternatives, "or") for alternatives in phrases))


def _short(name: str) -> str:
    return name if len(name) <= SHORT else ""


class _CaseDrawing:
    """The drawing of a case, a bar for each end."""

    def __init__(self, messages: Messages, ends: Sequence[End], acting: date, today: date) -> None:
        self.say, self.date = messages.say, messages.date
        self.start = ends[0].counted_from
        self.now = acting
        self.today = today
        self.ends = ends
        self.last = ends[-1].day
        self.window = (self.last - self.start).days
        self.places = self._places()

    def tree(self) -> Tree:
        """The `svg`: the day of applying, then the bars, each above its last day."""
        alone = len(self.ends) == 1
        top = LINE * (3 if alone else 2)
        tops = [top + number * (BAR + LABEL + GAP) for number in range(len(self.ends))]
        bars = [part for y, end in zip(tops, self.ends, strict=True) for part in self._window(y, end)]
        # A narrow screen has no room for two dates in one line; on a wide one the style sheet moves this one up.
        below = tops[-1] + BAR + LINE
        start = _label("start", 0, below, self.say("drawing.start"), self.date(self.start), strong=False)
        kind = "timeline timeline--one" if alone else "timeline"
        attributes = {"class": kind, "height": _em(below + LABEL), "role": "img", "aria-label": self._description()}
        # The label says it all, and a screen reader should not say it twice.
        return _svg(attributes, ("g", {"aria-hidden": "true"}, (*self._above(top), *bars, start)))

    def _above(self, bar: float) -> Iterator[Tree]:
        place = self.places[self.now]
        yield _at(place, ("line", {"class": "timeline__pointer", "y1": _em(bar - 0.9), "y2": _em(bar)}, ()))
        lines = [self._days_left(self.last)] if len(self.ends) == 1 and self.ends[0].is_last_day else []
        yield _label("now", place, -0.3, self._day(), *lines, strong=bool(lines))

    def _window(self, y: float, end: End) -> Iterator[Tree]:
        """A bar: past until the day of acting, open from there unless it is a wait, late after its end."""
        now, last = self.places[self.now], self.places[end.day]
        middle = y + BAR / 2
        yield _bar("past", 0, last if end.is_wait else min(now, last), y)
        if now < last and not end.is_wait:
            yield _bar("open", now, last, y)
        if last < now:
            across = {"x1": _percent(last), "x2": _percent(now), "y1": _em(middle), "y2": _em(middle)}
            yield "line", {"class": "timeline__late", **across}, ()
        if self._is_cut() and end is self.ends[-1]:
            yield _at((last + now) / 2, *(_stroke(x, middle) for x in (-0.2, 0.2)))
        yield _start(y)
        yield _at(now, ("circle", {"class": "timeline__now", "cy": _em(middle), "r": _em(0.5)}, ()))
        end_mark = {"x": _em(-0.15), "y": _em(y - 0.45), "width": _em(0.3), "height": _em(BAR + 0.9)}
        yield _at(last, ("rect", {"class": "timeline__end", **end_mark}, ()))
        # The last bar has the label of the first day beside it, so its own label keeps to the edge.
        yield _label("end", 100 if end is self.ends[-1] else last, y + BAR, end.name, self.date(end.day))

    def _day(self) -> str:
        """The name and the date of the day of applying."""
        name = "today" if self.now == self.today else "applied" if self.now < self.today else "applying"
        return self.say(f"drawing.{name}", date=self.now)

    def _days_left(self, last_day: date) -> str:
        """The days left, or the days too late, in words."""
        days = (last_day - self.now).days
        if days == 0:
            return self.say("drawing.last")
        return self.say("drawing.left", count=days) if days > 0 else self.say("drawing.over", count=-days)

    def _description(self) -> str:
        """All that the drawing shows, for screen readers."""
        ends = (
            self.say("drawing.label_end", name=end.name, date=end.day, left=self._days_left(end.day))
            if end.is_last_day
            else self.say("drawing.label_change", name=end.name, date=end.day)
            for end in self.ends
        )
        return " ".join([self.say("drawing.label", start=self.start, now=self._day()), *ends])

    def _is_cut(self) -> bool:
        """Whether the days after the last day are too many to be drawn to scale."""
        return (self.now - self.last).days > self.window * LATEST

    def _places(self) -> dict[date, float]:
        """The place of each day in percent: to scale, within the limits of NEAREST and LATEST."""
        days = sorted({self.start, self.now, *(end.day for end in self.ends)})
        gaps = [
            max(min((b - a).days, self.window * LATEST) if a >= self.last else (b - a).days, self.window * NEAREST)
            for a, b in pairwise(days)
        ]
        ways = [sum(gaps[:number]) for number in range(len(days))]
        return {day: 100 * way / ways[-1] for day, way in zip(days, ways, strict=True)}


def _label(kind: str, place: float, y: float, *lines: str, strong: bool = True) -> Tree:
    """A label below `y`, its last line in bold, aligned so that it passes no edge."""
    bold = [strong and number == len(lines) for number in range(1, len(lines) + 1)]
    width = max(len(line) * (STRONG if is_bold else LETTER) for line, is_bold in zip(lines, bold, strict=True))
    anchor = "start" if place < 100 / 3 else "end" if place > 200 / 3 else "middle"
    before, after = {"start": (0.0, width), "end": (width, 0.0), "middle": (width / 2, width / 2)}[anchor]
    if place + after > 100:
        place, anchor = 100, "end"
    elif place - before < 0:
        place, anchor = 0, "start"
    texts = []
    for number, line in enumerate(lines, 1):
        name = "timeline__text timeline__text--strong" if bold[number - 1] else "timeline__text"
        place_of = {"x": _percent(place), "y": _em(y + number * LINE), "text-anchor": anchor}
        texts.append(("text", {"class": name, **place_of}, (line,)))
    return "g", {"class": f"timeline__label timeline__label--{kind}"}, tuple(texts)


def _bar(kind: str, left: float, right: float, y: float) -> Tree:
    place = {"x": _percent(left), "width": _percent(right - left), "y": _em(y), "height": _em(BAR)}
    return "rect", {"class": f"timeline__bar timeline__bar--{kind}", **place}, ()


def _start(y: float) -> Tree:
    circle = {"class": "timeline__start", "cx": "0%", "cy": _em(y + BAR / 2), "r": _em(0.5)}
    return "circle", circle, ()


def _stroke(x: float, y: float) -> Tree:
    """A short slanted line: two of them mark days that are not to scale."""
    ends = {"x1": _em(x - 0.2), "x2": _em(x + 0.2), "y1": _em(y + 0.5), "y2": _em(y - 0.5)}
    return "line", {"class": "timeline__cut", **ends}, ()


def _at(place: float, *children: Tree) -> Tree:
    """Shapes at a place, which is their origin."""
    return "svg", {"x": _percent(place), "overflow": "visible"}, children


def _svg(attributes: Mapping[str, str], *children: Tree) -> Tree:
    return "svg", {"width": "100%", "overflow": "visible", **attributes}, children


def _percent(share: float) -> str:
    return f"{share:.5g}%"


def _em(length: float) -> str:
    return f"{length:.5g}em"
