"""The order of the variables of a diagram: it decides the size, and nothing about a case.

Real policies are grouped: a class of problem, the questions of that class, and a few rules for all. So the
question that most rules test comes first, then those of the rules that leave it out, then the rest; and
questions that stand in one rule come close together (FORCE: Aloul, Markov and Sakallah, GLSVLSI 2003).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

ROUNDS = 50
"""More than it takes: the moves settle within a few rounds or go round in circles."""


def ordered(questions: Sequence[str], rules: Iterable[Collection[str]]) -> list[str]:
    """The questions in an order that keeps a diagram small. A rule is the questions that it tests."""
    tested = [frozenset(rule) for rule in rules]
    hubs = {question for question in questions if 2 * sum(question in rule for rule in tested) > len(tested)}
    for_all = [rule for rule in tested if not rule & hubs]
    general = frozenset[str]().union(*for_all)
    first = [question for question in questions if question in hubs]
    then = [question for question in questions if question in general]
    last = [question for question in questions if question not in hubs | general]
    return first + _close_together(then, for_all) + _close_together(last, tested)


def _close_together(questions: list[str], rules: list[frozenset[str]]) -> list[str]:
    """Moves each question to the middle of its rules, and each rule's middle with them, while it helps."""
    own = [rule.intersection(questions) for rule in rules]
    edges = [rule for rule in own if len(rule) > 1]
    best, least = questions, _spread(questions, edges)
    for _ in range(ROUNDS):
        place = {question: number for number, question in enumerate(questions)}
        pulls: dict[str, list[float]] = {question: [] for question in questions}
        for edge in edges:
            middle = sum(place[question] for question in edge) / len(edge)
            for question in edge:
                pulls[question].append(middle)
        middles = {name: sum(pull) / len(pull) if pull else place[name] for name, pull in pulls.items()}
        questions = sorted(questions, key=middles.__getitem__)
        spread = _spread(questions, edges)
        if spread >= least:
            break
        best, least = questions, spread
    return best


def _spread(questions: list[str], edges: list[frozenset[str]]) -> int:
    place = {question: number for number, question in enumerate(questions)}
    return sum(max(map(place.__getitem__, edge)) - min(map(place.__getitem__, edge)) for edge in edges)
