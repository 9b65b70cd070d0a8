"""Covers against brute force: exact, of prime cubes, and without redundant ones."""

from __future__ import annotations

import itertools
from math import prod

import pytest
from hypothesis import given

from checker.engine.cover import CoverTooLargeError, Cube, cover
from checker.engine.diagram import Store
from tests.property.test_diagram import Rule, by_hand, cases, compile_rules, problems
from tests.support.fuzzing import random_inputs


def cases_in(cube: Cube) -> set[tuple[int, ...]]:
    return {*itertools.product(*map(sorted, cube))}


@given(problems())
@random_inputs(500)
def test_cover_of_a_terminal_is_exact_prime_and_irredundant(problem: tuple[list[int], list[Rule]]) -> None:
    sizes, rules = problem
    store, diagram = compile_rules(sizes, rules)
    result = cover(store, diagram, store.paths(diagram))
    for terminal in {by_hand(rules, case) for case in cases(sizes)}:
        own = {case for case in cases(sizes) if by_hand(rules, case) == terminal}
        cubes = [cube for cube, end in result if end == terminal]
        assert set().union(*map(cases_in, cubes)) == own
        for cube in cubes:
            rest = [one for one in cubes if one is not cube]
            assert set[tuple[int, ...]]().union(*map(cases_in, rest)) != own, "the cube could be left out"
            for number, size in enumerate(sizes):
                for value in {*range(size)} - cube[number]:
                    wider = (*cube[:number], cube[number] | {value}, *cube[number + 1 :])
                    assert not cases_in(wider) <= own, "the cube could be wider"
        for one, other in itertools.combinations(cubes, 2):
            both = tuple(a | b for a, b in zip(one, other, strict=True))
            assert prod(map(len, both)) > len(cases_in(one) | cases_in(other)), "the two could be made one"


@given(problems())
@random_inputs(200)
def test_cover_of_some_terminals_needs_their_paths_alone(problem: tuple[list[int], list[Rule]]) -> None:
    store, diagram = compile_rules(*problem)
    wanted = min(store.terminals(diagram, [range(size) for size in store.sizes]))
    some = cover(store, diagram, (path for path in store.paths(diagram) if path[1] == wanted))
    assert some == [cube for cube in cover(store, diagram, store.paths(diagram)) if cube[1] == wanted]


def test_redundant_cube_is_left_out() -> None:
    store = Store([2, 2, 2])
    zero, one = store.terminal(0), store.terminal(1)
    odd, even = store.branch(2, [zero, one]), store.branch(2, [one, zero])
    diagram = store.branch(0, [store.branch(1, [even, one]), store.branch(1, [zero, odd])])
    low, high, any_ = frozenset({0}), frozenset({1}), frozenset({0, 1})
    assert cover(store, diagram, store.paths(diagram)) == [
        ((low, any_, low), 1),
        ((any_, high, high), 1),
        ((any_, low, high), 0),
        ((high, any_, low), 0),
    ]


@pytest.mark.parametrize("limit", ["MAX_PATHS", "MAX_STEPS"])
def test_cover_beyond_its_limits_is_refused(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store([2, 2])
    diagram = store.branch(0, [store.branch(1, [store.terminal(0), store.terminal(1)]), store.terminal(2)])
    assert len(cover(store, diagram, store.paths(diagram))) == 3
    monkeypatch.setattr(f"checker.engine.cover.{limit}", 2)
    with pytest.raises(CoverTooLargeError):
        cover(store, diagram, store.paths(diagram))
