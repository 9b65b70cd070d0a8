"""Policies decided by hand: every rule is matched with every case. Small random policies to do it with."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from checker.policy import Comparison, Grant, Policy, When, as_ids
from macros.policyfile.schema import MODEL

TODAY = date(2026, 11, 22)
LONGEST = 4
DAYS = range(LONGEST + 2)
"""Enough days to reach past every length of time of a random policy."""

type Decision = tuple[str | None, frozenset[str], str | None, tuple[str, ...], tuple[str, ...]]
type Timeline = tuple[tuple[int, Decision], ...]
type Case = dict[str, str | int]
"""Question id to a choice, or to the number of days since a date."""


class ByHand:
    """One policy, with every rule matched with every case; what was decided once is remembered."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.clauses = policy.clauses.values()
        self._outcomes: dict[tuple[str | int, ...], str | None] = {}
        self._grants: dict[tuple[str | int, ...], list[Grant]] = {}

    def outcome(self, case: Case) -> str | None:
        """The strongest outcome whose rule holds; None in a gap."""
        key = tuple(case.values())
        if key not in self._outcomes:
            rules = [rule for clause in self.clauses for rule in clause.rules]
            asked = {rule.outcome for rule in rules if self.matches(rule.when, case)}
            self._outcomes[key] = next((id_ for id_ in self.policy.outcomes if id_ in asked), None)
        return self._outcomes[key]

    def holds(self, when: When | None, case: Case) -> bool:
        """Whether a condition holds; it may name the outcome, remedies and costs."""
        return self.matches(when, case, self.outcome(case))

    def matches(self, when: When | None, case: Case, outcome: str | None = None) -> bool:
        any_of = when if isinstance(when, tuple) else (when or {},)
        return any(all(self._passes(name, test, case, outcome) for name, test in all_of.items()) for all_of in any_of)

    def _passes(self, name: str, test: str | tuple[str, ...] | Comparison, case: Case, outcome: str | None) -> bool:
        if name in ("remedies", "costs"):
            grants = self.grants(case)
            costs = filter(None, [self.strongest_costs(grants)])
            granted = {*costs} if name == "costs" else {each for grant in grants for each in grant.remedies}
            ids = as_ids((test.not_ or ()) if isinstance(test, Comparison) else test)
            return bool(granted if "any" in ids else granted & {*ids}) != isinstance(test, Comparison)
        answer = outcome if name == "outcome" else case.get(name)
        if not isinstance(test, Comparison):
            return answer in ((test,) if isinstance(test, str) else test)
        if test.not_ is not None:
            return answer not in ((test.not_,) if isinstance(test.not_, str) else test.not_)
        if not isinstance(answer, int):
            return False
        days = self._days(test.longer_ago_than or test.within or "", case)
        return answer > days if test.longer_ago_than else answer <= days

    def _days(self, name: str, case: Case) -> int:
        value = self.policy.values[name]
        text = value if isinstance(value, str) else value[str(case[value["by"]])]
        return int(text.split()[0])

    def grants(self, case: Case) -> list[Grant]:
        key = tuple(case.values())
        if key not in self._grants:
            grants = [each for clause in self.clauses for each in clause.grants]
            self._grants[key] = [each for each in grants if self.holds(each.when, case)]
        return self._grants[key]

    def strongest_costs(self, granted: Iterable[Grant]) -> str | None:
        costs = {grant.costs for grant in granted}
        return next((each for each in self.policy.costs if each in costs), None)

    def timeline(self, case: Case) -> Timeline:
        """For each stretch of days since the date its first day and what is decided; empty if nothing changes."""
        if not isinstance(case["received"], int):
            return ()
        decided = [self.decision(case | {"received": days}) for days in DAYS]
        changes = (days for days in DAYS if not days or decided[days] != decided[days - 1])
        stretches = tuple((days, decided[days]) for days in changes)
        return stretches if len(stretches) > 1 else ()

    def last_day(self, case: Case) -> tuple[int, str] | None:
        """The last day of the only outcome that is not bad, in days since the date, and the outcome after it."""
        if not isinstance(case["received"], int):
            return None
        decided = [str(self.outcome(case | {"received": days})) for days in DAYS]
        good = [days for days in DAYS if self.policy.outcomes[decided[days]].tone != "bad"]
        now = case["received"]
        if len({decided[days] for days in good}) != 1 or good[-1] == DAYS[-1]:
            return None
        if now <= good[-1] and not {*range(now, good[-1])} <= {*good}:
            return None
        return good[-1], decided[good[-1] + 1]

    def decision(self, case: Case) -> Decision:
        """The outcome, remedies, costs, proof and steps of a case."""
        granted = self.grants(case)
        return (
            self.outcome(case),
            frozenset(remedy for grant in granted for remedy in grant.remedies),
            self.strongest_costs(granted),
            tuple(n for clause in self.clauses for n, item in clause.proof.items() if self.holds(item.when, case)),
            tuple(n for clause in self.clauses for n, step in clause.steps.items() if self.holds(step.when, case)),
        )

    def displayed(self, case: Case) -> tuple[Timeline, Decision]:
        """All that is shown of a case: its timeline, and what is decided now."""
        return self.timeline(case), self.decision(case)


def domains(policy: Policy) -> dict[str, tuple[str | int, ...]]:
    return {
        name: tuple(question.choices) if question.choices else (*DAYS, *(question.or_ or ()))
        for name, question in policy.questions.items()
        if question.choices or question.counted_to
    }


def cases(policy: Policy, known: Mapping[str, str | int] | None = None) -> Iterator[Case]:
    """Every case, or those in which the known answers are as they are."""
    space = {
        name: ((known or {}).get(name),) if name in (known or {}) else values
        for name, values in domains(policy).items()
    }
    for values in itertools.product(*space.values()):
        yield dict(zip(space, values, strict=True))  # type: ignore[arg-type]  # text and numbers


def answers(case: Mapping[str, str | int]) -> dict[str, str]:
    """The answers that a customer would give in a case."""
    return {
        name: (TODAY - timedelta(answer)).isoformat() if isinstance(answer, int) else answer
        for name, answer in case.items()
    }


# --------------------------------------------------------------------------- random policies

QUESTIONS: dict[str, dict[str, Any]] = {
    "kind": {"answer": "one choice", "choices": {name: {"title": name} for name in ("k1", "k2", "k3")}},
    "received": {"answer": "date", "counted to": "applied", "or": {"waiting": {"title": "waiting"}}},
    "product": {"answer": "one choice", "choices": {name: {"title": name} for name in ("p1", "p2")}},
    "cause": {"answer": "one choice", "choices": {name: {"title": name} for name in ("c1", "c2")}},
    "applied": {"answer": "date", "unless given": "today", "changeable": "yes"},
}
OUTCOMES = ("o1", "o2", "o3")
REMEDIES = ("money", "goods")
COSTS = ("shop", "both", "customer")


def policies(*, gapless: bool, questions: Mapping[str, Any] = QUESTIONS) -> st.SearchStrategy[Policy]:
    """Small policies with every kind of condition; without gaps where a last rule holds always."""
    return trees(gapless=gapless, questions=questions).map(MODEL.validate_python)


def trees(*, gapless: bool, questions: Mapping[str, Any] = QUESTIONS) -> st.SearchStrategy[dict[str, Any]]:
    """The same, as they would be written in a file."""
    # Strategies are put together once: to do it for each policy takes longer than to decide all its cases.
    lengths = st.integers(1, LONGEST).map(lambda days: f"{days} days")
    windows = st.fixed_dictionaries(
        {"by": st.just("product"), **dict.fromkeys(questions["product"]["choices"], lengths)}
    )
    compared = st.fixed_dictionaries({"longer ago than": st.sampled_from(["plain", "window"])}) | st.fixed_dictionaries(
        {"within": st.sampled_from(["plain", "window"])}
    )

    def choosing(*ids: str) -> st.SearchStrategy[Any]:
        some = st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True)
        return st.sampled_from(ids) | some | some.map(lambda ids: {"not": ids})

    tests: dict[str, st.SearchStrategy[Any]] = {
        name: choosing(*question["choices"]) if "choices" in question else compared | choosing(*question["or"])
        for name, question in questions.items()
        if "unless given" not in question
    }
    condition = st.fixed_dictionaries({}, optional=tests)
    when = condition | st.lists(condition, min_size=1, max_size=2)
    tests = tests | {"outcome": choosing(*OUTCOMES)}
    granted_when = st.fixed_dictionaries({}, optional=tests)
    tests = tests | {"remedies": choosing("any", *REMEDIES), "costs": choosing("any", *COSTS)}
    shown_when = st.fixed_dictionaries({}, optional=tests)
    outcome = st.sampled_from(OUTCOMES)
    some_rules = st.lists(st.fixed_dictionaries({"when": when, "outcome": outcome}), max_size=4)
    given = {"remedies": st.lists(st.sampled_from(REMEDIES), unique=True), "costs": st.sampled_from(COSTS)}
    grant = st.fixed_dictionaries({"when": granted_when}, optional=given)
    grants = st.lists(grant, max_size=3)
    items = st.sets(st.sampled_from(["x", "y"])).map(sorted)
    tones = st.tuples(*[st.sampled_from(["good", "neutral", "bad"])] * len(OUTCOMES))
    part = {"title": "t", "topic": "all", "text": "t"}

    @st.composite
    def tree(draw: st.DrawFn) -> dict[str, Any]:
        values = {"plain": draw(lengths), "window": draw(windows)}
        rules = draw(some_rules)
        if gapless:
            rules.append({"when": {}, "outcome": draw(outcome)})
        invariants = {
            "implied": {"text": "t", "when": draw(shown_when), "always": draw(shown_when)},
            "granted": {"text": "t", "when": {"remedies": "any"}, "always": {"costs": "shop"}},
            "sooner": {"text": "t", "never worse if sooner": "applied"},
        }
        clauses: dict[str, Any] = {f"clause_{number}": part | {"rules": [rule]} for number, rule in enumerate(rules)}
        clauses["rest"] = part | {
            "grants": draw(grants),
            "proof": {name: {"title": name, "when": draw(shown_when)} for name in draw(items)},
            "steps": {"step": {"title": "t", "text": "t", "when": draw(shown_when)}},
        }
        return made_up(
            values=values,
            questions={name: {"ask": name, **question} for name, question in questions.items()},
            outcomes=dict(zip(OUTCOMES, draw(tones), strict=True)),
            clauses=clauses,
            invariants=invariants,
        )

    return tree()


def made_up(*, outcomes: Mapping[str, str], **parts: Mapping[str, Any]) -> dict[str, Any]:
    """A policy of these parts, with the little that else must stand in one; the outcomes each with their tone."""
    return {
        "title": "Made up",
        "version": "1",
        "valid from": TODAY.isoformat(),
        "language": "en",
        "editors note": "",
        "shop": {"name": "shop", "contact": "", "apply at": ""},
        "calendar": {"working days": ["monday"]},
        "outcomes": {
            name: {"title": name, "tone": tone, "text": name, "next": name} for name, tone in outcomes.items()
        },
        "remedies": {name: name for name in REMEDIES},
        "costs": {name: name for name in COSTS},
        "topics": {"all": "All"},
        "summary": {},
        "examples": {},
        **parts,
    }
