"""What is said, named and linked differently, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from macros.diff.alignment import OF_CLAUSES
from macros.diff.difference import Difference
from macros.diff.guards import Guard
from macros.diff.report_model import Item, Words
from macros.diff.sentences import guard_lines
from macros.diff.side_by_side import is_words
from macros.diff.structure import LINKED, Misfit, Moved
from macros.diff.texts import Reworded, Text, Value
from macros.diff.wording import Phrases
from macros.policyfile.errors import ENGLISH

_CALLED = {
    "questions": "question",
    "answers": "answer",
    "outcomes": "outcome",
    "remedies": "remedy",
    "costs": "bearer of costs",
    "topics": "topic",
    "values": "value",
    "clauses": "clause",
    "summary": "card on the home page",
    "examples": "worked example",
    "invariants": "rule that must always hold",
    "proof": "proof",
    "steps": "step",
    "reminders": "reminder",
    "interpretations": "reading",
    "estimates": "estimate",
}
"""What a thing is called that stands in this part of policy.yaml."""

_DONE = {
    "added": "New",
    "removed": "Gone",
    "renamed": "Under another name",
    "remade": "With answers of another kind",
}


_INSIDE = {"or": "answer", "choices": "answer", "interpretations": "our reading"}
"""What a part of a thing is called beside its texts, where its key in policy.yaml would not do."""


def guards(difference: Difference, phrases: Phrases) -> Iterator[Item]:
    """Invariants that are gone, or that demand less."""
    old, new = (version.policy or version.written for version in (difference.old, difference.new))
    were = {difference.names.new("invariants", name): each for name, each in old.invariants.items()}
    decided = difference.old.policy is not None and difference.new.policy is not None
    for guard in difference.guards:
        now = new.invariants.get(guard.id)
        before = "\n".join(guard_lines(old, were[guard.id], decided=decided))
        after = "\n".join(guard_lines(new, now, decided=decided)) if now else None
        yield Item(
            text=guarded(guard, phrases),
            beside=tuple(_unguarded(guard, phrases)),
            words=(Words(place="what it demands", before=before, after=after),),
        )


def guarded(guard: Guard, phrases: Phrases) -> str:
    """What became of an invariant."""
    done = "gone" if guard.gone else "weaker" if guard.weaker else "another"
    return f"A rule that must always hold is {done}: “{phrases.title('invariants', guard.id, before=True)}”"


def _unguarded(guard: Guard, phrases: Phrases) -> Iterator[str]:
    """A case that nothing guards any more."""
    case = [
        *([phrases.answered(guard.asked)] if guard.asked else []),
        *([f"the outcome “{phrases.title('outcomes', guard.outcome)}”"] if guard.outcome else []),
        *(phrases.title("remedies", remedy) for remedy in guard.remedies),
        *([phrases.title("costs", guard.costs)] if guard.costs else []),
        *(["no word on the costs"] if guard.costs == "" else []),
    ]
    if case:
        yield f"Nothing forbids this any more: {' · '.join(case)}"
    if guard.sooner:
        asked = phrases.question(guard.sooner).ask
        yield f"Nothing forbids any more that an earlier day is worse as the answer to “{asked}”"


def sides(difference: Difference, changed: Literal["rules", "words"], phrases: Phrases) -> Iterator[Item]:
    """The clauses whose rules, or whose words, changed alone: both sides in full."""
    for side in difference.sides:
        if side.changed == changed:
            values = ENGLISH.join(_value(value, phrases) for value in side.figures)
            advice = {
                "rules": "What it decides changed, its words did not. Do they still say the same?",
                "words": "Its words changed, what it decides did not. Do they still say the same?",
            }[changed]
            if values:
                advice = f"Its figures changed, and it does not name them: {values}. Do its words still say the same?"
            yield Item(
                text=f"The clause “{phrases.title('clauses', side.clause)}”",
                beside=(advice,),
                words=tuple(
                    Words(place=place, before="\n".join(lines.before), after="\n".join(lines.after))
                    for place, lines in (("what customers read", side.words), ("what it decides", side.rules))
                ),
            )


def values(difference: Difference, phrases: Phrases) -> Iterator[Item]:
    """The values that changed, and the clauses that name them."""
    for value in difference.values:
        clauses = ENGLISH.join(f"“{phrases.title('clauses', clause)}”" for clause in value.clauses)
        yield Item(
            text=f"{_value(value, phrases)}: {value.before or 'new'} → {value.after or 'gone'}",
            beside=(f"It is named in {clauses}.",) if clauses else (),
        )


def _value(value: Value, phrases: Phrases) -> str:
    """A value, and for which answer."""
    if not (value.question and value.answer):
        return value.id
    return f"{value.id} for {phrases.phrase(value.question, value.answer, before=value.after is None)}"


def words(difference: Difference, phrases: Phrases) -> Iterator[Item]:
    """Texts and settings, thing by thing."""
    decided = difference.decisions and not difference.words_only
    told = {side.clause for side in difference.sides if side.changed == "words"}
    guarded = {guard.id for guard in difference.guards}
    for thing in difference.words:
        if thing.part == "invariants" and thing.id in guarded:
            continue
        called = f"{_CALLED[thing.part]} “{phrases.title(thing.part, thing.id)}”" if thing.part else "policy as a whole"
        only = decided and thing.words_only and not thing.figures
        proved = ": wording only, no case is decided differently by it" if only else ""
        beside_rules = _clause_of(thing, difference) in told
        texts = [text for text in thing.texts if not (beside_rules and is_words((thing.part, thing.id, *text.place)))]
        words = tuple(_words(thing.part, text, phrases) for text in texts if _is_news(text))
        if words:
            yield Item(text=f"The {called}{proved}", words=words)


def _clause_of(thing: Reworded, difference: Difference) -> str | None:
    """The clause whose words a thing holds."""
    if thing.part == "summary" and thing.id in difference.new.written.summary:
        return difference.new.written.summary[thing.id].clause
    return thing.id if thing.part == "clauses" else None


def moved(difference: Difference, phrases: Phrases) -> Iterator[Item]:
    """What is new, gone, under another name, or in another order."""
    gone = {guard.id for guard in difference.guards if guard.gone}
    for each in difference.moved:
        if each.what == "reordered":
            part = "questions" if each.part == "answers" else "clauses"
            of = f" of “{phrases.title(part, each.within)}”" if each.within else ""
            yield Item(text=f"In another order: {each.part}{of}")
            continue
        if each.part in OF_CLAUSES and each.what != "renamed":
            continue  # its texts stand among the words of its clause
        if each.part == "invariants" and each.what == "removed" and each.before in gone:
            continue  # it leads the report
        names = f" ({each.before} → {each.after})" if each.what == "renamed" else ""
        yield Item(text=f"{_DONE[each.what]}: the {_CALLED[each.part]} {_title(each, phrases)}{names}")


def misfits(difference: Difference, phrases: Phrases) -> Iterator[Item]:
    """Links that were shared and worked examples, where they do not work as before."""
    for each in difference.moved:
        if each.part not in LINKED or each.what in ("added", "reordered"):
            continue
        title = _title(each, phrases)
        lost = {
            "questions": f"Shared links lose their answer to {title}. Customers are asked again.",
            "answers": f"Shared links lose the answer {title}. Customers are asked again.",
            "proof": f"Shared links lose the tick at {title}.",
            "clauses": f"Links to the clause {title} lead to the top of the policy page.",
        }[each.part]
        advice = f"Keep the name {each.before}, and no link breaks."
        yield Item(text=lost, beside=(advice,) if each.what == "renamed" else ())
    for misfit in difference.misfits:
        yield Item(
            text=f"The worked example “{phrases.title('examples', misfit.example, before=True)}”: "
            f"{_misfit(misfit, phrases)}",
            beside=("The new version has changed it." if misfit.kept else "The new version has it no more.",),
        )


def _misfit(misfit: Misfit, phrases: Phrases) -> str:
    was = phrases.title("outcomes", misfit.was, before=True)
    if misfit.becomes:
        return f"{was} → {phrases.title('outcomes', misfit.becomes)}"
    if misfit.questions:
        asked = ENGLISH.join(f"“{phrases.ask(name)}”" for name in misfit.questions)
        return f"its answer to {asked} fits no more"
    return f"{was} → its answers leave the outcome open"


def _title(each: Moved, phrases: Phrases) -> str:
    gone = each.after is None
    name = str(each.before if gone else each.after)
    if each.part == "answers":
        return phrases.answer(str(each.within), name, before=gone)
    return f"“{phrases.title(each.part, name, before=gone)}”"


def _is_news(text: Text) -> bool:
    """Whether nothing else says it: of what is new or gone the heading tells, and its topic tells nothing."""
    return bool(text.before and text.after) or text.place not in ((), ("topic",))


def _words(part: str, text: Text, phrases: Phrases) -> Words:
    """A text, and where it stands in its thing: in the words of policy.yaml, without ids."""
    if text.place[:1] == ("answers",):
        name = str(text.place[1])
        before, after = (given and phrases.given(name, given) for given in (text.before, text.after))
        return Words(place=f"answer to “{phrases.ask(name)}”", before=before, after=after)
    steps = [step for number, step in enumerate(text.place) if isinstance(step, str) and (number % 2 == 0 or not part)]
    place = ", ".join(_INSIDE.get(step, step) for step in steps) or "text"
    return Words(place=place, before=text.before, after=text.after)
