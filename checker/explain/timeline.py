"""A timeline in words: the last day to act, and what changes on which day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from checker.policy import Policy
from checker.verdict import Deadline, Decision, Timeline

MOST_DAYS_LEFT = 60
"""Above this the days left are not said: a count of months by days helps nobody."""

type Line = tuple[str, str | None, str | None]
"""A sentence, the clause that it comes from, and a second sentence."""


@dataclass(frozen=True, slots=True)
class TimelineText:
    """The sentences on the timelines of a policy's cases. ``today`` is the day of asking."""

    policy: Policy
    today: date

    @property
    def say(self) -> Callable[..., str]:
        """The words of the interface."""
        return self.policy.messages.say

    def changes(self, timeline: Timeline) -> Iterator[str]:
        """The changes to come, but for the last day."""
        for text, _, then in [*self.lines(timeline)][bool(timeline.deadline) :]:
            yield f"{text} {then}" if then else text

    def lines(self, timeline: Timeline) -> Iterator[Line]:
        """The last day if there is one, and the changes to come before it."""
        if deadline := timeline.deadline:
            then = self.say("timeline.then", after=self.policy.outcomes[deadline.then].title)
            yield self._last_day(deadline, timeline.acting), deadline.clause, then if self._is_open(deadline) else None
        stretches, numbers = timeline.stretches, timeline.to_come
        sides = [self.sides(timeline, number) for number in numbers]
        if len(numbers) == 1:
            [number], [(before, after)] = numbers, sides
            first, last, clause = stretches[number].first, stretches[number - 1].last, stretches[number].clause
            if stretches[number].effect == "better":
                yield self.say("timeline.from", first=first, after=after), clause, None
            else:
                until = self.say("timeline.until", last=last, before=before)
                yield until, clause, self.say("timeline.then", after=after)
        elif numbers:
            yield self.say("timeline.first", last=stretches[numbers[0] - 1].last, what=sides[0][0]), None, None
            for number, (_, after) in zip(numbers, sides, strict=True):
                first, last, clause = stretches[number].first, stretches[number].last, stretches[number].clause
                kind = "last" if number == numbers[-1] and not deadline else "between"
                yield self.say(f"timeline.{kind}", first=first, last=last, what=after), clause, None

    def sides(self, timeline: Timeline, number: int) -> tuple[str, str]:
        """The differences that the beginning of a stretch makes, in words for before and after."""
        return self._sides(timeline.stretches[number - 1].decision, timeline.stretches[number].decision)

    def earlier(self, timeline: Timeline) -> Iterator[str]:
        """For each earlier stretch the way in which it differs from the present one, the latest first."""
        stretches, present = timeline.stretches, timeline.stretches[timeline.now].decision
        for number in (n for n in reversed(range(timeline.now)) if stretches[n].decision != present):
            what, _ = self._sides(stretches[number].decision, present)
            days = {"first": stretches[number].first, "last": stretches[number].last}
            yield self.say("timeline.was_between" if number else "timeline.was", **days, what=what)

    def _is_open(self, deadline: Deadline) -> bool:
        return deadline.last_day >= self.today

    def _last_day(self, deadline: Deadline, acting: date) -> str:
        """A sentence on a last day: ahead, today, over, or compared with another day of acting."""
        day, left = deadline.last_day, deadline.days_left
        if left is None and not self._is_open(deadline):
            return self.say("timeline.last_day_past", date=day)
        if acting != self.today:
            return self.say(f"timeline.last_day_{'late' if left is None else 'in_time'}", date=day, acting=acting)
        if left == 0:
            return self.say("timeline.last_day_today", date=day)
        if left is not None and left > MOST_DAYS_LEFT:
            return self.say("timeline.last_day_far", date=day)
        return self.say("timeline.last_day_future", date=day, count=left)

    def _sides(self, before: Decision, after: Decision) -> tuple[str, str]:
        """The differences between two decisions, in words for each."""
        names = before.differences(after)
        one, other = (
            "; ".join(self._words(name, *pair) for name in names) for pair in ((before, after), (after, before))
        )
        return one, other

    def _words(self, name: str, decision: Decision, other: Decision) -> str:
        """A field of a decision in words; of items only those in which the other decision differs."""
        policy, join = self.policy, self.policy.messages.join
        if name == "outcome":
            return policy.outcomes[decision.outcome].title if decision.outcome else self.say("pages.nothing")
        if name == "costs":
            return policy.costs[decision.costs] if decision.costs else self.say("timeline.no_costs")
        own: tuple[str, ...] = getattr(decision, name)
        if name == "remedies":
            return join((policy.remedies[id_] for id_ in own), "or") or self.say("timeline.no_remedies")
        titles = {id_: item.title for id_, item in getattr(policy, name).items()}
        others: tuple[str, ...] = getattr(other, name)
        gained, lost = ([titles[id_] for id_ in one if id_ not in two] for one, two in ((own, others), (others, own)))
        sentences = [(f"timeline.{name}", gained), (f"timeline.no_{name}", lost)]
        return "; ".join(self.say(key, items=join(items)) for key, items in sentences if items)
