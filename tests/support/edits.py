"""Valid edits of the live policy, as an editor may make them: none may turn a test red.

Like the tasks of the guide, each finds its parts by what they do and not by their names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ruamel.yaml.scalarstring import FoldedScalarString

from macros.analysis.load import loads
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.formatter import edit_yaml
from tests.support.edit_recipes import (
    AbsentError,
    Edit,
    Parts,
    add_a_question,
    first,
    longer,
    put_behind,
    remove_a_class,
    set_the_country,
)
from tests.support.renaming import renamed, rewritten

type Retype = Callable[[str], str]


def after_edit(name: str, text: str) -> str:
    """The text of a policy after an edit; AbsentError where it cannot be made, or is no valid one."""
    after = EDITS[name](text)
    try:
        loads(after)
    except PolicyErrors as refused:
        raise AbsentError(f"the policy would have a mistake. {refused.errors[0]}") from refused
    return after


# ---- what is decided


def cover_what_was_excluded(parts: Parts) -> None:
    """A class that was refused is covered; texts, titles and readings are left as they are."""
    excluded = parts.excluded
    rule = first(
        (rule for _, rule in parts.rules if rule["when"] == {parts.asks_class: excluded}), "class that is refused"
    )
    rule["outcome"] = parts.covered
    drop_examples(parts, lambda example: example["answers"].get(parts.asks_class) == excluded)


def add_a_second_window(parts: Parts) -> None:
    """Some customers have longer: a question, a value and a rule more."""
    clause, rule, received, _ = first(
        (item for item in parts.comparisons if longer_ago(item) == parts.window and len(item[1]["when"]) == 1),
        "rule for the time to apply alone",
    )
    member, longest = parts.new("member"), parts.new("window_of_members")
    choices = {"guest": {"title": "No", "in words": "guests"}, "gold": {"title": "Yes", "in words": "members"}}
    question = {"ask": "Are you a member?", "answer": "one choice", "about": "order", "choices": choices}
    put_behind(parts.data["questions"], parts.asks_kind, member, question)
    parts.data["values"][longest] = longer(parts.data["values"][parts.window][parts.usual_kind], 15)
    rule["when"][member] = "guest"
    late = {"when": {received: {"longer ago than": longest}, member: "gold"}, "outcome": rule["outcome"]}
    parts.clauses[clause]["rules"].append(late)
    text = f"{parts.clauses[clause]['text'].strip()} Members have {{{longest}}}."
    parts.clauses[clause]["text"] = FoldedScalarString(text)
    for example in parts.data["examples"].values():
        example["answers"][member] = "guest"


def longer_ago(comparison: tuple[str, Any, str, Any]) -> str | None:
    """The value with which a rule compares a day, if it does."""
    wanted = comparison[-1]
    return wanted.get("longer ago than") if isinstance(wanted, dict) else None


def decide_an_excluded_cause_case_by_case(parts: Parts) -> None:
    asks = parts.asks_cause
    rule = first(
        (rule for _, rule in parts.rules if rule["when"].keys() == {asks} and rule["outcome"] == parts.refused), "cause"
    )
    *_, moved = parts.data["questions"][asks]["choices"]
    rule["when"][asks]["not"] = [rule["when"][asks]["not"], moved]
    neutral = [id_ for id_, outcome in parts.data["outcomes"].items() if outcome["tone"] == "neutral"]
    review = first(reversed(neutral), "neutral outcome")
    deciding = first((id_ for id_, rule in parts.rules if rule["outcome"] == review), "clause that decides so")
    parts.clauses[deciding]["rules"].append({"when": {asks: moved}, "outcome": review})
    drop_examples(parts, lambda example: example["answers"].get(asks) == moved)
    drop_readings(parts, lambda note: asks in str(note.get("when")))


def reorder_the_outcomes(parts: Parts) -> None:
    """The second is the strongest from now on."""
    outcomes = parts.data["outcomes"]
    strongest = next(iter(outcomes))
    put_behind(outcomes, first([*outcomes][1:], "second outcome"), strongest, outcomes.pop(strongest))


def lengthen_the_window(parts: Parts) -> None:
    window = parts.data["values"][parts.window]
    for kind in window:
        if kind != "by":
            window[kind] = longer(window[kind], 23)


def count_orders_that_were_lost(parts: Parts) -> None:
    """One answer more that can be given instead of a date."""
    asks = first((id_ for id_, item in parts.data["questions"].items() if item.get("or")), 'date question with "or"')
    lost, known = parts.new("lost"), [*parts.data["questions"][asks]["or"]]
    parts.data["questions"][asks]["or"][lost] = {"title": "The carrier lost it", "in words": "lost on the way"}
    rule = first(
        (rule for _, rule, question, wanted in parts.comparisons if question == asks and wanted in known),
        "rule for what is answered instead of a date",
    )
    rule["when"][asks] = [rule["when"][asks], lost]


def ask_in_another_order(parts: Parts) -> None:
    """The kind of product first, the class of the problem after it."""
    questions = parts.data["questions"]
    if next(iter(questions)) == parts.asks_kind:
        raise AbsentError("the policy asks for the kind of product first")
    asks = parts.asks_class
    put_behind(questions, parts.asks_kind, asks, questions.pop(asks))


def take_a_remedy_away(parts: Parts) -> None:
    """The last one, with what follows from it alone."""
    last = first([*parts.data["remedies"]][:0:-1], "second remedy")
    words = parts.data["remedies"].pop(last)
    for clause in parts.clauses.values():
        if (placeholder := f"{{remedies.{last}}}") in clause["text"]:
            clause["text"] = FoldedScalarString(clause["text"].replace(placeholder, words))
        for grant in clause.get("grants", ()):
            if last in grant.get("remedies", ()):
                grant["remedies"].remove(last)
        for kind in {*clause} & {"proof", "steps", "reminders", "interpretations", "estimates"}:
            for name in [name for name, item in clause[kind].items() if item.get("when") == {"remedies": last}]:
                del clause[kind][name]
            drop_empty(clause, kind)
    if not any("estimates" in clause for clause in parts.clauses.values()):
        drop_questions(parts, "amount", "amounts")


# ---- what is said besides


def drop_examples(parts: Parts, unwanted: Callable[[Any], bool]) -> None:
    for name, example in [*parts.data["examples"].items()]:
        if unwanted(example):
            del parts.data["examples"][name]


def drop_readings(parts: Parts, unwanted: Callable[[Any], bool]) -> None:
    """Removes interpretations, wherever they stand."""
    for clause in parts.clauses.values():
        readings = clause.get("interpretations", {})
        for name in [name for name, note in readings.items() if unwanted(note)]:
            del readings[name]
        drop_empty(clause, "interpretations")


def drop_empty(mapping: Any, name: str) -> None:
    if name in mapping and not mapping[name]:
        del mapping[name]


def drop_from_clauses(parts: Parts, kind: str) -> None:
    """Removes all parts of a kind from the clauses."""
    having = [clause for clause in parts.clauses.values() if kind in clause]
    first(having, f"clause with {kind}")
    for clause in having:
        del clause[kind]


def drop_questions(parts: Parts, *kinds: str) -> None:
    """Removes all questions that are answered so, and the answers to them."""
    gone = [id_ for id_, question in parts.data["questions"].items() if question["answer"] in kinds]
    first(gone, f"question for {kinds[0]}")
    for id_ in gone:
        del parts.data["questions"][id_]
        for example in parts.data["examples"].values():
            example["answers"].pop(id_, None)


def remove_the_readings_of_a_clause(parts: Parts) -> None:
    del first((item for item in parts.clauses.values() if "interpretations" in item), "reading")["interpretations"]


def remove_all_readings(parts: Parts) -> None:
    drop_from_clauses(parts, "interpretations")


def remove_all_reminders(parts: Parts) -> None:
    drop_from_clauses(parts, "reminders")


def remove_all_steps(parts: Parts) -> None:
    drop_from_clauses(parts, "steps")


def remove_the_estimates(parts: Parts) -> None:
    drop_from_clauses(parts, "estimates")
    drop_questions(parts, "amount", "amounts")


def remove_the_proof(parts: Parts) -> None:
    drop_from_clauses(parts, "proof")
    drop_questions(parts, "proof")


def move_a_clause_to_another_topic(parts: Parts) -> None:
    moved = next(iter(parts.clauses.values()))
    moved["topic"] = first((topic for topic in parts.data["topics"] if topic != moved["topic"]), "second topic")


def remove_a_clause(parts: Parts) -> None:
    """One that decides nothing, and that nothing leads to."""
    named = {card["clause"] for card in parts.data["summary"].values()}
    decides_nothing = (
        id_
        for id_, clause in parts.clauses.items()
        if {*clause} <= {"title", "topic", "text", "interpretations"} and id_ not in named
    )
    del parts.clauses[first(decides_nothing, "clause that only says something")]


def remove_an_example(parts: Parts) -> None:
    del parts.data["examples"][next(iter(parts.data["examples"]))]


def keep_one_example(parts: Parts) -> None:
    for name in [*parts.data["examples"]][1:]:
        del parts.data["examples"][name]


def keep_one_card(parts: Parts) -> None:
    for name in [*parts.data["summary"]][1:]:
        del parts.data["summary"][name]


def remove_an_invariant(parts: Parts) -> None:
    invariants = parts.data.get("invariants", {})
    del invariants[first(invariants, "invariant")]
    drop_empty(parts.data, "invariants")


def remove_all_invariants(parts: Parts) -> None:
    first(parts.data.get("invariants", {}), "invariant")
    del parts.data["invariants"]


def enter_the_shop(parts: Parts) -> None:
    parts.data["shop"] |= {
        "name": "Ben & Mia's",
        "contact": "https://shop.example/help",
        "apply at": "https://shop.example/apply",
        "repository": "https://git.example/shop/policy",
    }


def give_new_titles(parts: Parts) -> None:
    """Titles with signs that YAML, HTML and JSON know."""
    title = "Ben & Mia's \"after-sales\" policy: what's right?"
    parts.data["title"] = title
    for part in ("topics", "remedies", "costs"):
        for id_, text in parts.data[part].items():
            parts.data[part][id_] = f'{text} – it\'s "yours"'
    named = (*parts.clauses.values(), *parts.data["outcomes"].values(), *parts.data["examples"].values())
    for item in (*named, *parts.data["summary"].values(), *parts.classes.values()):
        item["title"] = f'It\'s "{item["title"]}", & more'


def give_a_new_version(parts: Parts) -> None:
    parts.data["version"] = "3 (draft's end)"
    parts.data["valid from"] = "2027-06-01"


# ---- how it is written


def lay_out_badly(text: str) -> str:
    """Comments, quotes and order of signs are a machine's, and line ends those of Windows."""
    return rewritten(text).replace("\n", "\r\n")


def parts_edit(edit: Edit) -> Retype:
    """An edit of the parts as one of the text."""
    return lambda text: edit_yaml(text, lambda data: edit(Parts(data)))


_PARTS: dict[str, Edit] = {
    "what was excluded is covered": cover_what_was_excluded,
    "some customers have a longer window": add_a_second_window,
    "an exclusion is decided case by case": decide_an_excluded_cause_case_by_case,
    "the outcomes are reordered": reorder_the_outcomes,
    "a class is removed": remove_a_class,
    "a question is added": add_a_question,
    "the questions are reordered": ask_in_another_order,
    "a window is longer": lengthen_the_window,
    "a date has another answer": count_orders_that_were_lost,
    "a remedy is taken away": take_a_remedy_away,
    "a country is set": set_the_country,
    "the readings of a clause are removed": remove_the_readings_of_a_clause,
    "all readings are removed": remove_all_readings,
    "all reminders are removed": remove_all_reminders,
    "all steps are removed": remove_all_steps,
    "the estimates are removed": remove_the_estimates,
    "the proof is removed": remove_the_proof,
    "a clause is moved to another topic": move_a_clause_to_another_topic,
    "a clause is removed": remove_a_clause,
    "an example is removed": remove_an_example,
    "one example is left": keep_one_example,
    "one card is left": keep_one_card,
    "an invariant is removed": remove_an_invariant,
    "all invariants are removed": remove_all_invariants,
    "the shop is entered": enter_the_shop,
    "titles have quotes": give_new_titles,
    "a new version holds later": give_a_new_version,
}
EDITS: dict[str, Retype] = {
    **{name: parts_edit(edit) for name, edit in _PARTS.items()},
    "all names are others": renamed,
    "the layout is a machine's": lay_out_badly,
}
"""By what was done: gives the text of a policy after it."""
