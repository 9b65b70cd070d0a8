"""Checks of policy texts: no figures outside of `values`, and no Markdown in plain texts."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from macros.analysis.load import check, loads
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.rendered_text import MAX_NESTING
from tests.support.markup import render_macro, visible_text
from tests.support.paths import POLICIES

FROZEN = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
WINDOW = "Apply within {window.standard} of the day"
FIGURE_IN = "clauses › how_long › text: "
STORY = "Ana's lamp came with a crack in its foot."
VALUES = "  payout: 1–2 working days\n"


def edited(*edits: tuple[str, str]) -> str:
    text = FROZEN
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def complaints(*edits: tuple[str, str]) -> list[str]:
    try:
        loads(edited(*edits))
    except PolicyErrors as errors:
        return [error.text for error in errors.errors]
    return []


# ---- figures

EQUAL = 'spells out "{}". Write {{window.standard}}, so that it stands in one place.'
OTHER = 'spells out "{}", and {} is no value: change "window", or enter it under "values" and write its name in braces.'


@pytest.mark.parametrize(
    "figure",
    [
        "15 days",
        "fifteen days",
        "15 calendar days",
        "１５ days",
        "fif­teen days",
        "15-day",
        "15\N{NO-BREAK SPACE}days",
        "15 (fifteen) days",
    ],
)
def test_figure_equal_to_a_value_is_refused_with_its_name(figure: str) -> None:
    assert complaints((WINDOW, f"Apply within {figure} of the day")) == [FIGURE_IN + EQUAL.format(figure)]


@pytest.mark.parametrize(
    ("figure", "meant"),
    [
        ("30 days", "30 days"),
        ("thirty days", "30 days"),
        ("4–6 days", "4–6 days"),
        ("two weeks", "2 weeks"),
        ("a fortnight", "2 weeks"),
        ("48h", "48h"),
        ("the 15th day".removeprefix("the "), "15th day"),
    ],
)
def test_figure_that_is_no_value_is_refused_with_what_to_change(figure: str, meant: str) -> None:
    assert complaints((WINDOW, f"Apply within {figure} of the day")) == [FIGURE_IN + OTHER.format(figure, meant)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**30** days", "30 days"),
        ("30 _days_", "30 days"),
        ("[30](clause:proof) days", "30 days"),
        ("30&nbsp;days", "30 days"),
        ("&#51;0 days", "30 days"),
        ("30\\\n      days", "30\\ days"),
    ],
)
def test_figure_inside_markdown_is_refused(written: str, read: str) -> None:
    messages = complaints((WINDOW, f"Apply within {written} of the day"))
    assert [re.sub(r"\s+", " ", message) for message in messages] == [FIGURE_IN + OTHER.format(read, "30 days")]


def test_figure_in_every_kind_of_text_is_refused() -> None:
    edits = [
        ("title: After-sales policy", "title: The 3 year policy"),
        ("It has not arrived", "It has not arrived in 10 days"),
        ("reissue: the product sent to you again", "reissue: the product sent to you again in a week"),
        ("To apply earlier never", "To apply 3 days earlier never"),
        ("time: How long you have", "time: How long you have in 2026"),
        ("Take a picture of its after-sales page", "Take 5 minutes for its after-sales page"),
        ("- a serious colour difference", "- a colour difference of 20 percent"),
        ("We take amounts as you type them.", "A label costs $7."),
    ]
    assert [complaint.partition(":")[0] for complaint in complaints(*edits)] == [
        "title",
        "questions › problem › choices › quality › examples › 3",
        "questions › received_on › or › not_received › title",
        "remedies › reissue",
        "topics › time",
        "clauses › discounts › interpretations › currency › text",
        "clauses › proof › proof › store_screenshot › help",
        "invariants › sooner_is_never_worse › text",
    ]


def test_figure_error_has_its_line() -> None:
    sentence = "For factory special products you\n      have {window.factory_special}."
    text = edited((sentence, "You\n      have 9 days."))
    with pytest.raises(PolicyErrors) as raised:
        loads(text)
    [error] = raised.value.errors
    assert "have 9 days." in text.split("\n")[error.line - 1]


def test_figure_of_another_kind_is_refused_with_the_advice_to_enter_a_value() -> None:
    assert complaints((WINDOW, "You get 20 % back if you apply within {window.standard} of the day")) == [
        FIGURE_IN + 'spells out "20 %", and 20 % is no value: enter it under "values" and write its name in braces.'
    ]


@pytest.mark.parametrize(
    "story",
    [
        "It came on 19 November 2026.",
        "It came on 2026-11-19.",
        "It came three days ago.",
        "On November 22, 2026 Ana asked.",
    ],
)
def test_story_may_state_figures_that_its_answers_contain(story: str) -> None:
    assert complaints((STORY, f"{STORY} {story}")) == []


def test_story_may_state_an_amount_of_its_answers() -> None:
    assert complaints(("A coupon had made", "Chen paid 60 dollars. A coupon had made")) == []


@pytest.mark.parametrize(
    ("story", "figure"),
    [
        ("It came on 18 November 2026.", "18 November 2026"),
        ("It came four days ago.", "four days"),
        ("She paid 60 dollars.", "60 dollars"),
        ("She waited 3 working days.", "3 working days"),
        ("Half of the price is gone.", "Half of the price"),
    ],
)
def test_story_may_state_no_other_figure(story: str, figure: str) -> None:
    assert complaints((STORY, f"{STORY} {story}")) == [
        f'examples › broken_lamp › story: says "{figure}", which no answer of this example says. Let the two agree.'
    ]


# ---- values


def with_values(values: Iterable[str]) -> tuple[str, str]:
    return VALUES, VALUES + "".join(f"  extra_{number}: {value}\n" for number, value in enumerate(values))


def test_value_of_each_kind_is_put_into_a_text() -> None:
    texts = {
        "2 weeks": "2 weeks",
        "1 month": "1 month",
        "2-3 years": "2–3 years",
        "24 hours": "24 hours",
        "20 %": "20 %",
        "20%": "20 %",
        "7.50 USD": "7.50 USD",
        "$7": "$7",
        "2027-01-15": "15 January 2027",
        "4-5 working days": "4–5 working days",
    }
    named = "; ".join(f"{{extra_{number}}}" for number in range(len(texts)))
    text = edited(with_values(texts), (WINDOW, f"There is {named}. {WINDOW}"))
    expected = f"There is {'; '.join(texts.values())}. Apply within"
    assert expected in visible_text(render_macro(loads(text), "policy_text"))


def test_value_in_another_form_is_refused_with_the_form() -> None:
    problems = [
        ("15 Days", 'says "15 Days". Write "15 days".'),
        ("15days", 'says "15days". Write "15 days".'),
        (
            "15\N{NO-BREAK SPACE}days",
            "holds a special space, U+00A0 (NO-BREAK SPACE). Write an ordinary space in its place.",
        ),
        ("15 da\N{SOFT HYPHEN}ys", "holds an invisible character, U+00AD (SOFT HYPHEN). Delete it."),
        ("two weeks", 'says "two weeks". Write "2 weeks".'),
        ("a fortnight", 'says "a fortnight". Write "2 weeks".'),
        ("3 business days", 'says "3 business days". Write "3 working days".'),
        ("20 percent", 'says "20 percent". Write "20 %".'),
        ("7 dollars", 'says "7 dollars". Write the currency as its code or its sign, such as 7 USD.'),
        ("15 January 2027", 'says "15 January 2027". Write "2027-01-15".'),
        ("3–2 weeks", "must go from the smaller figure to the larger, got 3–2 weeks."),
        ("3–2 days", "must go from the shorter time to the longer, got 3–2 days."),
        ("5000 days", "must be at most 3660 days, got 5000 days."),
        (
            "soon",
            "is no figure that a text can name, such as 10 days, 4–5 working days, 2 weeks, 20 %, 7.50 USD or "
            '2000-12-31. It says "soon".',
        ),
    ]
    assert complaints(with_values(value for value, _ in problems)) == [
        f"values › extra_{number}: {problem}" for number, (_, problem) in enumerate(problems)
    ]


@pytest.mark.parametrize(
    ("value", "needs"),
    [
        ("10 working days", "one figure in calendar days, such as 10 days."),
        ("2–3 days", "one figure in calendar days, such as 10 days."),
        ("2 weeks", 'days. Write "14 days".'),
        ("2 months", "one figure in calendar days, such as 10 days."),
        ("20 %", "one figure in calendar days, such as 10 days."),
        ("2027-01-15", "one figure in calendar days, such as 10 days."),
    ],
)
def test_value_that_a_rule_cannot_compare_is_one_error_at_the_value(value: str, needs: str) -> None:
    assert complaints(("standard: 15 days", f"standard: {value}")) == [
        f'values › window › standard: is {value}, and "how_long" compares it with a date: that takes {needs}'
    ]


def test_value_without_a_duration_is_refused_for_dates() -> None:
    assert complaints(("review_start: 2–3 working days", "review_start: 1 month")) == [
        'values › review_start: is 1 month, and the step "review_starts" works out a date with it: that takes days or '
        "working days."
    ]


def test_value_compared_but_not_named_is_a_hint() -> None:
    nowhere = [
        (" For factory special products you\n      have {window.factory_special}.", ""),
        (" **{window.factory_special}** for factory\n      special products.", ""),
    ]
    _, before = check(FROZEN)
    _, after = check(edited(*nowhere))
    assert [hint.text for hint in after if hint not in before] == [
        'values › window › factory_special: "how_long" compares dates with it, and no text names it: readers who '
        'answer "A factory special product" to "Which kind of product is it?" never learn of it. '
        "Write {window.factory_special} into the text that says so."
    ]


def test_value_that_is_named_in_one_text_is_no_hint() -> None:
    _, before = check(FROZEN)
    _, after = check(edited((" **{window.factory_special}** for factory\n      special products.", "")))
    assert [hint.text for hint in after] == [hint.text for hint in before]


# ---- Markdown

AS_TYPED = (
    "This text is shown as it is typed, signs and all: write it without. Only the text of a clause or of a card takes "
    "Markdown."
)


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("You can **apply**", 'bold in Markdown: "apply"'),
        ("You can _apply_", 'emphasis in Markdown: "apply"'),
        ("You can `apply`", 'code in Markdown: "apply"'),
        ("You can [apply](clause:proof)", 'a link in Markdown: "apply"'),
        ("You can <b>apply</b>", 'a tag in HTML: "apply"'),
        ("# Apply", 'a heading in Markdown: "Apply"'),
        ("![x](https://a.example/b.png)", "a picture in Markdown"),
        ("> Apply", 'a quotation in Markdown: "Apply"'),
        ("- Apply", 'a list in Markdown: "Apply"'),
    ],
)
def test_markdown_in_a_plain_text_is_refused(text: str, signs: str) -> None:
    edits = {
        "questions › product › choices › standard › title": ("title: A standard product", f"title: '{text}'"),
        "outcomes › eligible › title": ("title: You can apply", f"title: '{text}'"),
        "clauses › where_to_apply › steps › apply › title": ("title: You apply\n", f"title: '{text}'\n"),
    }
    assert complaints(*edits.values()) == [f"{place}: holds {signs}. {AS_TYPED}" for place in edits]


@pytest.mark.parametrize("sign", ["&nbsp;", "&amp;", "\\*", "&#8211;"])
def test_escaped_character_in_a_plain_text_is_refused(sign: str) -> None:
    assert complaints(("title: You can apply", f"title: 'You can {sign} apply'")) == [
        f'outcomes › eligible › title: holds "{sign}", which customers would read as it is typed. '
        "Write the sign itself."
    ]


def test_plain_text_with_characters_that_are_no_markdown_is_accepted() -> None:
    texts = ["1. How to apply", "5 * 3 * 2", "Yes & no", "a_b_c", "Price *", "R&D", "less than < 5", "It's “so”", "1"]
    assert complaints(("          - damage\n", "".join(f'          - "{text}"\n' for text in texts))) == []


def test_heading_in_markdown_is_refused() -> None:
    assert complaints(("Apply within {window.standard} of", "# Time\n\n\n      Apply within {window.standard} of")) == [
        'clauses › how_long › text: makes a heading of "Time". The title is the only heading: write it in bold, or in '
        "words."
    ]


@pytest.mark.parametrize("depth", [MAX_NESTING + 1, 500])
def test_markdown_nested_too_deep_is_refused(depth: int) -> None:
    assert complaints(("Apply within {window.standard} of", f"{'- ' * depth}Apply within {{window.standard}} of")) == [
        f"clauses › how_long › text: holds lists or quotations more than {MAX_NESTING} deep. Take signs away at the "
        "beginning of its lines."
    ]


def test_deep_nesting_hides_no_later_error() -> None:
    nested = ("Apply within {window.standard} of", f"{'- ' * 500}Apply within {{window.standard}} of")
    assert len(complaints(nested)) == 1
    assert len(complaints(("title: You can apply", "title: You can **apply** now"))) == 1


def test_fields_are_plain_or_markdown_and_the_schema_says_which() -> None:
    from macros.policyfile.schema import schema

    markdown = {
        f"{name}.{key}"
        for name, part in schema()["$defs"].items()
        for key, spec in part.get("properties", {}).items()
        if spec.get("contentMediaType") == "text/markdown"
    }
    assert markdown == {"Clause.text", "Summary.text"}
