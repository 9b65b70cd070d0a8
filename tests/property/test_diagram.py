"""Diagrams against brute force, on random rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.engine.diagram import FAILS, HOLDS, Store, TooLargeError
from tests.support.fuzzing import tried

NONE = 9
"""The leaf of a case that no rule decides."""

type Rule = tuple[dict[int, set[int]], int]
"""For some levels the values that the rule wants, and the leaf that it asks for."""


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[int], list[Rule]]:
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    levels = st.sampled_from(range(len(sizes)))
    wanted = st.dictionaries(levels, st.sets(st.integers(0, 2), min_size=1), max_size=len(sizes))
    rules = draw(st.lists(st.tuples(wanted, st.integers(0, 3)), max_size=6))
    return sizes, rules


def merged(store: Store, rules: Iterable[Rule]) -> int:
    def rule(wanted: dict[int, set[int]], leaf: int) -> int:
        holds = store.merge(max, [store.test(level, values) for level, values in wanted.items()], HOLDS)
        return store.relabel(holds, {HOLDS: leaf, FAILS: NONE}.__getitem__)

    return store.merge(min, [rule(*each) for each in rules], NONE)


def compiled(sizes: list[int], rules: list[Rule]) -> tuple[Store, int]:
    store = Store(sizes)
    return store, merged(store, rules)


def by_hand(rules: list[Rule], case: tuple[int, ...]) -> int:
    fitting = [leaf for wanted, leaf in rules if all(case[level] in values for level, values in wanted.items())]
    return min(fitting, default=NONE)


def cases(sizes: list[int]) -> list[tuple[int, ...]]:
    return [*itertools.product(*map(range, sizes))]


@given(problems())
@tried(500)
def test_a_diagram_decides_every_case_as_its_rules_do(problem: tuple[list[int], list[Rule]]) -> None:
    sizes, rules = problem
    store, diagram = compiled(sizes, rules)
    for case in cases(sizes):
        assert store.decide(diagram, case) == by_hand(rules, case)
        assert store.leaves(diagram, [(value,) for value in case]) == {by_hand(rules, case)}


@given(problems(), st.data())
@tried(500)
def test_what_is_possible_and_what_stands_side_by_side_is_what_the_completions_have(
    problem: tuple[list[int], list[Rule]], data: st.DataObject
) -> None:
    sizes, rules = problem
    store, diagram = compiled(sizes, rules)
    allowed = [sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1))) for size in sizes]
    still = [case for case in cases(sizes) if all(value in allowed[level] for level, value in enumerate(case))]
    assert store.leaves(diagram, allowed) == {by_hand(rules, case) for case in still}

    split = sorted(data.draw(st.sets(st.sampled_from(range(len(sizes))), max_size=2)))
    expected = set()
    for case in still:
        side_by_side = []
        for values in itertools.product(*(allowed[level] for level in split)):
            other = list(case)
            for level, value in zip(split, values, strict=True):
                other[level] = value
            side_by_side.append(by_hand(rules, tuple(other)))
        expected.add(tuple(side_by_side))
    assert store.profiles(diagram, {level: allowed[level] for level in split}, allowed) == expected


@given(problems(), st.data())
@tried(500)
def test_diagrams_depend_on_just_the_levels_whose_allowed_values_lead_to_different_leaves(
    problem: tuple[list[int], list[Rule]], data: st.DataObject
) -> None:
    sizes, rules = problem
    store, diagram = compiled(sizes, rules)
    rest = rules[: data.draw(st.integers(0, len(rules)))]
    allowed = [sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1))) for size in sizes]
    still = [case for case in cases(sizes) if all(value in allowed[level] for level, value in enumerate(case))]
    expected = {
        level
        for each in (rules, rest)
        for level in range(len(sizes))
        for case in still
        for value in allowed[level]
        if by_hand(each, case) != by_hand(each, (*case[:level], value, *case[level + 1 :]))
    }
    assert store.support([diagram, merged(store, rest)], allowed) == expected


@given(problems())
@tried(500)
def test_each_case_is_on_exactly_one_path_and_no_path_asks_what_makes_no_difference(
    problem: tuple[list[int], list[Rule]],
) -> None:
    sizes, rules = problem
    store, diagram = compiled(sizes, rules)
    paths = [*store.paths(diagram)]
    for case in cases(sizes):
        ends = [leaf for path, leaf in paths if all(case[level] in values for level, values in path.items())]
        assert ends == [by_hand(rules, case)]
    assert all(len(values) < sizes[level] for path, _ in paths for level, values in path.items())


@given(problems(), st.integers(0, 3) | st.just(NONE))
@tried(500)
def test_a_case_is_found_exactly_where_there_is_one(problem: tuple[list[int], list[Rule]], leaf: int) -> None:
    sizes, rules = problem
    store, diagram = compiled(sizes, rules)
    path = store.case([(diagram, leaf)])
    reached = [case for case in cases(sizes) if by_hand(rules, case) == leaf]
    assert (path is not None) == bool(reached)
    if path is not None:
        assert all(by_hand(rules, case) == leaf for case in cases(sizes) if all(case[n] == v for n, v in path.items()))


def test_a_case_is_found_past_a_node_that_was_looked_at_in_vain() -> None:
    store = Store([2, 2, 2])
    wanted, other, another = map(store.leaf, range(3))
    vain, good = store.branch(2, [other, another]), store.branch(2, [wanted, other])
    diagram = store.branch(0, [store.branch(1, [vain, other]), store.branch(1, [vain, good])])
    assert store.case([(diagram, 0)]) == {0: 1, 1: 1, 2: 0}


@given(problems())
@tried(200)
def test_values_are_twins_where_no_case_tells_them_apart(problem: tuple[list[int], list[Rule]]) -> None:
    sizes, rules = problem
    store, diagram = compiled(sizes, rules)
    expected = {}
    for level, size in enumerate(sizes):
        groups: dict[tuple[int, ...], list[int]] = {}
        for value in range(size):
            decided = tuple(by_hand(rules, (*case[:level], value, *case[level + 1 :])) for case in cases(sizes))
            groups.setdefault(decided, []).append(value)
        if len(groups) > 1:
            expected[level] = [*groups.values()]
    assert store.twins([diagram]) == expected


def test_a_walk_comes_to_each_node_once_however_many_ways_lead_there() -> None:
    """Whether an odd number of values is one: each level has two nodes, and twice as many ways to each as the last."""
    levels = 60
    store = Store([2] * levels)
    even, odd = store.leaf(0), store.leaf(1)
    for level in reversed(range(levels)):
        even, odd = store.branch(level, [even, odd]), store.branch(level, [odd, even])
    open_levels = [(0, 1)] * levels
    assert store.twins([even]) == {level: [[0], [1]] for level in range(levels)}
    assert store.leaves(even, open_levels) == {0, 1}
    assert store.profiles(even, {0: (0, 1)}, open_levels) == {(0, 1), (1, 0)}


@given(problems(), st.data())
@tried(200)
def test_the_nearest_leaves_are_those_of_the_fewest_moves_that_are_allowed(
    problem: tuple[list[int], list[Rule]], data: st.DataObject
) -> None:
    sizes, rules = problem
    store, diagram = compiled(sizes, rules)
    case = data.draw(st.sampled_from(cases(sizes)))
    movable = data.draw(st.sets(st.sampled_from(range(len(sizes)))))
    fewest: dict[int, int] = {}
    for other in cases(sizes):
        moved = {level for level, value in enumerate(other) if value != case[level]}
        if moved <= movable:
            leaf = by_hand(rules, other)
            fewest[leaf] = min(len(moved), fewest.get(leaf, len(moved)))
    found = store.nearest(diagram, [(value,) for value in case], movable)
    assert {leaf: len(ways[0]) for leaf, ways in found.items()} == fewest


@given(problems(), st.data())
@tried(200)
def test_a_level_that_is_fixed_makes_no_difference_any_more(
    problem: tuple[list[int], list[Rule]], data: st.DataObject
) -> None:
    sizes, rules = problem
    store, diagram = compiled(sizes, rules)
    level = data.draw(st.sampled_from(range(len(sizes))))
    value = data.draw(st.integers(0, sizes[level] - 1))
    fixed = store.fix(diagram, level, value)
    for case in cases(sizes):
        assert store.decide(fixed, case) == by_hand(rules, (*case[:level], value, *case[level + 1 :]))
    assert level not in store.support([fixed], [range(size) for size in sizes])


@given(problems(), st.randoms())
@tried(200)
def test_rules_in_another_order_give_the_same_node(problem: tuple[list[int], list[Rule]], random: Random) -> None:
    sizes, rules = problem
    store, diagram = compiled(sizes, rules)
    random.shuffle(rules)
    assert merged(store, rules) == diagram


def test_a_merge_that_would_compare_too_many_pairs_ends_with_the_levels_to_look_at() -> None:
    """Two sums modulo the same number, each over every other level: all pairs differ, and the result is one leaf."""
    size, levels = 30, 8
    store = Store([size] * levels, limit=320)

    def sums(own: int) -> int:
        nodes = [store.leaf(own * size + value) for value in range(size)]
        for level in range(own, -1, -2):
            nodes = [store.branch(level, nodes[rest:] + nodes[:rest]) for rest in range(size)]
        return nodes[0]

    with pytest.raises(TooLargeError) as error:
        store.merge(lambda one, other: 0, [sums(levels - 1), sums(levels - 2)], 0)
    assert error.value.levels
    assert str(error.value) == f"too many nodes, most of them at the levels {error.value.levels}"
    assert len(store) < store.limit, "the nodes alone are not too many"


def test_work_may_take_as_many_steps_as_it_is_given_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """To compare two conditions on one level takes two steps, and one for each of its two values."""
    store = Store([2], limit=8)
    conditions = [store.test(0, [value]) for value in range(2)]
    monkeypatch.setattr("checker.engine.diagram.STEPS", 4 / store.limit)
    assert store.merge(min, conditions, FAILS) == store.leaf(HOLDS)
    with pytest.raises(TooLargeError):
        store.merge(min, conditions, FAILS)


def test_leaves_are_no_level_to_look_at() -> None:
    store = Store([2], limit=3)
    store.test(0, [1])
    with pytest.raises(TooLargeError) as error:
        store.leaf(NONE)
    assert error.value.levels == (0,)
