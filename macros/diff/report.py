"""The report of a change: the most important first, which is what is worse for customers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from checker.cases import OUTCOME
from macros.diff import told_cases, told_things
from macros.diff.difference import Difference
from macros.diff.items import Report, Section
from macros.diff.phrases import Phrases
from macros.diff.statements import Effect

_EFFECTS: dict[Effect, str] = {
    "worse": "Worse for customers",
    "better": "Better for customers",
    "different": "Different for customers",
}


def report(difference: Difference) -> Report:
    """Puts a difference into words."""
    old, new, decided = difference.old, difference.new, difference.decisions
    phrases = Phrases(old.policy or old.written, new.policy or new.written, difference.names)
    sections = []
    if decided:
        sections += [(heading, told_cases.changed(decided, phrases, effect)) for effect, heading in _EFFECTS.items()]
        sections += [
            (heading, (told_cases.only(each, phrases) for each in decided.only if each.gone == gone))
            for heading, gone in (("Cases that are new", False), ("Cases that are gone", True))
        ]
    sections += [
        ("Links and examples", told_things.misfits(difference, phrases)),
        ("Lengths of time", told_things.values(difference, phrases)),
        ("Words and settings", told_things.words(difference, phrases)),
        ("New, gone and renamed", told_things.moved(difference, phrases)),
    ]
    shown = (Section(heading=heading, items=tuple(items)) for heading, items in sections)
    return Report(
        compared=f"{old.name} → {new.name}",
        lead=tuple(_lead(difference)),
        sections=tuple(section for section in shown if section.items),
    )


def as_json(difference: Difference) -> dict[str, Any]:
    """The difference as a JSON object. Every id is that of the new version, but for what is gone."""
    old, new = difference.old, difference.new
    return {
        "compared": {
            side: {"name": each.name, "version": each.written.version, "mistakes": [*map(str, each.mistakes)]}
            for side, each in (("old", old), ("new", new))
        },
        "words_only": difference.words_only,
        "decisions": difference.decisions and asdict(difference.decisions),
        "too_many": difference.too_many,
        "values": [*map(asdict, difference.values)],
        "words": [*map(asdict, difference.words)],
        "moved": [*map(asdict, difference.moved)],
        "misfits": [*map(asdict, difference.misfits)],
    }


def _lead(difference: Difference) -> Iterator[str]:
    old, new, decided = difference.old, difference.new, difference.decisions
    changed = (difference.values, difference.words, difference.moved)
    if old.mistakes:
        first = old.mistakes[0]
        yield (
            "Cases were not compared: by the rules of today, the old version has mistakes. "
            f"The first is: {first}. Below are the texts, as they are written."
        )
    elif difference.too_many:
        asked = ", ".join(f"“{name}”" for name in difference.too_many)
        yield f"Cases were not compared: they are too many. Look first at the rules that ask for {asked}."
    elif not any(changed) and difference.words_only:
        yield "Nothing changes."
        return
    elif decided and difference.words_only:
        only = not difference.values and not difference.moved and all(each.words_only for each in difference.words)
        start = "Wording only: no" if only else "No"
        yield f"{start} case is decided differently. All {decided.cases:,} cases were compared."
    elif decided:
        flips = dict.fromkeys(_EFFECTS, 0)
        for change in decided.changes:
            if change.kind == OUTCOME:
                flips[change.effect] += change.cases
        said = ", ".join(f"{count:,} {effect}" for effect, count in flips.items() if count)
        total = sum(flips.values())
        yield (
            f"The outcome changes in {total:,} of {decided.cases:,} cases: {said}."
            if total
            else f"No outcome changes in {decided.cases:,} cases, but what is said with it does."
        )
    if old.written.version == new.written.version:
        yield f"The version is still “{new.written.version}”. Give this change a version of its own."
