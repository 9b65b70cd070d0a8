"""The letter: the customer's request as plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checker.messages import LocalizedError
from checker.policy import Policy
from checker.verdict import Verdict

LONGEST = {"order": 100, "description": 10_000}
"""The most characters of each field: more is pasted by mistake."""

_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterInput:
    """The customer's input for the letter."""

    order: str = ""
    wish: str = ""
    """The remedy that the customer would like."""
    description: str = ""

    @classmethod
    def read(cls, raw: object) -> LetterInput:
        """The input in a JSON object, without fields that are no text."""
        fields = raw if isinstance(raw, Mapping) else {}
        return cls(**{name: fields[name] for name in cls.__slots__ if isinstance(fields.get(name), str)})


class LetterError(LocalizedError):
    """A field of the input that is too long."""

    section = "letter"


def letter_text(
    policy: Policy,
    verdict: Verdict,
    answers: Iterable[tuple[str, str]],
    fields: LetterInput,
    pictures: Iterable[tuple[str, str]] = (),
    *,
    address: str,
) -> str:
    """The letter. It asks and states; it claims no right, and promises nothing.

    ``answers`` are the labels of questions with answers in words, ``pictures`` the ids of proof items with file names,
    and ``address`` is that of the policy page, without a fragment. A wish that the verdict does not grant is left out.
    Raises LetterError for a field that is longer than LONGEST.
    """
    letter = _Letter(policy, verdict, address)
    for field, most in LONGEST.items():
        if (count := len(getattr(fields, field)) - most) > 0:
            raise LetterError("too_long", field=field, count=count)
    order, description = one_line(fields.order), plain(fields.description)
    parts: list[Iterable[str]] = [
        letter.head(order, fields.wish),
        [letter.say("letter.description"), description or letter.say("letter.description_missing")],
        letter.answers(answers),
        letter.proof([*pictures], described=bool(description)),
        letter.estimates(),
        letter.clauses(fields.wish),
        [letter.say("letter.end", address=address)],
    ]
    return "\n\n".join(filter(None, map("\n".join, parts))) + "\n"


def plain(text: str) -> str:
    """The text without control and reordering characters, and with single empty lines."""
    text = re.sub(r"\r\n?|[\u2028\u2029\v\f\x85]", "\n", text).replace("\t", " ")
    characters = (sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))
    lines = (line.rstrip() for line in _REORDERING.sub("", "".join(characters)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    """The plain text in one line."""
    return " ".join(plain(text).split())


@dataclass(frozen=True, slots=True)
class _Letter:
    """The lines of each part of a letter; a part may have none."""

    policy: Policy
    verdict: Verdict
    address: str

    @property
    def say(self) -> Callable[..., str]:
        return self.policy.messages.say

    def head(self, order: str, wish: str) -> Iterator[str]:
        policy, verdict = self.policy, self.verdict
        subject = "letter.subject_order" if order else "letter.subject"
        yield self.say(subject, title=policy.title, number=order)
        yield self.say("letter.date", date=verdict.today)
        if order:
            yield self.say("letter.order", number=order)
        yield ""
        yield self.say("letter.please", title=policy.title, version=verdict.version, date=verdict.valid_from)
        if wish in verdict.remedies:
            yield self.say("letter.wish", remedy=policy.remedies[wish])

    def answers(self, answers: Iterable[tuple[str, str]]) -> Iterator[str]:
        lines = [self.say("letter.answer", label=one_line(label), answer=one_line(answer)) for label, answer in answers]
        return self._under("answers", lines)

    def proof(self, pictures: Sequence[tuple[str, str]], *, described: bool) -> Iterator[str]:
        """The proof that is attached, ready without a picture, or still to follow."""
        verdict = self.verdict
        items = self.policy.proof
        requested = [*verdict.needed, *verdict.possibly_needed]
        files_of: dict[str, list[str]] = {name: [] for name in requested if described and items[name].written == "yes"}
        for name, file in pictures:
            files_of.setdefault(name, []).append(one_line(file))
        attached = sorted(files_of, key=lambda name: requested.index(name) if name in requested else len(requested))
        ready = [name for name in verdict.provided if name not in files_of]
        to_follow = [name for name in verdict.missing if name not in files_of]
        lines = [
            *self._under("attached", [self._item(name, files_of[name]) for name in attached]),
            *self._under("ready", map(self._item, ready)),
            *self._under("to_follow", map(self._item, to_follow)),
        ]
        yield from self._under("proof", lines)

    def estimates(self) -> Iterator[str]:
        titles = {name: estimate.title for name, estimate in self.policy.estimates.items()}
        lines = [
            self.say("letter.item", title=self.say("result.estimate", title=titles[name], amount=working.result))
            for name, working in self.verdict.estimates.items()
        ]
        yield from self._under("estimate", [*lines, self.say("letter.estimate_text")] if lines else [])

    def clauses(self, wish: str) -> Iterator[str]:
        """The clauses that decide or that the letter refers to, in the order of the policy page."""
        verdict = self.verdict
        deciding = {reason.clause for reason in verdict.reasons}
        requested = {*verdict.needed, *verdict.possibly_needed}
        lines = [
            self.say("letter.clause", title=clause.title, address=f"{self.address}#{name}")
            for name, clause in self.policy.clauses.items()
            if name in deciding
            or requested & clause.proof.keys()
            or verdict.estimates.keys() & clause.estimates.keys()
            or name == verdict.granted_by.get(("remedies", wish))
        ]
        return self._under("clauses", lines)

    def _item(self, name: str, files: Sequence[str] = ()) -> str:
        item = self.policy.proof.get(name)
        title = item.title if item else self.say("letter.other_picture")
        return self.say(
            f"letter.{'item_files' if files else 'item'}", title=title, files=self.policy.messages.join(files)
        )

    def _under(self, heading: str, lines: Iterable[str]) -> Iterator[str]:
        """A heading with its lines; nothing if there are no lines."""
        lines = [*lines]
        if lines:
            yield self.say(f"letter.{heading}")
            yield from lines
