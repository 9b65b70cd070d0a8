"""Cases in a few words: cubes, each some values of every level, as few and as wide as merging can reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from checker.engine.diagram import Node, Store

type Cube = tuple[frozenset[int], ...]
"""For each level the values that it covers."""

type Path = tuple[Mapping[int, Iterable[int]], int]
"""A way through a diagram: the values of the levels that matter, and the leaf that it ends in."""


def cover(store: Store, diagram: Node, paths: Iterable[Path]) -> list[tuple[Cube, int]]:
    """Cubes with the cases of some of a diagram's paths, each with the leaf of all its cases.

    To be taken whole: all the paths to a leaf, or none. Then every case is in a cube of its leaf and in no other; no
    cube can be widened or left out, and no two can be made one.
    """
    everything: Cube = tuple(frozenset(range(size)) for size in store.sizes)
    cubes = [
        (tuple(frozenset(values.get(number, whole)) for number, whole in enumerate(everything)), terminal)
        for values, terminal in paths
    ]
    widest: dict[int, dict[Cube, None]] = {}
    for cube, terminal in _merge(cubes):
        widest.setdefault(terminal, {})[_widen(store, diagram, cube, terminal)] = None
    return [(cube, terminal) for terminal, own in widest.items() for cube in _without_redundant([*own])]


def _merge(cubes: list[tuple[Cube, int]]) -> list[tuple[Cube, int]]:
    """Join two cubes of one leaf that differ in one level, for as long as there are any."""
    merged = bool(cubes)
    while merged:
        merged = False
        for number in range(len(cubes[0][0])):
            groups: dict[tuple[Cube, int], frozenset[int]] = {}
            for cube, terminal in cubes:
                rest = (*cube[:number], frozenset[int](), *cube[number + 1 :]), terminal
                groups[rest] = groups.get(rest, frozenset()) | cube[number]
            merged = merged or len(groups) < len(cubes)
            cubes = [
                ((*cube[:number], held, *cube[number + 1 :]), terminal) for (cube, terminal), held in groups.items()
            ]
    return cubes


def _widen(store: Store, diagram: Node, cube: Cube, terminal: int) -> Cube:
    """The cube with every value that changes nothing in it: a reader then finds it without that level."""
    for number, size in enumerate(store.sizes):
        same = {
            value
            for value in range(size)
            if store.terminals(diagram, (*cube[:number], {value}, *cube[number + 1 :])) == {terminal}
        }
        cube = (*cube[:number], frozenset(same), *cube[number + 1 :])
    return cube


def _without_redundant(cubes: list[Cube]) -> list[Cube]:
    """The cubes without those whose cases are all in the others; narrow ones go first."""
    for cube in sorted(cubes, key=lambda each: prod(map(len, each))):
        others = [each for each in cubes if each is not cube]
        if not _uncovered(cube, others):
            cubes = others
    return cubes


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
