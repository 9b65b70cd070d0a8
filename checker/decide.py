"""Decides a case: ``decide(policy, answers, today) -> Verdict``, from any part of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import product

from checker.answers import Answers, parse_answers
from checker.calendar import Duration, add
from checker.cases import Cases
from checker.diagram import HOLDS, Node
from checker.policy import Policy, Share, Step
from checker.verdict import Change, Deadline, Reason, Verdict

HUNDREDTH = Decimal("0.01")


def decide(policy: Policy, answers: object, today: date) -> Verdict:
    """Decide one case. Raises AnswerErrors where an answer is none."""
    return Checker(policy).decide(answers, today)


class Checker:
    """A policy made ready to decide any number of cases."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.cases = cases = Cases(policy)
        clauses = policy.clauses.values()
        condition = cases.condition
        self._grants = [(grant, condition(grant.when)) for clause in clauses for grant in clause.grants]
        self._proof = {name: condition(item.when) for clause in clauses for name, item in clause.proof.items()}
        self._steps = {name: condition(step.when) for clause in clauses for name, step in clause.steps.items()}
        self._reminders = {name: condition(note.when) for clause in clauses for name, note in clause.reminders.items()}
        self._remarks = {
            name: condition(note.when)
            for clause in clauses
            for name, note in clause.interpretations.items()
            if note.when is not None
        }
        self._estimates = {
            name: (each.share, condition(each.when)) for clause in clauses for name, each in clause.estimates.items()
        }

    def decide(self, raw: object, today: date) -> Verdict:
        """Decide one case. Raises AnswerErrors where an answer is none."""
        policy = self.policy
        answers = parse_answers(policy, raw, today)
        case = _Case(self.cases, answers)
        ranks = sorted(case.leaves(self.cases.outcome))
        possible = tuple(self.cases.outcomes[rank] for rank in ranks)
        outcome = possible[0] if len(possible) == 1 else None
        grants = [grant for grant, when in self._grants if case.certain(when)]
        needed = tuple(case.holding(self._proof))
        steps = tuple(case.holding(self._steps))
        return Verdict(
            outcome=outcome,
            possible=possible,
            ask=self._ask(case),
            reasons=tuple(case.reasons(outcome)),
            also=tuple(case.weaker(outcome)),
            deadlines=tuple(case.deadlines()),
            remedies=tuple(dict.fromkeys(remedy for grant in grants for remedy in grant.remedies)),
            costs=next((grant.costs for grant in grants if grant.costs), None),
            dates=dict(self._dates(steps, answers)),
            needed=needed,
            held=tuple(item for item in needed if item in answers.proof),
            steps=steps,
            reminders=tuple(case.holding(self._reminders)),
            remarks=tuple(case.holding(self._remarks)),
            estimates={
                name: share_of(share, answers.amounts)
                for name, (share, when) in self._estimates.items()
                if case.certain(when) and {share.of, share.that, share.is_of} <= answers.amounts.keys()
            },
            changes=tuple(case.changes(outcome)),
            version=policy.version,
            valid_from=policy.valid_from,
            digest=policy.digest,
        )

    def gap(self) -> dict[str, str] | None:
        """One case that no rule decides, as words for each question that matters; None where there is none."""
        path = self.cases.store.path(self.cases.outcome, self.cases.undecided)
        return None if path is None else {self.cases.levels[n].question: self._value(n, v) for n, v in path.items()}

    def _value(self, number: int, value: int) -> str:
        level = self.cases.levels[number]
        spans = len(level.starts)
        return level.choices[value - spans] if value >= spans else f"{level.starts[value]} days ago"

    def _ask(self, case: _Case) -> str | None:
        """The first question, in the file's order, whose answer can still change something that is shown."""
        shown = [
            self.cases.outcome,
            *(when for _, when in self._grants),
            *self._proof.values(),
            *self._steps.values(),
        ]
        for name, question in self.policy.questions.items():
            if name in case.answers.given:
                continue
            if question.answer == "proof":
                if any(case.possible(when) for when in self._proof.values()):
                    return name
            elif (level := self.cases.level.get(name)) is not None and case.matters(level, shown):
                return name
        return None

    def _dates(self, steps: Iterable[str], answers: Answers) -> Iterator[tuple[str, tuple[date, date]]]:
        all_steps: dict[str, Step] = {}
        for clause in self.policy.clauses.values():
            all_steps |= clause.steps
        for step in steps:
            for name, expectation in all_steps[step].expect.items():
                start = answers.dates.get(expectation.after)
                if start is not None:
                    wait = Duration.parse(str(self.policy.values[expectation.wait]))
                    days = self.policy.calendar.working_days
                    yield (
                        name,
                        (add(start, wait.least, wait.unit, days), add(start, wait.most, wait.unit, days)),
                    )


class _Case:
    """One set of answers, laid over the space of cases."""

    def __init__(self, cases: Cases, answers: Answers) -> None:
        self.cases = cases
        self.answers = answers
        self.values = cases.values(answers)
        self._leaves: dict[Node, set[int]] = {}

    def leaves(self, diagram: Node) -> set[int]:
        """What the diagram can still decide. Many conditions are the same node, so each is walked once."""
        if diagram not in self._leaves:
            self._leaves[diagram] = self.cases.store.leaves(diagram, self.values)
        return self._leaves[diagram]

    def certain(self, when: Node) -> bool:
        """Whether the condition holds however the open questions turn out."""
        return self.leaves(when) == {HOLDS}

    def possible(self, when: Node) -> bool:
        """Whether the condition holds in some of the cases that are still open."""
        return HOLDS in self.leaves(when)

    def holding(self, conditions: Mapping[str, Node]) -> Iterator[str]:
        """The names whose conditions are certain."""
        return (name for name, when in conditions.items() if self.certain(when))

    def reasons(self, outcome: str | None) -> Iterator[Reason]:
        """The clauses that decide. Where an open answer leaves none certain, those that may."""
        if outcome is None:
            return iter(())
        own = [(clause, when) for clause, rank, when in self.cases.rules if self.cases.outcomes[rank] == outcome]
        named = [clause for clause, when in own if self.certain(when)]
        named = named or [clause for clause, when in own if self.possible(when)]
        return (Reason(clause=clause, outcome=outcome) for clause in dict.fromkeys(named))

    def weaker(self, outcome: str | None) -> Iterator[Reason]:
        """The clauses that hold too and would decide otherwise, if they counted."""
        if outcome is None:
            return iter(())
        found = {
            (clause, rank): None
            for clause, rank, when in self.cases.rules
            if rank > self.cases.rank[outcome] and self.certain(when)
        }
        return (Reason(clause=clause, outcome=self.cases.outcomes[rank]) for clause, rank in found)

    def matters(self, level: int, shown: Iterable[Node]) -> bool:
        """Whether the level's values lead to different things that are shown."""
        split = {level: self.values[level]}
        return any(
            len(set(profile)) > 1 for when in shown for profile in self.cases.store.profiles(when, split, self.values)
        ) or any(self._moves_deadline(level, counted) for counted in self._counted())

    def deadlines(self) -> list[Deadline]:
        """The last days that the open questions still allow, the earliest first."""
        found = {
            deadline
            for counted in self._counted()
            for timeline in self._timelines(counted)
            if (deadline := self._deadline(counted, timeline)) is not None
        }
        return sorted(found, key=lambda each: (each.last_day, self.cases.rank[each.then]))

    def changes(self, outcome: str | None) -> Iterator[Change]:
        """The outcomes that an earlier day of applying would have brought, if nothing else is open."""
        for counted in self._counted() if outcome else ():
            timelines = self._timelines(counted)
            if len(timelines) != 1:
                continue
            level = self.cases.levels[counted]
            (timeline,) = timelines
            now = level.span(self._days(counted))
            last = {timeline[span]: span for span in range(now) if timeline[span] != timeline[now]}
            for rank, span in last.items():
                yield Change(
                    question=self.cases.policy.questions[level.question].counted_to or "",
                    by=self._end_of(counted, span),
                    outcome=self.cases.outcomes[rank],
                )

    def _counted(self) -> list[int]:
        """The levels whose question has a date for an answer."""
        return [n for n, level in enumerate(self.cases.levels) if level.question in self.answers.dates]

    def _spans(self, counted: int) -> range:
        return range(len(self.cases.levels[counted].starts))

    def _timelines(self, counted: int) -> set[tuple[int, ...]]:
        """What the days bring, span after span: one timeline for each way the open questions can turn out."""
        return self.cases.store.profiles(self.cases.outcome, {counted: self._spans(counted)}, self.values)

    def _moves_deadline(self, level: int, counted: int) -> bool:
        if level == counted:
            return False
        split: dict[int, Sequence[int]] = {level: self.values[level], counted: self._spans(counted)}
        cases = [*product(*(split[number] for number in sorted(split)))]
        position = sorted(split).index(level)
        for profile in self.cases.store.profiles(self.cases.outcome, split, self.values):
            timelines: dict[int, list[int]] = {}
            for case, leaf in zip(cases, profile, strict=True):
                timelines.setdefault(case[position], []).append(leaf)
            if len({self._deadline(counted, timeline) for timeline in timelines.values()}) > 1:
                return True
        return False

    def _deadline(self, counted: int, timeline: Sequence[int]) -> Deadline | None:
        """Where the timeline next leaves the outcome of its day; where it came to it, if it never does."""
        now = self.cases.levels[counted].span(self._days(counted))
        for span in range(now + 1, len(timeline)):
            if timeline[span] != timeline[now]:
                return self._deadline_at(counted, span - 1, timeline[span])
        for span in reversed(range(now)):
            if timeline[span] != timeline[now]:
                return self._deadline_at(counted, span, timeline[now])
        return None

    def _deadline_at(self, counted: int, span: int, then: int) -> Deadline:
        last_day = self._end_of(counted, span)
        left = (last_day - self._received(counted)).days - self._days(counted)
        return Deadline(last_day=last_day, days_left=left if left >= 0 else None, then=self.cases.outcomes[then])

    def _received(self, counted: int) -> date:
        return self.answers.dates[self.cases.levels[counted].question]

    def _days(self, counted: int) -> int:
        end = self.cases.policy.questions[self.cases.levels[counted].question].counted_to or ""
        return (self.answers.dates[end] - self._received(counted)).days

    def _end_of(self, counted: int, span: int) -> date:
        """The last day of a span that another follows."""
        return self._received(counted) + timedelta(self.cases.levels[counted].starts[span + 1] - 1)


def share_of(share: Share, amounts: Mapping[str, Decimal]) -> Decimal:
    """The part's share of the amount, rounded half up to the hundredth. The whole is above zero."""
    with localcontext() as context:
        context.prec = 50
        exact = amounts[share.of] * amounts[share.that] / amounts[share.is_of]
        return exact.quantize(HUNDREDTH, ROUND_HALF_UP)
