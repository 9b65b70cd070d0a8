"""The checker against an interpreter of the YAML that goes day by day: timelines, sentences of time, citations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from checker import Checker, Policy, Verdict
from checker.explain.explanation import explain
from macros.analysis.load import load
from tests.support.case_enumeration import with_proof_and_amounts
from tests.support.day_by_day import ITEMS, NOTES, Case, Day, DayByDay
from tests.support.paths import POLICIES
from tests.support.result_reader import entries, sections
from tests.support.timeline_oracle import TimelineOracle, given_answers, grants, joined, open_timelines, plain

FILES = sorted(POLICIES.glob("*.yaml"))
EACH_POLICY = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
TODAY = date(2026, 11, 27)
ACTED = (0, 0, -3, 4)
"""Days from today to the day of acting."""
OPEN = 50
"""The number of cases of each policy that are decided with open answers too."""


@dataclass(frozen=True)
class Decided:
    """A case with its verdict, and with the oracle's."""

    case: Case
    answers: Mapping[str, Any]
    verdict: Verdict
    day: Day
    time: TimelineOracle

    def giving(self, kind: str, ids: Iterable[str]) -> set[str]:
        """The clauses with something that holds and gives one of the things."""
        return {clause for own, id_, clause, _ in self.day.holding if own == kind and id_ in ids}


@dataclass(frozen=True)
class Shop:
    policy: Policy
    checker: Checker
    oracle: DayByDay
    cases: Sequence[Decided]


@lru_cache(8)
def shop(file: Path) -> Shop:
    policy, oracle = load(file), DayByDay.of(file)
    checker = Checker(policy)
    times = [TimelineOracle(oracle, case, acting(case), TODAY) for case in cases(oracle)]
    raws = with_proof_and_amounts((answers(time) for time in times), policy)
    decided = [
        Decided(time.case, raw, checker.decide(raw, TODAY), oracle.day(time.case), time)
        for time, raw in zip(times, raws, strict=True)
    ]
    return Shop(policy, checker, oracle, decided)


def cases(oracle: DayByDay) -> Iterator[Case]:
    """Every choice with every other, and dates at and around every length."""
    days = sorted({0, *(max(0, length + off) for length in oracle.compared for off in (-1, 0, 1))})
    domains = [[*choices, *(days if name in oracle.dates else ())] for name, choices in oracle.choices.items()]
    yield from (dict(zip(oracle.choices, values, strict=True)) for values in product(*domains))


def acting(case: Case) -> date:
    """A day of acting by chance: no date of the case may be still to come."""
    latest = min((days for days in case.values() if isinstance(days, int)), default=0)
    return TODAY + timedelta(min(latest, Random(str(case)).choice(ACTED)))


def answers(time: TimelineOracle) -> dict[str, Any]:
    """A case as a customer answers; the day of acting is left out where it is today."""
    given = {
        name: (time.acting - timedelta(answer)).isoformat() if isinstance(answer, int) else answer
        for name, answer in time.case.items()
    }
    return given | (dict.fromkeys(time.policy.dates.values(), time.acting.isoformat()) if time.acting != TODAY else {})


@EACH_POLICY
def test_verdict_is_the_one_of_the_oracle(file: Path) -> None:
    for each in shop(file).cases:
        verdict, day, deadline = each.verdict.to_json(), each.day, each.time.deadline
        stretches = each.time.timeline
        shown = {
            "outcome": day.outcome[0],
            "deadlines": [deadline] if deadline else [],
            "timeline": [{"stretches": stretches}] if stretches else [],
            "grants": grants(day),
            "steps": [*day.steps],
        }
        granted = {key: found for key, found in verdict["grants"].items() if key != "by"}
        assert {**{key: verdict[key] for key in shown}, "grants": granted} == shown, each.answers
        assert verdict["proof"]["needed"] == [*day.proof], each.answers
        assert {*verdict["estimates"]} == {*day.estimates}, each.answers
        for kind in NOTES:
            assert {*verdict[kind]} == {id_ for own, id_, *_ in day.holding if own == kind}, each.answers


@EACH_POLICY
def test_verdict_cites_clauses_that_hold_in_its_case(file: Path) -> None:
    for each in shop(file).cases:
        verdict, day = each.verdict.to_json(), each.day
        assert {reason["clause"] for reason in verdict["reasons"]} == each.giving("outcome", day.outcome), each.answers
        others = {(clause, id_) for kind, id_, clause, _ in day.holding if kind == "outcome" and id_ not in day.outcome}
        assert {(other["clause"], other["outcome"]) for other in verdict["other_matches"]} == others, each.answers
        by = verdict["grants"].get("by", {"remedies": {}, "costs": None})
        assert [*by["remedies"]] == [*day.remedies], each.answers
        assert all(clause in each.giving("remedies", [id_]) for id_, clause in by["remedies"].items()), each.answers
        assert by["costs"] in each.giving("costs", day.costs) or not (by["costs"] or day.costs), each.answers


@EACH_POLICY
def test_explanation_says_of_time_what_the_oracle_does(file: Path) -> None:
    for each in shop(file).cases:
        found = sections(shop(file).policy, explain(shop(file).policy, each.verdict).to_json())
        for section, sentences in (("deadlines", each.time.deadlines()), ("changes", each.time.changes())):
            items = found.get(section, [])
            assert [item[:2] for item in items] == [(each.text, each.note) for each in sentences], each.answers
            for (*_, clause), sentence in zip(items, sentences, strict=True):
                assert clause in sentence.clauses, (each.answers, sentence)


@EACH_POLICY
def test_explanation_cites_clauses_that_hold_in_its_case(file: Path) -> None:
    policy = shop(file).policy
    for each in shop(file).cases:
        found = sections(policy, explain(policy, each.verdict).to_json())
        cited = {section: [clause for *_, clause in items] for section, items in found.items()}
        assert {*cited["why"]} == each.giving("outcome", each.day.outcome), each.answers
        for kind in ITEMS:
            givers = [each.giving(kind, [id_]) for id_ in getattr(each.day, kind)]
            assert len(cited.get(kind, [])) == len(givers), each.answers
            assert all(clause in own for clause, own in zip(cited.get(kind, []), givers, strict=True)), each.answers
        for kind in NOTES:
            holding = Counter(clause for own, _, clause, _ in each.day.holding if own == kind)
            assert Counter(cited.get(kind, [])) == holding, each.answers
        remedies: list[str] = []
        for text, _, clause in found.get("grants", []):
            if text.removesuffix(".") in map(policy.costs.get, each.day.costs):
                assert clause in each.giving("costs", each.day.costs), each.answers
            else:
                offered = text.removesuffix(".").partition("hoose: ")[2].replace(" or ", ", ").split(", ")
                ids = [id_ for id_ in each.day.remedies if policy.remedies[id_] in offered]
                assert all(clause in each.giving("remedies", [id_]) for id_ in ids), each.answers
                remedies += ids
        assert {*remedies} == {*each.day.remedies}, each.answers


@EACH_POLICY
def test_calendar_entries_are_on_the_days_of_the_oracle(file: Path) -> None:
    for each in shop(file).cases:
        assert entries(shop(file).policy, each.verdict) == each.time.entries(), each.answers


# ---- open answers


def open_answers(shop: Shop) -> Iterator[tuple[dict[str, Any], list[TimelineOracle]]]:
    """Some cases with one to three choices unknown, each with all the cases that it may be."""
    random = Random(19)
    chosen = [name for name in shop.oracle.choices if name not in shop.oracle.dates]
    for each in random.sample(shop.cases, min(OPEN, len(shop.cases))):
        unknown = random.sample(chosen, random.randint(1, min(3, len(chosen))))
        domains = [shop.oracle.choices[name] for name in unknown]
        answers = [dict(zip(unknown, ids, strict=True)) for ids in product(*domains)]
        times = [TimelineOracle(shop.oracle, {**each.case, **own}, each.time.acting, TODAY) for own in answers]
        yield {**each.answers, **dict.fromkeys(unknown, "unknown")}, times


@EACH_POLICY
def test_open_answers_lead_to_the_timelines_of_all_their_cases(file: Path) -> None:
    policy, checker = shop(file).policy, shop(file).checker
    for raw, times in open_answers(shop(file)):
        verdict = checker.decide(raw, TODAY)
        timelines = {dumps(plain(timeline)): timeline for timeline in verdict.to_json()["timeline"]}
        expected = {dumps(timeline.to_json()): timeline for timeline in open_timelines(times)}
        assert timelines.keys() == expected.keys(), raw
        deadlines = [{**last, "given": given_answers(last)} for last in verdict.to_json()["deadlines"]]
        ends = [{**last, "given": each.given} for each in expected.values() if (last := each.times[0].deadline)]
        assert sorted(map(dumps, deadlines)) == sorted(map(dumps, ends)), raw
        sentences = {
            (under(timelines[name].get("given", ()), policy, text), note): clauses
            for name, timeline in expected.items()
            for (text, note), clauses in timeline.deadlines().items()
        }
        items = sections(policy, explain(policy, verdict).to_json()).get("deadlines", [])
        assert {item[:2] for item in items} == {*sentences}, raw
        assert all(clause in sentences[text, note] for text, note, clause in items), raw


@EACH_POLICY
def test_open_answers_cite_clauses_that_hold_in_one_of_their_cases(file: Path) -> None:
    for raw, times in open_answers(shop(file)):
        verdict = shop(file).checker.decide(raw, TODAY).to_json()
        days = [time.policy.day(time.case) for time in times]
        holding = {source[:3] for day in days for source in day.holding}
        assert {*verdict["possible"]} == {day.outcome[0] for day in days}, raw
        assert all(("outcome", verdict["outcome"], reason["clause"]) in holding for reason in verdict["reasons"]), raw
        granted = verdict["grants"] or {"remedies": [], "costs": None, "by": {"remedies": {}, "costs": None}}
        assert {*granted["remedies"]} == set.intersection(*({*day.remedies} for day in days)), raw
        costs = {next(iter(day.costs), None) for day in days}
        assert granted["costs"] == (costs.pop() if len(costs) == 1 else None), raw
        by = [("remedies", id_, clause) for id_, clause in granted["by"]["remedies"].items()]
        by += [("costs", granted["costs"], granted["by"]["costs"])] * bool(granted["costs"])
        assert {*by} <= holding, raw


def under(answers: Iterable[Mapping[str, Any]], policy: Policy, text: str) -> str:
    """A sentence with the answers under which it holds."""
    for answer in answers:
        choices = [policy.questions[answer["question"]].offered[id_] for id_ in answer["any_of"]]
        text = f"{joined([f'“{choice.title}”' for choice in choices], 'or')}: {text}"
    return text


def dumps(part: Any) -> str:
    return json.dumps(part, sort_keys=True)


def test_live_policy_is_decided_as_by_the_oracle(live_file: Path) -> None:
    test_verdict_is_the_one_of_the_oracle(live_file)
    test_verdict_cites_clauses_that_hold_in_its_case(live_file)
    test_explanation_says_of_time_what_the_oracle_does(live_file)
    test_explanation_cites_clauses_that_hold_in_its_case(live_file)
    test_open_answers_lead_to_the_timelines_of_all_their_cases(live_file)
