"""Decides a case: ``decide(policy, answers, today) -> Verdict``, from any part of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from checker.answers.kinds import kind_of
from checker.answers.parse import Answers, parse_answers
from checker.engine.compile import COSTS, REMEDIES, CompiledPolicy, explaining_size
from checker.engine.counterfactuals import changes
from checker.engine.evaluate import Evaluation
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
        self.compiled = CompiledPolicy(policy)
        with explaining_size(self.compiled.variables):
            self._compile()

    def _compile(self) -> None:
        policy, compiled = self.policy, self.compiled
        clauses = policy.clauses.values()
        condition = compiled.condition
        grants = [grant for clause in clauses for grant in clause.grants]
        remedies = dict.fromkeys(remedy for grant in grants for remedy in grant.remedies)
        self._remedies = {remedy: condition({REMEDIES: remedy}) for remedy in remedies}
        payers = [*dict.fromkeys(grant.costs for grant in grants if grant.costs)]
        self._payers = (*payers, None)
        self._costs = compiled.strongest(
            [(number, condition({COSTS: payer})) for number, payer in enumerate(payers)], len(payers)
        )
        self._proof = {name: condition(item.when) for name, item in policy.proof.items()}
        self._steps = {name: condition(step.when) for clause in clauses for name, step in clause.steps.items()}
        self._waits = {
            step: [
                (name, each.after, Duration.parse(str(policy.values[each.wait]), policy.messages))
                for name, each in body.expect.items()
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
        self._interpretations = {
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
                [compiled.outcome, *self._remedies.values(), self._costs, *self._proof.values(), *self._steps.values()]
            ),
        )
        self._changeable = {name for name, question in policy.questions.items() if question.changeable == "yes"}

    def decide(self, raw: object, today: date) -> Verdict:
        """Decide one case. Raises AnswerErrors where an answer is none."""
        policy = self.policy
        answers = parse_answers(policy, raw, today)
        evaluation = Evaluation(self.compiled, answers)
        ranks = sorted(evaluation.terminals(self.compiled.outcome))
        possible = tuple(self.compiled.outcomes[rank] for rank in ranks)
        outcome = possible[0] if len(possible) == 1 else None
        payer = evaluation.terminals(self._costs)
        needed = tuple(evaluation.holding(self._proof))
        possibly_needed = tuple(
            name for name, when in self._proof.items() if name not in needed and evaluation.possible(when)
        )
        steps = tuple(evaluation.holding(self._steps))
        spans = dict(self._spans(steps, answers))
        return Verdict(
            outcome=outcome,
            possible=possible,
            ask=self._ask(evaluation),
            open=() if outcome else tuple(self._open(evaluation)),
            reasons=tuple(evaluation.reasons(outcome)),
            other_matches=tuple(evaluation.weaker(outcome)),
            ruled_out=tuple(evaluation.ruled_out(outcome)),
            deadlines=tuple(evaluation.deadlines()),
            remedies=tuple(evaluation.holding(self._remedies)),
            costs=self._payers[min(payer)] if len(payer) == 1 else None,
            dates={name: span for name, span in spans.items() if span},
            unknown_dates=tuple(name for name, span in spans.items() if not span),
            needed=needed,
            possibly_needed=possibly_needed,
            provided=tuple(item for item in (*needed, *possibly_needed) if item in answers.proof),
            steps=steps,
            reminders=tuple(evaluation.holding(self._reminders)),
            interpretations=tuple(evaluation.holding(self._interpretations)),
            amounts=tuple(self._amounts(evaluation)),
            estimates={
                name: working
                for name, (share, when) in self._estimates.items()
                if evaluation.certain(when) and (working := work_out(share, answers.amounts))
            },
            changes=tuple(changes(evaluation, self._changeable)),
            today=today,
            version=policy.version,
            valid_from=policy.valid_from,
            digest=policy.digest,
        )

    def ask(self, answers: Answers) -> str | None:
        """The question to ask next, as in the verdict."""
        return self._ask(Evaluation(self.compiled, answers))

    def changes(self, raw: object, today: date) -> tuple[Change, ...]:
        """For each other outcome the fewest changed answers that reach it, with all ties.

        This is for whoever works on the policy. A customer sees the changeable questions alone, as a
        list of all would teach which answer to give. Raises AnswerErrors where an answer is none.
        """
        evaluation = Evaluation(self.compiled, parse_answers(self.policy, raw, today))
        return tuple(changes(evaluation, self.policy.questions))

    def _open(self, evaluation: Evaluation) -> Iterator[str]:
        """The questions without an answer that the outcome depends on, in the file's order."""
        support = evaluation.support([self.compiled.outcome])
        return (name for name in self.policy.questions if self.compiled.variable.get(name) in support)

    def _ask(self, evaluation: Evaluation) -> str | None:
        """The first question, in the file's order, whose answer can still change something that is shown."""
        support = evaluation.support(self._shown)
        for name, question in self.policy.questions.items():
            if name in evaluation.answers.answered:
                continue
            if kind_of(question).is_proof:
                if any(evaluation.possible(when) for when in self._proof.values()):
                    return name
            elif (variable := self.compiled.variable.get(name)) is not None and (
                variable in support or evaluation.moves_deadline(variable)
            ):
                return name
        return None

    def _amounts(self, evaluation: Evaluation) -> Iterator[str]:
        """The questions whose amounts an estimate of this case is worked out from, in the file's order."""
        shares = [share for share, when in self._estimates.values() if evaluation.certain(when)]
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
