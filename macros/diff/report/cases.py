"""Report items of the cases that are decided differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from checker.engine.compile import OUTCOME
from macros.diff.decisions import Decisions
from macros.diff.report.model import ReportItem
from macros.diff.report.phrases import Phrases
from macros.diff.statements import DecisionChange, Effect
from macros.diff.verdict_parts import CLAUSES, LAST_DAY
from macros.diff.wording import WORDING, sentence
from macros.policyfile.errors import ENGLISH

_ORDER = (OUTCOME, LAST_DAY, *WORDING["decisions"])
_NAMED = ("remedies", "costs")
"""The parts of a verdict that are named under a change of the outcome. Others are counted, interpretations left out."""

_MAX_STATEMENTS = 12
"""Limit of the groups of cases in one item. With ``--format json`` all are there."""


def change_items(decisions: Decisions, phrases: Phrases, effect: Effect) -> Iterator[ReportItem]:
    """The changes with this effect."""
    own = [change for change in decisions.changes if change.effect == effect and not change.with_outcome]
    own.sort(key=lambda change: (_ORDER.index(change.kind), -change.cases))
    for change, *others in _groups(own):
        yield ReportItem(
            text="; ".join([phrases.change(change), *(phrases.title(other.kind, other.id) for other in others)]),
            count=sentence("cases.of", cases=change.cases, of=change.of),
            cases=_cases(change, phrases),
            notes=tuple(_outcome_notes(change, decisions.changes, phrases)) if change.kind == OUTCOME else (),
            example=tuple(phrases.case(change.case)),
            link=link(change),
        )


def unshared_answer_items(decisions: Decisions, phrases: Phrases, *, old_only: bool) -> Iterator[ReportItem]:
    """The answers that only the old or only the new version offers, with the outcomes of their cases."""
    for unshared in decisions.unshared_answers:
        if unshared.old_only != old_only:
            continue
        question = phrases.question(unshared.question, old_only=old_only)
        changes = sorted(unshared.changes, key=lambda change: -change.cases)
        yield ReportItem(
            text=sentence("cases.answer", answer=question.offered[unshared.answer].title, question=question.ask),
            count=sentence("cases.one" if unshared.cases == 1 else "cases.other", cases=unshared.cases),
            cases=tuple(
                f"{phrases.change(change)}: {'; or '.join(_cases(change, phrases, unshared.question))}"
                for change in changes
            ),
            example=tuple(phrases.case(changes[0].case, old_only=old_only)),
            link="" if old_only else link(changes[0]),
        )


def link(change: DecisionChange) -> str:
    """The link to the example of a change, relative to the root of the site."""
    return f"check/#{urlencode(change.case)}&"


def _cases(change: DecisionChange, phrases: Phrases, without: str | None = None) -> tuple[str, ...]:
    """The cases of a change, without the answer to the question `without`."""
    if not change.statements:
        return (sentence("cases.scattered"),)
    cases = tuple(
        phrases.answers(answers for answers in statement.answers if answers.question != without)
        for statement in change.statements[:_MAX_STATEMENTS]
    )
    more = len(change.statements) - len(cases)
    return (*cases, sentence("cases.more", count=more)) if more else cases


def _groups(changes: Iterable[DecisionChange]) -> Iterable[list[DecisionChange]]:
    """Groups the parts of one kind that appear, or disappear, in exactly the same cases."""
    groups: dict[object, list[DecisionChange]] = {}
    for change in changes:
        in_one_version = change.kind in WORDING["decisions"] and None in (change.before, change.after)
        cases = tuple(statement.answers for statement in change.statements)
        key = (change.kind, change.before is None, cases) if in_one_version and cases else id(change)
        groups.setdefault(key, []).append(change)
    return groups.values()


def _outcome_notes(outcome: DecisionChange, changes: Iterable[DecisionChange], phrases: Phrases) -> Iterator[str]:
    """The parts of the verdict that appear and disappear with a change of the outcome."""
    own = [change for change in changes if change.with_outcome == (outcome.before, outcome.after)]
    for key, before in (("cases.with_outcome", False), ("cases.without_outcome", True)):
        parts = [change for change in own if (change.after if before else change.before) is None]
        items = []
        for change in sorted((part for part in parts if part.kind in _NAMED), key=lambda part: _NAMED.index(part.kind)):
            title = phrases.title(change.kind, change.id, before=before)
            items.append(title if change.cases == outcome.cases else sentence("cases.in_some", item=title))
        for kind, forms in WORDING["counts"].items():
            if count := sum(part.kind == kind for part in parts):
                items.append(forms[count != 1].format(count=count))
        if items:
            yield sentence(key, items="; ".join(items))
    reasons = [
        ENGLISH.join(phrases.title(CLAUSES, name, before=before) for name in ids)
        for before in (True, False)
        if (ids := [change.id for change in own if change.kind == CLAUSES and (change.after is None) == before])
    ]
    if reasons:
        yield sentence("cases.reason", clauses=" → ".join(reasons))
