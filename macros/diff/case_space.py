"""The cases that two versions of a policy can both decide: one space for the diagrams of both.

A case answers every closed question that either version asks:

- A question that only one version asks may have any of its answers; the other version ignores it.
- Of a question of both, only the answers count that both offer. Cases with another answer exist in one version alone.
- A date may be any day, or an answer instead of a day. Days are cut at the durations of both versions.

So a case is a cell of this space: neither version tells apart two customers in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checker.engine.compile import VariableSpace, asked
from checker.engine.diagram import Store
from checker.engine.nodes import LIMIT
from checker.engine.ordering import ordered
from checker.engine.variables import Variable, variables
from checker.policy import Policy
from macros.diff.alignment import Alignment


@dataclass(frozen=True, slots=True)
class SharedVariable:
    """A variable of the space, as each of the two versions knows it."""

    old: Variable | None
    new: Variable | None

    @property
    def variable(self) -> Variable:
        """The variable of the new version; that of the old one if only this asks the question."""
        variable = self.new or self.old
        assert variable is not None
        return variable


def shared_variables(
    old: Policy, new: Policy, alignment: Alignment, *, every_answer: bool = False
) -> list[SharedVariable]:
    """The variables of the space, in an order that keeps the diagrams of both versions small.

    With `every_answer`, answers that only one version offers count too; the other gets them under the same id.
    """
    shared = [*_variables(old, new, alignment, every_answer=every_answer)]
    places = {
        (side, variable.question): str(number)
        for number, pair in enumerate(shared)
        for side, variable in enumerate((pair.old, pair.new))
        if variable
    }
    rules = [
        [places[side, name] for name in questions if (side, name) in places]
        for side, policy in enumerate((old, new))
        for questions in asked(policy)
    ]
    return [shared[int(place)] for place in ordered([*map(str, range(len(shared)))], rules)]


def variable_spaces(shared: list[SharedVariable]) -> tuple[VariableSpace, VariableSpace]:
    """The space of the old and of the new version. They share a store, so that equal diagrams are one node."""
    store = Store([pair.variable.size for pair in shared], 2 * LIMIT)
    # A version that does not ask a question gets a variable with a name that no id can have.
    unasked = [replace(pair.variable, question=f"({number})") for number, pair in enumerate(shared)]
    return (
        VariableSpace(tuple(pair.old or other for pair, other in zip(shared, unasked, strict=True)), store),
        VariableSpace(tuple(pair.new or other for pair, other in zip(shared, unasked, strict=True)), store),
    )


def _variables(old: Policy, new: Policy, alignment: Alignment, *, every_answer: bool) -> Iterator[SharedVariable]:
    unpaired = {alignment.new_id("questions", variable.question): variable for variable in variables(old)}
    for variable in variables(new):
        other = unpaired.get(variable.question)
        pair = _pair(other, variable, alignment, every_answer) if other else None
        if pair:
            del unpaired[variable.question]
        yield pair or SharedVariable(None, variable)
    for variable in unpaired.values():
        yield SharedVariable(variable, None)


def _pair(old: Variable, new: Variable, alignment: Alignment, every_answer: bool) -> SharedVariable | None:
    """The variable of a question of both versions; None if they ask for different things under one name."""
    if bool(old.first_days) != bool(new.first_days) or alignment.new_id("questions", old.counted_to) != new.counted_to:
        return None
    old_ids = {new_id: old_id for old_id, new_id in alignment.answers[old.question].items()}
    choices = [choice for choice in new.choices if choice in old_ids]
    first_days = tuple(sorted({*old.first_days, *new.first_days}))
    if not (choices or first_days):
        return None
    if every_answer:
        removed = [choice for choice in old.choices if choice not in old_ids.values()]
        choices = list(dict.fromkeys([*new.choices, *removed]))
    return SharedVariable(
        replace(old, choices=tuple(old_ids.get(choice, choice) for choice in choices), first_days=first_days),
        replace(new, choices=tuple(choices), first_days=first_days),
    )
