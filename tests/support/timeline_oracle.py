"""The result of a case as far as it is about time, as JSON and in sentences, by the oracle that goes day by day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, reduce
from typing import Any

from checker.messages import messages
from checker.policy import Words
from tests.support.day_by_day import ITEMS, KINDS, Case, Day, DayByDay, Stretch, citable, present

MOST_DAYS_LEFT = 60


@dataclass(frozen=True)
class Sentence:
    text: str
    note: str | None
    clauses: frozenset[str | None]
    """Each of them may be cited; with None also none at all."""


def named(before: Day, after: Day) -> list[str]:
    """The kinds that differ and that a sentence names: the outcome, else what is granted, else what follows from it."""
    differing = [kind for kind in KINDS if getattr(before, kind) != getattr(after, kind)]
    groups = (["outcome"], ["remedies", "costs"], ITEMS)
    return next((own for group in groups if (own := [kind for kind in group if kind in differing])), [])


@dataclass(frozen=True)
class TimelineOracle:
    """The timeline of one case, whose days are numbers from the day of acting on."""

    policy: DayByDay
    case: Case
    acting: date
    today: date

    @cached_property
    def stretches(self) -> list[tuple[date, date, Day, Day]]:
        """The first and last day of each stretch, with what is decided on them. The last stretch has no last day."""
        return [(self._on(each.first), self._on(each.last or 0), each.day, each.end) for each in self._timeline]

    @cached_property
    def _timeline(self) -> list[Stretch]:
        return self.policy.timeline(self.case)

    @property
    def now(self) -> int:
        return present(self._timeline)

    @property
    def end(self) -> int | None:
        """The place of the last stretch before a last day."""
        return self.policy.deadline(self._timeline)

    @property
    def to_come(self) -> list[int]:
        """The places of the stretches that begin later, up to the last day."""
        return [*range(self.now + 1, len(self.stretches) if self.end is None else self.end + 1)]

    # ---- as JSON

    @cached_property
    def timeline(self) -> list[dict[str, Any]]:
        """The stretches under the keys of the verdict; empty without changes."""
        found: list[dict[str, Any]] = []
        for n, (first, last, day, _) in enumerate(self.stretches):
            stretch = {
                "from": first.isoformat(),
                "to": last.isoformat() if n < len(self.stretches) - 1 else None,
                "outcome": day.outcome[0],
                "grants": grants(day),
                **{kind: [*getattr(day, kind)] for kind in ITEMS},
            }
            found.append(stretch | ({"change": self._change(n)} if n else {}))
        return found if len(found) > 1 else []

    @cached_property
    def deadline(self) -> dict[str, Any] | None:
        """The last day under the keys of the verdict."""
        if self.end is None:
            return None
        last, then = self.stretches[self.end][1], self.stretches[self.end + 1][2].outcome[0]
        left = (last - self.acting).days
        return {"last_day": last.isoformat(), "days_left": left if left >= 0 else None, "then": then}

    def entries(self) -> list[date]:
        """The days that a calendar takes: the last day, and the next change if it is better or worse."""
        days = [] if self.end is None else [self.stretches[self.end][1]]
        for n in self.to_come[:1]:
            if change := self._change(n):
                days.append(self.stretches[n][0] if change == "better" else self.stretches[n - 1][1])
        return sorted(day for day in days if day >= self.today)

    # ---- in words

    def deadlines(self) -> list[Sentence]:
        """The sentences on the last day and on what changes before it."""
        found = [] if self.end is None else [self._last_day(self.end)]
        sides = {n: self._sides(self.stretches[n - 1][3], self.stretches[n][2]) for n in self.to_come}
        if len(sides) == 1:
            [(n, (before, after, clauses))] = sides.items()
            if self._change(n) == "better":
                text = self._say("timeline.from", first=self.stretches[n][0], after=after)
                return [*found, Sentence(text, None, clauses)]
            until = self._say("timeline.until", last=self.stretches[n - 1][1], before=before)
            return [*found, Sentence(until, self._say("timeline.then", after=after), clauses)]
        for n, (before, after, clauses) in sides.items():
            first, last, *_ = self.stretches[n]
            if n == self.now + 1:
                until = self._say("timeline.first", last=self.stretches[n - 1][1], what=before)
                found.append(Sentence(until, None, clauses | {None}))
            key = "between" if n < len(self.stretches) - 1 else "last"
            found.append(Sentence(self._say(f"timeline.{key}", first=first, last=last, what=after), None, clauses))
        return found

    @property
    def differences(self) -> list[tuple[Any, ...]]:
        """All that a page tells of the changes to come."""
        found = []
        for n in self.to_come:
            days = self.stretches[n - 1][2], self.stretches[n][2]
            kinds = named(*days)
            found.append((self._change(n), *((kind, *(getattr(day, kind) for day in days)) for kind in kinds)))
        return found

    def changes(self) -> list[Sentence]:
        """The sentences on what an earlier day would have changed, if the policy lets customers be told."""
        found: list[Sentence] = []
        if self.policy.tree["questions"][next(iter(self.policy.dates.values()))].get("changeable") != "yes":
            return found
        for n in reversed(range(self.now)):
            first, last, _, day = self.stretches[n]
            if text := self._sides(day, self.stretches[self.now][2])[0]:
                key = "was_between" if n else "was"
                found.append(
                    Sentence(self._say(f"timeline.{key}", first=first, last=last, what=text), None, frozenset([None]))
                )
        return found

    def _last_day(self, end: int) -> Sentence:
        last, before, after = self.stretches[end][1], self.stretches[end][3], self.stretches[end + 1][2]
        left = (last - self.acting).days
        if left < 0 and last < self.today:
            key = "past"
        elif self.acting != self.today:
            key = "in_time" if left >= 0 else "late"
        elif left == 0:
            key = "today"
        else:
            key = "future" if left <= MOST_DAYS_LEFT else "far"
        text = self._say(f"timeline.last_day_{key}", date=last, acting=self.acting, count=left)
        note = self._say("timeline.then", after=self._title(after)) if last >= self.today else None
        return Sentence(text, note, citable(before, after, ["outcome"]))

    def _sides(self, before: Day, after: Day) -> tuple[str, str, frozenset[str | None]]:
        """The differences in words, as it is before and after, and the clauses for them."""
        kinds = named(before, after)
        if "outcome" in kinds:
            return self._title(before), self._title(after), citable(before, after, ["outcome"])
        one, other = ("; ".join(self._differing(kinds, *days)) for days in ((before, after), (after, before)))
        return one, other, citable(before, after, kinds)

    def _differing(self, kinds: Sequence[str], day: Day, other: Day) -> Iterator[str]:
        for kind in kinds:
            own, others = getattr(day, kind), getattr(other, kind)
            if kind == "costs":
                costs = [self._filled(self.policy.tree["costs"][id_]) for id_ in own]
                yield costs[0] if costs else self._say("timeline.no_costs")
            elif kind == "remedies":
                yield joined([self.policy.tree["remedies"][id_] for id_ in own], "or") or self._say(
                    "timeline.no_remedies"
                )
            else:
                only = [[id_ for id_ in one if id_ not in two] for one, two in ((own, others), (others, own))]
                for key, ids in zip((kind, f"no_{kind}"), only, strict=True):
                    if ids:
                        yield self._say(f"timeline.{key}", items=joined([self._item(kind, id_) for id_ in ids], "and"))

    def _say(self, key: str, /, **names: Any) -> str:
        """A message in the words of the policy's trade."""
        tree = self.policy.tree
        return messages("en", Words(**tree.get("words", {})), tree["shop"]["name"]).say(key, **names)

    def _change(self, n: int) -> str | None:
        return self.policy.change(self.stretches[n - 1][2], self.stretches[n][2])

    def _on(self, days: int) -> date:
        return self.acting + timedelta(days)

    def _title(self, day: Day) -> str:
        return self._filled(self.policy.tree["outcomes"][day.outcome[0]]["title"])

    def _item(self, kind: str, id_: str) -> str:
        clauses = self.policy.tree["clauses"].values()
        [item] = [clause[kind][id_] for clause in clauses if id_ in clause.get(kind, {})]
        return self._filled(item["title"])

    def _filled(self, text: str) -> str:
        """The text with its values put in."""
        return re.sub(r"\{(\w+)\}", lambda found: self.policy.tree["values"][found[1]], text)


@dataclass(frozen=True)
class OpenTimeline:
    """The timelines of some of the cases that open answers allow, which a page shows as one."""

    times: Sequence[TimelineOracle]
    given: Mapping[str, list[str]]
    """By question the answers that tell them from the timelines of the other cases."""

    def to_json(self) -> dict[str, Any]:
        """All that the stretches of the cases share, in the form of ``plain``."""
        shared = []
        for stretches in zip(*(plain({"stretches": time.timeline})["stretches"] for time in self.times), strict=True):
            first, *rest = stretches
            shared.append({name: reduce(_common, [each[name] for each in rest], first[name]) for name in first})
        return {"given": self.given, "stretches": shared}

    def deadlines(self) -> dict[tuple[str, str | None], set[str | None]]:
        """The sentences with their second lines, and the clauses that each may cite."""
        found: dict[tuple[str, str | None], set[str | None]] = {}
        for sentence in (sentence for time in self.times for sentence in time.deadlines()):
            found.setdefault((sentence.text, sentence.note), set()).update(sentence.clauses)
        return found


def open_timelines(times: Sequence[TimelineOracle]) -> list[OpenTimeline]:
    """The timelines of all the cases that open answers allow, those together that a page cannot tell apart."""
    times = [time for time in times if time.timeline]
    groups: dict[str, list[TimelineOracle]] = {}
    for time in times:
        groups.setdefault(repr(([first for first, *_ in time.stretches], time.deadline, time.differences)), []).append(
            time
        )

    def answers(name: str, times: Sequence[TimelineOracle]) -> list[str]:
        return sorted({str(time.case[name]) for time in times})

    return [
        OpenTimeline(own, {n: found for n in own[0].case if (found := answers(n, own)) != answers(n, times)})
        for own in groups.values()
    ]


def plain(timeline: Mapping[str, Any]) -> dict[str, Any]:
    """A timeline of a verdict without order, and without the changes, which may not be shared where they are over."""
    nothing: dict[str, Any] = {"remedies": [], "costs": None}
    stretches = [{**each, **(each["grants"] or nothing)} for each in timeline["stretches"]]
    return {
        "given": given_answers(timeline),
        "stretches": [{n: each[n] for n in each if n not in ("grants", "change")} for each in stretches],
    }


def given_answers(part: Mapping[str, Any]) -> dict[str, list[str]]:
    """The answers under which a part of a verdict holds, without order."""
    return {answer["question"]: sorted(answer["any_of"]) for answer in part.get("given", ())}


def _common(one: Any, other: Any) -> Any:
    if isinstance(one, list):
        return [id_ for id_ in one if id_ in other]
    return one if one == other else None


def grants(day: Day) -> dict[str, Any]:
    """The remedies and costs under the keys of the verdict."""
    remedies, costs = [*day.remedies], day.costs[0] if day.costs else None
    return {"remedies": remedies, "costs": costs} if remedies or costs else {}


def joined(texts: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))
