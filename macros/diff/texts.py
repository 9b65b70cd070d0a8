"""Changed texts and settings of each item, and changed values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.policy import Policy
from macros.diff.alignment import POLICY_PARTS, Alignment
from macros.diff.settings import settings
from macros.diff.version import Version
from macros.policyfile import texts
from macros.policyfile.errors import KeyPath
from macros.policyfile.figures import find


@dataclass(frozen=True, kw_only=True, slots=True)
class TextChange:
    """A text or setting that changed."""

    place: KeyPath
    """Its path inside its item."""
    before: str | None
    """None if it was added."""
    after: str | None
    """None if it was removed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemChange:
    """An item of the policy, such as a clause, with its changed texts."""

    part: str
    """Empty for the policy as a whole."""
    id: str
    """The new id; the old one if only the old version has it."""
    texts: tuple[TextChange, ...]
    texts_only: bool
    """Whether nothing else in it changed. Of the policy as a whole only the calendar decides."""
    figures_differ: bool
    """Whether a text has other figures than before. Settings such as the version and worked examples do not count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueChange:
    """A value that changed, for one of the answers that it depends on."""

    id: str
    question: str | None
    answer: str | None
    before: str | None
    after: str | None
    clauses: tuple[str, ...]
    """The clauses of the new version whose texts name it."""


def item_changes(old: Version, new: Version, alignment: Alignment) -> Iterator[ItemChange]:
    """The items with changed texts, as customers read them. Texts that only follow a changed value are omitted."""
    written = settings(old.written, alignment), settings(new.written, Alignment())
    read = (
        (settings(old.policy, alignment), settings(new.policy, Alignment())) if old.policy and new.policy else written
    )
    changes: dict[tuple[str, str], list[TextChange]] = {}
    for path in {**written[1], **written[0]}:
        if any(before.get(path) == after.get(path) for before, after in (written, read)):
            continue
        item = (str(path[0]), str(path[1])) if path[0] in POLICY_PARTS else ("", "")
        place = path[2:] if item[0] else path
        changes.setdefault(item, []).append(TextChange(place=place, before=read[0].get(path), after=read[1].get(path)))
    bare = texts.without_texts(old.written), texts.without_texts(new.written)
    for (part, name), changed in changes.items():
        items, new_items = (getattr(policy, part) if part else {} for policy in bare)
        before = next((item for id_, item in items.items() if alignment.new_id(part, id_) == name), None)
        after = new_items.get(name)
        same = before is not None and before == after if part else all(text.place[0] != "calendar" for text in changed)
        prose = [text for text in changed if part != "examples" and text.place != ("valid from",)]
        differ = any(_figures(text.before) != _figures(text.after) for text in prose)
        yield ItemChange(part=part, id=name, texts=tuple(changed), texts_only=same, figures_differ=differ)


def value_changes(old: Policy, new: Policy, alignment: Alignment) -> Iterator[ValueChange]:
    """The values that changed, for versions as they are written."""
    before, after = dict(_values(old, alignment)), dict(_values(new, Alignment()))
    for key in {**after, **before}:
        if before.get(key) == after.get(key):
            continue
        name, question, answer = key
        reference = placeholder(name, answer)
        clauses = dict.fromkeys(
            str(path[1])
            for path, text in settings(new, Alignment()).items()
            if path[0] == "clauses" and reference in text
        )
        yield ValueChange(
            id=name,
            question=question,
            answer=answer,
            before=before.get(key),
            after=after.get(key),
            clauses=tuple(clauses),
        )


def _figures(text: str | None) -> list[object]:
    """The figures of a text, in digits or words: an old version may spell them out."""
    return [figure.figure or figure.text for figure in find(text or "")]


def placeholder(value: str, answer: str | None) -> str:
    """The reference to a value in a text, such as ``{window.standard}``."""
    return f"{{{value}.{answer}}}" if answer else f"{{{value}}}"


def _values(policy: Policy, alignment: Alignment) -> Iterator[tuple[tuple[str, str | None, str | None], str]]:
    """Each value with its question and answer, if it depends on one, even of a version with mistakes."""
    for name, value in policy.values.items():
        new_id = alignment.new_id("values", name)
        if isinstance(value, str):
            yield (new_id, None, None), value
            continue
        by = value.get("by")
        for answer, text in value.items():
            if answer != "by":
                key = (alignment.new_id("questions", by), alignment.new_answer(by, answer)) if by else (None, None)
                yield (new_id, *key), text
