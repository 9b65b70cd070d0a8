"""Report items of invariants, clauses, links, examples, values, texts and structure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from macros.diff.alignment import CLAUSE_PARTS
from macros.diff.difference import Difference
from macros.diff.invariants import WeakenedInvariant
from macros.diff.report.model import ReportItem, TextDiff
from macros.diff.report.phrases import Phrases
from macros.diff.rule_text import invariant_lines
from macros.diff.side_by_side import Lines, is_words
from macros.diff.structure import LINKED_PARTS, BrokenExample, StructureChange
from macros.diff.texts import ItemChange, TextChange, ValueChange
from macros.diff.wording import WORDING, sentence
from macros.policyfile.errors import ENGLISH


def invariant_items(difference: Difference, phrases: Phrases) -> Iterator[ReportItem]:
    """The weakened invariants."""
    old, new = (version.policy or version.written for version in (difference.old, difference.new))
    new_id = difference.alignment.new_id
    old_ids = {new_id("invariants", name): name for name in old.invariants}
    decided = difference.old.policy is not None and difference.new.policy is not None
    for weakened in difference.weakened_invariants:
        demand = TextDiff(
            label=sentence("invariants.demand"),
            before="\n".join(invariant_lines(old, old_ids[weakened.id], decided=decided)),
            after=None if weakened.old_only else "\n".join(invariant_lines(new, weakened.id, decided=decided)),
        )
        text, notes = weakened_text(weakened, phrases), tuple(_uncovered(weakened, phrases))
        yield ReportItem(text=text, notes=notes, texts=(demand,))


def weakened_text(weakened: WeakenedInvariant, phrases: Phrases) -> str:
    """The sentence on a weakened invariant."""
    key = "old_only" if weakened.old_only else "weaker" if weakened.weaker else "rewritten"
    return sentence(f"invariants.{key}", title=phrases.title("invariants", weakened.id, before=True))


def _uncovered(weakened: WeakenedInvariant, phrases: Phrases) -> Iterator[str]:
    """A case and a date question that no invariant covers any more."""
    case = [phrases.answers(weakened.answers)] if weakened.answers else []
    if weakened.outcome:
        case.append(sentence("invariants.outcome", title=phrases.title("outcomes", weakened.outcome)))
    case += [phrases.title("remedies", remedy) for remedy in weakened.remedies]
    if weakened.costs is not None:
        case.append(phrases.title("costs", weakened.costs) if weakened.costs else sentence("invariants.no_costs"))
    if case:
        yield sentence("invariants.case", case=" · ".join(case))
    if weakened.never_worse_if_sooner:
        yield sentence("invariants.sooner", question=phrases.question(weakened.never_worse_if_sooner).ask)


def clause_items(difference: Difference, changed: Literal["rules", "words"], phrases: Phrases) -> Iterator[ReportItem]:
    """The clauses of which only the rules, or only the words, changed: both sides in full."""
    for sides in difference.clauses_to_review:
        if sides.changed == changed:
            values = ENGLISH.join(_value(value, phrases) for value in sides.values)
            yield ReportItem(
                text=sentence("clauses.item", title=phrases.title("clauses", sides.clause)),
                notes=(sentence("clauses.values" if values else f"clauses.{changed}", values=values),),
                texts=(_side("words_side", sides.words), _side("rules_side", sides.rules)),
            )


def _side(key: str, lines: Lines) -> TextDiff:
    return TextDiff(label=sentence(f"clauses.{key}"), before="\n".join(lines.before), after="\n".join(lines.after))


def value_items(difference: Difference, phrases: Phrases) -> Iterator[ReportItem]:
    """The values that changed, and the clauses that name them."""
    for value in difference.value_changes:
        clauses = ENGLISH.join(f"“{phrases.title('clauses', clause)}”" for clause in value.clauses)
        before, after = value.before or sentence("values.added"), value.after or sentence("values.removed")
        yield ReportItem(
            text=sentence("values.item", value=_value(value, phrases), before=before, after=after),
            notes=(sentence("values.clauses", clauses=clauses),) if clauses else (),
        )


def _value(value: ValueChange, phrases: Phrases) -> str:
    """The name of a value, with the answer for which it changed."""
    if not (value.question and value.answer):
        return value.id
    answer = phrases.answer_phrase(value.question, value.answer, before=value.after is None)
    return sentence("values.for_answer", value=value.id, answer=answer)


def text_items(difference: Difference, phrases: Phrases) -> Iterator[ReportItem]:
    """The items with changed texts and settings."""
    decided = difference.decisions and not difference.same_decisions
    reviewed = {sides.clause for sides in difference.clauses_to_review if sides.changed == "words"}
    weakened = {invariant.id for invariant in difference.weakened_invariants}
    for item in difference.item_changes:
        if item.part == "invariants" and item.id in weakened:
            continue
        # The words of a clause to review stand beside its rules.
        elsewhere = _clause_of(item, difference) in reviewed
        texts = [text for text in item.texts if not (elsewhere and is_words((item.part, item.id, *text.place)))]
        diffs = tuple(_text_diff(item.part, text, phrases) for text in texts if _is_news(text))
        if diffs:
            text = sentence("texts.whole")
            if item.part:
                part = WORDING["parts"][item.part]
                text = sentence("texts.item", part=part, title=phrases.title(item.part, item.id))
            if decided and item.texts_only and not item.figures_differ:
                text = sentence("texts.texts_only", item=text)
            yield ReportItem(text=text, texts=diffs)


def _clause_of(item: ItemChange, difference: Difference) -> str | None:
    """The clause to whose words an item belongs."""
    if item.part == "summary" and item.id in difference.new.written.summary:
        return difference.new.written.summary[item.id].clause
    return item.id if item.part == "clauses" else None


def _is_news(text: TextChange) -> bool:
    """Whether no other item tells it: the structure tells what was added or removed, and a topic needs no telling."""
    return bool(text.before and text.after) or text.place not in ((), ("topic",))


def _text_diff(part: str, text: TextChange, phrases: Phrases) -> TextDiff:
    """A changed text, labelled by its path in the keys of policy.yaml, without ids."""
    if text.place[:1] == ("answers",):
        name = str(text.place[1])
        before, after = (answer and phrases.example_answer(name, answer) for answer in (text.before, text.after))
        return TextDiff(label=sentence("texts.answer", question=phrases.ask(name)), before=before, after=after)
    steps = [step for number, step in enumerate(text.place) if isinstance(step, str) and (number % 2 == 0 or not part)]
    label = ", ".join(WORDING["fields"].get(step, step) for step in steps) or sentence("texts.text")
    return TextDiff(label=label, before=text.before, after=text.after)


def structure_items(difference: Difference, phrases: Phrases) -> Iterator[ReportItem]:
    """The items that were added, removed, renamed or reordered."""
    lost = {invariant.id for invariant in difference.weakened_invariants if invariant.old_only}
    for change in difference.structure_changes:
        if change.kind == "reordered":
            part = "questions" if change.part == "answers" else "clauses"
            title = phrases.title(part, change.parent) if change.parent else ""
            key = "structure.reordered_in" if change.parent else "structure.reordered"
            yield ReportItem(text=sentence(key, part=change.part, title=title))
            continue
        if change.part in CLAUSE_PARTS and change.kind != "renamed":
            continue  # its texts stand among the words of its clause
        if change.part == "invariants" and change.kind == "removed" and change.before in lost:
            continue  # it leads the report
        ids = sentence("structure.ids", before=change.before, after=change.after) if change.kind == "renamed" else ""
        part, title = WORDING["parts"][change.part], _title(change, phrases)
        yield ReportItem(text=sentence(f"structure.{change.kind}", part=part, title=title, ids=ids))


def link_items(difference: Difference, phrases: Phrases) -> Iterator[ReportItem]:
    """The shared links and the worked examples that no longer work as before."""
    for change in difference.structure_changes:
        if change.part in LINKED_PARTS and change.kind not in ("added", "reordered"):
            advice = sentence("links.advice", name=change.before)
            yield ReportItem(
                text=sentence(f"links.{change.part}", title=_title(change, phrases)),
                notes=(advice,) if change.kind == "renamed" else (),
            )
    for example in difference.broken_examples:
        title = phrases.title("examples", example.example, before=True)
        yield ReportItem(
            text=sentence("examples.item", title=title, change=_example_change(example, phrases)),
            notes=(sentence("examples.changed" if example.in_new else "examples.removed"),),
        )


def _example_change(example: BrokenExample, phrases: Phrases) -> str:
    before = phrases.title("outcomes", example.outcome_before, before=True)
    if example.outcome_after:
        after = phrases.title("outcomes", example.outcome_after)
        return sentence("examples.outcome", before=before, after=after)
    if example.questions:
        return sentence(
            "examples.invalid", questions=ENGLISH.join(f"“{phrases.ask(name)}”" for name in example.questions)
        )
    return sentence("examples.open", before=before)


def _title(change: StructureChange, phrases: Phrases) -> str:
    removed = change.after is None
    name = str(change.before if removed else change.after)
    if change.part == "answers":
        return phrases.answer(str(change.parent), name, before=removed)
    return f"“{phrases.title(change.part, name, before=removed)}”"
