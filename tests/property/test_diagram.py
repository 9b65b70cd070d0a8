"""Diagrams against brute force, on random rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.engine.diagram import Store
from checker.engine.nodes import FAILS, HOLDS, TooLargeError
from tests.support.fuzzing import random_inputs

NONE = 9
"""The terminal of a case that no rule decides."""

type Rule = tuple[dict[int, set[int]], int]
"""A rule: the wanted values of some variables, and a terminal."""


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[int], list[Rule]]:
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    variables = st.sampled_from(range(len(sizes)))
    wanted = st.dictionaries(variables, st.sets(st.integers(0, 2), min_size=1), max_size=len(sizes))
    rules = draw(st.lists(st.tuples(wanted, st.integers(0, 3)), max_size=6))
    return sizes, rules


def apply_rules(store: Store, rules: Iterable[Rule]) -> int:
    def rule(wanted: dict[int, set[int]], terminal: int) -> int:
        holds = store.apply(max, [store.literal(variable, values) for variable, values in wanted.items()], HOLDS)
        return store.map_terminals(holds, {HOLDS: terminal, FAILS: NONE}.__getitem__)

    return store.apply(min, [rule(*pair) for pair in rules], NONE)


def compile_rules(sizes: list[int], rules: list[Rule]) -> tuple[Store, int]:
    store = Store(sizes)
    return store, apply_rules(store, rules)


def by_hand(rules: list[Rule], case: tuple[int, ...]) -> int:
    fitting = [
        terminal for wanted, terminal in rules if all(case[variable] in values for variable, values in wanted.items())
    ]
    return min(fitting, default=NONE)


def cases(sizes: list[int]) -> list[tuple[int, ...]]:
    return [*itertools.product(*map(range, sizes))]


@given(problems())
@random_inputs(500)
def test_diagram_decides_every_case_as_its_rules(problem: tuple[list[int], list[Rule]]) -> None:
    sizes, rules = problem
    store, diagram = compile_rules(sizes, rules)
    for case in cases(sizes):
        assert store.decide(diagram, case) == by_hand(rules, case)
        assert store.terminals(diagram, [(value,) for value in case]) == {by_hand(rules, case)}


def test_child_of_a_node_that_does_not_depend_on_the_variable_is_the_node() -> None:
    store = Store([2, 2, 2])
    diagram = store.literal(1, {1})
    assert store.child(diagram, 0, 1) == diagram
    children = [store.child(diagram, 1, value) for value in (0, 1)]
    assert [store.terminals(child, [(0, 1)] * 3) for child in children] == [{FAILS}, {HOLDS}]


@given(problems(), st.data())
@random_inputs(500)
def test_reachable_terminals_are_those_of_all_completions(
    problem: tuple[list[int], list[Rule]], data: st.DataObject
) -> None:
    sizes, rules = problem
    store, diagram = compile_rules(sizes, rules)
    allowed = [sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1))) for size in sizes]
    still = [case for case in cases(sizes) if all(value in allowed[variable] for variable, value in enumerate(case))]
    assert store.terminals(diagram, allowed) == {by_hand(rules, case) for case in still}

    split = sorted(data.draw(st.sets(st.sampled_from(range(len(sizes))), max_size=2)))
    fixed = [
        dict(zip(split, values, strict=True)) for values in itertools.product(*(allowed[number] for number in split))
    ]
    leading: dict[tuple[int, ...], list[set[int]]] = {}
    for case in still:
        side_by_side = tuple(by_hand(rules, tuple((dict(enumerate(case)) | other).values())) for other in fixed)
        for number, values in enumerate(leading.setdefault(side_by_side, [set() for _ in sizes])):
            values.add(case[number])
    expected = {
        side_by_side: {
            number: values
            for number, values in enumerate(projections)
            if number not in split and values != {*allowed[number]}
        }
        for side_by_side, projections in leading.items()
    }
    assert store.cofactors([diagram], fixed, allowed, limit=100_000) == expected


@given(problems(), st.data())
@random_inputs(500)
def test_support_is_the_variables_that_change_the_terminal(
    problem: tuple[list[int], list[Rule]], data: st.DataObject
) -> None:
    sizes, rules = problem
    store, diagram = compile_rules(sizes, rules)
    rest = rules[: data.draw(st.integers(0, len(rules)))]
    allowed = [sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1))) for size in sizes]
    still = [case for case in cases(sizes) if all(value in allowed[variable] for variable, value in enumerate(case))]
    expected = {
        variable
        for some in (rules, rest)
        for variable in range(len(sizes))
        for case in still
        for value in allowed[variable]
        if by_hand(some, case) != by_hand(some, (*case[:variable], value, *case[variable + 1 :]))
    }
    assert store.support([diagram, apply_rules(store, rest)], allowed) == expected


@given(problems())
@random_inputs(500)
def test_every_case_is_on_one_path_of_relevant_variables(problem: tuple[list[int], list[Rule]]) -> None:
    sizes, rules = problem
    store, diagram = compile_rules(sizes, rules)
    paths = [*store.paths(diagram)]
    for case in cases(sizes):
        ends = [
            terminal for path, terminal in paths if all(case[variable] in values for variable, values in path.items())
        ]
        assert ends == [by_hand(rules, case)]
    assert all(len(values) < sizes[variable] for path, _ in paths for variable, values in path.items())


@given(problems(), st.integers(0, 3) | st.just(NONE))
@random_inputs(500)
def test_witness_exists_if_the_terminals_are_satisfiable(problem: tuple[list[int], list[Rule]], terminal: int) -> None:
    sizes, rules = problem
    store, diagram = compile_rules(sizes, rules)
    path = store.witness([(diagram, terminal)])
    reached = [case for case in cases(sizes) if by_hand(rules, case) == terminal]
    assert (path is not None) == bool(reached)
    if path is not None:
        assert all(
            by_hand(rules, case) == terminal for case in cases(sizes) if all(case[n] == v for n, v in path.items())
        )


def test_witness_is_found_after_a_dead_end() -> None:
    store = Store([2, 2, 2])
    wanted, other, another = map(store.terminal, range(3))
    vain, good = store.branch(2, [other, another]), store.branch(2, [wanted, other])
    diagram = store.branch(0, [store.branch(1, [vain, other]), store.branch(1, [vain, good])])
    assert store.witness([(diagram, 0)]) == {0: 1, 1: 1, 2: 0}


@given(problems())
@random_inputs(200)
def test_values_are_equivalent_if_no_case_separates_them(problem: tuple[list[int], list[Rule]]) -> None:
    sizes, rules = problem
    store, diagram = compile_rules(sizes, rules)
    expected = {}
    for variable, size in enumerate(sizes):
        groups: dict[tuple[int, ...], list[int]] = {}
        for value in range(size):
            decided = tuple(by_hand(rules, (*case[:variable], value, *case[variable + 1 :])) for case in cases(sizes))
            groups.setdefault(decided, []).append(value)
        if len(groups) > 1:
            expected[variable] = [*groups.values()]
    assert store.equivalent_values([diagram]) == expected


def test_walk_visits_each_node_once() -> None:
    """Whether an odd number of values is one: each level has two nodes, and twice as many ways to each as the last."""
    variables = 60
    store = Store([2] * variables)
    even, odd = store.terminal(0), store.terminal(1)
    for variable in reversed(range(variables)):
        even, odd = store.branch(variable, [even, odd]), store.branch(variable, [odd, even])
    allowed = [(0, 1)] * variables
    assert store.equivalent_values([even]) == {variable: [[0], [1]] for variable in range(variables)}
    assert store.terminals(even, allowed) == {0, 1}
    assert store.cofactors([even], [{0: 0}, {0: 1}], allowed, limit=2 * variables) == {(0, 1): {}, (1, 0): {}}
    with pytest.raises(TooLargeError):
        store.cofactors([even], [{0: 0}, {0: 1}], allowed, limit=variables)


@given(problems(), st.data())
@random_inputs(200)
def test_nearest_terminals_take_the_fewest_allowed_moves(
    problem: tuple[list[int], list[Rule]], data: st.DataObject
) -> None:
    sizes, rules = problem
    store, diagram = compile_rules(sizes, rules)
    case = data.draw(st.sampled_from(cases(sizes)))
    movable = data.draw(st.sets(st.sampled_from(range(len(sizes)))))
    fewest: dict[int, int] = {}
    for other in cases(sizes):
        moved = {variable for variable, value in enumerate(other) if value != case[variable]}
        if moved <= movable:
            terminal = by_hand(rules, other)
            fewest[terminal] = min(len(moved), fewest.get(terminal, len(moved)))
    nearest = store.nearest(diagram, [(value,) for value in case], movable)
    assert {terminal: len(ways[0]) for terminal, ways in nearest.items()} == fewest


@given(problems(), st.data())
@random_inputs(200)
def test_restricted_variable_leaves_the_support(problem: tuple[list[int], list[Rule]], data: st.DataObject) -> None:
    sizes, rules = problem
    store, diagram = compile_rules(sizes, rules)
    variable = data.draw(st.sampled_from(range(len(sizes))))
    value = data.draw(st.integers(0, sizes[variable] - 1))
    fixed = store.restrict(diagram, variable, value)
    for case in cases(sizes):
        assert store.decide(fixed, case) == by_hand(rules, (*case[:variable], value, *case[variable + 1 :]))
    assert variable not in store.support([fixed], [range(size) for size in sizes])


@given(problems(), st.lists(st.tuples(st.dictionaries(st.integers(0, 3), st.just({0})), st.integers(0, 3)), max_size=3))
@random_inputs(200)
def test_combined_diagram_decides_what_is_made_of_both(problem: tuple[list[int], list[Rule]], more: list[Rule]) -> None:
    sizes, rules = problem
    more = [(wanted, terminal) for wanted, terminal in more if all(variable < len(sizes) for variable in wanted)]
    store, diagram = compile_rules(sizes, rules)
    combined = store.combine(lambda one, other: 10 * one + other, [diagram, apply_rules(store, more)])
    for case in cases(sizes):
        assert store.decide(combined, case) == 10 * by_hand(rules, case) + by_hand(more, case)


@given(problems(), st.dictionaries(st.integers(0, 3), st.sets(st.integers(0, 2), min_size=1), max_size=2))
@random_inputs(200)
def test_masked_diagram_decides_where_the_condition_holds(
    problem: tuple[list[int], list[Rule]], wanted: dict[int, set[int]]
) -> None:
    sizes, rules = problem
    wanted = {variable: values for variable, values in wanted.items() if variable < len(sizes)}
    store, diagram = compile_rules(sizes, rules)
    condition = store.apply(max, [store.literal(variable, values) for variable, values in wanted.items()], HOLDS)
    masked = store.masked(diagram, condition, -1)
    for case in cases(sizes):
        holds = all(case[variable] in values for variable, values in wanted.items())
        assert store.decide(masked, case) == (by_hand(rules, case) if holds else -1)


@given(problems(), st.randoms())
@random_inputs(200)
def test_reordered_rules_give_the_same_node(problem: tuple[list[int], list[Rule]], random: Random) -> None:
    sizes, rules = problem
    store, diagram = compile_rules(sizes, rules)
    random.shuffle(rules)
    assert apply_rules(store, rules) == diagram


def test_apply_beyond_the_pair_limit_names_the_variables() -> None:
    """Two sums modulo the same number, each over every other variable: all pairs differ, with one terminal."""
    size, variables = 30, 8
    store = Store([size] * variables, limit=320)

    def sums(own: int) -> int:
        nodes = [store.terminal(own * size + value) for value in range(size)]
        for variable in range(own, -1, -2):
            nodes = [store.branch(variable, nodes[rest:] + nodes[:rest]) for rest in range(size)]
        return nodes[0]

    with pytest.raises(TooLargeError) as error:
        store.apply(lambda one, other: 0, [sums(variables - 1), sums(variables - 2)], 0)
    assert error.value.variables
    assert str(error.value) == f"too many nodes, most of them of the variables {error.value.variables}"
    assert len(store) < store.limit, "the nodes alone are not too many"


def test_step_limit_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """To compare two conditions on one level takes two steps, and one for each of its two values."""
    store = Store([2], limit=8)
    conditions = [store.literal(0, [value]) for value in range(2)]
    monkeypatch.setattr("checker.engine.nodes.STEPS", 4 / store.limit)
    assert store.apply(min, conditions, FAILS) == store.terminal(HOLDS)
    with pytest.raises(TooLargeError):
        store.apply(min, conditions, FAILS)


def test_too_large_error_names_no_terminals() -> None:
    store = Store([2], limit=3)
    store.literal(0, [1])
    with pytest.raises(TooLargeError) as error:
        store.terminal(NONE)
    assert error.value.variables == (0,)
