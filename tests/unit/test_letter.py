"""The written request: it says what the case holds, asks, and promises nothing."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import Checker, Policy, Verdict
from checker.request.letter import LONGEST, LetterError, LetterInput, letter_text, plain
from macros.analysis.load import load
from tests.support.fuzzing import random_inputs
from tests.support.paths import POLICIES
from tests.support.words import MESSAGES, say

TODAY = date(2026, 11, 22)
ADDRESS = "https://shop.example/policy/"
SHORTAGE = {"problem": "shortage", "received_on": "2026-11-21", "product": "standard", "cause": "none"}
HOSTILE = (
    "<script>alert(1)</script> {title} {0.__class__} %s\r\n\r\n\r\n\r\n\x00\x1b[31m\u202etxt.exe\ud800\u2028'; -- "
)


def verdict(policy: Policy, **answers: object) -> Verdict:
    return Checker(policy).decide(SHORTAGE | answers, TODAY)


def letter(policy: Policy, request: LetterInput = LetterInput(), **answers: object) -> str:  # noqa: B008 - it is frozen
    return letter_text(policy, verdict(policy, **answers), [], request, address=ADDRESS)


def test_request_of_a_complete_case_has_this_text(frozen: Policy) -> None:
    amounts = {"order_total": "80", "paid": "60", "affected_total": "20"}
    case = verdict(frozen, proof=["description", "store_screenshot"], **amounts)
    answers = [("What went wrong?", "Something is missing"), ("Product:", "A standard product")]
    request = LetterInput(
        order="A-17 / 3", wish="refund", description="The bag with the screws was not there.\n\nOne foot too."
    )
    pictures = [("product_pictures", "product_pictures-1.jpg"), ("product_pictures", "product_pictures-2.png")]
    parts = letter_text(frozen, case, answers, request, pictures, address=ADDRESS).removesuffix("\n").split("\n\n")
    head = [say("letter.subject_order", number="A-17 / 3"), say("letter.date", date=TODAY)]
    assert [part.split("\n") for part in parts] == [
        [*head, say("letter.order", number="A-17 / 3")],
        [please(frozen), say("letter.wish", remedy=frozen.remedies["refund"])],
        [say("letter.description"), "The bag with the screws was not there."],
        ["One foot too."],
        [say("letter.answers"), "- What went wrong? Something is missing", "- Product: A standard product"],
        [
            say("letter.proof"),
            say("letter.attached"),
            "- Pictures of the problem: product_pictures-1.jpg and product_pictures-2.png",
            "- A description of the problem",
            say("letter.ready"),
            "- A screenshot of the refund or reissue request in your store",
            say("letter.to_follow"),
            "- Pictures of the outside of the package",
            "- Pictures of the package on a scale",
        ],
        [say("letter.estimate"), "- Estimated refund: 15.00", say("letter.estimate_text")],
        [
            say("letter.clauses"),
            "- Missing items: https://shop.example/policy/#shortage",
            "- What you can choose, and who pays: https://shop.example/policy/#remedy",
            "- Refunds after a discount: https://shop.example/policy/#discounts",
            "- What to send: https://shop.example/policy/#proof",
        ],
        [say("letter.end", address=ADDRESS)],
    ]


def please(policy: Policy) -> str:
    return say("letter.please", title=policy.title, version=policy.version, date=policy.valid_from)


def test_request_of_an_open_case_contains_only_certain_facts(frozen: Policy) -> None:
    text = letter(frozen, LetterInput(wish="refund"), cause="unknown", problem="quality", proof=["product_pictures"])
    assert [part.split("\n") for part in text.removesuffix("\n").split("\n\n")] == [
        [say("letter.subject", title=frozen.title), say("letter.date", date=TODAY)],
        [please(frozen)],
        [say("letter.description"), say("letter.description_missing")],
        [say("letter.proof"), say("letter.ready"), "- Pictures of the problem"],
        [say("letter.clauses"), "- What to send: https://shop.example/policy/#proof"],
        [say("letter.end", address=ADDRESS)],
    ]


@pytest.mark.parametrize("wish", ["refund", "reissue", "no_such_thing", ""])
@pytest.mark.parametrize("cause", ["none", "unknown", "war"])
def test_wish_is_written_only_if_granted(frozen: Policy, wish: str, cause: str) -> None:
    text = letter(frozen, LetterInput(wish=wish), cause=cause)
    wished = [remedy for remedy in frozen.remedies.values() if say("letter.wish", remedy=remedy) in text]
    assert wished == ([frozen.remedies[wish]] if cause == "none" and wish in frozen.remedies else [])


def test_wish_names_the_clause_that_grants_it_in_this_case() -> None:
    policy = load(POLICIES / "parcels.yaml")
    case = Checker(policy).decide({"route": "abroad", "sent_on": "2026-05-01", "seen_on": "never_seen"}, TODAY)
    text = letter_text(policy, case, [], LetterInput(wish="new_parcel"), address=ADDRESS)
    assert f"{ADDRESS}#your_choice" in text
    assert f"{ADDRESS}#sent_again" not in text


def test_written_description_counts_as_attached(frozen: Policy) -> None:
    title = "- A description of the problem"
    assert title in letter(frozen).partition(say("letter.to_follow"))[2]
    written = letter(frozen, LetterInput(description="A screw is missing."))
    assert title in written.partition(say("letter.attached"))[2].partition(say("letter.to_follow"))[0]
    assert title not in written.partition(say("letter.to_follow"))[2]


def test_picture_of_any_item_counts_as_attached(frozen: Policy) -> None:
    pictures = [("nothing_known", "nothing_known-1.webp"), ("weighing_pictures", "weighing_pictures-1.jpg")]
    text = letter_text(frozen, verdict(frozen, problem="quality"), [], LetterInput(), pictures, address=ADDRESS)
    proof = text.partition(say("letter.proof") + "\n")[2].partition("\n\n")[0].splitlines()
    assert proof == [
        say("letter.attached"),
        f"- {say('letter.other_picture')}: nothing_known-1.webp",
        "- Pictures of the package on a scale: weighing_pictures-1.jpg",
        say("letter.to_follow"),
        "- A screenshot of the refund or reissue request in your store",
        "- Pictures of the problem",
        "- Pictures of the outside of the package",
        "- A description of the problem",
    ]


@pytest.mark.parametrize("file", ["frozen.yaml", "library.yaml", "bicycles.yaml"])
def test_examples_of_every_policy_get_a_request(file: str) -> None:
    every_example_gets_a_request(load(POLICIES / file))


def every_example_gets_a_request(policy: Policy) -> None:
    """Every line is filled in, and every clause that is named stands in the policy."""
    cases = [Checker(policy).decide(dict(example.answers), example.today) for example in policy.examples.values()]
    cases.append(Checker(policy).decide({}, TODAY))
    for case in cases:
        for wish in ("", *policy.remedies):
            text = letter_text(policy, case, [("Why?", "So")], LetterInput(wish=wish), address=ADDRESS)
            assert "{" not in text
            assert "\n\n\n" not in text
            assert please(policy) in text
            named = {line.rpartition("#")[2] for line in text.splitlines() if f": {ADDRESS}#" in line}
            assert {reason.clause for reason in case.reasons} <= named <= policy.clauses.keys()
            titles = {item: part.title for clause in policy.clauses.values() for item, part in clause.proof.items()}
            assert [titles[item] for item in case.missing if f"- {titles[item]}" not in text] == []


def test_typed_texts_stay_plain_text(frozen: Policy) -> None:
    text = letter(frozen, LetterInput(order=HOSTILE, description=HOSTILE))
    lines = text.splitlines()
    order = "<script>alert(1)</script> {title} {0.__class__} %s [31mtxt.exe '; --"
    assert lines[0] == say("letter.subject_order", number=order)
    assert lines[2] == say("letter.order", number=order)
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


@pytest.mark.parametrize("field", LONGEST)
def test_too_long_text_is_refused_and_not_cut(frozen: Policy, field: str) -> None:
    assert letter(frozen, LetterInput(**{field: "x" * LONGEST[field]}))
    for more, message in ((count, say("letter.too_long", count=count)) for count in (1, 10**6)):
        with pytest.raises(LetterError) as error:
            letter(frozen, LetterInput(**{field: "x" * (LONGEST[field] + more)}))
        assert (error.value.values["field"], error.value.in_words(MESSAGES)) == (field, message)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda part: (
        st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(["order", "wish", "description", "x"]), part)
    ),
)


@random_inputs(300)
@given(JSON)
def test_random_json_is_read_as_a_request(raw: object) -> None:
    request = LetterInput.read(raw)
    typed = {key: text for key, text in raw.items() if isinstance(text, str)} if isinstance(raw, dict) else {}
    assert request == LetterInput(**{key: text for key, text in typed.items() if key != "x"})
