"""The day card beside the headline: the day that matters most, and the days up to each day that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from checker.explain.timeline import TimelineText
from checker.policy import Policy
from checker.verdict import Deadline, Timeline, Verdict

MOST_CELLS = 31
"""The most days that a row draws as one cell each."""


@dataclass(frozen=True, slots=True)
class Row:
    """The days from the date that is counted from to a day that counts. Day 0 is that date."""

    name: str
    note: str
    days: int
    day: int
    """The day of acting: more than `days` if it is later."""
    cells: tuple[str, ...]
    """Each day: empty if past, `now`, `left`, `now left` on the last, `none` beyond it. No cells if there are many."""


@dataclass(frozen=True, slots=True)
class DayCard:
    """The day that matters most, with its weekday in words."""

    label: str
    day: date
    weekday: str
    text: str
    is_over: bool
    rows: tuple[Row, ...] = ()
    lines: tuple[str, ...] = ()
    """The other changes, each with its day."""


def day_card(policy: Policy, verdict: Verdict) -> DayCard | None:
    """The day card of a verdict: the earliest last day; without one the next change; None if nothing changes."""
    parts = _DayCard(policy, verdict)
    if (day := parts.day()) is None:
        return None
    return replace(day, rows=tuple(parts.rows()), lines=tuple(parts.lines()))


@dataclass(frozen=True, slots=True)
class _End:
    """A day that counts: a last day, or a change to come."""

    name: str
    day: date
    counted_from: date


@dataclass(frozen=True, slots=True)
class _DayCard:
    policy: Policy
    verdict: Verdict

    @property
    def say(self) -> Callable[..., str]:
        return self.policy.messages.say

    @property
    def words(self) -> TimelineText:
        return TimelineText(self.policy, self.verdict.today)

    def day(self) -> DayCard | None:
        if deadlines := self.verdict.deadlines:
            day = deadlines[0].last_day
            is_over = day < self.verdict.today
            return self._card("was" if is_over else "safe" if len(deadlines) > 1 else "last", day, is_over=is_over)
        for timeline in self.verdict.timelines:
            if timeline.to_come:
                return self._change(timeline)
        return None

    def _change(self, timeline: Timeline) -> DayCard:
        """The next change: the first day of something better, or the last before anything else."""
        stretch = timeline.stretches[timeline.to_come[0]]
        if stretch.effect == "better":
            return self._card("from", stretch.first)
        return self._card("until", stretch.first - timedelta(1))

    def _card(self, label: str, day: date, *, is_over: bool = False) -> DayCard:
        messages = self.policy.messages
        return DayCard(self.say(f"card.{label}"), day, messages.weekday(day), messages.date(day), is_over)

    def lines(self) -> Iterator[str]:
        for timeline in self.verdict.timelines:
            yield from self.words.changes(timeline)

    def rows(self) -> Iterator[Row]:
        """A row for each day that counts, all on one scale, with the day of acting."""
        ends = sorted(
            (end for timeline in self.verdict.timelines for end in self._ends(timeline)), key=attrgetter("day")
        )
        by_day = [[*group] for _, group in groupby(ends, attrgetter("day"))]
        alone = len(by_day) == 1
        longest = max(((end.day - end.counted_from).days for end in ends), default=0)
        acting = self.verdict.timelines[0].acting
        for first, *others in by_day:
            days, day = (first.day - first.counted_from).days, (acting - first.counted_from).days
            name = self.say("card.possible") if others else first.name
            if alone and not name:
                name, note = (
                    self.say("card.counted", date=self.policy.messages.short_date(first.counted_from)),
                    self._progress(acting, day, days),
                )
            else:
                name, note = (
                    self.say("card.end", name=name, date=self.policy.messages.short_date(first.day)),
                    self._left(days - day),
                )
            yield Row(name, note, days, day, tuple(_cells(day, days, longest)) if longest <= MOST_CELLS else ())

    def _progress(self, acting: date, day: int, days: int) -> str:
        """The day of acting in the count of days."""
        if day > days:
            return self._left(days - day)
        today = self.verdict.today
        kind = "today" if acting == today else "applied" if acting < today else "applying"
        return self.say(f"card.{kind}", day=day, days=days)

    def _left(self, days: int) -> str:
        """The days left, or the days too late, in words."""
        if days == 0:
            return self.say("card.last_day")
        return self.say("card.left" if days > 0 else "card.over", count=abs(days))

    def _ends(self, timeline: Timeline) -> Iterator[_End]:
        """The changes to come of a timeline, and its last day."""
        for number in timeline.to_come:
            stretch = timeline.stretches[number]
            better = stretch.effect == "better"
            name = self.words.sides(timeline, number)[better]
            yield _End(name, stretch.first if better else stretch.first - timedelta(1), stretch.counted_from)
        if deadline := timeline.deadline:
            start = next(stretch.counted_from for stretch in timeline.stretches if stretch.first > deadline.last_day)
            name = self._condition(deadline) if len(self.verdict.timelines) > 1 else ""
            yield _End(name or (self.say("card.possible") if deadline.given else ""), deadline.last_day, start)

    def _condition(self, deadline: Deadline) -> str:
        """The answers under which a last day holds."""
        join = self.policy.messages.join
        return join(
            join((self.policy.questions[answer.question].offered[choice].phrase for choice in answer.choices), "or")
            for answer in deadline.given
        )


def _cells(day: int, days: int, longest: int) -> Iterator[str]:
    for number in range(1, longest + 1):
        if number > days:
            yield "none"
        elif number == day:
            yield "now left" if day == days else "now"
        else:
            yield "left" if number > day else ""
