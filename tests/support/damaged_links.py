"""Changes that happen to links on their way, and the check that nothing untrue is read from the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from checker import Checker, Policy
from checker.answers.kinds import kind_of
from checker.answers.kinds.kind import StoredAnswer
from checker.policy import Choice
from checker.web.dialog import follow_answers
from checker.web.permalink import read

WHOLE: list[Callable[[str], str]] = [
    lambda text: f"{text}.",
    lambda text: f"{text})",
    lambda text: f"{text}>,",
    lambda text: f"{text}’”»",
    lambda text: f"{text}*_…",
    lambda text: f"{text}。」",
    lambda text: f"{text}%E2%80%9D",
    lambda text: f"{text}&gt;",
    lambda text: f"{text}%3E%0A",
    lambda text: f"<({text})>",
    lambda text: f"https://shop.example/check/#{text}",
    lambda text: f"https://shop.example/check/?utm_source=mail#{text}",
    lambda text: text.replace("&", "&amp;"),
    lambda text: text.replace("&", "&amp;amp;"),
    lambda text: text.replace("&", "&#38;"),
    lambda text: text.replace("&", "&#x26;"),
    lambda text: text.replace("&", "%26").replace("=", "%3D"),
    lambda text: f"%23{text}".replace("=", "%253d").replace("&", "%2526"),
    lambda text: text.replace("=", "=3D"),
    lambda text: text.replace("=", "＝").replace("&", "＆"),
    lambda text: text.replace("-", "–"),
    lambda text: text.replace("=", "%3D%0A").replace("&", "%0D%0A&"),
    lambda text: text.replace("_", "_%E2%80%8B").replace("-", "%C2%AD-"),
    lambda text: "+".join(text[at : at + 20] for at in range(0, len(text), 20)),  # wrapped
    lambda text: "=%0A".join(text[at : at + 75] for at in range(0, len(text), 75)),  # quoted-printable
    str.upper,
    lambda text: "&".join(pair.capitalize() for pair in text.split("&")),
    lambda text: f"{text}&utm_source=mail&fbclid=IwAR0&mc_eid=1",
    lambda text: f"utm_source=mail&{text}?gclid=1",
    lambda text: f"{text}%20%20Sent%20from%20my%20phone",
]
"""Changes that programs and people make to a link without a loss."""


def link_of(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{name}={text}" for name, text in pairs)


def examples(policy: Policy) -> list[dict[str, StoredAnswer]]:
    """The answers of the worked examples, with amounts in each."""
    checker = Checker(policy)
    more: dict[str, StoredAnswer] = {
        name: ["12.34", "5.00"] if kind_of(question).is_list else "1234.50"
        for name, question in policy.questions.items()
        if kind_of(question).is_money
    }
    result: list[dict[str, StoredAnswer]] = []
    for example in policy.examples.values():
        answers = {**more, **follow_answers(checker, _raw(example.answers), example.today).answers.stored}
        result.append({name: answers[name] for name in policy.questions if name in answers})
    return result


def _raw(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: [*given] if isinstance(given, tuple) else given for name, given in answers.items()}


def with_prefixes(policy: Policy) -> Policy:
    """The policy with choices that other choices continue."""

    def longer(choices: Mapping[str, Choice] | None) -> dict[str, Choice] | None:
        ends = ("", "_", "_x", "2")
        return {f"{id_}{end}": choice for id_, choice in choices.items() for end in ends} if choices else None

    questions = {
        name: replace(question, choices=longer(question.choices), or_=longer(question.or_))
        for name, question in policy.questions.items()
    }
    return replace(policy, questions=questions)


def assert_nothing_untrue(policy: Policy, link: str, arrived: str) -> None:
    """Each answer that is read is the one of the whole link, and no change of the policy is reported."""
    whole, given = read(policy, link).answers, read(policy, arrived)
    assert {name: whole.get(name) for name in given.answers} == given.answers, arrived
    assert given.is_current is not False, arrived
