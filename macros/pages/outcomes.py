"""The outcomes of a policy as lines, strongest first: of the lines that fit a case, the first has its outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from checker.engine.compile import CompiledPolicy
from checker.engine.nodes import HOLDS
from checker.engine.variables import value_by
from checker.policy import Comparison, Condition, as_ids, as_list
from checker.values.durations import Duration
from macros.pages.condition_text import Conditions

type Test = str | tuple[str, ...] | Comparison


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Some cases with their outcome. A case fits if it passes all tests."""

    outcome: str
    tests: Mapping[str, tuple[Markup, ...]]
    """By question, the answers in words; a duration that depends on an answer gives several, of which one applies."""
    clauses: tuple[str, ...]


def outcome_lines(compiled: CompiledPolicy, conditions: Conditions) -> list[Line]:
    """A line for each alternative of each rule that wins in some case, in the order of the outcomes.

    Alternatives with the same outcome that ask the same single question for some of its choices share a line.
    """
    lines = []
    for outcome in compiled.policy.outcomes:
        groups: dict[object, list[tuple[Condition, str]]] = {}
        for clause, condition in _winning(compiled, outcome):
            question, choices = _choices(condition)
            groups.setdefault(question if choices else len(groups), []).append((condition, clause))
        lines += [_line(compiled, conditions, outcome, group) for group in groups.values()]
    return lines


def _winning(compiled: CompiledPolicy, outcome: str) -> Iterator[tuple[str, Condition]]:
    """The alternatives of rules with the outcome that decide in some case, each with its clause."""
    decided = compiled.outcome, compiled.rank[outcome]
    for (clause, _), rule in compiled.policy.rules.items():
        for condition in as_list(rule.when) if rule.outcome == outcome else ():
            if compiled.store.witness([(compiled.condition(condition), HOLDS), decided]) is not None:
                yield clause, condition


def _choices(condition: Condition) -> tuple[str, tuple[str, ...]]:
    """The only question of a condition with the choices that it asks for; no choices if it is not of this kind."""
    [(question, test), *others] = [*condition.items()] or [("", ())]
    return question, () if others or isinstance(test, Comparison) else as_ids(test)


def _line(
    compiled: CompiledPolicy, conditions: Conditions, outcome: str, group: Sequence[tuple[Condition, str]]
) -> Line:
    tests: Mapping[str, Test] = group[0][0]
    if len(group) > 1:
        [question] = tests
        tests = {question: tuple(choice for condition, _ in group for choice in _choices(condition)[1])}
    return Line(
        outcome=outcome,
        tests={question: _answers(compiled, conditions, question, test) for question, test in tests.items()},
        clauses=tuple(dict.fromkeys(clause for _, clause in group)),
    )


def _answers(compiled: CompiledPolicy, conditions: Conditions, question: str, test: Test) -> tuple[Markup, ...]:
    """The answers that pass a test, in words."""
    policy, say = compiled.policy, conditions.say
    offered, counts_days = policy.questions[question].offered, bool(policy.questions[question].counted_to)
    if not isinstance(test, Comparison):
        ids = as_ids(test)
        return (conditions.join(_quoted(conditions, question, [choice for choice in offered if choice in ids])),)
    if test.not_ is not None:
        excluded = as_ids(test.not_)
        rest = [choice for choice in offered if choice not in excluded]
        if rest and not counts_days:
            return (conditions.join(_quoted(conditions, question, rest)),)
        return (say("outcomes.any_but", answers=conditions.join(_quoted(conditions, question, excluded))),)
    by, durations = value_by(policy, test.longer_ago_than or test.within or "")
    kind = "over" if test.longer_ago_than else "up_to"
    choices: dict[str, list[str]] = {}
    for choice, text in durations.items():
        days = policy.messages.say(f"days_ago.{kind}", count=Duration.parse(text, policy.messages).most)
        choices.setdefault(days, []).append(choice)
    if by is None:
        return tuple(map(Markup.escape, choices))
    return tuple(
        say("outcomes.days_for", days=days, choices=conditions.join(_quoted(conditions, by, own), "and"))
        for days, own in choices.items()
    )


def _quoted(conditions: Conditions, question: str, answers: Iterable[str]) -> list[Markup]:
    return [conditions.quote(question, answer) for answer in answers]
