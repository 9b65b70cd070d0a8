"""The headline of a result: its mood, the time that is left, and the day that matters most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from checker.explain.timeline import MOST_DAYS_LEFT
from checker.policy import Policy
from checker.verdict import Timeline, Verdict

type Mood = Literal["plain", "calm", "soon", "today", "over", "help"]

SOON = 3
"""The most days left at which a last day is near."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The day that matters most, with its weekday in words."""

    label: str
    day: date
    weekday: str
    text: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Headline:
    """The first lines of a result. The mood sets its colours and its sign, which say nothing that its words do not."""

    mood: Mood
    title: str
    time: str | None
    """The time that is left to act on this result, if a last day is near enough to be counted to."""
    leaf: Leaf | None


def headline(policy: Policy, verdict: Verdict) -> Headline:
    """The headline of a verdict."""
    return _Headline(policy, verdict).headline()


@dataclass(frozen=True, slots=True)
class _Headline:
    policy: Policy
    verdict: Verdict

    def headline(self) -> Headline:
        say, mood, left = self.policy.messages.say, self._mood(), self._days_left()
        outcome = self.policy.outcomes.get(self.verdict.outcome or "")
        title = outcome.title if outcome else say("result.undecided")
        if outcome and outcome.tone == "good" and mood == "today":
            title = say("headline.today")
        time = None
        if left == 0:
            time = say("headline.last_day")
        elif left is not None and left <= MOST_DAYS_LEFT:
            time = say("headline.left_safe" if len(self.verdict.deadlines) > 1 else "headline.left", count=left)
        return Headline(mood, title, time, self._leaf())

    def _days_left(self) -> int | None:
        """The days from today to the earliest last day; None without one, after it, and on another day of acting."""
        timelines = self.verdict.timelines
        if not self.verdict.deadlines or timelines[0].acting != self.verdict.today:
            return None
        return self.verdict.deadlines[0].days_left

    def _mood(self) -> Mood:
        """The mood follows the outcome, and within an outcome that is not bad the days left."""
        outcome = self.policy.outcomes.get(self.verdict.outcome or "")
        if outcome is None:
            return "help"
        if outcome.tone == "bad":
            return "over"
        left = self._days_left()
        if left is not None and left <= SOON:
            return "soon" if left else "today"
        if outcome.tone == "neutral":
            return "help"
        return "calm" if self.verdict.deadlines else "plain"

    def _leaf(self) -> Leaf | None:
        """The earliest last day; without one the next change; else none."""
        if deadlines := self.verdict.deadlines:
            day, is_over = deadlines[0].last_day, deadlines[0].last_day < self.verdict.today
            several = len(deadlines) > 1
            return self._leaf_of("was" if is_over else "safe" if several else "last", day, is_over=is_over)
        for timeline in self.verdict.timelines:
            if timeline.to_come:
                return self._change(timeline)
        return None

    def _change(self, timeline: Timeline) -> Leaf:
        """The day of the next change: the first of something better, or the last before anything else."""
        stretch = timeline.stretches[timeline.to_come[0]]
        if stretch.effect == "better":
            return self._leaf_of("from", stretch.first, is_over=False)
        before = timeline.stretches[timeline.to_come[0] - 1].last
        assert before is not None
        return self._leaf_of("until", before, is_over=False)

    def _leaf_of(self, label: str, day: date, *, is_over: bool) -> Leaf:
        messages = self.policy.messages
        return Leaf(messages.say(f"headline.{label}"), day, messages.weekday(day), messages.date(day), is_over)
