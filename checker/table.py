"""The decision table: every case at a glance, in as few rows as merging can reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from checker.cases import Cases
from checker.decide import Checker
from checker.diagram import HOLDS
from checker.levels import Level
from checker.words import say

type Cube = tuple[frozenset[int], ...]
"""For each level the values that a row covers."""


@dataclass(frozen=True, slots=True)
class Row:
    """Some cases that have the same outcome."""

    cells: Mapping[str, tuple[str, ...] | None]
    """By question, the answers in words; None where any answer will do."""
    outcome: str
    clauses: tuple[str, ...]
    """The clauses that decide in the cases of the row."""


@dataclass(frozen=True, slots=True)
class Table:
    """All cases. The questions are those that decide anything, in the policy's order."""

    questions: tuple[str, ...]
    rows: tuple[Row, ...]


def decision_table(checker: Checker) -> Table:
    """The table of a policy's outcomes: every case is in a row, and rows that share a case agree on it."""
    cases = checker.cases
    everything: Cube = tuple(frozenset(range(level.size)) for level in cases.levels)
    cubes = [
        (tuple(frozenset(values.get(number, whole)) for number, whole in enumerate(everything)), leaf)
        for values, leaf in cases.store.paths(cases.outcome)
    ]
    file_order = sorted(range(len(everything)), key=lambda n: [*cases.policy.questions].index(cases.levels[n].question))
    widest = dict.fromkeys((_widen(cases, cube, leaf), leaf) for cube, leaf in _merge(cubes))
    merged = sorted(_without_redundant([*widest]), key=lambda each: (each[1], [sorted(each[0][n]) for n in file_order]))
    used = [n for n in file_order if any(cube[n] != everything[n] for cube, _ in merged)]
    rows = tuple(
        Row(
            {
                cases.levels[n].question: None if cube[n] == everything[n] else _labels(cases, cases.levels[n], cube[n])
                for n in used
            },
            cases.outcomes[leaf],
            tuple(_deciding(cases, cube, leaf)),
        )
        for cube, leaf in merged
    )
    return Table(tuple(cases.levels[n].question for n in used), rows)


def _merge(cubes: list[tuple[Cube, int]]) -> list[tuple[Cube, int]]:
    """Join two rows of one outcome that differ in one column, for as long as there are any."""
    merged = True
    while merged:
        merged = False
        for number in range(len(cubes[0][0])):
            groups: dict[tuple[Cube, int], frozenset[int]] = {}
            for cube, leaf in cubes:
                rest = (*cube[:number], frozenset[int](), *cube[number + 1 :]), leaf
                groups[rest] = groups.get(rest, frozenset()) | cube[number]
            merged = merged or len(groups) < len(cubes)
            cubes = [((*cube[:number], held, *cube[number + 1 :]), leaf) for (cube, leaf), held in groups.items()]
    return cubes


def _widen(cases: Cases, cube: Cube, leaf: int) -> Cube:
    """The row with every value that changes nothing in it: a reader then finds the row without that column."""
    for number, level in enumerate(cases.levels):
        same = {
            value
            for value in range(level.size)
            if cases.store.leaves(cases.outcome, (*cube[:number], {value}, *cube[number + 1 :])) == {leaf}
        }
        cube = (*cube[:number], frozenset(same), *cube[number + 1 :])
    return cube


def _without_redundant(rows: list[tuple[Cube, int]]) -> list[tuple[Cube, int]]:
    """The rows without those whose cases all stand in the other rows; narrow rows go first."""
    for row in sorted(rows, key=lambda each: prod(len(values) for values in each[0])):
        others = [each for each in rows if each is not row]
        if not _uncovered(row[0], [cube for cube, _ in others]):
            rows = others
    return rows


def _uncovered(cube: Cube, others: list[Cube]) -> bool:
    """Whether some case of the cube is in none of the others: cut away one of them after the other."""
    if not all(cube):
        return False
    if not others:
        return True
    first, *rest = others
    for number, values in enumerate(first):
        outside = (*cube[:number], cube[number] - values, *cube[number + 1 :])
        if _uncovered(outside, rest):
            return True
        cube = (*cube[:number], cube[number] & values, *cube[number + 1 :])
    return False


def _deciding(cases: Cases, cube: Cube, leaf: int) -> dict[str, None]:
    """The clauses that decide in every case of the row; where there are none, those that do in some."""
    own = [(rule.clause, cases.store.leaves(rule.when, cube)) for rule in cases.rules if rule.rank == leaf]
    always = {clause: None for clause, ends in own if ends == {HOLDS}}
    return always or {clause: None for clause, ends in own if HOLDS in ends}


def _labels(cases: Cases, level: Level, values: frozenset[int]) -> tuple[str, ...]:
    """The values in words."""
    offered = cases.policy.questions[level.question].offered
    days = [_span(least, most) for least, most in level.days(values)]
    return (*days, *(offered[choice].phrase for choice in level.chosen(values)))


def _span(least: int, most: int | None) -> str:
    if most is None:
        return say("span.over", count=least - 1) if least else say("span.any")
    if least == most:
        return say("span.exact", count=least) if least else say("span.today")
    return say("span.between", least=least, most=most) if least else say("span.up_to", count=most)
