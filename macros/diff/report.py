"""The report of a change: the most important first, which is what is worse for customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from checker.engine.compile import OUTCOME
from macros.diff import report_cases, report_items
from macros.diff.decisions import Decisions
from macros.diff.difference import Difference
from macros.diff.report_model import Item, Report, Section
from macros.diff.statements import Effect
from macros.diff.wording import Phrases
from macros.policyfile.errors import ENGLISH

_EFFECTS: dict[Effect, str] = {
    "worse": "Worse for customers",
    "better": "Better for customers",
    "different": "Different for customers",
}


def report(difference: Difference) -> Report:
    """Puts a difference into words."""
    old, new, decided = difference.old, difference.new, difference.decisions
    phrases = Phrases(old.policy or old.written, new.policy or new.written, difference.names)
    sections: list[tuple[str, Iterable[Item]]] = [
        ("Rules that must always hold", report_items.guards(difference, phrases))
    ]
    if decided:
        sections += [(heading, report_cases.changed(decided, phrases, effect)) for effect, heading in _EFFECTS.items()]
        sections.append(("Cases that are new", report_cases.only(decided, phrases, gone=False)))
        sections.append(("Cases that are gone", report_cases.only(decided, phrases, gone=True)))
    sections += [
        ("Rules that changed under the same words", report_items.sides(difference, "rules", phrases)),
        ("Words that changed over the same rules", report_items.sides(difference, "words", phrases)),
        ("Links and examples", report_items.misfits(difference, phrases)),
        ("Values", report_items.values(difference, phrases)),
        ("Words and settings", report_items.words(difference, phrases)),
        ("New, gone, renamed and moved", report_items.moved(difference, phrases)),
    ]
    shown = (Section(heading=heading, items=tuple(items)) for heading, items in sections)
    return Report(
        compared=f"{old.name} → {new.name}",
        lead=(*(report_items.guarded(guard, phrases) for guard in difference.guards), *_lead(difference)),
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
        "wording_only": difference.wording_only,
        "guards": [*map(asdict, difference.guards)],
        "decisions": difference.decisions and asdict(difference.decisions),
        "too_many": difference.too_many,
        "sides": [*map(asdict, difference.sides)],
        "values": [*map(asdict, difference.values)],
        "words": [*map(asdict, difference.words)],
        "moved": [*map(asdict, difference.moved)],
        "misfits": [*map(asdict, difference.misfits)],
    }


def _lead(difference: Difference) -> Iterator[str]:
    """What is to be known first."""
    old, new, decided = difference.old, difference.new, difference.decisions
    same = repr(old.written) == repr(new.written)  # two mappings are equal in another order too
    if same:
        yield "Nothing changes."
    elif decided and difference.words_only:
        start = "Wording only: no" if difference.wording_only else "No"
        yield f"{start} case is decided differently. All {decided.cases:,} cases were compared."
    elif decided:
        yield _outcomes(decided)
    elif old.mistakes:
        yield (
            "Cases were not compared: by the rules of today, the old version has mistakes. "
            f"The first is: {old.mistakes[0]} Below are its texts, as they are written."
        )
    else:
        asked = ENGLISH.join(f"“{new.written.questions[name].ask}”" for name in difference.too_many)
        yield f"Cases were not compared: they are too many. Look first at the rules that ask {asked}."
    if decided and old.mistakes:
        yield f"By the rules of today, the old version has mistakes. The first is: {old.mistakes[0]}"
    if old.written.version == new.written.version and not same:
        yield f"The version is still “{new.written.version}”. Give this change a version of its own."


def _outcomes(decided: Decisions) -> str:
    flips = dict.fromkeys(_EFFECTS, 0)
    for change in decided.changes:
        if change.kind == OUTCOME:
            flips[change.effect] += change.cases
    which = "cases that both versions know" if decided.only else "cases"
    if not decided.changes:
        return f"None of the {decided.cases:,} {which} is decided differently."
    if not any(flips.values()):
        return f"The outcome stays the same in all {decided.cases:,} {which}. What goes with it changes."
    said = ENGLISH.join(f"{count:,} {effect}" for effect, count in flips.items() if count)
    return f"The outcome changes in {sum(flips.values()):,} of {decided.cases:,} {which}: {said}."
