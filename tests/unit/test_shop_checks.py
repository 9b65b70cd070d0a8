"""The shop's frame and the words of its trade: what no page can show is refused, and what may read odd is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker import Policy
from checker.policy import Shop, Words
from macros import accent
from macros.policyfile.errors import ENGLISH
from macros.policyfile.lint import hints as all_hints
from macros.policyfile.shop_checks import ASSETS, hints, problems

HTTPS = "must be a web address that begins with https://."
NAME = "must be the name of an .svg or a .png file in docs/assets, without a path."
SHOP = {
    "contact": {
        "": None,
        "help@shop.example": None,
        "https://shop.example/help": None,
        "http://shop.example": "must be an e-mail address, or a web address that begins with https://.",
        "shop.example": "must be an e-mail address, or a web address that begins with https://.",
    },
    "legal_notice": {"": None, "https://shop.example/legal": None, "legal.html": HTTPS},
    "privacy": {"": None, "https://shop.example/privacy": None, "javascript:alert(1)": HTTPS},
    "accent": {
        "": None,
        accent.DEFAULT: None,
        "#0F6B62": None,
        "teal": f'must be six hexadecimal digits behind a #, in quotes, such as "{accent.DEFAULT}".',
        "#fff": f'must be six hexadecimal digits behind a #, in quotes, such as "{accent.DEFAULT}".',
        "#ff8800": 'has a contrast of 2.1 to the pages, and text needs 4.5. Take a darker colour, such as "#a55800".',
        "#ffffff": 'has a contrast of 1.0 to the pages, and text needs 4.5. Take a darker colour, such as "#6d6d6d".',
    },
    "logo": {
        "": None,
        "logo.svg": None,
        "../logo.svg": f'{NAME} It says "../logo.svg".',
        "logo.gif": f'{NAME} It says "logo.gif".',
        "logos.svg": 'there is no file "logos.svg" in docs/assets. Put it there. Did you mean "logo.svg"?',
    },
}
WORDS = {
    "order": {
        "booking": None,
        "ice cream": None,
        "a booking": 'stands after "your" in sentences: write it without "a".',
        "Your booking": 'stands after "your" in sentences: write it without "Your".',
        "booking.": 'stands inside sentences: write it without "." at its end.',
    },
    "apply": {
        "cancel": None,
        "send it back": None,
        "to cancel": 'stands after "you can" in sentences: write it without "to".',
        "you can cancel": 'stands after "you can" in sentences: write it without "you can".',
    },
}
ODD = {
    "order": {"booking": None, "RMA": None, "Booking": 'stands inside sentences. If it is no name, write "booking".'},
    "apply": {
        "cancel": None,
        "cancellation": 'is read as "You can cancellation". If that is no verb, write what is done.',
        "cancelling it": 'is read as "You can cancelling it". If that is no verb, write what is done.',
    },
}


@pytest.mark.parametrize(("field", "text"), [(field, text) for field, texts in SHOP.items() for text in texts])
def test_shop_is_shown_or_its_mistake_is_named(frozen: Policy, field: str, text: str) -> None:
    shop = replace(frozen.shop, **{field: text})
    expected = SHOP[field][text]
    found = [(problem.path, problem.message) for problem in problems(replace(frozen, shop=shop))]
    assert found == ([(("shop", field.replace("_", " ")), expected)] if expected else [])
    assert (ASSETS / "logo.svg").exists()


@pytest.mark.parametrize(("word", "text"), [(word, text) for word, texts in WORDS.items() for text in texts])
def test_word_of_the_trade_is_bare(frozen: Policy, word: str, text: str) -> None:
    expected = WORDS[word][text]
    found = [(problem.path, problem.message) for problem in problems(replace(frozen, words=Words(**{word: text})))]
    assert found == ([(("words", word), expected)] if expected else [])


@pytest.mark.parametrize(("word", "text"), [(word, text) for word, texts in ODD.items() for text in texts])
def test_word_that_may_read_odd_is_a_hint(frozen: Policy, word: str, text: str) -> None:
    policy = replace(frozen, words=Words(**{word: text}))
    assert [*problems(policy)] == []
    expected = ODD[word][text]
    found = [(problem.path, problem.message) for problem in hints(policy)]
    assert found == ([(("words", word), expected)] if expected else [])


def test_all_mistakes_are_named_at_once(frozen: Policy) -> None:
    shop = Shop(name="the host", accent="red", logo="x.svg", contact="x", apply_at="x", legal_notice="x", privacy="x")
    words = Words(order="an order", apply="to apply")
    assert [problem.path for problem in problems(replace(frozen, shop=shop, words=words))] == [
        ("shop", "contact"),
        ("shop", "apply at"),
        ("shop", "legal notice"),
        ("shop", "privacy"),
        ("shop", "accent"),
        ("shop", "logo"),
        ("words", "order"),
        ("words", "apply"),
    ]


def test_missing_address_is_a_hint_in_the_words_of_the_pages(frozen: Policy) -> None:
    for field in ("contact", "apply_at"):
        missing = replace(frozen, shop=replace(frozen.shop, contact="a@b.example", apply_at="https://b.example"))
        paths = [hint.path for hint in all_hints(replace(missing, shop=replace(missing.shop, **{field: ""})))]
        assert ("shop", field.replace("_", " ")) in paths
        assert not any(path[0] == "shop" for path in (hint.path for hint in all_hints(missing)))


def test_straight_quotation_marks_are_one_hint(frozen: Policy) -> None:
    [straight] = [hint for hint in all_hints(frozen) if "straight" in hint.message]
    assert straight.message.endswith(" texts.")
    assert '"' in straight.message
    assert ENGLISH.say("frame.no_address")
