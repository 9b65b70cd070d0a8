"""Decides a case: ``decide(policy, answers, today) -> Verdict``, from any part of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from checker.answers.parse import Answers, parse_answers
from checker.engine.compile import COSTS, REMEDIES, Cases, few_enough
from checker.engine.counterfactuals import changes
from checker.engine.evaluate import Case
from checker.policy import Policy
from checker.values.durations import Duration, add
from checker.values.estimates import work_out
from checker.verdict import Change, Verdict


def decide(policy: Policy, answers: object, today: date) -> Verdict:
    """Decide one case. Raises AnswerErrors where an answer is none."""
    return Checker(policy).decide(answers, today)


class Checker:
    """A policy made ready to decide any number of cases. Raises TooManyError where its rules are too unlike."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.cases = Cases(policy)
        with few_enough(self.cases.levels):
            self._compile()

    def _compile(self) -> None:
        policy, cases = self.policy, self.cases
        clauses = policy.clauses.values()
        condition = cases.condition
        grants = [grant for clause in clauses for grant in clause.grants]
        remedies = dict.fromkeys(remedy for grant in grants for remedy in grant.remedies)
        self._remedies = {remedy: condition({REMEDIES: remedy}) for remedy in remedies}
        payers = [*dict.fromkeys(grant.costs for grant in grants if grant.costs)]
        self._payers = (*payers, None)
        self._costs = cases.strongest(
            [(number, condition({COSTS: payer})) for number, payer in enumerate(payers)], len(payers)
        )
        self._proof = {name: condition(item.when) for name, item in policy.proof.items()}
        self._steps = {name: condition(step.when) for clause in clauses for name, step in clause.steps.items()}
        self._waits = {
            step: [
                (name, each.after, Duration.parse(str(policy.values[each.wait]))) for name, each in body.expect.items()
            ]
            for clause in clauses
            for step, body in clause.steps.items()
        }
        self._reminders = {
            name: condition(note.when)
            for clause in clauses
            for name, note in clause.reminders.items()
            if note.when is not None
        }
        self._remarks = {
            name: condition(note.when)
            for clause in clauses
            for name, note in clause.interpretations.items()
            if note.when is not None
        }
        self._estimates = {
            name: (each.share, condition(each.when)) for clause in clauses for name, each in clause.estimates.items()
        }
        self._shown = (
            *dict.fromkeys(
                [cases.outcome, *self._remedies.values(), self._costs, *self._proof.values(), *self._steps.values()]
            ),
        )
        self._changeable = {name for name, question in policy.questions.items() if question.changeable == "yes"}

    def decide(self, raw: object, today: date) -> Verdict:
        """Decide one case. Raises AnswerErrors where an answer is none."""
        policy = self.policy
        answers = parse_answers(policy, raw, today)
        case = Case(self.cases, answers)
        ranks = sorted(case.leaves(self.cases.outcome))
        possible = tuple(self.cases.outcomes[rank] for rank in ranks)
        outcome = possible[0] if len(possible) == 1 else None
        payer = case.leaves(self._costs)
        needed = tuple(case.holding(self._proof))
        perhaps = tuple(name for name, when in self._proof.items() if name not in needed and case.possible(when))
        steps = tuple(case.holding(self._steps))
        spans = dict(self._spans(steps, answers))
        return Verdict(
            outcome=outcome,
            possible=possible,
            ask=self._ask(case),
            open=() if outcome else tuple(self._open(case)),
            reasons=tuple(case.reasons(outcome)),
            also=tuple(case.weaker(outcome)),
            ruled_out=tuple(case.ruled_out(outcome)),
            deadlines=tuple(case.deadlines()),
            remedies=tuple(case.holding(self._remedies)),
            costs=self._payers[min(payer)] if len(payer) == 1 else None,
            dates={name: span for name, span in spans.items() if span},
            uncounted=tuple(name for name, span in spans.items() if not span),
            needed=needed,
            perhaps=perhaps,
            held=tuple(item for item in (*needed, *perhaps) if item in answers.proof),
            steps=steps,
            reminders=tuple(case.holding(self._reminders)),
            remarks=tuple(case.holding(self._remarks)),
            amounts=tuple(self._amounts(case)),
            estimates={
                name: working
                for name, (share, when) in self._estimates.items()
                if case.certain(when) and (working := work_out(share, answers.parts))
            },
            changes=tuple(changes(case, self._changeable)),
            today=today,
            version=policy.version,
            valid_from=policy.valid_from,
            digest=policy.digest,
        )

    def ask(self, answers: Answers) -> str | None:
        """The question to ask next, as in the verdict."""
        return self._ask(Case(self.cases, answers))

    def changes(self, raw: object, today: date) -> tuple[Change, ...]:
        """For each other outcome the fewest changed answers that reach it, with all ties.

        This is for whoever works on the policy. A customer sees the changeable questions alone, as a
        list of all would teach which answer to give. Raises AnswerErrors where an answer is none.
        """
        case = Case(self.cases, parse_answers(self.policy, raw, today))
        return tuple(changes(case, self.policy.questions))

    def _open(self, case: Case) -> Iterator[str]:
        """The questions without an answer that the outcome depends on, in the file's order."""
        support = case.support([self.cases.outcome])
        return (name for name in self.policy.questions if self.cases.level.get(name) in support)

    def _ask(self, case: Case) -> str | None:
        """The first question, in the file's order, whose answer can still change something that is shown."""
        support = case.support(self._shown)
        for name, question in self.policy.questions.items():
            if name in case.answers.given:
                continue
            if question.answer == "proof":
                if any(case.possible(when) for when in self._proof.values()):
                    return name
            elif (level := self.cases.level.get(name)) is not None and (level in support or case.moves_deadline(level)):
                return name
        return None

    def _amounts(self, case: Case) -> Iterator[str]:
        """The questions whose amounts an estimate of this case is worked out from, in the file's order."""
        shares = [share for share, when in self._estimates.values() if case.certain(when)]
        used = {name for share in shares for name in (share.of, share.that, share.is_of)}
        return (name for name in self.policy.questions if name in used)

    def _spans(self, steps: Iterable[str], answers: Answers) -> Iterator[tuple[str, tuple[date, date] | None]]:
        """The days that each step is expected on; None where they cannot be counted."""
        days, holidays = self.policy.calendar.working_days, self.policy.holidays
        for step in steps:
            for name, after, wait in self._waits[step]:
                start = answers.dates.get(after)
                if start is not None:
                    first, last = (add(start, each, wait.unit, days, holidays) for each in (wait.least, wait.most))
                    yield name, (first, last) if first and last else None
