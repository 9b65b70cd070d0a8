"""What is said differently: texts and settings, thing by thing, each with its old and its new words; and values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.levels import as_ids, as_list, value_by
from checker.policy import Policy, Test, When, key
from macros import texts
from macros.diff.names import WHOLE, Names
from macros.diff.version import Version
from macros.errors import Path

_ELSEWHERE = frozenset(["counted_to", "digest", "expect", "grants", "rules", "share", "values", "when"])
"""Fields that decide, and fields that are compared elsewhere."""

_IDS = {"topic": "topics", "clause": "clauses", "outcome": "outcomes"}
"""Fields that hold the id of a thing, and the part of the policy that it stands in."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """A length of time that is another now, for one of the answers that it depends on."""

    id: str
    question: str | None
    answer: str | None
    before: str | None
    after: str | None
    clauses: tuple[str, ...]
    """The clauses of the new version whose texts name it."""


def reworded(old: Version, new: Version, names: Names) -> Iterator[Reworded]:
    """The things whose words changed, as customers read them. What only follows from a changed value is left out."""
    written = _all(old.written, names), _all(new.written, Names())
    read = (_all(old.policy, names), _all(new.policy, Names())) if old.policy and new.policy else written
    changed: dict[tuple[str, str], list[Text]] = {}
    for path in {**written[1], **written[0]}:
        if any(texts[0].get(path) == texts[1].get(path) for texts in (written, read)):
            continue
        thing = (str(path[0]), str(path[1])) if path[0] in WHOLE else ("", "")
        place = path[2:] if thing[0] else path
        changed.setdefault(thing, []).append(Text(place=place, before=read[0].get(path), after=read[1].get(path)))
    bare = texts.wordless(old.written), texts.wordless(new.written)
    for (part, name), found in changed.items():
        before = next((thing for each, thing in _things(bare[0], part) if names.new(part, each) == name), None)
        after = dict(_things(bare[1], part)).get(name)
        same = before is not None and before == after if part else all(text.place[0] != "calendar" for text in found)
        yield Reworded(part=part, id=name, texts=tuple(found), words_only=same)


def values(old: Policy, new: Policy, names: Names) -> Iterator[Value]:
    """The lengths of time that changed. Takes the versions as they are written."""
    before, after = dict(_lengths(old, names)), dict(_lengths(new, Names()))
    for place in {**after, **before}:
        if before.get(place) == after.get(place):
            continue
        name, question, answer = place
        placeholder = f"{{{name}.{answer}}}" if answer else f"{{{name}}}"
        naming = dict.fromkeys(
            str(path[1]) for path, text in _all(new, Names()).items() if path[0] == "clauses" and placeholder in text
        )
        yield Value(
            id=name,
            question=question,
            answer=answer,
            before=before.get(place),
            after=after.get(place),
            clauses=tuple(naming),
        )


def _lengths(policy: Policy, names: Names) -> Iterator[tuple[tuple[str, str | None, str | None], str]]:
    for name in policy.values:
        by, lengths = value_by(policy, name)
        for answer, length in lengths.items():
            question = names.new("questions", by) if by else None
            answered = names.answers.get(by, {}).get(answer, answer) if by else None
            yield (names.new("values", name), question, answered), length


def _things(policy: Policy, part: str) -> Iterator[tuple[str, Any]]:
    return iter(getattr(policy, part).items() if part else [])


def _all(policy: Policy, names: Names) -> dict[Path, str]:
    """Every text and setting of a policy by its place, under the new ids."""
    return {_renamed(path, names): _value(path, text, names) for path, text in _leaves(policy, ())}


def _leaves(part: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """All that is written, but what is as if it were not there."""
    if isinstance(part, Mapping):
        for name, item in part.items():
            yield from _leaves(item, (*path, name))
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        for field in dataclasses.fields(part):
            here = (*path, key(field.name))
            if path[:1] == ("invariants",) and field.name in ("when", "always"):
                yield here, _condition(getattr(part, field.name) or {})
            elif field.name not in _ELSEWHERE and getattr(part, field.name) != field.default:
                yield from _leaves(getattr(part, field.name), here)
    elif text := (", ".join(part) if isinstance(part, tuple) else str(part).strip()):
        yield path, text


def _condition(when: When) -> str:
    """A condition much as policy.yaml has it."""
    return " or ".join(
        ", ".join(f"{name}: {_test(test)}" for name, test in all_of.items()) or "always" for all_of in as_list(when)
    )


def _test(test: str | tuple[str, ...] | Test) -> str:
    if not isinstance(test, Test):
        return "/".join(as_ids(test))
    if test.not_ is not None:
        return f"not {'/'.join(as_ids(test.not_))}"
    return f"longer ago than {test.longer_ago_than}" if test.longer_ago_than else f"within {test.within}"


def _renamed(path: Path, names: Names) -> Path:
    """The place under the new ids."""
    steps = [*path]
    if path[0] in WHOLE and len(path) > 1:
        steps[1] = names.new(str(path[0]), str(path[1]))
    if path[0] == "questions" and path[2:3] in (("choices",), ("or",)):
        steps[3] = names.answers.get(str(path[1]), {}).get(str(path[3]), path[3])
    if path[0] == "clauses" and len(path) > 3:
        steps[3] = names.new(str(path[2]), str(path[3]))
    if path[0] == "examples" and path[2:3] == ("answers",):
        steps[3] = names.new("questions", str(path[3]))
    return tuple(steps)


def _value(path: Path, text: str, names: Names) -> str:
    """What stands there; an id as the new version calls it."""
    if len(path) == 3 and path[2] in _IDS:
        return names.new(_IDS[str(path[2])], text)
    if path[0] == "examples" and path[2:3] == ("answers",):
        return names.answers.get(str(path[3]), {}).get(text, text)
    return text
