"""The timelines of a case: what is decided on each day of acting, while all other answers are held.

The days on which something can change are known: each date is cut at the durations that the policy compares it with,
and all dates that are counted to the day of acting move together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce

from checker.engine.compile import OUTCOME, CompiledPolicy
from checker.engine.evaluate import Evaluation
from checker.engine.nodes import HOLDS, Node, TooLargeError
from checker.engine.parts import ASKED, COSTS, ESTIMATES, PROOF, REMEDIES
from checker.verdict import Answered, Deadline, Decision, Effect, Stretch, Timeline

MOST_STATES = 300
"""The most states of a walk over open answers. If it takes more, the outcome alone is followed over time."""

DAY = timedelta(1)
TONES = ("bad", "neutral", "good")


@dataclass(frozen=True, slots=True)
class Cuts:
    """The days of acting on which a case can change, from the first that is possible on."""

    question: str
    """The question of the day of acting."""
    acting: date
    """The day of acting in this case."""
    days: tuple[date, ...]
    starts: tuple[date, ...]
    """For each of the days, the date from which it is counted."""
    values: tuple[Mapping[int, int], ...]
    """For each of the days, the values of the dates that are counted to the day of acting."""


def cuts(compiled: CompiledPolicy, answers: Mapping[str, date]) -> Iterator[Cuts]:
    """The cuts of each day of acting to which an answered date is counted."""
    counted: dict[str, dict[int, date]] = {}
    for number, variable in enumerate(compiled.variables):
        if variable.question in answers:
            counted.setdefault(variable.counted_to, {})[number] = answers[variable.question]
    for end, dates in counted.items():
        first = max(dates.values())
        starts = {first: first}
        for number, start in dates.items():
            later = (start + timedelta(days) for days in compiled.variables[number].first_days)
            starts |= {day: start for day in later if day > first}
        days = sorted(starts)
        values = (
            {number: compiled.variables[number].value_of((day - start).days) for number, start in dates.items()}
            for day in days
        )
        yield Cuts(end, answers[end], tuple(days), tuple(map(starts.__getitem__, days)), tuple(values))


@dataclass(frozen=True, slots=True)
class _Branch:
    """A timeline under some of the open answers, with the values of each open variable that matters."""

    timeline: Timeline
    values: Mapping[int, set[int]]

    @property
    def key(self) -> tuple[object, ...]:
        """All that a page says of the timeline: branches with the same key are one timeline."""
        timeline, deadline = self.timeline, self.timeline.deadline
        days = tuple(stretch.first for stretch in timeline.stretches)
        return days, deadline and (deadline.last_day, deadline.then), *map(timeline.visible_change, timeline.to_come)


class Timelines:
    """Finds the timelines of the cases of one policy."""

    def __init__(self, compiled: CompiledPolicy) -> None:
        self.compiled = compiled
        places = {compiled.outcome: 0}  # many conditions are the same node
        self._parts = {
            part: [(id_, places.setdefault(node, len(places))) for id_, node in compiled.parts[part].items()]
            for part in (*ASKED, ESTIMATES)
        }
        self._nodes = tuple(places)
        self._decisions: dict[tuple[int, ...], Decision] = {}
        self._costs = [*compiled.policy.costs]
        self._tones = {id_: TONES.index(outcome.tone) for id_, outcome in compiled.policy.outcomes.items()}

    def support(self, evaluation: Evaluation, diagrams: Sequence[Node]) -> set[int]:
        """The variables that can still change the terminal of one of the diagrams on some day of acting."""
        if evaluation.is_complete:
            return set()
        days = (self._under(evaluation, day) for cut in self._cuts(evaluation) for day in cut.values)
        return evaluation.support(diagrams).union(*(day.support(diagrams) for day in days))

    def of(self, evaluation: Evaluation) -> tuple[Timeline, ...]:
        """The timelines that the open questions still allow: the one with the earliest last day, or change, first."""
        timelines = (timeline for cut in self._cuts(evaluation) for timeline in self._of(evaluation, cut))
        return tuple(sorted(timelines, key=self._order))

    def _cuts(self, evaluation: Evaluation) -> Iterator[Cuts]:
        return (cut for cut in cuts(self.compiled, evaluation.answers.dates) if len(cut.days) > 1)

    def _under(
        self, evaluation: Evaluation, dates: Mapping[int, int], answers: Mapping[int, Sequence[int]] | None = None
    ) -> Evaluation:
        """The evaluation with the values of a day of acting, and with some answers to open questions."""
        return evaluation.under({**(answers or {}), **{number: (value,) for number, value in dates.items()}})

    def _is_date(self, number: int) -> bool:
        return bool(self.compiled.variables[number].first_days)

    def _order(self, timeline: Timeline) -> tuple[date, int]:
        deadline = timeline.deadline
        if deadline:
            return deadline.last_day, self.compiled.rank[deadline.then]
        return timeline.stretches[1].first, -1

    def _of(self, evaluation: Evaluation, cut: Cuts) -> Iterator[Timeline]:
        open_dates = {n for n, values in enumerate(evaluation.values) if len(values) > 1 and self._is_date(n)}
        if open_dates and open_dates & self.support(evaluation, self._nodes):
            return  # no answer names the days of an open date
        branches = [
            _Branch(timeline, values)
            for terminals, values in self._terminals(evaluation, cut).items()
            if (timeline := self.timeline(cut, terminals))
        ]
        groups: dict[tuple[object, ...], list[_Branch]] = {}
        for branch in branches:
            groups.setdefault(branch.key, []).append(branch)
        for group in groups.values():
            yield self._joined(evaluation, cut, group, tuple(self._distinguishing(group, branches)))

    def _terminals(self, evaluation: Evaluation, cut: Cuts) -> Mapping[tuple[int, ...], Mapping[int, set[int]]]:
        """The terminals of each diagram on each of the days, with the values of the open variables that lead there."""
        store = self.compiled.store
        if evaluation.is_complete:
            cases = [[values.get(n, own) for n, (own, *_) in enumerate(evaluation.values)] for values in cut.values]
            return {tuple([store.decide(node, case) for case in cases for node in self._nodes]): {}}
        for nodes in (self._nodes, self._nodes[:1]):
            with suppress(TooLargeError):
                return store.cofactors(nodes, cut.values, evaluation.values, MOST_STATES)
        return {}

    def timeline(self, cut: Cuts, terminals: tuple[int, ...]) -> Timeline | None:
        """The timeline with these terminals, of the outcome alone or of all that is shown; None if nothing changes."""
        width = len(terminals) // len(cut.days)
        stretches: list[Stretch] = []
        for number, (first, start) in enumerate(zip(cut.days, cut.starts, strict=True)):
            decision = self._decision(terminals[number * width : (number + 1) * width])
            if not stretches:
                stretches.append(Stretch(first=first, last=None, counted_from=start, decision=decision))
            elif decision is not stretches[-1].decision:
                effect = self._effect(stretches[-1].decision, decision)
                stretches[-1] = replace(stretches[-1], last=first - DAY)
                stretches.append(Stretch(first=first, last=None, counted_from=start, decision=decision, effect=effect))
        if len(stretches) == 1:
            return None
        timeline = Timeline(question=cut.question, acting=cut.acting, stretches=tuple(stretches), deadline=None)
        return replace(timeline, deadline=self._deadline(timeline))

    def _decision(self, terminals: tuple[int, ...]) -> Decision:
        """The decision with these terminals: always the same object for the same decision."""
        decision = self._decisions.get(terminals)
        if decision is None:
            holding = {
                part: tuple(id_ for id_, place in items if terminals[place : place + 1] == (HOLDS,))
                for part, items in self._parts.items()
            }
            decision = Decision(
                outcome=self.compiled.outcomes[terminals[0]] if terminals[0] != self.compiled.undecided else None,
                remedies=holding[REMEDIES],
                costs=next(iter(holding[COSTS]), None),
                proof=holding[PROOF],
                steps=holding["steps"],
                estimates=holding[ESTIMATES],
            )
            self._decisions[terminals] = decision
        return decision

    def _effect(self, before: Decision, after: Decision) -> Effect | None:
        """The effect on the customer: by tone; with one outcome by its remedies and costs, if they agree."""
        if before.outcome != after.outcome:
            return _better_or_worse({self._tone(after) - self._tone(before)})
        effects = set[int]()
        if before.remedies != after.remedies:
            one, other = {*before.remedies}, {*after.remedies}
            effects.add((one < other) - (one > other))
        if before.costs != after.costs:
            ranks = [self._costs.index(costs) for costs in (before.costs, after.costs) if costs]
            effects.add(ranks[0] - ranks[1] if len(ranks) == 2 else 0)
        return _better_or_worse(effects)

    def _tone(self, decision: Decision) -> int:
        return self._tones[decision.outcome] if decision.outcome else 0

    def _deadline(self, timeline: Timeline) -> Deadline | None:
        """The last day to act, if the timeline has one: from the day of acting until then nothing may be bad."""
        outcomes = [stretch.decision.outcome for stretch in timeline.stretches]
        is_bad = [self._tone(stretch.decision) == 0 for stretch in timeline.stretches]
        end = end_of_time(outcomes, is_bad)
        if end is None or any(is_bad[timeline.now : end]):
            return None
        last_day = timeline.stretches[end].first - DAY
        left = (last_day - timeline.acting).days
        then = outcomes[end] or ""
        return Deadline(last_day=last_day, days_left=left if left >= 0 else None, then=then)

    def _joined(
        self, evaluation: Evaluation, cut: Cuts, group: Sequence[_Branch], given: tuple[Answered, ...]
    ) -> Timeline:
        """The branches of a group as one timeline, with all that they share, and the clauses of its changes."""
        timeline = group[0].timeline
        answers = {number: self._values(number, group) for branch in group for number in branch.values}
        days = [self._under(evaluation, dates, answers) for dates in cut.values]
        stretches = [*timeline.stretches]
        for number, stretch in enumerate(stretches):
            decision = reduce(Decision.common, (branch.timeline.stretches[number].decision for branch in group))
            day = cut.days.index(stretch.first)
            clause = self._clause(timeline.differences(number), days[day - 1], days[day]) if number else None
            stretches[number] = replace(stretch, decision=decision, clause=clause)
        deadline = timeline.deadline
        if deadline:
            end = next(stretch for stretch in stretches if stretch.first > deadline.last_day)
            deadline = replace(deadline, clause=end.clause, given=given)
        return replace(timeline, stretches=tuple(stretches), deadline=deadline, given=given)

    def _clause(self, differences: Collection[str], before: Evaluation, after: Evaluation) -> str | None:
        """The first clause with a rule, grant or item that holds before or after a change alone, and gives it."""
        causes = (*self._causes(differences, after, before), *self._causes(differences, before, after))
        return next(iter(causes), None)

    def _causes(self, differences: Collection[str], here: Evaluation, there: Evaluation) -> Iterator[str]:
        """The clauses with a rule, grant or item that holds here and not there, and gives a difference."""
        compiled = self.compiled
        if OUTCOME in differences:
            ranks = here.terminals(compiled.outcome) - there.terminals(compiled.outcome)
            causes = [(rule.clause, rule.when) for rule in compiled.rules if rule.rank in ranks]
        else:
            nodes = {(part, id_): node for part in differences for id_, node in compiled.parts[part].items()}
            ids = {id_ for id_, node in nodes.items() if here.possible(node) and not there.possible(node)}
            causes = [
                (grant.clause, grant.when)
                for grant in compiled.grants
                if ids & {*((REMEDIES, id_) for id_ in grant.remedies), (COSTS, grant.costs)}
            ]
            items = (id_ for id_ in nodes if id_ in ids and id_[0] not in (REMEDIES, COSTS))
            causes += [(compiled.policy.clause_of(*id_), nodes[id_]) for id_ in items]
        return (clause for clause, when in causes if here.possible(when) and not there.possible(when))

    def _distinguishing(self, group: Sequence[_Branch], branches: Sequence[_Branch]) -> Iterator[Answered]:
        """The answers to open questions that tell a group from the other branches."""
        for number in sorted({number for branch in branches for number in branch.values}):
            values = self._values(number, group)
            if values != self._values(number, branches):
                variable = self.compiled.variables[number]
                yield Answered(question=variable.question, choices=variable.choices_of(values))

    def _values(self, number: int, branches: Sequence[_Branch]) -> tuple[int, ...]:
        """The values of an open variable in any of the branches."""
        domain = self.compiled.variables[number].domain
        return tuple(sorted(set().union(*(branch.values.get(number, domain) for branch in branches))))


def end_of_time(outcomes: Sequence[object], is_bad: Sequence[bool]) -> int | None:
    """The first of the stretches after the last day; None if there is no last day.

    There is one where a single outcome is not bad, and all is bad from some stretch on.
    """
    end = max((number for number, bad in enumerate(is_bad, 1) if not bad), default=0)
    others = {outcome for outcome, bad in zip(outcomes, is_bad, strict=True) if not bad}
    return end if len(others) == 1 and end < len(outcomes) else None


def _better_or_worse(effects: Collection[int]) -> Effect | None:
    """The effect of which all signs agree; None if they do not, or if one of them is zero."""
    if all(effect > 0 for effect in effects):
        return "better" if effects else None
    return "worse" if all(effect < 0 for effect in effects) else None
