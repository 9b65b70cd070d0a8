"""Decides a case: ``decide(policy, answers, today) -> Verdict``, from any part of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from checker.answers.kinds import kind_of
from checker.answers.parse import Answers, parse_answers
from checker.engine.branches import branches
from checker.engine.compile import CompiledPolicy
from checker.engine.counterfactuals import counterfactuals
from checker.engine.evaluate import Evaluation
from checker.engine.parts import ASKED, COSTS, ESTIMATES, PROOF, REMEDIES
from checker.engine.timeline import Timelines
from checker.policy import Policy
from checker.values.durations import Duration, add
from checker.values.estimates import work_out
from checker.verdict import Change, Verdict


def decide(policy: Policy, answers: object, today: date) -> Verdict:
    """Decide one case. Raises AnswerErrors if an answer is invalid."""
    return Checker(policy).decide(answers, today)


class Checker:
    """A policy compiled to decide any number of cases. Raises PolicyTooComplexError."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.compiled = CompiledPolicy(policy)
        parts = self.compiled.parts
        nodes = (node for part in ASKED for node in parts[part].values())
        self._asked = (*dict.fromkeys([self.compiled.outcome, *nodes]),)
        self._timelines = Timelines(self.compiled)
        self._shares = {id_: estimate.share for id_, estimate in policy.estimates.items()}
        self._waits = {
            id_: [
                (name, expectation.after, Duration.parse(str(policy.values[expectation.wait]), policy.messages))
                for name, expectation in step.expect.items()
            ]
            for id_, step in policy.steps.items()
        }
        self._changeable = {name for name, question in policy.questions.items() if question.changeable == "yes"}

    def decide(self, raw: object, today: date) -> Verdict:
        """Decide one case from parsed answers or raw ones. Raises AnswerErrors if a raw answer is invalid."""
        policy = self.policy
        answers = raw if isinstance(raw, Answers) else parse_answers(policy, raw, today)
        evaluation = Evaluation(self.compiled, answers)
        ranks = sorted(evaluation.terminals(self.compiled.outcome))
        possible = tuple(self.compiled.outcomes[rank] for rank in ranks)
        outcome = possible[0] if len(possible) == 1 else None
        questions = () if outcome else tuple(self._open(evaluation))
        certain = {part: tuple(evaluation.holding(nodes)) for part, nodes in self.compiled.parts.items()}
        costs = next(iter(certain[COSTS]), None)
        possible_proof = (id_ for id_, node in self.compiled.parts[PROOF].items() if evaluation.possible(node))
        needed, steps = certain[PROOF], certain["steps"]
        possibly_needed = tuple(id_ for id_ in possible_proof if id_ not in needed)
        expected_dates = dict(self._expected_dates(steps, answers))
        return Verdict(
            outcome=outcome,
            possible=possible,
            ask=next(self._to_ask(evaluation), None),
            open=questions,
            branches=tuple(branch for question in questions for branch in branches(evaluation, question)),
            reasons=tuple(evaluation.reasons(outcome)),
            other_matches=tuple(evaluation.weaker(outcome)),
            ruled_out=tuple(evaluation.ruled_out(outcome)),
            timelines=self._timelines.of(evaluation),
            remedies=certain[REMEDIES],
            costs=costs,
            granted_by=dict(evaluation.granted_by(certain[REMEDIES], costs)),
            dates={name: days for name, days in expected_dates.items() if days},
            unknown_dates=tuple(name for name, days in expected_dates.items() if not days),
            needed=needed,
            possibly_needed=possibly_needed,
            provided=tuple(item for item in (*needed, *possibly_needed) if item in answers.proof),
            steps=steps,
            reminders=certain["reminders"],
            interpretations=certain["interpretations"],
            amounts=tuple(self._amounts(certain[ESTIMATES])),
            estimates={
                id_: working for id_ in certain[ESTIMATES] if (working := work_out(self._shares[id_], answers.amounts))
            },
            changes=tuple(counterfactuals(evaluation, self._changeable)),
            today=today,
            version=policy.version,
            valid_from=policy.valid_from,
            digest=policy.digest,
        )

    def to_ask(self, answers: Answers) -> Iterator[str]:
        """The questions that can still be asked, the next one first: all of them if no answer is ever known."""
        return self._to_ask(Evaluation(self.compiled, answers))

    def counterfactuals(self, raw: object, today: date) -> tuple[Change, ...]:
        """For each other outcome the fewest changed answers that reach it, with all ties.

        For editors. Customers see changeable questions alone, as a list of all would teach which answer to give.
        Raises AnswerErrors if an answer is invalid.
        """
        evaluation = Evaluation(self.compiled, parse_answers(self.policy, raw, today))
        return tuple(counterfactuals(evaluation, self.policy.questions))

    def _open(self, evaluation: Evaluation) -> Iterator[str]:
        """The questions without an answer that the outcome depends on, in the file's order."""
        support = evaluation.support([self.compiled.outcome])
        return (name for name in self.policy.questions if self.compiled.variable.get(name) in support)

    def _to_ask(self, evaluation: Evaluation) -> Iterator[str]:
        """The questions, in the file's order, whose answers can still change what the timeline shows."""
        support = self._timelines.support(evaluation, self._asked)
        for name, question in self.policy.questions.items():
            if name in evaluation.answers.stored:
                continue
            if kind_of(question).is_proof:
                if any(evaluation.possible(node) for node in self.compiled.parts[PROOF].values()):
                    yield name
            elif self.compiled.variable.get(name) in support:
                yield name

    def _amounts(self, estimates: Iterable[str]) -> Iterator[str]:
        """The questions whose amounts the estimates are worked out from, in the file's order."""
        used = {name for id_ in estimates for name in self._shares[id_].questions}
        return (name for name in self.policy.questions if name in used)

    def _expected_dates(self, steps: Iterable[str], answers: Answers) -> Iterator[tuple[str, tuple[date, date] | None]]:
        """The first and last day of each expectation of the steps; None if it cannot be counted."""
        days, holidays = self.policy.calendar.working_days, self.policy.holidays
        for step in steps:
            for name, after, wait in self._waits[step]:
                start = answers.dates.get(after)
                if start is not None:
                    first, last = (add(start, each, wait.unit, days, holidays) for each in (wait.least, wait.most))
                    yield name, (first, last) if first and last else None
