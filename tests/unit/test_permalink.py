"""Links that carry answers: what goes in comes out, however it arrives, and what nobody meant does no harm."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import Checker, Policy
from checker.answers.kinds.kind import StoredAnswer
from checker.web.api import answer
from checker.web.dialog import follow_answers
from checker.web.fragment import LONGEST
from checker.web.permalink import VERSION, Link, read, version, write
from macros.analysis.load import load
from tests.support.damaged_links import WHOLE, assert_nothing_untrue, examples, link_of, with_prefixes
from tests.support.fuzzing import random_inputs
from tests.support.paths import POLICIES
from tests.support.words import join, say

TODAY = date(2026, 11, 22)
ANSWERS: dict[str, StoredAnswer] = {
    "problem": "quality",
    "received_on": "2026-11-19",
    "product": "unknown",
    "cause": "none",
    "proof": ["description", "product_pictures"],
}
AMOUNTS: dict[str, StoredAnswer] = {"order_total": "80.00", "paid": "60.50", "affected_total": ["5.00", "15.00"]}
FILES = sorted(POLICIES.glob("*.yaml"))


def open_link(checker: Checker, link: object) -> Any:
    digest = checker.policy.digest
    return json.loads(answer(json.dumps({"link": link, "today": TODAY.isoformat(), "digest": digest}), checker))


def given_answers(**answers: StoredAnswer) -> str:
    """A link as a shop writes it, without a version."""
    pairs = [(name, text) for name, given in answers.items() for text in ([given] if isinstance(given, str) else given)]
    return f"{link_of(pairs)}&"


def damaged(policy: Policy, *names: str) -> str:
    return say("notice.damaged", names=join(say("pages.quote", text=policy.questions[name].name) for name in names))


# ---- whole links


def test_permalink_round_trips_the_answers(checker: Checker, frozen: Policy) -> None:
    reached = follow_answers(checker, ANSWERS | AMOUNTS, TODAY).answers.stored
    given = read(frozen, link_of(write(frozen, reached, amounts=True)))
    assert given == Link(answers=ANSWERS | AMOUNTS, is_current=True)


def test_permalink_contains_amounts_only_on_request(frozen: Policy) -> None:
    assert read(frozen, link_of(write(frozen, ANSWERS | AMOUNTS))).answers == ANSWERS


def test_permalink_opens_the_same_verdict(checker: Checker, frozen: Policy) -> None:
    first = open_link(checker, link_of(write(frozen, ANSWERS)))
    assert first["verdict"] == checker.decide(ANSWERS, TODAY).to_json()
    assert open_link(checker, link_of(first["links"]["plain"])) == first
    assert first["notices"] == []


def test_permalink_of_another_version_is_noted_and_answered_anew(checker: Checker) -> None:
    reply = open_link(checker, f"{given_answers(**ANSWERS)}{VERSION}=0.9-00000000")
    assert reply["notices"] == [say("notice.changed")]
    assert reply["verdict"] == checker.decide(ANSWERS, TODAY).to_json()


def test_amount_with_a_comma_is_one_amount(checker: Checker) -> None:
    case = {"problem": "quality", "received_on": "2026-11-19", "affected_total": "12,50", "product": "standard"}
    assert open_link(checker, given_answers(**case, cause="none"))["answers"]["affected_total"] == ["12.50"]


def test_permalink_without_a_version_prefills_answers(checker: Checker) -> None:
    reply = open_link(checker, given_answers(received_on="2026-11-19", product="standard"))
    assert (reply["step"], reply["notices"], reply["errors"]) == ("problem", [], [])
    assert reply["answers"] == {"received_on": "2026-11-19", "product": "standard"}


def test_links_need_no_encoding(frozen: Policy) -> None:
    odd = replace(frozen, version="1 & β=#2")
    link = link_of(write(odd, ANSWERS | AMOUNTS, amounts=True))
    assert re.fullmatch(r"[a-z0-9_.=&-]+", link)
    assert read(odd, link).is_current


# ---- links as they arrive


@pytest.fixture(scope="module")
def prefixed() -> Policy:
    """A policy where each choice is the beginning of others."""
    return with_prefixes(load(POLICIES / "frozen.yaml"))


@pytest.fixture(scope="module", params=[*FILES, None], ids=lambda file: file.stem if file else "prefixes")
def linked(request: pytest.FixtureRequest, prefixed: Policy) -> tuple[Policy, list[str]]:
    """A policy and links of ours to its examples; in the last one each choice is the beginning of others."""
    policy = load(request.param) if request.param else prefixed
    return policy, [link_of(write(policy, answers, amounts=True)) for answers in examples(policy)]


def test_each_example_has_a_link(linked: tuple[Policy, list[str]]) -> None:
    assert linked[1]


@pytest.mark.parametrize("number", range(len(WHOLE)))
def test_link_is_read_whole_however_it_arrives(linked: tuple[Policy, list[str]], number: int) -> None:
    policy, links = linked
    for link in links:
        assert read(policy, WHOLE[number](link)) == read(policy, link), WHOLE[number](link)
        assert read(policy, link).is_current


def test_two_changes_at_once_are_repaired(frozen: Policy) -> None:
    link = link_of(write(frozen, ANSWERS | AMOUNTS, amounts=True))
    for first, second in product(WHOLE, repeat=2):
        arrived = second(first(link))
        given = read(frozen, arrived)
        assert_nothing_untrue(frozen, link, arrived)
        assert given.answers == ANSWERS | AMOUNTS or given.unread or given.is_cut, arrived


def test_link_that_is_cut_anywhere_gives_whole_answers_or_none(linked: tuple[Policy, list[str]]) -> None:
    policy, links = linked
    for link in links:
        for at in range(len(link)):
            assert_nothing_untrue(policy, link, link[:at])


@pytest.mark.parametrize("number", range(len(WHOLE)))
def test_link_that_is_cut_and_changed_gives_whole_answers_or_none(prefixed: Policy, number: int) -> None:
    policy, change = prefixed, WHOLE[number]
    link = link_of(write(policy, ANSWERS | AMOUNTS, amounts=True))
    for at in range(len(link)):
        assert_nothing_untrue(policy, link, change(link[:at]))
    arrived = change(link)
    for at in range(len(arrived)):
        assert_nothing_untrue(policy, link, arrived[:at])


def test_link_without_its_end_says_so(frozen: Policy) -> None:
    link = link_of(write(frozen, ANSWERS | AMOUNTS, amounts=True))
    for at in range(1, len(link)):
        given = read(frozen, link[:at])
        is_whole_pair = link[:at].endswith("&") or link[at] == "&"
        assert given.unread or given.is_cut or is_whole_pair, link[:at]


@pytest.mark.parametrize(
    ("link", "answers", "unread", "is_cut"),
    [
        ("problem=quality", {"problem": "quality"}, (), False),
        ("problem=qual", {}, ("problem",), False),
        ("problem=quality%2", {"problem": "quality"}, (), False),  # cut within a code
        ("problem=qualityproof=a&proof=description&cause=none", {"cause": "none"}, ("problem", "proof"), False),
        ("problem=quality&received_on=2026-11-2", {"problem": "quality"}, ("received_on",), False),
        ("received_on=2026-11-2&product=standard&", {"product": "standard"}, ("received_on",), False),
        ("received_on=2026-11-2%205+days", {}, ("received_on",), False),
        ("received_on=20.11.2026&", {}, ("received_on",), False),
        ("received_on=2026-11-20&product=", {"received_on": "2026-11-20"}, ("product",), False),
        ("received_on=&product=standard", {"product": "standard"}, (), False),  # nothing is not a part of something
        ("problem=quality&rec", {"problem": "quality"}, (), True),
        ("prob", {}, (), True),
        ("order_total=80.5", {}, ("order_total",), False),
        ("order_total=80.50", {"order_total": "80.50"}, (), False),
        ("order_total=80.5&", {"order_total": "80.5"}, (), False),
        ("problem=quality&proof=description", {"problem": "quality"}, ("proof",), False),  # cut?
        ("proof=description&problem=quality", {"problem": "quality", "proof": ["description"]}, (), False),
        ("proof=description&proof=descr&problem=quality", {"problem": "quality"}, ("proof",), False),
        ("problem=quality&problem=other&", {}, ("problem",), False),
        ("problem=quality&problem=quality&", {"problem": "quality"}, (), False),
        ("problem=quality&recieved_on=2026-11-20", {"problem": "quality"}, ("received_on",), False),
        ("order=_total=80.50&", {"order_total": "80.50"}, (), False),
        ("problem&product=standard", {"product": "standard"}, ("problem",), False),
        ("affected_total=unknown&paid=unknown", {"affected_total": "unknown", "paid": "unknown"}, (), False),
        ("foo", {}, (), False),
        ("page=2", {}, (), False),
        ("", {}, (), False),
    ],
)  # fmt: skip
def test_damage_is_named(
    frozen: Policy, link: str, answers: dict[str, StoredAnswer], unread: tuple[str, ...], is_cut: bool
) -> None:
    assert read(frozen, link) == Link(answers=answers, unread=unread, is_cut=is_cut)


def test_choice_that_another_continues_needs_an_end(prefixed: Policy) -> None:
    policy = prefixed
    problem = next(iter(policy.questions))
    assert read(policy, "problem=quality").unread == (problem,)
    assert read(policy, "problem=quality_").unread == (problem,)  # a choice, or one with a sign behind it
    assert read(policy, "problem=quality_x").answers == {"problem": "quality_x"}
    assert read(policy, "problem=quality&").answers == {"problem": "quality"}
    assert read(policy, "problem=quality&utm_source=mail").unread == (problem,)


@pytest.mark.parametrize("cut", range(1, 21))
def test_cut_version_says_nothing_about_the_policy(checker: Checker, cut: int) -> None:
    link = link_of(write(checker.policy, ANSWERS))
    reply = open_link(checker, link[:-cut])
    assert reply["notices"] == [say("notice.cut")]
    assert reply["verdict"] == checker.decide(ANSWERS, TODAY).to_json()


def test_cut_version_that_looks_whole_says_nothing_about_the_policy(frozen: Policy) -> None:
    dated = replace(frozen, version="2-20261101")
    given = read(dated, link_of(write(dated, ANSWERS)).rpartition("-")[0])
    assert given == Link(answers=ANSWERS, is_cut=True)


def test_damaged_answers_are_asked_again_with_a_notice(checker: Checker) -> None:
    link = given_answers(problem="quality", received_on="2026-11-19", product="golden", cause="none", proof=["a", "b"])
    reply = open_link(checker, link)
    assert (reply["step"], reply["errors"]) == ("product", [])
    assert reply["answers"] == {"problem": "quality", "received_on": "2026-11-19", "cause": "none"}
    assert reply["notices"] == [damaged(checker.policy, "product", "proof")]


def test_answers_of_another_policy_are_dropped_with_a_notice(checker: Checker) -> None:
    link = given_answers(problem="quality", product="golden") + f"{VERSION}=0.9-00000000"
    assert open_link(checker, link)["notices"] == [say("notice.changed"), say("notice.dropped")]


def test_date_to_come_is_dropped_with_a_notice(checker: Checker) -> None:
    reply = open_link(checker, given_answers(problem="quality", received_on="2026-12-01"))
    assert (reply["answers"], reply["notices"]) == ({"problem": "quality"}, [say("notice.dropped")])


def test_amounts_of_older_links_are_read(frozen: Policy) -> None:
    link = f"affected_total=5&affected_total=1.5&paid=7&{VERSION}={version(frozen)}"
    assert read(frozen, link).answers == {"affected_total": ["5", "1.5"], "paid": "7"}
    assert next(text for _, text in write(frozen, {"paid": "7"}, amounts=True)) == str(Decimal("7.00"))


# ---- hostile links


@pytest.mark.parametrize(
    "link",
    [
        None,
        [],
        [["problem", "quality"]],
        "=",
        "&=&" * LONGEST,
        "a=1&" * LONGEST,
        "".join(f"{number}problem=&" for number in range(LONGEST)),
        "=" * LONGEST,
        "%" * LONGEST,
        "&#99999999999;&#xFFFFF;&#1114111;%ff%00",
        f"product={'standard' * 100_000}",
        "product=<script>alert(1)</script>",
        "received_on=9999-99-99&product=\u202egnp.exe&",
        "__proto__=1&constructor=2&",
        "\ud800=\ud800",
    ],
)
def test_hostile_permalink_leads_to_the_first_question(checker: Checker, link: object) -> None:
    reply = open_link(checker, link)
    assert (reply["step"], reply["errors"], reply["answers"]) == ("problem", [], {})


@random_inputs(500)
@given(link=st.text() | st.lists(st.sampled_from([*ANSWERS, VERSION, "=", "&", "%3", "&amp", "3D", "="])).map("".join))
def test_random_permalink_gets_a_response(frozen: Policy, link: object) -> None:
    assert "step" in open_link(Checker(frozen), link)
