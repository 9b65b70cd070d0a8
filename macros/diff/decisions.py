"""All cases that two versions decide differently, exactly, in as few statements as possible.

Nothing is sampled. Each part of a verdict is a diagram for each version (`macros.diff.verdict_parts`), over the cases
that both can decide (`macros.diff.case_space`). If the two are not the same node, their product shows which value
changes to which, in which cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import prod

from checker.engine.compile import OUTCOME, CompiledPolicy, VariableSpace, translate_size_errors
from checker.engine.nodes import Node
from checker.engine.parts import REMEDIES
from checker.policy import Policy
from macros.analysis.proof import TONES
from macros.diff.alignment import Alignment
from macros.diff.case_space import SharedVariable, shared_variables, variable_spaces
from macros.diff.statements import ChangeBuilder, DecisionChange, Effect, Pair
from macros.diff.verdict_parts import LAST_DAY, Key, VerdictPart, product, verdict_parts


@dataclass(frozen=True, kw_only=True, slots=True)
class UnsharedAnswer:
    """An answer that only one of the versions offers, and the decision of its cases."""

    question: str
    answer: str
    old_only: bool
    cases: int
    changes: tuple[DecisionChange, ...]
    """One for each outcome, as `before` if only the old version offers the answer, else as `after`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decisions:
    """All that two versions decide differently."""

    cases: int
    """The number of cases that both versions can decide."""
    changes: tuple[DecisionChange, ...]
    unshared_answers: tuple[UnsharedAnswer, ...]


def decisions(old: Policy, new: Policy, alignment: Alignment, today: date) -> Decisions:
    """Compares two versions in every case. Examples of cases have `today` as the day of the application.

    Raises PolicyTooComplexError if the diagrams would be too large for that.
    """
    shared = shared_variables(old, new, alignment)
    before, after = variable_spaces(shared)
    builder = ChangeBuilder(before.store, shared, old, new, today)
    with translate_size_errors([pair.variable for pair in shared]):
        changes = tuple(_Comparison(builder, alignment, before, after).changes())
    unshared = (*_unshared_answers(builder, old_only=False), *_unshared_answers(builder, old_only=True))
    return Decisions(cases=prod(builder.store.sizes), changes=changes, unshared_answers=unshared)


class _Comparison:
    """The parts of the verdicts of both versions."""

    def __init__(
        self, builder: ChangeBuilder, alignment: Alignment, before: VariableSpace, after: VariableSpace
    ) -> None:
        self.builder = builder
        self.store = builder.store
        self.before = dict(verdict_parts(CompiledPolicy(builder.old, before), alignment))
        self.after = dict(verdict_parts(CompiledPolicy(builder.new, after), Alignment()))
        self.tones = [
            {alignment.new_id("outcomes", name): TONES.index(o.tone) for name, o in builder.old.outcomes.items()},
            {name: TONES.index(outcome.tone) for name, outcome in builder.new.outcomes.items()},
        ]

    def changes(self) -> Iterator[DecisionChange]:
        """Every change, first those of the outcome."""
        outcome = OUTCOME, ""
        node, outcomes = self._product(outcome)
        keys = [key for key in {**self.before, **self.after} if key != outcome]
        others = [change for key in keys for change in self._others(key, node, outcomes)]
        effects = {change: self._outcome_effect(change, others) for change in outcomes}
        for pair, change in zip(outcomes, self.builder.changes(outcome, node, outcomes), strict=True):
            yield replace(change, effect=effects[pair])
        for change, pairs in others:
            yield replace(change, effect=_common(map(effects.__getitem__, pairs)) if pairs else _grant_effect(change))

    def _product(self, key: Key) -> tuple[Node, list[Pair]]:
        """The product diagram of a part: 0 where it is unchanged, else the index from 1 into the list of pairs."""
        missing = VerdictPart(self.store.terminal(0), {0: None})
        before, after = self.before.get(key, missing), self.after.get(key, missing)
        values = [*dict.fromkeys([*before.values.values(), *after.values.values()])]
        one, other = (
            self.store.map_terminals(
                part.node, {terminal: values.index(value) for terminal, value in part.values.items()}.__getitem__
            )
            for part in (before, after)
        )
        pairs: dict[tuple[int, int], int] = {}
        if one == other:
            return self.store.terminal(0), []
        node = product(self.store, one, other, lambda a, b: 0 if a == b else pairs.setdefault((a, b), len(pairs) + 1))
        return node, [(values[a], values[b]) for a, b in pairs]

    def _others(
        self, key: Key, outcome_node: Node, outcomes: Sequence[Pair]
    ) -> Iterator[tuple[DecisionChange, list[Pair]]]:
        """The changes of one part other than the outcome, each with the changes of the outcome in its cases.

        Each change has one change of the outcome at most, except that of a last day: the outcome depends on the day.
        """
        node, values = self._product(key)
        split: dict[tuple[int, int], int] = {}
        both = product(
            self.store, node, outcome_node, lambda a, b: split.setdefault((a, b), len(split) + 1) if a else 0
        )
        if key[0] == LAST_DAY:
            for number, change in enumerate(self.builder.changes(key, node, values), 1):
                yield change, [outcomes[other - 1] for own, other in split if own == number and other]
            return
        changes = self.builder.changes(key, both, [values[own - 1] for own, _ in split])
        for (_, other), change in zip(split, changes, strict=True):
            pairs = [outcomes[other - 1]] if other else []
            yield replace(change, with_outcome=pairs[0] if pairs else None), pairs

    def _outcome_effect(self, outcome: Pair, others: Iterable[tuple[DecisionChange, list[Pair]]]) -> Effect:
        """The effect by tone; if the tones are equal, by the remedies that change with the outcome."""
        badness = [tones.get(str(name), 0) for tones, name in zip(self.tones, outcome, strict=True)]
        if badness[0] != badness[1] and None not in outcome:
            return "worse" if badness[0] < badness[1] else "better"
        return _common(
            _grant_effect(change) for change, pairs in others if change.kind == REMEDIES and pairs == [outcome]
        )


def _common(effects: Iterable[Effect]) -> Effect:
    """The one effect besides "different"; "different" if there is none, or both."""
    clear = {*effects} - {"different"}
    return clear.pop() if len(clear) == 1 else "different"


def _grant_effect(change: DecisionChange) -> Effect:
    """One more remedy is better, one more proof item is worse. All else is for the reader to judge."""
    if change.kind not in (REMEDIES, "proof"):
        return "different"
    return "better" if (change.before is None) == (change.kind == REMEDIES) else "worse"


def _unshared_answers(builder: ChangeBuilder, *, old_only: bool) -> Iterator[UnsharedAnswer]:
    """The answers that one version alone offers to a question of both, and how it decides their cases."""
    shared = {
        variable.question: variable.choices
        for both in builder.variables
        if both.old and both.new and (variable := both.old if old_only else both.new)
    }
    compiled = CompiledPolicy(builder.old if old_only else builder.new)
    own = replace(
        builder,
        store=compiled.store,
        variables=[
            SharedVariable(variable, None) if old_only else SharedVariable(None, variable)
            for variable in compiled.variables
        ],
    )
    outcomes: list[Pair] = [(outcome, None) if old_only else (None, outcome) for outcome in compiled.outcomes]
    for number, variable in enumerate(compiled.variables):
        for answer in variable.choices:
            if answer in shared.get(variable.question, (answer,)):
                continue
            literal = compiled.store.literal(number, [variable.values[answer]])
            node = product(compiled.store, literal, compiled.outcome, lambda fails, rank: 0 if fails else rank + 1)
            changes = (change for change in own.changes((OUTCOME, ""), node, outcomes) if change.cases)
            yield UnsharedAnswer(
                question=variable.question,
                answer=answer,
                old_only=old_only,
                cases=prod(compiled.store.sizes) // variable.size,
                changes=tuple(changes),
            )
