"""What is said, named and linked differently, in words."""

from __future__ import annotations

from collections.abc import Iterator

from checker.words import join
from macros.diff.difference import Difference
from macros.diff.items import Item, Words
from macros.diff.names import OF_CLAUSES
from macros.diff.phrases import Phrases
from macros.diff.structure import LINKED, Misfit, Moved
from macros.diff.words import Text

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


def values(difference: Difference, phrases: Phrases) -> Iterator[Item]:
    """The lengths of time that changed, and the clauses that name them."""
    for value in difference.values:
        gone = value.after is None
        answer = ""
        if value.question and value.answer:
            answer = f" for {phrases.phrase(value.question, value.answer, before=gone)}"
        clauses = join(f"“{phrases.title('clauses', clause)}”" for clause in value.clauses)
        yield Item(
            text=f"{value.id}{answer}: {value.before or 'new'} → {value.after or 'gone'}",
            beside=(f"It is named in {clauses}.",) if clauses else (),
        )


def words(difference: Difference, phrases: Phrases) -> Iterator[Item]:
    """Texts and settings, thing by thing."""
    decided = difference.decisions and not difference.words_only
    for thing in difference.words:
        called = f"{_CALLED[thing.part]} “{phrases.title(thing.part, thing.id)}”" if thing.part else "policy as a whole"
        proved = ": wording only, no case is decided differently by it" if thing.words_only and decided else ""
        words = tuple(_words(thing.part, text, phrases) for text in thing.texts if _is_news(text))
        if words:
            yield Item(text=f"The {called}{proved}", words=words)


def moved(difference: Difference, phrases: Phrases) -> Iterator[Item]:
    """What is new, gone, under another name, or in another order."""
    for each in difference.moved:
        if each.what == "reordered":
            part = "questions" if each.part == "answers" else "clauses"
            of = f" of “{phrases.title(part, each.within)}”" if each.within else ""
            yield Item(text=f"In another order: {each.part}{of}")
            continue
        if each.part in OF_CLAUSES and each.what != "renamed":
            continue  # its texts stand among the words of its clause
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
        asked = join(f"“{phrases.question(name).ask}”" for name in misfit.questions)
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
        return Words(place=f"answer to “{phrases.question(name).ask}”", before=before, after=after)
    steps = [step for number, step in enumerate(text.place) if isinstance(step, str) and (number % 2 == 0 or not part)]
    place = ", ".join(_INSIDE.get(step, step) for step in steps) or "text"
    return Words(place=place, before=text.before, after=text.after)
