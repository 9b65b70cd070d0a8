"""The statements and open points of the source: each is on the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import Tag

from checker import Policy
from tests.support.markup import content, soup, texts_of, visible_text, words

# What the source of the policy states, and where frozen.yaml says it: a clause, or `clause.part`.
STATED = {
    "F1 the period": ["how_long"],
    "F2 the shorter period": ["how_long"],
    "F3 proof, review, then quick handling": ["how_it_works"],
    "F4 quality problems": ["quality"],
    "F5 shortages": ["shortage"],
    "F6 wrong products": ["wrong_item"],
    "F7 reissue or refund, at the platform's cost": ["remedy"],
    "F8 problems on the way back": ["return_logistics"],
    "F9 other problems": ["other"],
    "F10 no returns without a reason": ["no_change_of_mind"],
    "F11 force majeure": ["force_majeure"],
    "F12 only the items concerned": ["affected_items"],
    "F13 refunds after a discount": ["discounts"],
    "F14 what to send": [
        "proof",
        "proof.store_screenshot",
        "proof.product_pictures",
        "proof.package_pictures",
        "proof.description",
    ],
    "F15 the weighed package": ["proof.weighing_pictures"],
    "F16 when the review starts": ["review", "review.review_starts", "review.decision"],
    "F17 what postpones the review": ["review", "logistics_review"],
    "F18 when the money comes": ["money_back", "money_back.money_arrives"],
    "F19 the return address": ["return_address", "return_address.wait_for_address"],
    "F20 what the return parcel holds": ["return_parcel", "return_parcel.check_parcel"],
    "F21 whom to ask": ["where_to_apply"],
    "F22 the other return policy": ["no_change_of_mind.not_satisfied"],
}

# What the source leaves open, and where frozen.yaml says how it is read.
LEFT_OPEN = {
    "A1 the last day": ["how_long.last_day"],
    "A2 whose calendar": ["how_long.whose_calendar"],
    "A3 the period on the way back": [
        "return_logistics.carrier_deadlines",
        "return_logistics.late_but_carrier",
    ],
    "A4 unknown answers": ["unsure", "unsure.safe_date"],
    "A5 missing proof": ["proof.proof_missing", "proof.proof_impossible"],
    "A6 several reasons": ["several_reasons", "several_reasons.order_of_outcomes"],
    "A7 part of a discounted order": ["discounts.share_of_paid", "discounts.refund"],
    "A8 which costs": ["remedy.which_costs"],
    "A9 working days": ["review.working_days", "review.no_holidays"],
    "A10 the day of the money": ["money_back.no_payment_date"],
    "A11 not arrived": ["not_received", "not_received.not_begun"],
    "A12 currency": ["discounts.currency"],
    "A13 the blank cells": ["remedy.same_for_all"],
    "A14 the contradiction": ["no_change_of_mind.not_satisfied"],
    "A15 the open list": ["force_majeure.open_list"],
    "A16 later faults": ["quality.later_faults"],
    "A17 several parcels": ["how_long.several_parcels"],
    "A18 who the user is": ["who_you_are", "who_you_are.resellers"],
    "A19 not stated at all": ["not_stated"],
    "A20 contact": ["where_to_apply", "where_to_apply.addresses_missing"],
    "A21 the law": ["your_rights"],
}


def test_tables_name_every_statement_and_open_point() -> None:
    assert [name.split()[0] for name in STATED] == [f"F{n + 1}" for n in range(22)]
    assert [name.split()[0] for name in LEFT_OPEN] == [f"A{n + 1}" for n in range(21)]


@pytest.mark.parametrize("statement", [*STATED, *LEFT_OPEN])
def test_source_statements_and_open_points_are_on_the_pages(statement: str, frozen: Policy, frozen_site: Path) -> None:
    policy_page = content(soup(frozen_site / "policy" / "index.html"))
    elsewhere = visible_text(content(soup(frozen_site / "rules" / "index.html")))
    for place in (STATED | LEFT_OPEN)[statement]:
        clause, _, part = place.partition(".")
        assert policy_page.find("section", id=clause)
        if part in frozen.clauses[clause].interpretations:
            box = policy_page.find(id=f"interpretation-{part}")
            assert isinstance(box, Tag)
            text = visible_text(box)
        else:
            text = visible_text(policy_page) + elsewhere
        for expected in texts_of(frozen, place):
            assert words(expected) in text
