"""Conditions in words, on the frozen policy."""

import dataclasses

import pytest

from checker import Policy
from checker.engine.variables import variables
from checker.policy import Choice, Comparison, Condition, When
from macros.pages.condition_text import Conditions, Sentences
from tests.support.words import join, say

DAY = "On which day did your order reach you?"


def outcomes(*titles: str) -> str:
    return say("pages.outcomes", outcomes=join((say("pages.quote", text=title) for title in titles), "or"))


SENTENCES: list[tuple[Condition, tuple[str, ...]]] = [
    ({}, ()),
    ({"problem": "shortage"}, ("Only for: a shortage.",)),
    ({"problem": ("shortage", "wrong_item", "other")}, ("Only for: a shortage, a wrong item or another problem.",)),
    ({"received_on": "not_received"}, ("Only for: not arrived.",)),
    ({"received_on": Comparison(not_="not_received")}, ("Except: not arrived.",)),
    ({"problem": Comparison(not_=("shortage", "wrong_item"))}, ("Except: a shortage or a wrong item.",)),
    (
        {"received_on": Comparison(longer_ago_than="window")},
        (
            say(
                "pages.longer_ago",
                question=DAY,
                length="15 days for standard products or 7 days for factory special products",
            ),
        ),
    ),
    (
        {"received_on": Comparison(within="payout")},
        (say("pages.within", question=DAY, length="1–2 working days"),),
    ),
    (
        {"problem": "other", "cause": Comparison(not_="none"), "outcome": "review"},
        (
            "Only for: another problem.",
            "Except: no such event.",
            outcomes("The platform decides case by case"),
        ),
    ),
    (
        {"outcome": ("eligible", "review")},
        (outcomes("The platform decides case by case", "You can apply"),),
    ),
    (
        {"outcome": Comparison(not_=("excluded", "expired", "carrier"))},
        (outcomes("The platform decides case by case", "You can apply"),),
    ),
]


def plain(sentences: Sentences) -> tuple[str, ...]:
    return tuple(sentence.striptags() for sentence in sentences)


@pytest.mark.parametrize(("condition", "sentences"), SENTENCES)
def test_condition_line_is_a_short_sentence(condition: Condition, sentences: tuple[str, ...], frozen: Policy) -> None:
    [case] = Conditions(frozen).alternatives(condition) or [()]
    assert plain(case) == sentences


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        ("insured", "Only with the answer “Yes” to “Are you insured?”."),
        (Comparison(not_=("insured", "lent")), "Except with the answer “Yes” or a loan to “Are you insured?”."),
        (("lent",), "Only for: a loan."),
    ],
)
def test_answer_without_a_phrase_is_shown_with_its_question(
    test: str | tuple[str, ...] | Comparison, sentence: str, frozen: Policy
) -> None:
    choices = {"insured": Choice(title="Yes"), "lent": Choice(title="It is not mine", in_words="a loan")}
    asked = dataclasses.replace(frozen.questions["product"], ask="Are you insured?", choices=choices)
    policy = dataclasses.replace(frozen, questions={**frozen.questions, "product": asked})
    assert [plain(case) for case in Conditions(policy).alternatives({"product": test})] == [(sentence,)]


def test_names_in_a_sentence_carry_their_ids_and_are_escaped(frozen: Policy) -> None:
    choices = {"own": Choice(title="Mine", in_words="<b> & mine")}
    asked = dataclasses.replace(frozen.questions["product"], ask="Whose?", choices=choices)
    policy = dataclasses.replace(frozen, questions={**frozen.questions, "product": asked})
    [case] = Conditions(policy).alternatives({"product": "own"})
    assert case == ('Only for: <span data-id="product.own">&lt;b&gt; &amp; mine</span>.',)


EITHER: When = ({"outcome": "carrier"}, {"outcome": "review", "problem": "other"})


def test_alternatives_of_a_condition_are_in_its_order(frozen: Policy) -> None:
    assert [plain(case) for case in Conditions(frozen).alternatives(EITHER)] == [
        (outcomes("The carrier's rules decide"),),
        (outcomes("The platform decides case by case"), "Only for: another problem."),
    ]


def test_condition_with_an_empty_alternative_always_holds(frozen: Policy) -> None:
    assert Conditions(frozen).alternatives(({"problem": "shortage"}, {})) == ()


ANSWERS: list[tuple[str, tuple[str | int, ...], list[tuple[str, ...]]]] = [
    ("problem", ("shortage", "wrong_item"), [("Only for: a shortage or a wrong item.",)]),
    ("cause", ("none", "war", "riot", "disease", "flight_restriction"), [
        ("Except: a natural disaster or something else beyond anyone's control.",)
    ]),
    ("received_on", ("not_received",), [("Only for: not arrived.",)]),
    ("received_on", (0, 8, 16), [("Except: not arrived.",)]),
    ("received_on", (0,), [(say("pages.within", question=DAY, length="7 days"),)]),
    ("received_on", (16,), [(say("pages.longer_ago", question=DAY, length="15 days"),)]),
    (
        "received_on",
        (8, "not_received"),
        [
            (
                say("pages.longer_ago", question=DAY, length="7 days"),
                say("pages.within", question=DAY, length="15 days"),
            ),
            ("Only for: not arrived.",),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "answers", "sentences"), ANSWERS)
def test_answers_to_a_question_are_sentences(
    question: str, answers: tuple[str | int, ...], sentences: list[tuple[str, ...]], frozen: Policy
) -> None:
    [variable] = [each for each in variables(frozen) if each.question == question]
    values = frozenset(variable.values.get(answer, variable.oldest) for answer in answers)
    assert [plain(case) for case in Conditions(frozen).answers(variable, values)] == sentences
