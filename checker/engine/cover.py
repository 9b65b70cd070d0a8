"""Covers of a diagram: its cases as cubes, as few and as large as joining and widening can make them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from math import prod
from operator import and_

from checker.engine.diagram import Store
from checker.engine.nodes import Node

MAX_PATHS, MAX_STEPS = 2_000, 100_000
"""Limits of a cover. Beyond them the cubes would be too many to read, and slow to find."""

type Cube = tuple[frozenset[int], ...]
"""The values that it covers, for each variable."""

type Path = tuple[Mapping[int, Iterable[int]], int]
"""A path through a diagram: the values of the variables on it, and its terminal."""


class CoverTooLargeError(Exception):
    """A cover takes more paths or steps than the limits."""


def cover(store: Store, diagram: Node, paths: Iterable[Path]) -> list[tuple[Cube, int]]:
    """Prime cubes with the cases of some of a diagram's paths, each with the terminal of its cases.

    For each terminal, pass all paths to it or none. Then the cubes of a terminal cover exactly its cases.
    No cube can be widened or left out, and no two can be joined. Raises CoverTooLargeError.
    """
    steps = iter(range(MAX_STEPS))
    domain: Cube = tuple(frozenset(range(size)) for size in store.sizes)
    cubes = [
        (tuple(frozenset(values.get(number, whole)) for number, whole in enumerate(domain)), terminal)
        for values, terminal in islice(paths, MAX_PATHS + 1)
    ]
    if len(cubes) > MAX_PATHS:
        raise CoverTooLargeError
    prime: dict[int, dict[Cube, None]] = {}
    for cube, terminal in _joined(cubes, steps):
        prime.setdefault(terminal, {})[_widened(store, diagram, cube, terminal, steps)] = None
    return [(cube, terminal) for terminal, own in prime.items() for cube in _irredundant([*own], steps)]


def _count(steps: Iterator[int]) -> None:
    """Takes a step, so that no cover goes on for ever. As no clock is read, it ends at the same place everywhere."""
    if next(steps, None) is None:
        raise CoverTooLargeError


def _joined(cubes: list[tuple[Cube, int]], steps: Iterator[int]) -> list[tuple[Cube, int]]:
    """The cubes, with any two of one terminal joined that differ in one variable, until none do."""
    is_smaller = bool(cubes)
    while is_smaller:
        size = len(cubes)
        for number in range(len(cubes[0][0])):
            groups: dict[tuple[Cube, int], frozenset[int]] = {}
            for cube, terminal in cubes:
                _count(steps)
                rest = (*cube[:number], frozenset[int](), *cube[number + 1 :]), terminal
                groups[rest] = groups.get(rest, frozenset()) | cube[number]
            cubes = [
                ((*cube[:number], values, *cube[number + 1 :]), terminal) for (cube, terminal), values in groups.items()
            ]
        is_smaller = len(cubes) < size
    return cubes


def _widened(store: Store, diagram: Node, cube: Cube, terminal: int, steps: Iterator[int]) -> Cube:
    """The cube with every value that leads to the same terminal in all its cases."""
    for number, size in enumerate(store.sizes):
        for value in {*range(size)} - cube[number]:
            _count(steps)
            if store.terminals(diagram, (*cube[:number], {value}, *cube[number + 1 :])) == {terminal}:
                cube = (*cube[:number], cube[number] | {value}, *cube[number + 1 :])
    return cube


def _irredundant(cubes: list[Cube], steps: Iterator[int]) -> list[Cube]:
    """The cubes without those whose cases are all in the others; small ones go first."""
    for cube in sorted(cubes, key=lambda cube: prod(map(len, cube))):
        others = [other for other in cubes if other is not cube]
        if not _has_uncovered(cube, others, steps):
            cubes = others
    return cubes


def _has_uncovered(cube: Cube, others: list[Cube], steps: Iterator[int]) -> bool:
    """Whether some case of the cube is in none of the others: cuts away one of them after the other."""
    rest = iter(others)
    for first in rest:
        _count(steps)
        if all(map(and_, cube, first)):
            break
    else:
        return True
    others = [*rest]
    for number, values in enumerate(first):
        if left := cube[number] - values:
            if _has_uncovered((*cube[:number], left, *cube[number + 1 :]), others, steps):
                return True
            cube = (*cube[:number], cube[number] & values, *cube[number + 1 :])
    return False
