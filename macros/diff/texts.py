"""What is said differently: texts and settings, thing by thing, each with its old and its new words; and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.policy import Policy
from macros.diff.alignment import WHOLE, Names
from macros.diff.settings import settings
from macros.diff.version import Version
from macros.policyfile import texts
from macros.policyfile.errors import Path
from macros.policyfile.figures import find


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One text or setting: its place in its thing, and what stands there."""

    place: Path
    before: str | None
    """None where there was none."""
    after: str | None
    """None where there is none any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reworded:
    """A thing of the policy, such as a clause, some of whose texts are others now."""

    part: str
    """Empty for the policy as a whole."""
    id: str
    """In the new version, where it is in both."""
    texts: tuple[Text, ...]
    words_only: bool
    """All else in it is as it was. Of the policy as a whole the calendar decides, and nothing else."""
    figures: bool
    """Whether one of its texts has other figures. Settings such as the version, and worked examples, say none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """A value that is another now, for one of the answers that it depends on."""

    id: str
    question: str | None
    answer: str | None
    before: str | None
    after: str | None
    clauses: tuple[str, ...]
    """The clauses of the new version whose texts name it."""


def reworded(old: Version, new: Version, names: Names) -> Iterator[Reworded]:
    """The things whose words changed, as customers read them. What only follows from a changed value is left out."""
    written = settings(old.written, names), settings(new.written, Names())
    read = (settings(old.policy, names), settings(new.policy, Names())) if old.policy and new.policy else written
    changed: dict[tuple[str, str], list[Text]] = {}
    for path in {**written[1], **written[0]}:
        if any(texts[0].get(path) == texts[1].get(path) for texts in (written, read)):
            continue
        thing = (str(path[0]), str(path[1])) if path[0] in WHOLE else ("", "")
        place = path[2:] if thing[0] else path
        changed.setdefault(thing, []).append(Text(place=place, before=read[0].get(path), after=read[1].get(path)))
    bare = texts.without_texts(old.written), texts.without_texts(new.written)
    for (part, name), found in changed.items():
        before = next((thing for each, thing in _things(bare[0], part) if names.new(part, each) == name), None)
        after = dict(_things(bare[1], part)).get(name)
        same = before is not None and before == after if part else all(text.place[0] != "calendar" for text in found)
        prose = [text for text in found if part != "examples" and text.place != ("valid from",)]
        other = any(_spelled_out(text.before) != _spelled_out(text.after) for text in prose)
        yield Reworded(part=part, id=name, texts=tuple(found), words_only=same, figures=other)


def values(old: Policy, new: Policy, names: Names) -> Iterator[Value]:
    """The values that changed. Takes the versions as they are written."""
    before, after = dict(_lengths(old, names)), dict(_lengths(new, Names()))
    for place in {**after, **before}:
        if before.get(place) == after.get(place):
            continue
        name, question, answer = place
        put_in = placeholder(name, answer)
        naming = dict.fromkeys(
            str(path[1]) for path, text in settings(new, Names()).items() if path[0] == "clauses" and put_in in text
        )
        yield Value(
            id=name,
            question=question,
            answer=answer,
            before=before.get(place),
            after=after.get(place),
            clauses=tuple(naming),
        )


def figures(value: str | Mapping[str, str]) -> tuple[str | None, Mapping[str, str]]:
    """The question that a value depends on, if it does, and its figure for each answer; even of one with mistakes."""
    if isinstance(value, str):
        return None, {"": value}
    return value.get("by"), {answer: text for answer, text in value.items() if answer != "by"}


def _spelled_out(text: str | None) -> list[object]:
    """The figures of a text, however they are written: an old version may spell them out."""
    return [found.figure or found.text for found in find(text or "")]


def placeholder(value: str, answer: str | None) -> str:
    """What puts a value into a text."""
    return f"{{{value}.{answer}}}" if answer else f"{{{value}}}"


def _lengths(policy: Policy, names: Names) -> Iterator[tuple[tuple[str, str | None, str | None], str]]:
    for name, value in policy.values.items():
        by, lengths = figures(value)
        for answer, length in lengths.items():
            question = names.new("questions", by) if by else None
            answered = names.answer(by, answer) if by else None
            yield (names.new("values", name), question, answered), length


def _things(policy: Policy, part: str) -> Iterator[tuple[str, Any]]:
    return iter(getattr(policy, part).items() if part else [])
