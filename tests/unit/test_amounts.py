"""Amounts as customers type them, and the share that is worked out from them: exact, or explained."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.policy import Share
from checker.values.amounts import MOST, in_figures, read_amount, read_amounts
from checker.values.estimates import Working, work_out
from checker.values.normalize import InvalidInputError
from tests.support.fuzzing import random_inputs
from tests.support.words import MESSAGES, say

SHARE = Share(of="paid", that="affected", is_of="total")


def read(typed: str) -> Decimal | str:
    """The amount, or the sentence that explains why there is none."""
    try:
        return read_amount(typed)
    except InvalidInputError as bad:
        return bad.in_words(MESSAGES)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("0", "0"),
        ("12", "12"),
        ("12.5", "12.5"),
        ("12,50", "12.50"),
        (" 12.50 ", "12.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u202f234,5", "1234.5"),
        ("1'234.50", "1234.50"),
        ("1 234", "1234"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("$12", "12"),
        ("12 €", "12"),
        ("USD 12", "12"),
        ("12 usd", "12"),
        ("US$12.50", "12.50"),
        ("12,50 $ US", "12.50"),
        ("€12,50", "12.50"),
        ("￥12", "12"),
        ("12元", "12"),
        ("Rs. 1,23,456.50", "123456.50"),
        ("Rs 12/-", "12"),
        ("1,00,000", "100000"),
        ("12,34,567", "1234567"),
        ("kr 12,5", "12.5"),
        ("12 kr.", "12"),
        ("12 zł", "12"),
        ("CHF 12.–", "12.00"),
        ("12,-", "12.00"),
        ("1.234,— €", "1234.00"),
        ("٢٠٫٥٠", "20.50"),
        ("١٬٢٣٤٫٥٠", "1234.50"),
        ("1،234،567.50", "1234567.50"),
        ("१,२३,४५६.५०", "123456.50"),
        ("€ 1.234,50", "1234.50"),
        ("١٢", "12"),
        ("１２．５", "12.5"),
        ("999,999,999,999.99", "999999999999.99"),
    ],
)
def test_amount_in_any_spelling_is_read(typed: str, amount: str) -> None:
    assert str(read_amount(typed)) == amount


def nonsense(typed: str) -> str:
    return say("error.amount", given=typed)


def either(typed: str, whole: str) -> str:
    return say("error.amount_readings", given=typed, whole=whole)


def item(number: int, message: str) -> str:
    return say("error.amount_item", number=number, message=message)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1,234", either("1,234", "1234")),
        ("12.345", either("12.345", "12345")),
        ("€1.234", either("1.234", "1234")),
        ("0.123", nonsense("0.123")),
        ("12.3456", nonsense("12.3456")),
        ("12 50", nonsense("12 50")),
        ("1,23,45", nonsense("1,23,45")),
        ("1,234.56,7", nonsense("1,234.56,7")),
        ("2'34", nonsense("2'34")),
        ("-1", nonsense("-1")),
        ("−1", nonsense("−1")),
        ("NaN", nonsense("NaN")),
        ("1e5", nonsense("1e5")),
        ("12⁹⁹", nonsense("12⁹⁹")),  # the hundredths of a price tag, which must not become thousands
        ("1½", nonsense("1½")),
        ("$12$", nonsense("$12$")),
        ("$12 USD", nonsense("$12 USD")),
        ("12 apples", nonsense("12 apples")),
        ("2 x 10", nonsense("2 x 10")),
        ("CHF -12", nonsense("CHF -12")),
        ("12 %", nonsense("12 %")),
        ("20.", nonsense("20.")),
        (".5", nonsense(".5")),
        ("1,234/-", either("1,234", "1234")),
        ("USD 1,234", either("1,234", "1234")),
        ("١٫٢٣٤", either("1.234", "1234")),
        ("", nonsense("")),
        ("$", nonsense("$")),
        ("9" * 13, say("error.amount_large", given="9" * 13)),
        ("9" * 10**6, nonsense("9" * 39 + "…")),
    ],
)
def test_invalid_amount_is_explained(typed: str, message: str) -> None:
    assert read(typed) == message


@pytest.mark.parametrize(
    ("answer", "amounts"),
    [
        ("12.50", ["12.50"]),
        (["12.50"], ["12.50"]),
        (["12.50", "", "3", None, "  "], ["12.50", "3"]),
        (("1", "2"), ["1", "2"]),
        ([], []),
        (["", None], []),
        (["$1", "US$2", "3 USD", "4"], ["1", "2", "3", "4"]),
    ],
)
def test_list_of_amounts_skips_empty_fields(answer: object, amounts: list[str]) -> None:
    assert [*map(str, read_amounts(answer))] == amounts


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (["a lot"], nonsense("a lot")),
        (["1", "", "a lot"], item(3, nonsense("a lot"))),
        (["1", "1,234"], item(2, either("1,234", "1234"))),
        (["1", 2], item(2, say("error.amount_text"))),
        (["1", ["2"]], item(2, say("error.amount_text"))),
        (12.5, say("error.amount_text")),
        ({"1": "2"}, say("error.amount_text")),
        (["$1", "2", "€3"], say("error.amounts_currencies", one="$", other="€")),
        (["1 USD", "3 EUR"], say("error.amounts_currencies", one="USD", other="EUR")),
        (["1"] * (MOST + 1), say("error.amounts_many", most=MOST)),
    ],
)
def test_invalid_amount_in_a_list_is_named(answer: object, message: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_amounts(answer)
    assert caught.value.in_words(MESSAGES) == message


MONEY = st.decimals(0, "999999999999.99", places=2)


@given(amount=MONEY, style=st.sampled_from(["{:f}", "{:,.2f}", "€ {:f}", "{:f} $"]))
@random_inputs(200)
def test_amount_in_every_spelling_round_trips(amount: Decimal, style: str) -> None:
    typed = style.format(amount)
    swapped = typed.translate(str.maketrans(",.", ".,"))
    assert [read_amount(text) for text in (typed, swapped, typed.replace(",", " "))] == [amount] * 3
    assert read_amount(in_figures(amount)) == amount


@given(typed=st.text(max_size=120) | st.text(alphabet="0123456789., '’$€-", max_size=20))
@random_inputs(1000)
def test_random_text_gives_an_amount_or_an_error(typed: str) -> None:
    answer = read(typed)
    if isinstance(answer, Decimal):
        assert 0 <= answer < 10**12
        assert read_amount(in_figures(answer)) == answer
    else:
        assert re.fullmatch(r".{10,180}\.", answer)


# --------------------------------------------------------------------------- shares


def money(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, amounts))


def test_estimate_contains_its_inputs() -> None:
    answered = {"total": money("80.00"), "paid": money("60.00"), "affected": money("12.00", "8.00"), "tip": money("1")}
    assert work_out(SHARE, answered) == Working(
        share=SHARE,
        of=Decimal("60.00"),
        that=Decimal("20.00"),
        whole=Decimal("80.00"),
        parts={"paid": money("60.00"), "affected": money("12.00", "8.00"), "total": money("80.00")},
        result=Decimal("15.00"),
        rounded=False,
    )


def test_estimate_with_an_open_amount_is_absent() -> None:
    assert work_out(SHARE, {"paid": money("1"), "total": money("2")}) is None


@pytest.mark.parametrize(
    ("paid", "affected", "total", "result", "rounded"),
    [
        ("0.01", "4", "8", "0.01", True),
        ("2", "1", "3", "0.67", True),
        ("0.02", "4", "8", "0.01", False),
        ("25000000000000.00", "99999999999999.97", "99999999999999.99", "24999999999999.99", True),  # just below a half
    ],
)
def test_estimate_says_whether_it_was_rounded(paid: str, affected: str, total: str, result: str, rounded: bool) -> None:
    working = work_out(SHARE, {"paid": money(paid), "affected": money(affected), "total": money(total)})
    assert working
    assert (str(working.result), working.rounded) == (result, rounded)


@given(total=MONEY.filter(bool), paid=MONEY, affected=st.lists(MONEY, min_size=1, max_size=MOST))
@random_inputs(300)
def test_share_is_exact_to_the_hundredth_and_never_above_the_total(
    total: Decimal, paid: Decimal, affected: list[Decimal]
) -> None:
    working = work_out(SHARE, {"paid": (paid,), "affected": (*affected,), "total": (total,)})
    assert working
    exact = Fraction(paid) * sum(map(Fraction, affected)) / Fraction(total)
    assert Fraction(working.result) == Fraction(int(exact * 100 + Fraction(1, 2)), 100)  # half a hundredth goes up
    assert working.rounded == (Fraction(working.result) != exact)
    assert working.result <= paid or sum(affected) > total
