"""What is decided differently: every case whose verdict shows something else, exactly, and as few statements as can be.

Nothing is sampled. Each thing a verdict shows is a diagram for each version (`macros.diff.verdict_parts`), over the
cases that both can decide (`macros.diff.case_space`). Where the two are not the same node, their product says in which
cases what becomes what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import prod

from checker.engine.compile import OUTCOME, CompiledPolicy, PolicyTooComplexError, VariableSpace
from checker.engine.diagram import Node, TooLargeError
from checker.engine.parts import REMEDIES
from checker.policy import Policy
from macros.analysis.proof import TONES
from macros.diff.alignment import Names
from macros.diff.case_space import Common, common, spaces
from macros.diff.statements import Board, Change, Effect
from macros.diff.verdict_parts import LAST_DAY, Key, Shown, pair, shown

type Pair = tuple[object, object]
"""What something was, and what it becomes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Only:
    """How the cases with one answer are decided, which only one of the versions offers."""

    question: str
    answer: str
    gone: bool
    cases: int
    changes: tuple[Change, ...]
    """By outcome: nothing before a new answer, and nothing after one that is gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decisions:
    """All that is decided differently."""

    cases: int
    """How many cases both versions can decide."""
    changes: tuple[Change, ...]
    only: tuple[Only, ...]


def decisions(old: Policy, new: Policy, names: Names, today: date) -> Decisions:
    """Compares two versions in every case. The worked cases are of this day.

    Raises TooManyError where not every case can be looked at.
    """
    try:
        found = common(old, new, names)
        before, after = spaces(found)
        board = Board(before.store, found, old, new, today)
        changes = tuple(_Comparison(board, names, before, after).changes())
    except TooLargeError as error:
        raise PolicyTooComplexError(found[number].variable.question for number in error.variables) from error
    only = (*_only(board, gone=False), *_only(board, gone=True))
    return Decisions(cases=prod(board.store.sizes), changes=changes, only=only)


class _Comparison:
    """All that both versions show, side by side."""

    def __init__(self, board: Board, names: Names, before: VariableSpace, after: VariableSpace) -> None:
        self.board = board
        self.store = board.store
        self.before = dict(shown(CompiledPolicy(board.old, before), names))
        self.after = dict(shown(CompiledPolicy(board.new, after), Names()))
        self.tones = [
            {names.new("outcomes", name): TONES.index(each.tone) for name, each in board.old.outcomes.items()},
            {name: TONES.index(each.tone) for name, each in board.new.outcomes.items()},
        ]

    def changes(self) -> Iterator[Change]:
        """Every change, that of the outcome first."""
        outcome = OUTCOME, ""
        flips, became = self._product(outcome)
        beside = [change for key in {**self.before, **self.after} for change in self._beside(key, flips, became)]
        effects = {each: self._of_outcomes(each, beside) for each in became}
        for number, change in self.board.changes(outcome, flips, became):
            yield replace(change, effect=effects[became[number - 1]])
        for change, pairs in beside:
            yield replace(change, effect=_same(map(effects.__getitem__, pairs)) if pairs else _of_grants(change))

    def _product(self, key: Key) -> tuple[Node, list[Pair]]:
        """In which cases the thing becomes another: leaf 0 where it does not, else the place of old and new from 1."""
        nothing = Shown(self.store.terminal(0), {0: None})
        before, after = self.before.get(key, nothing), self.after.get(key, nothing)
        told = [*dict.fromkeys([*before.values.values(), *after.values.values()])]
        one, other = (
            self.store.map_terminals(
                each.node, {terminal: told.index(value) for terminal, value in each.values.items()}.__getitem__
            )
            for each in (before, after)
        )
        became: dict[tuple[int, int], int] = {}
        if one == other:
            return self.store.terminal(0), []
        node = pair(self.store, one, other, lambda a, b: 0 if a == b else became.setdefault((a, b), len(became) + 1))
        return node, [(told[a], told[b]) for a, b in became]

    def _beside(self, key: Key, flips: Node, flipped: Sequence[Pair]) -> Iterator[tuple[Change, list[Pair]]]:
        """The changes of one thing beside the outcome, each with the changes of the outcome in its cases.

        They are told apart by these, but for a last day: whether the outcome changes depends on the day.
        """
        if key[0] == OUTCOME:
            return
        node, became = self._product(key)
        split: dict[tuple[int, int], int] = {}
        both = pair(self.store, node, flips, lambda a, b: split.setdefault((a, b), len(split) + 1) if a else 0)
        if key[0] == LAST_DAY:
            for number, change in self.board.changes(key, node, became):
                yield change, [flipped[flip - 1] for own, flip in split if own == number and flip]
            return
        for number, change in self.board.changes(key, both, [became[own - 1] for own, _ in split]):
            flip = [*split][number - 1][1]
            pairs = [flipped[flip - 1]] if flip else []
            yield replace(change, with_outcome=pairs[0] if pairs else None), pairs

    def _of_outcomes(self, became: Pair, beside: Iterable[tuple[Change, list[Pair]]]) -> Effect:
        """By tone; where the tones are alike, by the remedies that come or go with the outcome."""
        worse = [tones.get(str(name), 0) for tones, name in zip(self.tones, became, strict=True)]
        if worse[0] != worse[1] and None not in became:
            return "worse" if worse[0] < worse[1] else "better"
        return _same(_of_grants(change) for change, pairs in beside if change.kind == REMEDIES and pairs == [became])


def _same(effects: Iterable[Effect]) -> Effect:
    """The effect that all have, but for what is just different; "different" where there is none, or both are."""
    found = {*effects} - {"different"}
    return found.pop() if len(found) == 1 else "different"


def _of_grants(change: Change) -> Effect:
    """A remedy more is better, and one more thing to prove is worse. The rest is for the reader to judge."""
    if change.kind not in (REMEDIES, "proof"):
        return "different"
    return "better" if (change.before is None) == (change.kind == REMEDIES) else "worse"


def _only(board: Board, *, gone: bool) -> Iterator[Only]:
    """The answers that one version alone offers to a question of both, and how their cases are decided there."""
    policy = board.old if gone else board.new
    kept = {
        variable.question: variable.choices
        for each in board.variables
        if each.old and each.new and (variable := each.old if gone else each.new)
    }
    cases = CompiledPolicy(policy)
    own = replace(
        board,
        store=cases.store,
        variables=[Common(variable, None) if gone else Common(None, variable) for variable in cases.variables],
    )
    became: list[Pair] = [(each, None) if gone else (None, each) for each in cases.outcomes]
    for number, variable in enumerate(cases.variables):
        for answer in variable.choices:
            if answer in kept.get(variable.question, (answer,)):
                continue
            given = cases.store.literal(number, [variable.values[answer]])
            node = pair(cases.store, given, cases.outcome, lambda fails, rank: 0 if fails else rank + 1)
            changes = (change for _, change in own.changes((OUTCOME, ""), node, became) if change.cases)
            yield Only(
                question=variable.question,
                answer=answer,
                gone=gone,
                cases=prod(cases.store.sizes) // variable.size,
                changes=tuple(changes),
            )
