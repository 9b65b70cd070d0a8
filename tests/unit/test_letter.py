"""The written request: it says what the case holds, asks, and promises nothing."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import Checker, Policy, Verdict
from checker.explain.explanation import explain
from checker.policy import Letter
from checker.request.letter import LONGEST, LetterError, LetterInput, letter_parts, letter_text, plain, says_something
from checker.request.proof import proof_states
from macros.analysis.load import load
from tests.support.fuzzing import random_inputs
from tests.support.paths import POLICIES
from tests.support.words import MESSAGES, in_words, say

TODAY = date(2026, 11, 22)
ADDRESS = "https://shop.example/policy/"
SHORTAGE = {"problem": "shortage", "received_on": "2026-11-21", "product": "standard", "cause": "none"}
HOSTILE = (
    "<script>alert(1)</script> {title} {0.__class__} %s\r\n\r\n\r\n\r\n\x00\x1b[31m\u202etxt.exe\ud800\u2028'; -- "
)


def verdict(policy: Policy, **answers: object) -> Verdict:
    return Checker(policy).decide(SHORTAGE | answers, TODAY)


def write(
    policy: Policy,
    case: Verdict,
    answers: Mapping[str, str] = MappingProxyType({}),
    request: LetterInput = LetterInput(),  # noqa: B008 - it is frozen
    pictures: Iterable[tuple[str, str]] = (),
) -> str:
    """The letter of a case, with the proof of its verdict as what is sent separately."""
    proof = proof_states(policy, case, case.provided, pictures, described=request.is_described)
    return letter_text(letter_parts(policy, case, answers, request, proof, address=ADDRESS))


def letter(policy: Policy, request: LetterInput = LetterInput(), **answers: object) -> str:  # noqa: B008 - it is frozen
    return write(policy, verdict(policy, **answers), request=request)


def test_request_of_a_complete_case_has_this_text(frozen: Policy) -> None:
    amounts = {"order_total": "80", "paid": "60", "affected_total": "20"}
    case = verdict(frozen, proof=["description", "store_screenshot"], **amounts)
    answers = {"problem": "Something is missing", "product": "A standard product"}
    request = LetterInput(
        name="Ada Lovelace",
        order="A-17 / 3",
        item="Shelf",
        quantity="1 of 2",
        wish="refund",
        description="The bag with the screws was not there.\n\nOne foot too.",
    )
    pictures = [("product_pictures", "product_pictures-1.jpg"), ("product_pictures", "product_pictures-2.png")]
    parts = write(frozen, case, answers, request, pictures).removesuffix("\n").split("\n\n")
    assert [part.split("\n") for part in parts] == [
        [say("letter.subject_order", number="A-17 / 3"), in_words(TODAY)],
        [please(frozen)],
        [say("letter.description"), "The bag with the screws was not there."],
        ["One foot too."],
        [
            say("letter.item_quantity", name="Shelf", quantity="1 of 2"),
            f"{frozen.label('problem')} Something is missing",
            f"{frozen.label('product')} A standard product",
        ],
        [say("letter.wish", remedy=frozen.remedies["refund"])],
        [
            say("letter.attached"),
            "Pictures of the problem: product_pictures-1.jpg and product_pictures-2.png",
        ],
        [say("letter.separately"), "A screenshot of the refund or reissue request in your store"],
        [say("letter.to_follow"), "Pictures of the outside of the package", "Pictures of the package on a scale"],
        [say("letter.estimate"), "Estimated refund: 15.00", say("letter.estimate_text")],
        ["Ada Lovelace"],
        [say("letter.end", address=ADDRESS)],
    ]


def please(policy: Policy) -> str:
    return say("letter.please", title=policy.title, version=policy.version)


def test_request_of_an_open_case_contains_only_certain_facts(frozen: Policy) -> None:
    text = letter(frozen, LetterInput(wish="refund"), cause="unknown", problem="quality", proof=["product_pictures"])
    assert [part.split("\n") for part in text.removesuffix("\n").split("\n\n")] == [
        [say("letter.subject", title=frozen.title), in_words(TODAY)],
        [please(frozen)],
        [say("letter.separately"), "Pictures of the problem"],
        [say("letter.end", address=ADDRESS)],
    ]


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("problem", "quality", True),
        ("received_on", "2026-11-20", True),
        ("received_on", "not_received", True),
        ("product", "standard", True),  # no rule asks for it, but the time to apply depends on it
        ("cause", "war", True),
        ("cause", "none", False),  # the rules ask for anything but this
        ("problem", "unknown", False),
        ("applied_on", "2026-11-20", False),
    ],
)
def test_answer_that_the_policy_never_asks_for_is_left_out(
    frozen: Policy, question: str, answer: str, *, expected: bool
) -> None:
    assert says_something(frozen, question, answer) == expected


@pytest.mark.parametrize(
    ("item", "quantity", "line"),
    [
        ("Lamp", "2 of 5", say("letter.item_quantity", name="Lamp", quantity="2 of 5")),
        ("Lamp", " ", say("letter.item", name="Lamp")),
        ("", "2 of 5", say("letter.quantity", quantity="2 of 5")),
    ],
)
def test_item_and_quantity_share_a_line(frozen: Policy, item: str, quantity: str, line: str) -> None:
    assert line in letter(frozen, LetterInput(item=item, quantity=quantity)).splitlines()


@pytest.mark.parametrize("wish", ["refund", "reissue", "no_such_thing", ""])
@pytest.mark.parametrize("cause", ["none", "unknown", "war"])
def test_wish_is_written_only_if_granted(frozen: Policy, wish: str, cause: str) -> None:
    text = letter(frozen, LetterInput(wish=wish), cause=cause)
    wished = [remedy for remedy in frozen.remedies.values() if say("letter.wish", remedy=remedy) in text]
    assert wished == ([frozen.remedies[wish]] if cause == "none" and wish in frozen.remedies else [])


def test_written_description_is_the_letter_itself(frozen: Policy) -> None:
    title = "A description of the problem"
    assert title in letter(frozen).partition(say("letter.to_follow"))[2]
    assert title not in letter(frozen, LetterInput(description="A screw is missing."))


def test_picture_of_any_item_counts_as_attached(frozen: Policy) -> None:
    pictures = [("nothing_known", "nothing_known-1.webp"), ("weighing_pictures", "weighing_pictures-1.jpg")]
    text = write(frozen, verdict(frozen, problem="quality"), pictures=pictures)
    assert text.split("\n\n")[2:4] == [
        "\n".join(
            [
                say("letter.attached"),
                f"{say('letter.other_picture')}: nothing_known-1.webp",
                "Pictures of the package on a scale: weighing_pictures-1.jpg",
            ]
        ),
        "\n".join(
            [
                say("letter.to_follow"),
                "A screenshot of the refund or reissue request in your store",
                "Pictures of the problem",
                "Pictures of the outside of the package",
                "A description of the problem",
            ]
        ),
    ]


@pytest.mark.parametrize("file", ["frozen.yaml", "library.yaml", "bicycles.yaml"])
def test_examples_of_every_policy_get_a_request(file: str) -> None:
    every_example_gets_a_request(load(POLICIES / file))


def every_example_gets_a_request(policy: Policy) -> None:
    """Every line is filled in, and all proof that is missing is to follow."""
    cases = [Checker(policy).decide(dict(example.answers), example.today) for example in policy.examples.values()]
    cases.append(Checker(policy).decide({}, TODAY))
    for case in cases:
        for wish in ("", *policy.remedies):
            text = write(policy, case, request=LetterInput(wish=wish))
            assert "{" not in text
            assert "\n\n\n" not in text
            own = policy.outcomes[case.outcome].letter if case.outcome else None
            assert (own.text.strip() if own else please(policy)) in text
            titles = {item: part.title for item, part in policy.proof.items()}
            assert [titles[item] for item in case.missing if titles[item] not in text.splitlines()] == []


def test_typed_texts_stay_plain_text(frozen: Policy) -> None:
    text = letter(frozen, LetterInput(order=HOSTILE, description=HOSTILE))
    lines = text.splitlines()
    order = "<script>alert(1)</script> {title} {0.__class__} %s [31mtxt.exe '; --"
    assert lines[0] == say("letter.subject_order", number=order)
    at = lines.index(say("letter.description"))
    assert lines[at + 1 : at + 6] == [
        "<script>alert(1)</script> {title} {0.__class__} %s",
        "",
        "[31mtxt.exe",
        "'; --",
        "",
    ]
    assert text.encode("utf-8")


@pytest.mark.parametrize("text", ["नमस्ते, 你好", "👩‍🔧 mended it", "می‌خواهم", "a\u200fb", "naïve – “quoted”"])
def test_scripts_and_joiners_are_unchanged(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("a  \r\n b\t\tc ", "a\n b  c"),
        ("a\n\r\n\nb", "a\n\nb"),
        ("a\rb\vc\fd\x85e\u2028f\u2029g", "a\nb\nc\nd\ne\nf\ng"),
        ("\n\0 \n", ""),
    ],
)
def test_line_breaks_of_any_kind_are_normalized(typed: str, text: str) -> None:
    assert plain(typed) == text


@random_inputs(300)
@given(st.text(st.characters()))
def test_control_and_bidi_characters_are_removed(text: str) -> None:
    cleaned = plain(text)
    assert {unicodedata.category(sign) for sign in cleaned if sign != "\n"}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert {unicodedata.bidirectional(sign) for sign in cleaned}.isdisjoint(
        {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    )
    assert "\n\n\n" not in cleaned
    assert plain(cleaned) == cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)


@pytest.mark.parametrize("field", LONGEST)
def test_too_long_text_is_refused_and_not_cut(frozen: Policy, field: str) -> None:
    assert letter(frozen, LetterInput(**{field: "x" * LONGEST[field]}))
    for more, message in ((count, say("letter.too_long", count=count)) for count in (1, 10**6)):
        with pytest.raises(LetterError) as error:
            letter(frozen, LetterInput(**{field: "x" * (LONGEST[field] + more)}))
        assert (error.value.values["field"], error.value.in_words(MESSAGES)) == (field, message)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from([*LONGEST, "wish", "x"]), part),
)


@random_inputs(300)
@given(JSON)
def test_random_json_is_read_as_a_request(raw: object) -> None:
    request = LetterInput.read(raw)
    typed = {key: text for key, text in raw.items() if isinstance(text, str)} if isinstance(raw, dict) else {}
    assert request == LetterInput(**{key: text for key, text in typed.items() if key != "x"})


def test_outcome_that_somebody_else_decides_has_a_letter_of_its_own(frozen: Policy) -> None:
    own = Letter(to="the carrier", subject="Claim about a parcel", text="A parcel has a problem.")
    outcomes = {**frozen.outcomes, "carrier": dataclasses.replace(frozen.outcomes["carrier"], letter=own)}
    policy = dataclasses.replace(frozen, outcomes=outcomes)
    case = verdict(policy, problem="return_logistics")
    request = LetterInput(description="It got lost.", name="Ada")
    assert write(policy, case, request=request).splitlines() == [
        own.subject,
        in_words(TODAY),
        "",
        own.text,
        "",
        say("letter.description"),
        "It got lost.",
        "",
        "Ada",
    ]
    assert [item.text for item in explain(policy, case).send] == [say("prepare.to", name=own.to)]
    assert own.subject not in letter(policy)
