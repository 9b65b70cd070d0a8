"""The report of a difference, the most important first: the changes for the worse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from checker.engine.compile import OUTCOME
from macros.diff.decisions import Decisions
from macros.diff.difference import Difference
from macros.diff.report import cases, items
from macros.diff.report.model import Report, ReportItem, ReportSection
from macros.diff.report.phrases import Phrases
from macros.diff.statements import Effect
from macros.diff.wording import sentence
from macros.policyfile.errors import ENGLISH

_EFFECTS: tuple[Effect, ...] = ("worse", "better", "different")


def report(difference: Difference) -> Report:
    """The report of a difference, without empty sections."""
    old, new, decided = difference.old, difference.new, difference.decisions
    phrases = Phrases(old.policy or old.written, new.policy or new.written, difference.alignment)
    sections: list[tuple[str, Iterable[ReportItem]]] = [("invariants", items.invariant_items(difference, phrases))]
    if decided:
        sections += [(effect, cases.change_items(decided, phrases, effect)) for effect in _EFFECTS]
        sections.append(("added", cases.unshared_answer_items(decided, phrases, old_only=False)))
        sections.append(("removed", cases.unshared_answer_items(decided, phrases, old_only=True)))
    sections += [
        ("rules", items.clause_items(difference, "rules", phrases)),
        ("words", items.clause_items(difference, "words", phrases)),
        ("links", items.link_items(difference, phrases)),
        ("values", items.value_items(difference, phrases)),
        ("texts", items.text_items(difference, phrases)),
        ("structure", items.structure_items(difference, phrases)),
    ]
    weakened = (items.weakened_text(invariant, phrases) for invariant in difference.weakened_invariants)
    filled = (ReportSection(heading=sentence(f"headings.{key}"), items=tuple(own)) for key, own in sections)
    return Report(
        compared=f"{old.name} → {new.name}",
        lead=(*weakened, *_lead(difference)),
        sections=tuple(section for section in filled if section.items),
    )


def as_json(difference: Difference) -> dict[str, Any]:
    """The difference as a JSON object. Ids are those of the new version, except for items that only the old one has."""
    old, new = difference.old, difference.new
    return {
        "compared": {
            side: {"name": one.name, "version": one.written.version, "mistakes": [*map(str, one.mistakes)]}
            for side, one in (("old", old), ("new", new))
        },
        "same_decisions": difference.same_decisions,
        "wording_only": difference.wording_only,
        "weakened_invariants": [*map(asdict, difference.weakened_invariants)],
        "decisions": difference.decisions and asdict(difference.decisions),
        "complex_questions": difference.complex_questions,
        "clauses_to_review": [*map(asdict, difference.clauses_to_review)],
        "value_changes": [*map(asdict, difference.value_changes)],
        "item_changes": [*map(asdict, difference.item_changes)],
        "structure_changes": [*map(asdict, difference.structure_changes)],
        "broken_examples": [*map(asdict, difference.broken_examples)],
    }


def _lead(difference: Difference) -> Iterator[str]:
    """The first sentences of the report."""
    old, new, decided = difference.old, difference.new, difference.decisions
    same = repr(old.written) == repr(new.written)  # mappings in another order are equal, their reprs are not
    if same:
        yield sentence("lead.nothing")
    elif decided and difference.same_decisions:
        yield sentence("lead.wording_only" if difference.wording_only else "lead.same_decisions", cases=decided.cases)
    elif decided:
        yield _outcomes(decided)
    elif old.mistakes:
        yield sentence("lead.undecided", mistake=old.mistakes[0])
    else:
        questions = ENGLISH.join(f"“{new.written.questions[name].ask}”" for name in difference.complex_questions)
        yield sentence("lead.too_complex", questions=questions)
    if decided and old.mistakes:
        yield sentence("lead.mistakes", mistake=old.mistakes[0])
    if old.written.version == new.written.version and not same:
        yield sentence("lead.same_version", version=new.written.version)


def _outcomes(decided: Decisions) -> str:
    counts = dict.fromkeys(_EFFECTS, 0)
    for change in decided.changes:
        if change.kind == OUTCOME:
            counts[change.effect] += change.cases
    total = sum(counts.values())
    effects = ENGLISH.join(f"{count:,} {effect}" for effect, count in counts.items() if count)
    key = "lead.outcome" if total else "lead.same_outcome" if decided.changes else "lead.no_case"
    kind = sentence("lead.shared_cases" if decided.unshared_answers else "lead.all_cases")
    return sentence(key, count=total, cases=decided.cases, kind=kind, effects=effects)
