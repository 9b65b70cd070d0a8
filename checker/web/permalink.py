"""Links that carry answers in their fragment, the part behind the #, which no browser sends to a server.

    #question=answer&question=first&question=second&policy-version=…

A question with several answers has several pairs. The version comes last: it shows that nothing was cut off, and
whether the policy has changed since then. A shop that links from its order page with the answers that it knows leaves
it out. No id has a hyphen, so none is like it.

A damaged link is repaired where it has one reading. Answers that were cut, or have two readings, are named instead.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from checker.answers.kinds import StoredAnswer, kind_of
from checker.answers.parse import UNKNOWN
from checker.policy import Policy
from checker.values.normalize import normalize
from checker.web.fragment import Part, parts

VERSION = "policy-version"

_WHOLE_VERSION = re.compile(r".*-[0-9a-f]{8}")
_SIMILAR = 0.75
"""From this ratio of ``difflib`` on, an unknown name may be a damaged one of ours."""
_MOST_COMPARED = 100
"""More unknown names than these are nobody's mistake."""
_LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """The answers of a link, and what became of it."""

    answers: Mapping[str, StoredAnswer]
    """The raw answers that are whole."""
    unread: tuple[str, ...] = ()
    """The questions whose answers cannot be read, or not all of them."""
    is_cut: bool = False
    """Whether the end is missing, and with it perhaps answers that no other part tells of."""
    is_current: bool | None = None
    """Whether it was made with the policy of today; None if it has no whole version."""


def write(policy: Policy, answers: Mapping[str, StoredAnswer], *, amounts: bool = False) -> Iterator[tuple[str, str]]:
    """The pairs of a link for some answers, with amounts of money only if asked for."""
    for name, answer in answers.items():
        kind = kind_of(policy.questions[name])
        if amounts or not kind.is_money:
            for text in [answer] if isinstance(answer, str) else answer:
                yield name, text if text == UNKNOWN else kind.link_text(text)
    yield VERSION, version(policy)


def read(policy: Policy, text: object) -> Link:
    """Reads the text behind the # of a link, which may also be a whole address. Anything but a text says nothing."""
    values: dict[str, list[str]] = {}
    unread: dict[str, None] = {}
    is_current, last, rest = None, "", ""
    for name, part in _own_parts(policy, parts(text if isinstance(text, str) else "")):
        rest = "" if name else part.text
        last = name or last
        if name == VERSION:
            is_current = _is_current(policy, part)
        elif name:
            last, value = _reading(policy, name, part)
            values.setdefault(last, []).extend([value] if value else [])
            if value is None:
                unread |= dict.fromkeys((last, *_lists_in(policy, part)))
    for name, texts in values.items():
        # Items of a list may be missing if nothing of ours follows it. Two answers to one question are two readings.
        if name == last if kind_of(policy.questions[name]).is_list else len({*texts}) > 1:
            unread[name] = None
    is_cut = is_current is None and bool(last == VERSION or (rest and (last or _is_beginning(policy, rest))))
    answers = {name: _answer(policy, name, texts) for name, texts in values.items() if texts and name not in unread}
    return Link(answers=answers, unread=(*unread,), is_cut=is_cut, is_current=is_current)


def version(policy: Policy) -> str:
    """The editor's version of the policy and the part of the digest that depends on the policy alone."""
    return _plain(f"{policy.version}-{policy.digest[:8]}")


def _own_parts(policy: Policy, found: list[Part]) -> Iterator[tuple[str, Part]]:
    """The parts of a link, each with its question, with ``VERSION``, or with nothing if it is no pair.

    Pairs of others are left out. They are put behind a link, so that they say nothing about its end.
    """
    similar: dict[str, str] = {}
    names = [_name(policy, part, similar) for part in found]
    is_foreign = [not name and "=" in part.text for name, part in zip(names, found, strict=True)]
    for part, name, foreign, next_is_foreign in zip(found, names, is_foreign, [*is_foreign[1:], False], strict=True):
        if not foreign:
            yield name, replace(part, is_open=part.is_open or next_is_foreign)


def _name(policy: Policy, part: Part, similar: dict[str, str]) -> str:
    """The question of a part, or ``VERSION``; empty if it is neither. ``similar`` keeps what was found for others."""
    names = dict.fromkeys((part.name, *(name for name, _ in part.pairs())))
    if VERSION in names or ("-" in part.name and VERSION.startswith(part.name)):
        return VERSION
    if known := next((name for name in names if name in policy.questions), ""):
        return known
    unknown = re.sub("[^0-9a-z_]", "", part.text.casefold().rpartition("=")[0])[:_LONGEST_NAME]
    if "=" in part.text and unknown not in similar and len(similar) < _MOST_COMPARED:
        similar[unknown] = next(iter(difflib.get_close_matches(unknown, policy.questions, 1, _SIMILAR)), "")
    return similar.get(unknown, "")


def _reading(policy: Policy, name: str, part: Part) -> tuple[str, str | None]:
    """The question and the answer in a part: empty if it has none, None if it has not one reading."""
    pairs = [(other, text) for other, text in part.pairs() if other in policy.questions]
    if pairs and not part.is_open and not any(text for _, text in pairs):
        return name, ""
    readings = {(other, text) for other, given in pairs if (text := _whole(policy, other, given, part.is_open))}
    return next(iter(readings)) if len(readings) == 1 else (name, None)


def _whole(policy: Policy, name: str, text: str, is_open: bool) -> str | None:
    """The text if it is a whole answer to the question; None at an open end if it may be the beginning of another."""
    question = policy.questions[name]
    kind, id_ = kind_of(question), text.casefold()
    ids = (*kind.ids(policy, question), UNKNOWN)
    if id_ in ids:
        return None if is_open and any(other != id_ and other.startswith(id_) for other in ids) else id_
    return text if kind.is_link_text(text, is_open=is_open) else None


def _answer(policy: Policy, name: str, texts: list[str]) -> StoredAnswer:
    return texts if kind_of(policy.questions[name]).is_list and UNKNOWN not in texts else texts[0]


def _lists_in(policy: Policy, part: Part) -> Iterator[str]:
    """The questions with lists that a part mentions: items of theirs may be in it."""
    text = part.text.replace(" ", "").casefold()
    return (name for name, question in policy.questions.items() if kind_of(question).is_list and name in text)


def _is_beginning(policy: Policy, rest: str) -> bool:
    return any(name.startswith(rest.casefold()) for name in policy.questions)


def _is_current(policy: Policy, part: Part) -> bool | None:
    """Whether the version in a part is that of today; None if it is not whole."""
    texts = [text for name, text in part.pairs() if name == VERSION]
    given = {_plain(text) for whole in texts for text in (whole, whole.partition(" ")[0])}  # words may follow a link
    today = version(policy)
    whole = [text for text in given if _WHOLE_VERSION.fullmatch(text) and (text == today or not today.startswith(text))]
    return any(text[-8:] == today[-8:] for text in whole) if whole else None


def _plain(text: str) -> str:
    """A version without the signs that a link would have to encode."""
    return re.sub(r"[^0-9a-z.-]", "", normalize(text).casefold())
