"""Invariants that guard less than before: what they forbade, and no invariant of the new version forbids any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from checker.engine.compile import OUTCOME, explaining_size
from checker.engine.diagram import FAILS, HOLDS, Node
from checker.engine.parts import COSTS, REMEDIES
from checker.engine.variables import variables
from checker.policy import Invariant, Policy
from macros.diff.alignment import Names
from macros.diff.meanings import NO_COSTS, Meanings
from macros.diff.settings import condition
from macros.diff.statements import Asked


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """An invariant of the old version that the new one does not make up for."""

    id: str
    """In the new version, where it is in both."""
    gone: bool
    weaker: bool = False
    """Whether it is proved to demand less; else it is gone, or just another."""
    asked: tuple[Asked, ...] = ()
    """The answers of a case that nothing guards any more; those that do not matter are left out."""
    outcome: str | None = None
    """What could be decided in this case; None where any outcome would do."""
    remedies: tuple[str, ...] = ()
    costs: str | None = None
    """Who could bear the costs there; empty where nothing would be said of them, None where that does not matter."""
    sooner: str | None = None
    """The question of whose earlier days nothing is demanded any more."""


def guards(old: Policy, new: Policy, names: Names) -> Iterator[Guard]:
    """The invariants of two versions that can be decided."""
    found = Meanings(old, new, names)
    with explaining_size([each.variable for each in found.variables]):
        yield from _guards(found, old, new, names)


def _guards(found: Meanings, old: Policy, new: Policy, names: Names) -> Iterator[Guard]:
    store = found.store
    kept = [_allowed(each, found.new(each.when), found.new(each.always), found) for each in new.invariants.values()]
    allowed = store.apply(max, [found.offered(), *kept], HOLDS)
    sooner = {name for each in new.invariants.values() for name in _sooner(each, new)}
    for name, invariant in old.invariants.items():
        own = _allowed(invariant, found.old(invariant.when), found.old(invariant.always), found)
        case = store.witness([(allowed, HOLDS), (own, FAILS)])
        missing = {names.new("questions", each) for each in _sooner(invariant, old)} - sooner
        if case is None and not missing:
            continue
        now = names.new("invariants", name)
        question = invariant.never_worse_if_sooner if missing else None
        guard = Guard(
            id=now,
            gone=now not in new.invariants,
            weaker=now in new.invariants,
            sooner=names.new("questions", question) if question else None,
        )
        yield guard if case is None else _with_case(guard, found, case)


def _allowed(invariant: Invariant, when: Node, always: Node, found: Meanings) -> Node:
    """Where the invariant has nothing to say against what is decided."""
    if invariant.always is None:
        return found.store.terminal(HOLDS)
    outside = found.store.map_terminals(when, lambda terminal: HOLDS + FAILS - terminal)
    return found.store.apply(min, [outside, always], FAILS)


def _sooner(invariant: Invariant, policy: Policy) -> Iterator[str]:
    """The date questions of whose days something is demanded: that of the day itself, or those counted to it."""
    for variable in variables(policy):
        if variable.starts and invariant.never_worse_if_sooner in (variable.question, variable.counted_to):
            yield variable.question


def _with_case(guard: Guard, found: Meanings, values: Mapping[int, int]) -> Guard:
    asked: list[Asked] = []
    decided: dict[str, str] = {}
    remedies: list[str] = []
    for number, value in sorted(values.items()):
        each = found.variables[number]
        variable = each.variable
        kind, _, name = variable.question.strip("()").partition(".")
        if not variable.question.startswith("("):
            choices, days = variable.chosen([value]), tuple(variable.days([value]))
            asked.append(Asked(question=variable.question, choices=choices, days=days, gone=each.new is None))
        elif kind == REMEDIES:
            remedies += [name] if value else []
        else:
            [decided[kind]] = variable.chosen([value])
    costs = decided.get(COSTS)
    return replace(
        guard,
        asked=tuple(asked),
        outcome=decided.get(OUTCOME),
        remedies=tuple(remedies),
        costs="" if costs == NO_COSTS else costs,
    )


def unlike_guards(old: Policy, new: Policy, names: Names) -> Iterator[Guard]:
    """The invariants that are gone or written in another way, where the versions cannot be decided."""
    for name, invariant in old.invariants.items():
        now = names.new("invariants", name)
        other = new.invariants.get(now)
        if other is None or _written(invariant, names) != _written(other, Names()):
            yield Guard(id=now, gone=other is None)


def _written(invariant: Invariant, names: Names) -> Sequence[str]:
    sooner = invariant.never_worse_if_sooner
    return (
        condition(invariant.when or {}, names),
        condition(invariant.always or {}, names),
        names.new("questions", sooner) if sooner else "",
    )
