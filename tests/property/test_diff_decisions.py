"""Changes between two random small policies, against brute force: none missed, none invented."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checker import Checker, Policy
from checker.policy import Comparison
from macros.diff.alignment import align
from macros.diff.decisions import Decisions, decisions
from macros.diff.statements import Statement
from tests.support.brute_force import DAYS, QUESTIONS, TODAY, ByHand, Case, cases, policies
from tests.support.fuzzing import random_inputs

PAIRS = random_inputs(200)
TONES = ("good", "neutral", "bad")

type VerdictParts = dict[tuple[str, str], object]


def choices(*names: str) -> dict[str, Any]:
    return {"answer": "one choice", "choices": {name: {"title": name} for name in names}}


OTHERS: list[dict[str, Any]] = [
    QUESTIONS | {"kind": choices("k3", "k2", "k4")},
    QUESTIONS
    | {"product": choices("p1", "p3"), "received": QUESTIONS["received"] | {"or": {"lost": {"title": "lost"}}}},
    QUESTIONS | {"opened": choices("yes", "no")},
    {name: question for name, question in QUESTIONS.items() if name != "cause"},
    {"colour": choices("red", "blue")}
    | {name: question for name, question in QUESTIONS.items() if name not in ("kind", "cause")},
]
"""Questions and answers that another version may have."""

VERSIONS = [policies(gapless=True, questions=questions) for questions in (QUESTIONS, QUESTIONS, *OTHERS)]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Policy, Policy]:
    """Two versions: of the same questions mostly, and sometimes with only a part changed."""
    old = draw(VERSIONS[0])
    new = draw(draw(st.sampled_from(VERSIONS)))
    if new.questions == old.questions and draw(st.booleans()):
        part = draw(st.sampled_from(["values", "clauses", "outcomes"]))
        outcomes = dict(reversed([*old.outcomes.items()]))
        changed = outcomes if part == "outcomes" else getattr(new, part)
        new = type(old)(**{name: getattr(old, name) for name in old.__dataclass_fields__} | {part: changed})
    return (old, new) if draw(st.booleans()) else (new, old)


def both(old: Policy, new: Policy) -> dict[str, tuple[str | int, ...]]:
    """The answers of a case that both can decide: those of both to a question of both, else all."""
    domains: dict[str, tuple[str | int, ...]] = {}
    for name in dict.fromkeys([*new.questions, *old.questions]):
        asking = [policy.questions[name] for policy in (new, old) if name in policy.questions]
        kinds = [(question.answer, question.counted_to) for question in asking]
        if asking[0].answer == "date" and not asking[0].counted_to:
            continue
        assert len({*kinds}) == 1, "the random versions do not change what a question asks for"
        days = (*DAYS,) if asking[0].counted_to else ()
        domains[name] = (
            *days,
            *(choice for choice in asking[0].offered if all(choice in question.offered for question in asking)),
        )
    return domains


def shown_things(policy: Policy, by_hand: ByHand, case: Case) -> VerdictParts:
    """All that is shown in a case, but the last day."""
    outcome = by_hand.outcome(case)
    grants = by_hand.grants(case)
    facts: VerdictParts = {("outcome", ""): outcome}
    facts |= {("remedies", remedy): True for grant in grants for remedy in grant.remedies}
    facts |= {("costs", costs): True for costs in [by_hand.strongest_costs(grants)] if costs}
    for name, clause in policy.clauses.items():
        parts: dict[str, Mapping[str, Any]] = {"proof": clause.proof, "steps": clause.steps}
        facts |= {(p, n): True for p, all_of in parts.items() for n, x in all_of.items() if by_hand.holds(x.when, case)}
        if any(rule.outcome == outcome and by_hand.matches(rule.when, case) for rule in clause.rules):
            facts["clauses", name] = True
    return facts


def last_day(by_hand: ByHand, case: Case) -> int | None:
    """The days that the date leaves before all is bad, if customers are shown a last day."""
    last = by_hand.last_day(case | {"received": DAYS[-1]})
    return last[0] if last else None


def changes_by_hand(old: Policy, new: Policy) -> Iterator[tuple[tuple[object, ...], Case]]:
    """For every case and every thing that changes: what, its old and new value, and the change of the outcome."""
    hands = ByHand(old), ByHand(new)
    space = both(old, new)
    for values in itertools.product(*space.values()):
        case: Case = dict(zip(space, values, strict=True))
        before, after = (shown_things(policy, hand, case) for policy, hand in zip((old, new), hands, strict=True))
        flip = before["outcome", ""], after["outcome", ""]
        for key in {**before, **after}:
            change = before.get(key), after.get(key)
            beside = flip if key[0] != "outcome" and flip[0] != flip[1] else None
            if change[0] != change[1]:
                yield (*key, *change, beside), case
        if case["received"] == 0:
            ends = tuple(last_day(hand, case) for hand in hands)
            if ends[0] != ends[1]:
                yield (
                    ("last day", "received", *ends, None),
                    {name: answer for name, answer in case.items() if name != "received"},
                )


def covers(statement: Statement, case: Case) -> bool:
    return all(
        any(least <= answer and (most is None or answer <= most) for least, most in answers.days)
        if isinstance(answer := case[answers.question], int)
        else answer in answers.choices
        for answers in statement.answers
    )


def starts(policies: tuple[Policy, Policy]) -> set[int]:
    """The first days of all spans that one of the policies tells apart."""

    def tests(part: Any) -> Iterator[Comparison]:
        if isinstance(part, Comparison):
            yield part
        elif hasattr(part, "__dataclass_fields__"):
            yield from itertools.chain.from_iterable(tests(getattr(part, name)) for name in part.__dataclass_fields__)
        elif isinstance(part, tuple | dict):
            yield from itertools.chain.from_iterable(map(tests, part.values() if isinstance(part, dict) else part))

    days = {0}
    for policy in policies:
        for test in tests(policy):
            if name := test.longer_ago_than or test.within:
                value = policy.values[name]
                lengths = [value] if isinstance(value, str) else [length for by, length in value.items() if by != "by"]
                days |= {int(length.split()[0]) + 1 for length in lengths}
    return days


def compare(pair: tuple[Policy, Policy]) -> Decisions:
    return decisions(*pair, align(*pair), TODAY)


@given(pairs())
@PAIRS
def test_statements_cover_exactly_the_changed_cases(pair: tuple[Policy, Policy]) -> None:
    expected: dict[tuple[object, ...], list[Case]] = {}
    for difference, case in changes_by_hand(*pair):
        expected.setdefault(difference, []).append(case)
    space = both(*pair)
    without = {name: answers for name, answers in space.items() if name != "received"}
    result = compare(pair)
    first_days = starts(pair)
    size = 1
    for name, answers in space.items():
        size *= len({answer for answer in answers if isinstance(answer, str)}) + (
            len(first_days) if name == "received" else 0
        )
    assert result.cases == size
    assert {(c.kind, c.id, c.before, c.after, c.with_outcome) for c in result.changes} == {*expected}
    for change in result.changes:
        flipped = expected[change.kind, change.id, change.before, change.after, change.with_outcome]
        asked = without if change.kind == "last day" else space
        every_case: list[Case] = [dict(zip(asked, row, strict=True)) for row in itertools.product(*asked.values())]
        covered = [case for case in every_case if any(covers(statement, case) for statement in change.statements)]
        assert covered == [case for case in every_case if case in flipped]
        cells = [case for case in flipped if not isinstance(day := case.get("received"), int) or day in first_days]
        assert change.cases == len(cells)
        for one, other in itertools.combinations(change.statements, 2):
            assert len(differing(one, other)) > 1, "the two could be made one"


def differing(one: Statement, other: Statement) -> set[str]:
    sides = [{item.question: (item.choices, item.days) for item in statement.answers} for statement in (one, other)]
    return {name for name in {**sides[0], **sides[1]} if sides[0].get(name) != sides[1].get(name)}


def effect_by_hand(pair: tuple[Policy, Policy], before: object, after: object) -> str | None:
    """By the tones of two outcomes; None where they are alike."""
    worse = [TONES.index(policy.outcomes[str(id_)].tone) for policy, id_ in zip(pair, (before, after), strict=True)]
    return None if worse[0] == worse[1] else ("worse" if worse[0] < worse[1] else "better")


@given(pairs())
@PAIRS
def test_change_is_rated_by_tone_then_by_grants(pair: tuple[Policy, Policy]) -> None:
    granted: dict[object, set[str]] = {}
    result = compare(pair)
    for change in result.changes:
        if change.kind == "remedies":
            granted.setdefault(change.with_outcome, set()).add("better" if change.after else "worse")
    for change in result.changes:
        flip = (change.before, change.after) if change.kind == "outcome" else change.with_outcome
        if flip is not None:
            by_grants = granted.get(flip, set())
            expected = effect_by_hand(pair, *flip) or (min(by_grants) if len(by_grants) == 1 else "different")
            assert change.effect == expected
        elif change.kind in ("remedies", "proof"):
            assert change.effect == ("better" if (change.after is not None) == (change.kind == "remedies") else "worse")
        elif change.kind != "last day":
            assert change.effect == "different"


@given(pairs())
@PAIRS
def test_every_statement_has_its_own_case_to_try(pair: tuple[Policy, Policy]) -> None:
    old, new = pair
    checkers = Checker(old), Checker(new)
    for change in compare(pair).changes:
        for case in (change.case, *(statement.case for statement in change.statements)):
            verdicts = [checkers[1].decide(case, TODAY)]
            if set(old.questions) <= set(new.questions):
                known = {name: answer for name, answer in case.items() if name in old.questions}
                verdicts.insert(0, checkers[0].decide(known, TODAY))
            for verdict, value in zip(reversed(verdicts), (change.after, change.before), strict=False):
                if change.kind == "outcome":
                    assert verdict.outcome == value
                elif change.kind in ("remedies", "steps", "proof"):
                    shown = verdict.needed if change.kind == "proof" else getattr(verdict, change.kind)
                    assert (change.id in shown) == (value is True)
                elif change.kind == "clauses":
                    assert (change.id in {reason.clause for reason in verdict.reasons}) == (value is True)
                elif change.kind == "last day":
                    ends = {
                        (timeline.deadline.last_day - timeline.stretches[0].first).days
                        for timeline in verdict.timelines
                        if timeline.deadline
                    }
                    assert ends <= {value}


@given(pairs())
@PAIRS
def test_cases_of_an_answer_in_one_version_are_counted_by_outcome(pair: tuple[Policy, Policy]) -> None:
    alone = {
        (name, answer, policy is pair[0])
        for policy, other in (pair, pair[::-1])
        for name, question in policy.questions.items()
        for answer in question.offered
        if name in other.questions and answer not in other.questions[name].offered
    }
    counts = compare(pair).unshared_answers
    assert {(item.question, item.answer, item.old_only) for item in counts} == alone
    for item in counts:
        by_hand = ByHand(pair[0] if item.old_only else pair[1])
        every_case = [*cases(by_hand.policy, {item.question: item.answer})]
        for change in item.changes:
            outcome = change.before if item.old_only else change.after
            covered = [case for case in every_case if any(covers(part, case) for part in change.statements)]
            assert covered == [case for case in every_case if by_hand.outcome(case) == outcome]
        assert {change.before or change.after for change in item.changes} == {*map(by_hand.outcome, every_case)}
        assert item.cases == sum(change.cases for change in item.changes)
