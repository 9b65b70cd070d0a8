"""Verdicts on the frozen copy of the policy, whose figures never follow the live one."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from checker import Checker, Policy, Verdict, decide
from checker.engine.compile import CompiledPolicy
from checker.engine.nodes import HOLDS
from checker.policy import Expectation, Grant
from macros.policyfile.schema import MODEL
from tests.support.brute_force import QUESTIONS, ByHand, Case, made_up
from tests.support.oracle import CAUSES, PROBLEMS, WINDOWS, expected_outcome

TODAY = date(2026, 11, 22)
NOT_RECEIVED = "not_received"

type Answers = dict[str, object]


def received(days_ago: int) -> str:
    return (TODAY - timedelta(days_ago)).isoformat()


def cells() -> Iterator[tuple[Answers, str]]:
    for problem, days_ago, product, cause in itertools.product(PROBLEMS, [*range(21), None], WINDOWS, CAUSES):
        answers: Answers = {
            "problem": problem,
            "received_on": NOT_RECEIVED if days_ago is None else received(days_ago),
            "product": product,
            "cause": cause,
        }
        yield answers, expected_outcome(problem, days_ago, product, cause)


def test_outcome_of_every_case_is_that_of_the_table(checker: Checker) -> None:
    wrong = [
        (answers, verdict.outcome, expected)
        for answers, expected in cells()
        if (verdict := checker.decide(answers, TODAY)).outcome != expected
    ]
    assert wrong == []
    assert {expected for _, expected in cells()} == set(checker.policy.outcomes)


def test_reasons_of_every_case_are_its_matching_rules(checker: Checker) -> None:
    by_hand = ByHand(checker.policy)
    for problem, days_ago, product, cause in itertools.product(PROBLEMS, [*range(21), None], WINDOWS, CAUSES):
        days = NOT_RECEIVED if days_ago is None else days_ago
        case: Case = {"problem": problem, "received_on": days, "product": product, "cause": cause}
        verdict = checker.decide(
            case | {"received_on": NOT_RECEIVED if days_ago is None else received(days_ago)}, TODAY
        )
        matching = {
            (name, rule.outcome)
            for name, clause in checker.policy.clauses.items()
            for rule in clause.rules
            if by_hand.matches(rule.when, case)
        }
        cited = {(reason.clause, reason.outcome) for reason in (*verdict.reasons, *verdict.other_matches)}
        assert cited == matching
        order = [*checker.policy.outcomes]
        stronger = order[: order.index(str(verdict.outcome))]
        ruled_out = {
            (name, rule.outcome)
            for name, clause in checker.policy.clauses.items()
            for rule in clause.rules
            if rule.outcome in stronger
        }
        assert {(each.clause, each.outcome) for each in verdict.ruled_out} == ruled_out


@pytest.mark.parametrize(
    ("product", "day", "outcome", "days_left"),
    [
        ("standard", 0, "eligible", 15),
        ("standard", 14, "eligible", 1),
        ("standard", 15, "eligible", 0),
        ("standard", 16, "expired", None),
        ("factory_special", 6, "eligible", 1),
        ("factory_special", 7, "eligible", 0),
        ("factory_special", 8, "expired", None),
        ("factory_special", 15, "expired", None),
    ],
)
def test_application_on_the_last_day_is_in_time(
    checker: Checker, product: str, day: int, outcome: str, days_left: int | None
) -> None:
    verdict = checker.decide(broken(product=product, received_on=received(day)), TODAY)
    assert (verdict.outcome, verdict.deadlines[0].days_left) == (outcome, days_left)


def broken(**others: object) -> Answers:
    return {"problem": "quality", "received_on": received(3), "product": "standard", "cause": "none"} | others


def without(answers: Answers, *names: str) -> Answers:
    return {name: answer for name, answer in answers.items() if name not in names}


def test_verdict_has_the_promised_json(checker: Checker) -> None:
    verdict = decide(checker.policy, broken(received_on="2026-11-10", proof=["description"]), TODAY)
    assert verdict.to_json() == {
        "outcome": "eligible",
        "possible": ["eligible"],
        "ask": None,
        "open": [],
        "branches": [],
        "reasons": [{"clause": "quality"}],
        "other_matches": [],
        "ruled_out": [
            {"clause": "how_long", "outcome": "expired", "because": ["received_on", "product"]},
            {"clause": "not_received", "outcome": "review", "because": ["received_on"]},
            {"clause": "other", "outcome": "review", "because": ["problem"]},
            {"clause": "no_change_of_mind", "outcome": "excluded", "because": ["problem"]},
            {"clause": "force_majeure", "outcome": "excluded", "because": ["cause"]},
            {"clause": "return_logistics", "outcome": "carrier", "because": ["problem"]},
        ],
        "deadlines": [{"last_day": "2026-11-25", "days_left": 3, "then": "expired"}],
        "timeline": [timeline.to_json() for timeline in verdict.timelines],
        "grants": {
            "remedies": ["reissue", "refund"],
            "costs": "platform",
            "by": {"remedies": {"reissue": "remedy", "refund": "remedy"}, "costs": "remedy"},
        },
        "dates": {"review_starts_by": ["2026-11-24", "2026-11-25"]},
        "unknown_dates": [],
        "proof": {
            "needed": ["store_screenshot", "product_pictures", "package_pictures", "description"],
            "provided": ["description"],
            "missing": ["store_screenshot", "product_pictures", "package_pictures"],
            "possible": [],
        },
        "steps": ["apply", "review_starts", "decision", "money_arrives"],
        "reminders": ["affected_only", "wait_for_address", "check_parcel"],
        "interpretations": [
            *("last_day", "whose_calendar", "several_parcels", "later_faults", "which_costs"),
            *("proof_missing", "proof_impossible", "working_days", "no_holidays", "no_payment_date"),
        ],
        "estimates": {},
        "changes": [{"outcome": "expired", "answers": [{"question": "applied_on", "from": "2026-11-26", "to": None}]}],
        "policy": {"version": "1.0", "valid_from": "2026-11-22", "in_force": True, "digest": checker.policy.digest},
    }


def test_expired_case_has_the_past_deadline_and_its_counterfactual(checker: Checker) -> None:
    verdict = checker.decide(broken(received_on=received(20)), TODAY).to_json()
    assert verdict["deadlines"] == [{"last_day": "2026-11-17", "days_left": None, "then": "expired"}]
    assert verdict["changes"] == [
        {"outcome": "eligible", "answers": [{"question": "applied_on", "from": "2026-11-02", "to": "2026-11-17"}]}
    ]
    assert verdict["other_matches"] == [{"clause": "quality", "outcome": "eligible"}]


def test_days_left_are_counted_from_the_application_day(checker: Checker) -> None:
    verdict = checker.decide(broken(received_on="2026-11-10", applied_on="2026-11-20"), TODAY)
    assert [(each.last_day, each.days_left) for each in verdict.deadlines] == [(date(2026, 11, 25), 5)]


def test_return_parcel_after_the_window_stays_with_the_carrier(checker: Checker) -> None:
    verdict = checker.decide(broken(problem="return_logistics", received_on=received(40)), TODAY)
    assert (verdict.outcome, verdict.deadlines) == ("carrier", ())
    assert "late_but_carrier" in verdict.interpretations
    assert [reason.clause for reason in verdict.other_matches] == ["how_long"]


def test_weighing_pictures_are_needed_for_a_shortage_alone(checker: Checker) -> None:
    needing = {
        str(answers["problem"])
        for answers, _ in cells()
        if "weighing_pictures" in checker.decide(answers, TODAY).needed
    }
    assert needing == {"shortage"}


def test_refused_case_has_no_grants_and_needs_no_proof(checker: Checker) -> None:
    for answers, outcome in cells():
        verdict = checker.decide(answers, TODAY)
        assert bool(verdict.remedies) == bool(verdict.costs) == (outcome == "eligible")
        if outcome in {"excluded", "expired", "carrier"}:
            assert verdict.needed == ()


# --------------------------------------------------------------------------- open questions


def test_change_of_mind_needs_no_further_question(checker: Checker) -> None:
    verdict = checker.decide({"problem": "change_of_mind"}, TODAY)
    assert (verdict.outcome, verdict.ask) == ("excluded", None)
    assert [reason.clause for reason in verdict.reasons] == ["no_change_of_mind"]


def test_questions_are_asked_in_file_order_while_they_matter(checker: Checker) -> None:
    case = broken(proof=[])
    names = [*case]
    asked = [
        checker.decide({before: case[before] for before in names[:known]}, TODAY).ask for known in range(len(names))
    ]
    assert asked == names
    assert checker.decide(case, TODAY).ask is None


def test_product_is_asked_while_it_moves_the_last_day(checker: Checker) -> None:
    for days_ago, ask in ((3, "product"), (16, "product")):
        known = without(broken(received_on=received(days_ago), proof=[]), "product")
        assert checker.decide(known, TODAY).ask == ask
    arriving = without(broken(received_on=NOT_RECEIVED, proof=[]), "product")
    assert checker.decide(arriving, TODAY).ask is None


def test_unknown_product_has_both_deadlines_earliest_first(checker: Checker) -> None:
    verdict = checker.decide(broken(product="unknown"), TODAY)
    assert [each.last_day for each in verdict.deadlines] == [date(2026, 11, 26), date(2026, 12, 4)]
    assert verdict.outcome == "eligible"


def test_question_answered_unknown_is_not_asked_again(checker: Checker) -> None:
    assert checker.decide(broken(product="unknown", cause="unknown", proof=[]), TODAY).ask is None


def test_possible_outcomes_are_those_of_all_completions(checker: Checker) -> None:
    """Brute force over every cell: what is possible is what some completion decides, and nothing else."""
    names = ("problem", "received_on", "product", "cause")
    table = {tuple(str(answers[name]) for name in names): outcome for answers, outcome in cells()}
    order = list(checker.policy.outcomes)
    for known_names in itertools.chain.from_iterable(itertools.combinations(range(4), size) for size in range(5)):
        completions: dict[tuple[str, ...], set[str]] = {}
        for key, outcome in table.items():
            completions.setdefault(tuple(key[i] for i in known_names), set()).add(outcome)
        for key, outcomes in completions.items():
            verdict = checker.decide({names[i]: answer for i, answer in zip(known_names, key, strict=True)}, TODAY)
            assert verdict.possible == tuple(sorted(outcomes, key=order.index))
            assert verdict.outcome == (verdict.possible[0] if len(outcomes) == 1 else None)


def test_question_is_asked_if_some_completion_depends_on_it(checker: Checker) -> None:
    """Brute force: the first open question for which two answers differ in what is shown, all else equal."""
    names = ("problem", "received_on", "product", "cause")
    domains: dict[str, tuple[str, ...]] = {
        "problem": PROBLEMS,
        "received_on": (received(3), received(10), received(16), NOT_RECEIVED),
        "product": tuple(WINDOWS),
        "cause": CAUSES[:2],
    }

    def verdict_of(case: dict[str, str]) -> object:
        verdict = checker.decide(case, TODAY)
        return verdict.outcome, verdict.deadlines, verdict.remedies, verdict.costs, verdict.needed, verdict.steps

    full = {case: verdict_of(dict(zip(names, case, strict=True))) for case in itertools.product(*domains.values())}

    def matters(name: str, known: dict[str, str]) -> bool:
        groups: dict[tuple[str, ...], set[object]] = {}
        for case, seen in full.items():
            filled = dict(zip(names, case, strict=True))
            if all(filled[each] == answer for each, answer in known.items()):
                groups.setdefault(tuple(filled[each] for each in names if each != name), set()).add(seen)
        return any(len(group) > 1 for group in groups.values())

    for size in range(4):
        for known_names in itertools.combinations(names, size):
            for values in itertools.product(*(domains[name] for name in known_names)):
                known = dict(zip(known_names, values, strict=True))
                expected = next((name for name in names if name not in known and matters(name, known)), None)
                assert checker.decide(known | {"proof": []}, TODAY).ask == expected, known


# --------------------------------------------------------------------------- estimates


@pytest.mark.parametrize(
    ("order_total", "paid", "affected_total", "refund"),
    [
        ("80.00", "60.00", "20.00", "15.00"),
        ("3", "1", "1", "0.33"),
        ("3", "2", "1", "0.67"),
        ("8.00", "0.01", "4.00", "0.01"),  # exactly half a hundredth is rounded up
        ("100", "99.99", "100", "99.99"),
        ("999999999999.99", "999999999999.99", "999999999999.98", "999999999999.98"),
        ("10,50", "10,50", "0", "0.00"),
    ],
)
def test_refund_is_the_affected_share_of_the_amount_paid(
    checker: Checker, order_total: str, paid: str, affected_total: str, refund: str
) -> None:
    amounts = {"order_total": order_total, "paid": paid, "affected_total": affected_total}
    assert checker.decide(broken(**amounts), TODAY).to_json()["estimates"] == {"refund": refund}


def test_refund_is_not_estimated_without_grant_or_with_open_amounts(checker: Checker) -> None:
    amounts = {"order_total": "80", "paid": "60", "affected_total": "20"}
    assert checker.decide(broken(cause="war", **amounts), TODAY).estimates == {}
    assert checker.decide(broken(**without(dict(amounts), "paid")), TODAY).estimates == {}


def test_deadlines_under_an_open_answer_name_their_answers(checker: Checker) -> None:
    verdict = checker.decide(broken(received_on=received(3), product="unknown", cause="unknown"), TODAY).to_json()
    assert verdict["deadlines"] == [
        {
            "last_day": "2026-11-26",
            "days_left": 4,
            "then": "expired",
            "given": [{"question": "product", "any_of": ["factory_special"]}],
        },
        {
            "last_day": "2026-12-04",
            "days_left": 12,
            "then": "expired",
            "given": [{"question": "product", "any_of": ["standard"]}],
        },
    ]


def test_proof_that_depends_on_open_answers_is_listed_as_possible(checker: Checker) -> None:
    verdict = checker.decide(broken(problem="unknown", proof=["description"]), TODAY)
    assert verdict.needed == ()
    assert verdict.possibly_needed == (
        *("store_screenshot", "product_pictures", "package_pictures", "description"),
        "weighing_pictures",
    )
    assert verdict.provided == ("description",)


def test_amounts_are_asked_only_if_an_estimate_is_possible(checker: Checker) -> None:
    assert checker.decide(broken(), TODAY).amounts == ("order_total", "paid", "affected_total")
    assert checker.decide(broken(cause="war"), TODAY).amounts == ()
    assert checker.decide(broken(cause="unknown"), TODAY).amounts == ()


def test_diagram_gives_the_outcome_of_the_table(checker: Checker) -> None:
    for answers, outcome in cells():
        day = str(answers["received_on"])
        days = day if day == NOT_RECEIVED else (TODAY - date.fromisoformat(day)).days
        case = {name: str(answer) for name, answer in answers.items()} | {"received_on": days}
        assert checker.compiled.decide(case) == outcome, answers


def test_absent_condition_always_holds(frozen: Policy) -> None:
    cases = CompiledPolicy(frozen)
    assert cases.condition(None) == cases.store.terminal(HOLDS)


def test_date_counted_from_an_unknown_day_is_absent(frozen: Policy) -> None:
    clause = frozen.clauses["logistics_review"]
    since = {"claimed_by": Expectation(wait="review_start", after="received_on")}
    steps = {**clause.steps, "carrier_claim": dataclasses.replace(clause.steps["carrier_claim"], expect=since)}
    clauses = {**frozen.clauses, "logistics_review": dataclasses.replace(clause, steps=steps)}
    policy = dataclasses.replace(frozen, clauses=clauses)
    known = decide(policy, broken(problem="return_logistics", received_on=received(2)), TODAY)
    assert known.dates == {"claimed_by": (date(2026, 11, 24), date(2026, 11, 25))}
    unknown = decide(policy, without(broken(problem="return_logistics"), "received_on"), TODAY)
    assert (unknown.steps, unknown.dates, unknown.unknown_dates) == (known.steps, {}, ())


def test_date_with_today_as_default_is_not_asked(frozen: Policy) -> None:
    asked = dataclasses.replace(frozen.questions["received_on"], unless_given="today")
    policy = dataclasses.replace(frozen, questions={**frozen.questions, "received_on": asked})
    answers = {"problem": "quality", "product": "standard", "cause": "none"}
    assert decide(policy, answers, TODAY).ask == decide(frozen, broken(received_on=received(0)) | answers, TODAY).ask


# --------------------------------------------------------------------------- made-up policies


def made(clauses: dict[str, dict[str, object]], values: dict[str, str] | None = None, **questions: object) -> Checker:
    """A checker of clauses, with the questions that they ask and outcomes o1 to o4."""
    part = {"title": "t", "topic": "all", "text": "t"}
    tree = made_up(
        values=values or {},
        questions={name: {"ask": name, **QUESTIONS.get(name, {}), **(more or {})} for name, more in questions.items()},  # type: ignore[dict-item]
        outcomes=dict.fromkeys(("o1", "o2", "o3", "o4"), "good"),
        clauses={name: part | clause for name, clause in clauses.items()},
    )
    return Checker(MODEL.validate_python(tree))


def ruled(**rules: tuple[object, str]) -> dict[str, dict[str, object]]:
    """Clauses with one rule each."""
    return {name: {"rules": [{"when": when, "outcome": outcome}]} for name, (when, outcome) in rules.items()}


def stretches(verdict: Verdict) -> list[list[tuple[int, str | None]]]:
    """For each timeline the first day of each stretch, counted from today, with its outcome."""
    return [
        [((stretch.first - TODAY).days, stretch.decision.outcome) for stretch in timeline.stretches]
        for timeline in verdict.timelines
    ]


def test_question_that_matters_on_a_later_day_is_asked() -> None:
    """The product decides in the end, though the first twenty days are the same for each."""
    clauses = ruled(
        soon=({"received": {"within": "short"}}, "o1"),
        later=({"received": {"within": "long"}}, "o2"),
        one_kind=({"product": "p1"}, "o3"),
        rest=({}, "o4"),
    )
    lengths = {"short": "10 days", "long": "20 days"}
    checker = made(clauses, lengths, received=None, product=None, applied=None)
    for days_ago in (5, 15):
        verdict = checker.decide({"received": received(days_ago)}, TODAY)
        assert verdict.ask == "product"
        shared = [(-days_ago, "o1"), (11 - days_ago, "o2")]
        assert stretches(verdict) == [[*shared, (21 - days_ago, last)] for last in ("o3", "o4")]
        assert [timeline.given[0].choices for timeline in verdict.timelines] == [("p1",), ("p2",)]
    verdict = checker.decide({"received": received(25)}, TODAY)
    assert (verdict.ask, len(verdict.possible)) == ("product", 2)
    assert stretches(verdict) == [[(-25, "o1"), (-14, "o2"), (-4, None)]], "what is over is the same for each"
    assert checker.counterfactuals({"received": received(25)}, TODAY) == (), (
        "an earlier day would decide; as yet nothing does"
    )


def test_dates_counted_to_one_day_move_together() -> None:
    clauses = ruled(
        late=({"received": {"longer ago than": "short"}}, "o2"),
        old=({"bought": {"longer ago than": "long"}}, "o1"),
        rest=({}, "o3"),
    )
    lengths = {"short": "10 days", "long": "20 days"}
    checker = made(clauses, lengths, received=None, bought=QUESTIONS["received"], applied=None)
    verdict = checker.decide({"received": received(5), "bought": received(8)}, TODAY)
    assert stretches(verdict) == [[(-5, "o3"), (6, "o2"), (13, "o1")]]
    assert verdict.deadlines == ()


def test_any_remedy_is_granted_where_one_of_them_is(frozen: Policy) -> None:
    grants = (
        Grant(when={"problem": "quality"}, remedies=("reissue",)),
        Grant(when={"problem": "shortage"}, remedies=("refund",)),
    )
    clause = dataclasses.replace(frozen.clauses["remedy"], grants=grants)
    compiled = CompiledPolicy(dataclasses.replace(frozen, clauses={**frozen.clauses, "remedy": clause}))
    assert compiled.condition({"remedies": "any"}) == compiled.condition({"problem": ("quality", "shortage")})


def test_reasons_without_a_certain_rule_are_the_possible_rules() -> None:
    checker = made(ruled(one=({"product": "p1"}, "o1"), other=({"product": "p2"}, "o1")), product=None)
    assert [reason.clause for reason in checker.decide({}, TODAY).reasons] == ["one", "other"]


def test_blockers_of_a_rule_are_minimal() -> None:
    """Of the two ways in which the first rule could hold, one answer is in the way of the second alone."""
    either = [{"cause": "c1", "kind": "k1"}, {"product": "p1"}]
    checker = made(ruled(first=(either, "o1"), rest=({}, "o2")), cause=None, kind=None, product=None)
    [ruled_out] = checker.decide({"cause": "c2", "kind": "k2", "product": "p2"}, TODAY).ruled_out
    assert ruled_out.because == ("product",)


def test_cost_bearer_is_absent_while_open() -> None:
    grants = [
        {"when": {"product": product}, "remedies": ["money"], "costs": costs}
        for product, costs in (("p1", "shop"), ("p2", "customer"))
    ]
    checker = made({**ruled(rest=({}, "o1")), "granted": {"grants": grants}}, product=None)
    assert checker.decide({"product": "p1"}, TODAY).costs == "shop"
    assert checker.decide({}, TODAY).costs is None


def test_wait_counts_days_or_working_days_by_its_unit() -> None:
    waits = {"days": "3 days", "working": "3 working days"}
    expect = {name: {"wait": name, "after": "applied"} for name in waits}
    step = {"title": "t", "text": "t", "when": {}, "expect": expect}
    checker = made({**ruled(rest=({}, "o1")), "waiting": {"steps": {"step": step}}}, waits, applied=None)
    assert checker.decide({}, TODAY).dates == {
        "days": (TODAY + timedelta(3),) * 2,
        "working": (TODAY + timedelta(15),) * 2,  # the third Monday: it is the only working day of that policy
    }
