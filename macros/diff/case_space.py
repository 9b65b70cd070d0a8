"""The cases that two versions of a policy can both decide: one space for the diagrams of both.

A case answers every closed question that either version asks. A question that only one of them asks may have any of
its answers there: the other version pays no heed to it. Of a question that both ask, only the answers count that both
offer; cases with another answer exist in one version alone. A date may be any day, and what may be
answered instead counts as the answers do. Days are cut at the lengths of time of both versions.

So a case is a cell of this space: neither version tells apart two customers in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checker.engine.compile import VariableSpace, asked
from checker.engine.diagram import LIMIT, Store
from checker.engine.ordering import ordered
from checker.engine.variables import Variable, variables
from checker.policy import Policy
from macros.diff.alignment import Names


@dataclass(frozen=True, slots=True)
class Common:
    """A level of the space, as the two versions know it."""

    old: Variable | None
    new: Variable | None

    @property
    def variable(self) -> Variable:
        """The level under the new ids, where it has any."""
        found = self.new or self.old
        assert found is not None
        return found


def common(old: Policy, new: Policy, names: Names, *, every_answer: bool = False) -> list[Common]:
    """The levels of the space, in an order that keeps the diagrams of both versions small.

    With `every_answer`, the answers count too that one version alone offers; the other has them under the same id.
    """
    found = [*_levels(old, new, names, every_answer=every_answer)]
    places = {
        (side, variable.question): str(number)
        for number, each in enumerate(found)
        for side, variable in enumerate((each.old, each.new))
        if variable
    }
    rules = [
        [places[side, name] for name in names if (side, name) in places]
        for side, policy in enumerate((old, new))
        for names in asked(policy)
    ]
    return [found[int(place)] for place in ordered([*map(str, range(len(found)))], rules)]


def spaces(found: list[Common]) -> tuple[VariableSpace, VariableSpace]:
    """The space for the old version and for the new one. They share a store, so that equal diagrams are one node."""
    store = Store([each.variable.size for each in found], 2 * LIMIT)
    nobody = [replace(each.variable, question=f"({number})") for number, each in enumerate(found)]  # no id looks so
    return (
        VariableSpace(tuple(each.old or other for each, other in zip(found, nobody, strict=True)), store),
        VariableSpace(tuple(each.new or other for each, other in zip(found, nobody, strict=True)), store),
    )


def _levels(old: Policy, new: Policy, names: Names, *, every_answer: bool) -> Iterator[Common]:
    left = {names.new("questions", variable.question): variable for variable in variables(old)}
    for variable in variables(new):
        both = _both(left[variable.question], variable, names, every_answer) if variable.question in left else None
        if both:
            del left[variable.question]
        yield both or Common(None, variable)
    for variable in left.values():
        yield Common(variable, None)


def _both(old: Variable, new: Variable, names: Names, every_answer: bool) -> Common | None:
    """The level of a question that both versions ask; None where they ask for different things under one name."""
    if bool(old.starts) != bool(new.starts) or names.new("questions", old.counted_to) != new.counted_to:
        return None
    kept = {now: name for name, now in names.answers[old.question].items()}
    choices = [choice for choice in new.choices if choice in kept]
    starts = tuple(sorted({*old.starts, *new.starts}))
    if not (choices or starts):
        return None
    if every_answer:
        gone = [choice for choice in old.choices if choice not in kept.values()]
        choices = list(dict.fromkeys([*new.choices, *gone]))
    return Common(
        replace(old, choices=tuple(kept.get(choice, choice) for choice in choices), starts=starts),
        replace(new, choices=tuple(choices), starts=starts),
    )
