"""The written request: what a customer sends with the proof, as plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checker.messages import join, say
from checker.policy import Policy
from checker.values.durations import in_words
from checker.verdict import Verdict

LONGEST = {"order": 100, "description": 10_000}
"""How many characters a customer can say in each place: more is pasted by mistake."""

_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What the customer typed for the request."""

    order: str = ""
    wish: str = ""
    """The remedy that the customer would like."""
    description: str = ""

    @classmethod
    def read(cls, raw: object) -> Request:
        """The request in a JSON object. Whatever is no text counts as not typed."""
        typed = raw if isinstance(raw, Mapping) else {}
        return cls(**{name: typed[name] for name in cls.__slots__ if isinstance(typed.get(name), str)})


class LetterError(ValueError):
    """A text that is too long to send; ``field`` names its place in the request, the message is the customer's."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def write(
    policy: Policy,
    verdict: Verdict,
    given: Iterable[tuple[str, str]],
    request: Request,
    pictures: Iterable[tuple[str, str]] = (),
    *,
    address: str,
) -> str:
    """Write the request. It asks and states; it claims no right, and promises nothing.

    Args:
        policy: The policy.
        verdict: What the checker said of the case.
        given: Each question that was answered, and its answer, in the customer's words.
        request: What the customer typed. A wish that the verdict does not grant is left out.
        pictures: For each picture the id of the proof item that it shows, and the name of its file.
        address: Where the policy page is, without a fragment.

    Raises:
        LetterError: Something that was typed is longer than LONGEST allows.
    """
    letter = _Letter(policy, verdict, address)
    order = one_line(_short_enough("order", request.order))
    description = plain(_short_enough("description", request.description))
    parts: list[Iterable[str]] = [
        letter.head(order, request.wish),
        [say("letter.description"), description or say("letter.description_missing")],
        letter.answers(given),
        letter.proof([*pictures], described=bool(description)),
        letter.estimates(),
        letter.clauses(request.wish),
        [say("letter.end", address=address)],
    ]
    return "\n\n".join(filter(None, map("\n".join, parts))) + "\n"


def plain(text: str) -> str:
    """The text without control characters and signs that reorder what follows; empty lines stand alone."""
    text = re.sub(r"\r\n?|[\u2028\u2029\v\f\x85]", "\n", text).replace("\t", " ")
    seen = (sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))
    lines = (line.rstrip() for line in _REORDERING.sub("", "".join(seen)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    """The same in a single line."""
    return " ".join(plain(text).split())


def _short_enough(field: str, text: str) -> str:
    if len(text) > LONGEST[field]:
        raise LetterError(field, say("letter.too_long", count=len(text) - LONGEST[field]))
    return text


@dataclass(frozen=True, slots=True)
class _Letter:
    """The lines of each part; no lines where there is nothing to say."""

    policy: Policy
    verdict: Verdict
    address: str

    def head(self, order: str, wish: str) -> Iterator[str]:
        policy, verdict = self.policy, self.verdict
        subject = "letter.subject_order" if order else "letter.subject"
        yield say(subject, title=policy.title, order=order)
        yield say("letter.date", date=in_words(verdict.today))
        if order:
            yield say("letter.order", order=order)
        yield ""
        yield say("letter.please", title=policy.title, version=verdict.version, date=in_words(verdict.valid_from))
        if wish in verdict.remedies:
            yield say("letter.wish", remedy=policy.remedies[wish])

    def answers(self, given: Iterable[tuple[str, str]]) -> Iterator[str]:
        lines = [say("letter.answer", question=one_line(asked), answer=one_line(answer)) for asked, answer in given]
        return _under("answers", lines)

    def proof(self, pictures: Sequence[tuple[str, str]], *, described: bool) -> Iterator[str]:
        """What goes with the letter, what is ready without a picture here, and what is still to follow."""
        verdict = self.verdict
        items = self.policy.proof
        asked = [*verdict.needed, *verdict.possibly_needed]
        shown: dict[str, list[str]] = {name: [] for name in asked if described and items[name].written == "yes"}
        for name, file in pictures:
            shown.setdefault(name, []).append(one_line(file))
        attached = sorted(shown, key=lambda name: asked.index(name) if name in asked else len(asked))
        ready = [name for name in verdict.provided if name not in shown]
        to_follow = [name for name in verdict.missing if name not in shown]
        lines = [
            *_under("attached", [self._item(name, shown[name]) for name in attached]),
            *_under("ready", map(self._item, ready)),
            *_under("to_follow", map(self._item, to_follow)),
        ]
        yield from _under("proof", lines)

    def estimates(self) -> Iterator[str]:
        estimates = self.policy.estimates
        lines = [
            say("letter.item", title=say("result.estimate", title=estimates[name].title, amount=working.result))
            for name, working in self.verdict.estimates.items()
        ]
        yield from _under("estimate", [*lines, say("letter.estimate_text")] if lines else [])

    def clauses(self, wish: str) -> Iterator[str]:
        """What decides, and what the rest of the letter rests on, in the order of the policy page."""
        verdict = self.verdict
        deciding = {reason.clause for reason in verdict.reasons}
        asked = {*verdict.needed, *verdict.possibly_needed}
        lines = [
            say("letter.clause", title=clause.title, address=f"{self.address}#{name}")
            for name, clause in self.policy.clauses.items()
            if name in deciding
            or asked & clause.proof.keys()
            or verdict.estimates.keys() & clause.estimates.keys()
            or (wish in verdict.remedies and any(wish in grant.remedies for grant in clause.grants))
        ]
        return _under("clauses", lines)

    def _item(self, name: str, files: Sequence[str] = ()) -> str:
        item = self.policy.proof.get(name)
        title = item.title if item else say("letter.other_picture")
        return say("letter.item_files", title=title, files=join(files)) if files else say("letter.item", title=title)


def _under(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines below their heading; not even the heading where there are none."""
    lines = [*lines]
    if lines:
        yield say(f"letter.{heading}")
        yield from lines
