"""Invariants that were weakened: they forbade something that no invariant of the new version forbids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from checker.engine.compile import OUTCOME, translate_size_errors
from checker.engine.nodes import FAILS, HOLDS, Node
from checker.engine.parts import COSTS, REMEDIES
from checker.engine.variables import variables
from checker.policy import Invariant, Policy
from macros.diff.alignment import Alignment
from macros.diff.condition_diagrams import NO_COSTS, ConditionDiagrams
from macros.diff.settings import settings
from macros.diff.statements import AnswerSet


@dataclass(frozen=True, kw_only=True, slots=True)
class WeakenedInvariant:
    """An invariant of the old version that the new version no longer enforces completely."""

    id: str
    """The new id; the old one if only the old version has it."""
    old_only: bool
    weaker: bool = False
    """Whether it is in both versions and proved to demand less."""
    answers: tuple[AnswerSet, ...] = ()
    """The answers that matter of a case that no invariant covers any more."""
    outcome: str | None = None
    """A possible outcome of this case; None if any outcome is possible."""
    remedies: tuple[str, ...] = ()
    costs: str | None = None
    """The possible bearer of the costs in this case; empty if nobody is named, None if it does not matter."""
    never_worse_if_sooner: str | None = None
    """The date question whose earlier days may now be worse."""


def weakened_invariants(old: Policy, new: Policy, alignment: Alignment) -> Iterator[WeakenedInvariant]:
    """The weakened invariants of two versions that can be decided."""
    diagrams = ConditionDiagrams(old, new, alignment)
    with translate_size_errors([shared.variable for shared in diagrams.variables]):
        store = diagrams.store
        own = [
            _allowed(item, diagrams.new(item.when), diagrams.new(item.always), diagrams)
            for item in new.invariants.values()
        ]
        allowed = store.apply(max, [diagrams.offered(), *own], HOLDS)
        monotone = {name for invariant in new.invariants.values() for name in _monotone_dates(invariant, new)}
        for name, invariant in old.invariants.items():
            before = _allowed(invariant, diagrams.old(invariant.when), diagrams.old(invariant.always), diagrams)
            case = store.witness([(allowed, HOLDS), (before, FAILS)])
            lost = {alignment.new_id("questions", date) for date in _monotone_dates(invariant, old)} - monotone
            if case is None and not lost:
                continue
            new_id = alignment.new_id("invariants", name)
            question = invariant.never_worse_if_sooner if lost else None
            weakened = WeakenedInvariant(
                id=new_id,
                old_only=new_id not in new.invariants,
                weaker=new_id in new.invariants,
                never_worse_if_sooner=alignment.new_id("questions", question) if question else None,
            )
            yield weakened if case is None else _with_case(weakened, diagrams, case)


def _allowed(invariant: Invariant, when: Node, always: Node, diagrams: ConditionDiagrams) -> Node:
    """The decisions that the invariant allows."""
    if invariant.always is None:
        return diagrams.store.terminal(HOLDS)
    outside = diagrams.store.map_terminals(when, lambda terminal: HOLDS + FAILS - terminal)
    return diagrams.store.apply(min, [outside, always], FAILS)


def _monotone_dates(invariant: Invariant, policy: Policy) -> Iterator[str]:
    """The date questions whose earlier days must not be worse: that of the invariant, or those counted to it."""
    for variable in variables(policy):
        if variable.first_days and invariant.never_worse_if_sooner in (variable.question, variable.counted_to):
            yield variable.question


def _with_case(
    weakened: WeakenedInvariant, diagrams: ConditionDiagrams, values: Mapping[int, int]
) -> WeakenedInvariant:
    answers: list[AnswerSet] = []
    decided: dict[str, str] = {}
    remedies: list[str] = []
    for number, value in sorted(values.items()):
        shared = diagrams.variables[number]
        variable = shared.variable
        kind, _, name = variable.question.strip("()").partition(".")
        if not variable.question.startswith("("):
            choices, days = variable.choices_of([value]), tuple(variable.day_ranges([value]))
            answers.append(
                AnswerSet(question=variable.question, choices=choices, days=days, old_only=shared.new is None)
            )
        elif kind == REMEDIES:
            remedies += [name] if value else []
        else:
            [decided[kind]] = variable.choices_of([value])
    costs = decided.get(COSTS)
    return replace(
        weakened,
        answers=tuple(answers),
        outcome=decided.get(OUTCOME),
        remedies=tuple(remedies),
        costs="" if costs == NO_COSTS else costs,
    )


def rewritten_invariants(old: Policy, new: Policy, alignment: Alignment) -> Iterator[WeakenedInvariant]:
    """The invariants that were removed or rewritten, for versions that cannot be decided."""
    before, after = settings(old, alignment), settings(new, Alignment())
    for name in old.invariants:
        new_id = alignment.new_id("invariants", name)
        old_only = new_id not in new.invariants
        demands = [path for path in {**before, **after} if path[:2] == ("invariants", new_id) and path[2] != "text"]
        if old_only or any(before.get(path) != after.get(path) for path in demands):
            yield WeakenedInvariant(id=new_id, old_only=old_only)
