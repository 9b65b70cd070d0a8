"""Proves things about all cases of a policy at once: no gap, no dead rule, no dead question.

Nothing is sampled. Each question is put to the decision diagram, and where the answer is bad there is a case
to show for it, written as the answers of a worked example.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import prod

from checker import Policy
from checker.answers.kinds import kind_of
from checker.engine.compile import CompiledPolicy, CompiledRule, translate_size_errors
from checker.engine.diagram import Values
from checker.engine.nodes import FAILS, HOLDS, Node
from checker.policy import Invariant
from macros.policyfile.conditions import conditions, whens
from macros.policyfile.errors import KeyPath, Problem
from macros.policyfile.structure import MAX_PROBLEMS

_NEVER = "fits no case: its conditions never hold together."
TONES = ("good", "neutral", "bad")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Different clauses that ask for different outcomes in the same case. The first wins: its outcome is stronger."""

    wins: str
    loses: tuple[str, ...]
    case: Mapping[str, str]
    """Answers with which it wins over the first of the others."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The results of a proof over every case of a policy."""

    cases: int
    """The number of different cases."""
    rules: int
    problems: tuple[Problem, ...]
    """The mistakes of the policy."""
    equivalent_values: tuple[tuple[str, tuple[str, ...]], ...]
    """Question and answers that make no difference anywhere. They may differ in what customers read."""
    overlaps: tuple[Overlap, ...]
    invariants: tuple[str, ...]
    """Those that were proved."""


def prove(compiled: CompiledPolicy) -> Proof:
    """The proof of a policy whose references are valid. Raises PolicyTooComplexError."""
    with translate_size_errors(compiled.variables):
        return Prover(compiled).proof()


def proof_lines(policy: Policy) -> Iterator[str]:
    """The results of the proof of a policy without problems, as lines for editors: by id, not by title."""
    proof, messages = prove(CompiledPolicy(policy)), policy.messages
    if known := policy.holidays:
        yield messages.say("proof.line_holidays", country=known.country, first=f"{known.first}", last=f"{known.last}")
    yield messages.say("proof.cases", count=proof.cases, rules=proof.rules)
    for kind in ("gaps", "dead_rules", "dead_questions"):
        yield messages.say(f"proof.{kind}")
    for name in proof.invariants:
        yield messages.say("proof.line_holds", text=policy.invariants[name].text)
    for question, answers in proof.equivalent_values:
        yield messages.say("proof.line_equivalent", question=question, answers=messages.join(answers))
    for overlap in proof.overlaps:
        case = ", ".join(f"{question}: {answer}" for question, answer in overlap.case.items())
        yield messages.say("proof.line_wins", wins=overlap.wins, loses=messages.join(overlap.loses), case=case)


class Prover:
    """Proves a policy over all cases, by its diagrams."""

    def __init__(self, compiled: CompiledPolicy) -> None:
        """The policy must have passed the checks of references."""
        self.policy = compiled.policy
        self.compiled = compiled
        self.store = compiled.store

    def proof(self) -> Proof:
        """All that is proved, or the problems."""
        problems = itertools.chain(self._gap(), self._dead_rules(), self._never(), self._dead_questions())
        few = itertools.islice(problems, MAX_PROBLEMS)  # each takes a case to show, and nobody reads more
        broken = {name: [*self._broken(name, invariant)] for name, invariant in self.policy.invariants.items()}
        all_problems = (*few, *itertools.chain.from_iterable(broken.values()))
        holds = not all_problems  # else nobody is told what else is remarkable: the policy is refused
        return Proof(
            cases=prod(variable.size for variable in self.compiled.variables),
            rules=len(self.compiled.rules),
            problems=all_problems,
            equivalent_values=tuple(self._equivalent_values()) if holds else (),
            overlaps=tuple(self._overlaps()) if holds else (),
            invariants=tuple(name for name, failures in broken.items() if not failures),
        )

    def example(self, values: Mapping[int, int]) -> dict[str, str]:
        """The answers of a case on the day from which the policy holds; what does not matter is answered too."""
        answers = {}
        for number, variable in enumerate(self.compiled.variables):
            value = values.get(number, 0)
            if value < len(variable.first_days):
                day = self.policy.valid_from - timedelta(variable.first_days[value])
                answers[variable.question] = day.isoformat()
            else:
                answers[variable.question] = variable.choices[value - len(variable.first_days)]
        return {question: answers[question] for question in self.policy.questions if question in answers}

    def case_text(self, values: Mapping[int, int]) -> str:
        """The case as it can be pasted into a worked example."""
        answers = ", ".join(f"{question}: {answer}" for question, answer in self.example(values).items())
        return f"today: {self.policy.valid_from}, answers: {{{answers}}}"

    def rules(self) -> Iterator[tuple[KeyPath, CompiledRule]]:
        """Each rule with its place in the file."""
        for (clause, number), rule in zip(self.policy.rules, self.compiled.rules, strict=True):
            yield ("clauses", clause, "rules", number), rule

    def _gap(self) -> Iterator[Problem]:
        gap = self.store.witness([(self.compiled.outcome, self.compiled.undecided)])
        if gap is not None:
            yield Problem(
                ("clauses",),
                f"no rule decides this case: {self.case_text(gap)}. Add a rule for it to a clause.",
                at_key=True,
            )

    def _dead_rules(self) -> Iterator[Problem]:
        """A rule is dead when its outcome cannot be reached where it holds."""
        for path, rule in self.rules():
            if self.store.witness([(rule.when, HOLDS), (self.compiled.outcome, rule.rank)]) is not None:
                continue
            example = self.store.witness([(rule.when, HOLDS)])
            if example is None:
                yield Problem(path, f"{_NEVER} Change them, or take the rule away.")
                continue
            stronger, clause = self._winner(example)
            yield Problem(
                path,
                f'never decides: wherever it holds, a stronger outcome wins, such as {stronger} by "{clause}" in '
                f"this case: {self.case_text(example)}. Change its conditions, or take the rule away.",
            )

    def _never(self) -> Iterator[Problem]:
        """Conditions of grants, steps, notes and so on that hold in no case; those of rules are checked elsewhere."""
        for path, when in whens(self.policy):
            if "rules" in path[2:3] or path[-1] == "always":
                continue
            for here, condition in conditions(path, when):
                if self.store.witness([(self.compiled.condition(condition), HOLDS)]) is None:
                    yield Problem(here, f"{_NEVER} Change them, or take this part away.")

    def _winner(self, values: Mapping[int, int]) -> tuple[str, str]:
        """The outcome of a case, and the first clause that asks for it."""
        case = [(values.get(number, 0),) for number in range(len(self.compiled.variables))]
        [decided] = self.store.terminals(self.compiled.outcome, case)
        own = (rule for rule in self.compiled.rules if rule.rank == decided and self._holds(rule.when, case))
        return self.compiled.outcomes[decided], next(own).clause

    def _holds(self, when: Node, case: Values) -> bool:
        return self.store.terminals(when, case) == {HOLDS}

    def _dead_questions(self) -> Iterator[Problem]:
        live = {self.compiled.variables[variable].question for variable in self.store.equivalent_values(self._roots())}
        live |= {name for estimate in self.policy.estimates.values() for name in estimate.share.questions}
        live |= {expectation.after for step in self.policy.steps.values() for expectation in step.expect.values()}
        live |= {question.counted_to or name for name, question in self.policy.questions.items() if name in live}
        for name, question in self.policy.questions.items():
            if name not in live and not (kind_of(question).is_proof and self.policy.proof):
                yield Problem(
                    ("questions", name),
                    "changes nothing, whatever the answer. Use this question in a rule, or take it away.",
                    at_key=True,
                )

    def _broken(self, name: str, invariant: Invariant) -> Iterator[Problem]:
        path = ("invariants", name)
        if invariant.always is not None:
            when, always = self.compiled.condition(invariant.when), self.compiled.condition(invariant.always)
            if (case := self.store.witness([(when, HOLDS), (always, FAILS)])) is not None:
                yield Problem(
                    path,
                    f"does not hold in this case: {self.case_text(case)}. Mend the rules or the grants.",
                    at_key=True,
                )
        for number, variable in enumerate(self.compiled.variables):
            if invariant.never_worse_if_sooner in (variable.question, variable.counted_to) and variable.first_days:
                yield from self._worse_if_sooner(path, number)

    def _worse_if_sooner(self, path: KeyPath, number: int) -> Iterator[Problem]:
        ranks = {rank: TONES.index(outcome.tone) for rank, outcome in enumerate(self.policy.outcomes.values())}
        tone = self.store.map_terminals(self.compiled.outcome, lambda rank: ranks.get(rank, len(TONES)))
        cofactors = [
            self.store.restrict(tone, number, value) for value in range(len(self.compiled.variables[number].first_days))
        ]
        for value, (sooner, later) in enumerate(itertools.pairwise(cofactors)):
            for worse, better in itertools.permutations(range(len(TONES)), 2):
                case = self.store.witness([(sooner, worse), (later, better)]) if worse > better else None
                if case is not None:
                    yield Problem(
                        path,
                        f"does not hold: this case is {TONES[worse]} for the customer, and would be {TONES[better]} "
                        f"some days later: {self.case_text(case | {number: value})}. Mend the rules.",
                        at_key=True,
                    )
                    return

    def _equivalent_values(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for number, groups in self.store.equivalent_values(self._roots()).items():
            variable = self.compiled.variables[number]
            for group in groups:
                if len(choices := variable.choices_of(group)) > 1:
                    yield variable.question, choices

    def _overlaps(self) -> Iterator[Overlap]:
        asked: dict[tuple[str, int], list[Node]] = {}
        for rule in self.compiled.rules:
            asked.setdefault((rule.clause, rule.rank), []).append(rule.when)
        sides = [(clause, rank, self.store.apply(min, whens, FAILS)) for (clause, rank), whens in asked.items()]
        beaten: dict[str, dict[str, Mapping[int, int]]] = {}
        for (one, rank, when), (other, weaker, other_when) in itertools.permutations(sides, 2):
            if one == other or rank >= weaker:
                continue  # of the outcomes of one clause its own text tells
            if (both := self.store.witness([(when, HOLDS), (other_when, HOLDS)])) is not None:
                beaten.setdefault(one, {}).setdefault(other, both)
        for wins, losing in beaten.items():
            yield Overlap(wins, tuple(losing), self.example(next(iter(losing.values()))))

    def _roots(self) -> list[Node]:
        """The diagrams of all that is decided: the outcome, each grant, each item of a verdict."""
        grants = (grant.when for grant in self.compiled.grants)
        items = (node for nodes in self.compiled.parts.values() for node in nodes.values())
        return [self.compiled.outcome, *grants, *items]
