"""The letter: the customer's request as plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from checker.answers.parse import UNKNOWN
from checker.messages import LocalizedError
from checker.policy import Comparison, Policy, as_ids, as_list
from checker.request.proof import ProofState, State
from checker.values.amounts import in_figures
from checker.verdict import Verdict

LONGEST = {"name": 100, "order": 100, "item": 200, "quantity": 100, "description": 10_000}
"""The most characters of each field: more is pasted by mistake."""

_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterInput:
    """The customer's input for the letter."""

    name: str = ""
    """The customer's own name."""
    order: str = ""
    item: str = ""
    quantity: str = ""
    """How many items of how many."""
    wish: str = ""
    """The remedy that the customer would like."""
    description: str = ""

    @classmethod
    def read(cls, raw: object) -> LetterInput:
        """The input in a JSON object, without fields that are no text."""
        fields = raw if isinstance(raw, Mapping) else {}
        return cls(**{name: fields[name] for name in cls.__slots__ if isinstance(fields.get(name), str)})

    @property
    def is_described(self) -> bool:
        """Whether the description has a letter that can be seen."""
        return any(sign.isprintable() and not sign.isspace() for sign in self.description)


class LetterError(LocalizedError):
    """A field of the input that is too long."""

    section = "letter"


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a letter, under a heading or without one."""

    heading: str | None
    lines: tuple[str, ...]


def letter_parts(
    policy: Policy,
    verdict: Verdict,
    answers: Mapping[str, str],
    fields: LetterInput,
    proof: Iterable[ProofState] = (),
    *,
    address: str,
) -> tuple[Part, ...]:
    """The parts of the letter. It asks and states; it claims no right, and promises nothing.

    ``answers`` are the stored answers in words, by question, and ``address`` is that of the policy page, without a
    fragment. A wish that the verdict does not grant is left out. Raises LetterError for a field that is longer than
    LONGEST.
    """
    for field, most in LONGEST.items():
        if (count := len(getattr(fields, field)) - most) > 0:
            raise LetterError("too_long", field=field, count=count)
    return tuple(_Letter(policy, verdict, fields).parts(answers, [*proof], address))


def letter_text(parts: Iterable[Part]) -> str:
    """The letter in one text."""
    return "\n\n".join("\n".join([*([part.heading] if part.heading else []), *part.lines]) for part in parts) + "\n"


def plain(text: str) -> str:
    """The text in normal form (NFC), without control and reordering characters, and with single empty lines."""
    text = re.sub(r"\r\n?|[\u2028\u2029\v\f\x85]", "\n", text).replace("\t", " ")
    characters = (sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))
    lines = (line.rstrip() for line in _REORDERING.sub("", "".join(characters)).split("\n"))
    return unicodedata.normalize("NFC", re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())


def one_line(text: str) -> str:
    """The plain text in one line."""
    return " ".join(plain(text).split())


def says_something(policy: Policy, question: str, answer: str) -> bool:
    """Whether an answer is a fact for the letter: a date, or a choice that the policy asks for.

    A choice that the policy only asks to be another one, such as that there was no such event, says nothing.
    """
    asked = policy.questions[question]
    if answer == UNKNOWN or asked.unless_given:
        return False
    return answer not in asked.offered or (question, answer) in _named_choices(policy)


def _named_choices(policy: Policy) -> Iterator[tuple[str, str]]:
    """The choices that a condition asks for, or that a value depends on."""
    whens = [rule.when for rule in policy.rules.values()]
    whens += [grant.when for grant in policy.grants.values()]
    whens += [item.when for item in policy.proof.values()]
    whens += [step.when for step in policy.steps.values()]
    for condition in chain.from_iterable(map(as_list, whens)):
        for question, value in condition.items():
            if not isinstance(value, Comparison):
                yield from ((question, choice) for choice in as_ids(value))
            elif value.not_ is not None and question in policy.questions:
                others = policy.questions[question].offered.keys() - {*as_ids(value.not_)}
                yield from ((question, choice) for choice in others)
    for figure in policy.values.values():
        if isinstance(figure, Mapping):
            yield from ((figure["by"], choice) for choice in figure)


@dataclass(frozen=True, slots=True)
class _Letter:
    """The parts of a letter; those without lines are left out."""

    policy: Policy
    verdict: Verdict
    fields: LetterInput

    @property
    def say(self) -> Callable[..., str]:
        return self.policy.messages.say

    def parts(self, answers: Mapping[str, str], proof: Sequence[ProofState], address: str) -> Iterator[Part]:
        policy, verdict, fields, say = self.policy, self.verdict, self.fields, self.say
        order, name = one_line(fields.order), one_line(fields.name)
        own = policy.outcomes[verdict.outcome].letter if verdict.outcome else None
        subject = say("letter.subject_order" if order else "letter.subject", title=policy.title, number=order)
        please = say("letter.please", title=policy.title, version=verdict.version)
        yield Part(own.subject if own else subject, (policy.messages.date(verdict.today),))
        yield Part(None, (own.text.strip() if own else please,))
        if fields.is_described:
            yield Part(say("letter.description"), (plain(fields.description),))
        yield from self.part(None, self.facts(answers))
        if fields.wish in verdict.remedies:
            yield Part(None, (say("letter.wish", remedy=policy.remedies[fields.wish]),))
        yield from self.part("letter.attached", self.items(proof, "pictures"))
        yield from self.part("letter.separately", self.items(proof, "separately"))
        yield from self.part("letter.to_follow", self.items(proof, "missing"))
        yield from self.part("letter.estimate", self.estimates())
        if name:
            yield Part(None, (name,))
        if not own:
            yield Part(None, (say("letter.end", address=address),))

    def part(self, heading: str | None, lines: Iterable[str]) -> Iterator[Part]:
        if lines := tuple(lines):
            yield Part(heading and self.say(heading), lines)

    def facts(self, answers: Mapping[str, str]) -> Iterator[str]:
        """The item that it is about, and the answers, each behind its label."""
        item, quantity = one_line(self.fields.item), one_line(self.fields.quantity)
        if item or quantity:
            kind = "item_quantity" if item and quantity else "item" if item else "quantity"
            yield self.say(f"letter.{kind}", name=item, quantity=quantity)
        for question, answer in answers.items():
            yield self.say("letter.fact", label=one_line(self.policy.label(question)), answer=one_line(answer))

    def items(self, proof: Iterable[ProofState], state: State) -> Iterator[str]:
        """The proof items in a state, with the files of their pictures. Only what is needed is to follow."""
        for entry in proof:
            if entry.state != state or (state == "missing" and entry.item not in self.verdict.needed):
                continue
            item = self.policy.proof.get(entry.item)
            title = item.title if item else self.say("letter.other_picture")
            files = self.policy.messages.join(map(one_line, entry.files))
            yield self.say("letter.files", title=title, files=files) if entry.files else title

    def estimates(self) -> Iterator[str]:
        """The estimates, and where they come from."""
        for name, working in self.verdict.estimates.items():
            title = self.policy.estimates[name].title
            yield self.say("result.estimate", title=title, amount=in_figures(working.result))
        if self.verdict.estimates:
            yield self.say("letter.estimate_text")
