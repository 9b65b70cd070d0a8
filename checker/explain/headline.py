"""The headline of a result: its mood, the time that is left, and the day that matters most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checker.explain.day_card import DayCard, day_card
from checker.explain.timeline import MOST_DAYS_LEFT
from checker.policy import Policy
from checker.verdict import Verdict

type Mood = Literal["plain", "calm", "soon", "today", "over", "help"]

SOON = 3
"""The most days left at which a last day is near."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The first lines of a result. The mood sets its colours and its sign, which say nothing that its words do not."""

    mood: Mood
    title: str
    time: str | None
    """The time that is left to act on this result, if a last day is near enough to be counted to."""
    card: DayCard | None
    """The day beside it; none if no day changes anything."""


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
        return Headline(mood, title, time, day_card(self.policy, self.verdict))

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
