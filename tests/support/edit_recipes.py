"""The changes that editors make: each an edit of whatever policy stands in policy.yaml, and a slip that is easily made.

Parts are found by what they do and not by their names, so that an editor may rename or change any of them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.scalarstring import FoldedScalarString

type Edit = Callable[[Parts], None]


class AbsentError(LookupError):
    """The policy has not what an edit is about; the message says what."""


def first[T](items: Iterable[T], what: str) -> T:
    """The first of some items; AbsentError that names it where there is none."""
    for item in items:
        return item
    raise AbsentError(f"the policy has no {what}")


@dataclass(frozen=True)
class Parts:
    """The parts of a policy.yaml as they are written, with names for those that the tasks change."""

    data: Any

    def new(self, words: str) -> str:
        """A name or a text that the policy does not have yet: these words, or with more behind them."""
        return words if words not in self._all else self.new(f"{words}_too" if words.islower() else f"{words}, too")

    @functools.cached_property
    def _all(self) -> frozenset[str]:
        """All keys and all texts."""
        return frozenset([*_keys(self.data), *_texts(self.data)])

    @property
    def clauses(self) -> Any:
        return self.data["clauses"]

    @property
    def covered(self) -> str:
        """The outcome that is good."""
        return first(self._outcomes("good"), "good outcome")

    @property
    def refused(self) -> str:
        """The strongest outcome that is bad."""
        return first(self._outcomes("bad"), "bad outcome")

    def _outcomes(self, tone: str) -> Iterator[str]:
        return (id_ for id_, outcome in self.data["outcomes"].items() if outcome["tone"] == tone)

    @property
    def rules(self) -> Iterator[tuple[str, Any]]:
        """All rules, each with its clause."""
        return ((id_, rule) for id_, clause in self.clauses.items() for rule in clause.get("rules", ()))

    @property
    def comparisons(self) -> Iterator[tuple[str, Any, str, Any]]:
        """The comparisons of rules with one condition: clause, rule, question and the wanted answer."""
        for id_, rule in self.rules:
            if isinstance(rule["when"], dict):
                yield from ((id_, rule, question, wanted) for question, wanted in rule["when"].items())

    @property
    def asks_class(self) -> str:
        """The question that asks for the class of the problem: a class of it is enough to be covered."""
        covering = (
            question
            for _, rule, question, wanted in self.comparisons
            if rule["outcome"] == self.covered and len(rule["when"]) == 1 and isinstance(wanted, str)
        )
        return first((id_ for id_ in covering if "choices" in self.data["questions"][id_]), "class that is covered")

    @property
    def classes(self) -> Any:
        return self.data["questions"][self.asks_class]["choices"]

    def ruled(self, outcome: str) -> Iterator[tuple[str, str]]:
        """The classes that a rule of their own gives an outcome, each with the clause of the rule."""
        for clause, rule, question, wanted in self.comparisons:
            own = question == self.asks_class and len(rule["when"]) == 1 and isinstance(wanted, str)
            if own and rule["outcome"] == outcome:
                yield wanted, clause

    @property
    def first(self) -> str:
        """The first class that is covered."""
        return first(self.ruled(self.covered), "class that is covered")[0]

    @property
    def first_clause(self) -> Any:
        """The clause that covers it."""
        return self.clauses[first(self.ruled(self.covered), "class that is covered")[1]]

    @property
    def excluded(self) -> str:
        """The first class that is refused."""
        return first(self.ruled(self.refused), "class that is refused")[0]

    @property
    def window(self) -> str:
        """The time to apply: the value that depends on an answer."""
        dependent = (
            str(name) for name, value in self.data["values"].items() if isinstance(value, dict) and "by" in value
        )
        return first(dependent, "value that depends on an answer")

    @property
    def asks_kind(self) -> str:
        """The question for the kind of product, on which the time to apply depends."""
        return str(self.data["values"][self.window]["by"])

    @property
    def usual_kind(self) -> str:
        return str(next(iter(self.data["questions"][self.asks_kind]["choices"])))

    @property
    def asks_cause(self) -> str:
        """The question for a cause that excludes: all its answers do, but for one."""
        causes = (
            str(question)
            for _, rule, question, wanted in self.comparisons
            if rule["outcome"] == self.refused and len(rule["when"]) == 1 and isinstance(wanted, dict)
            if isinstance(wanted.get("not"), str)
        )
        return first(causes, "cause that excludes")

    @property
    def proof(self) -> Any:
        return self.clauses[self.proof_clause]["proof"]

    @property
    def proof_clause(self) -> str:
        """The first clause that asks for proof."""
        return first(
            (str(id_) for id_, clause in self.clauses.items() if clause.get("proof")), "clause that asks for proof"
        )

    @property
    def wait(self) -> str:
        """The value that says how long the review takes to start."""
        waits = (
            str(duration["wait"])
            for clause in self.clauses.values()
            for step in clause.get("steps", {}).values()
            for duration in step.get("expect", {}).values()
        )
        between = (wait for wait in waits if re.fullmatch(r"\d+–\d+ \D+", str(self.data["values"][wait])))
        return first(between, "step that takes from so many days to so many")

    @property
    def removable(self) -> tuple[str, str]:
        """A class that only one rule names, in a clause that says nothing else; and that clause."""
        alone = (
            (class_, id_)
            for outcome in self.data["outcomes"]
            for class_, id_ in self.ruled(outcome)
            if {*self.clauses[id_]} == {"title", "topic", "text", "rules"}
            and len(self.clauses[id_]["rules"]) == 1
            and [text for part in ("clauses", "summary") for text in _texts(self.data[part])].count(class_) == 1
        )
        return first(alone, "class that stands for itself alone")

    @property
    def reading(self) -> tuple[str, str]:
        """A reading that is shown with the answer in every covered case: its clause and its name."""
        readings = (
            (id_, name)
            for id_, clause in self.clauses.items()
            for name, reading in clause.get("interpretations", {}).items()
            if reading.get("when") == {"outcome": self.covered}
        )
        return first(readings, "reading that is shown in every covered case")


def _texts(part: Any) -> Iterator[str]:
    """All texts in a part, and of what is put into them the ids."""
    if isinstance(part, str):
        yield from (part, *re.findall(r"\w+", " ".join(re.findall(r"\{.*?\}", part))))
    elif isinstance(part, dict | list):
        for item in part.values() if isinstance(part, dict) else part:
            yield from _texts(item)


def _keys(part: Any) -> Iterator[str]:
    for name, item in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from (str(name), *_keys(item))


def longer(text: str, days: int) -> str:
    """A length of time with so many days more."""
    return re.sub(r"\d+", lambda number: str(int(number[0]) + days), text)


def put_behind(parts: Any, before: str, name: str, part: Any) -> None:
    """Adds a part behind another."""
    behind = [*parts][[*parts].index(before) + 1 :]
    parts[name] = part
    for id_ in behind:
        parts[id_] = parts.pop(id_)


# ---- each task, and under it a slip


def change_a_window(parts: Parts) -> None:
    window = parts.data["values"][parts.window]
    window[parts.usual_kind] = longer(window[parts.usual_kind], 5)


def window_without_its_unit(parts: Parts) -> None:
    parts.data["values"][parts.window][parts.usual_kind] = 20


def add_a_kind(parts: Parts) -> None:
    kind_without_a_window(parts)
    for value in parts.data["values"].values():
        if isinstance(value, dict) and value["by"] == parts.asks_kind:
            value[parts.new("sample")] = "2 days"


def kind_without_a_window(parts: Parts) -> None:
    kinds = parts.data["questions"][parts.asks_kind]["choices"]
    kinds[parts.new("sample")] = {"title": parts.new("A sample"), "in words": "samples"}


def add_a_class(parts: Parts) -> None:
    class_without_a_rule(parts)
    rule = {"when": {parts.asks_class: parts.new("too_late")}, "outcome": parts.covered}
    clause = {"title": "Late parcels", "topic": parts.first_clause["topic"], "text": "It came after the promised day."}
    parts.clauses[parts.new("late_parcels")] = {**clause, "rules": [rule]}


def class_without_a_rule(parts: Parts) -> None:
    parts.classes[parts.new("too_late")] = {"title": parts.new("It came too late"), "in words": "a late parcel"}


def add_an_example(parts: Parts) -> None:
    parts.classes[parts.first].setdefault("examples", []).append(parts.new("something quite like it"))


def example_with_a_colon(parts: Parts) -> None:
    parts.classes[parts.first].setdefault("examples", []).append({"something like it": "but smaller"})


def add_a_cause(parts: Parts) -> None:
    causes = parts.data["questions"][parts.asks_cause]["choices"]
    causes[parts.new("strike")] = {"title": parts.new("Yes, a strike"), "in words": "a strike"}


def cause_without_a_title(parts: Parts) -> None:
    parts.data["questions"][parts.asks_cause]["choices"][parts.new("strike")] = {"in words": "a strike"}


def add_proof(parts: Parts) -> None:
    when = {parts.asks_class: parts.first, "outcome": parts.covered}
    parts.proof[parts.new("label_picture")] = {
        "title": "A picture of the label",
        "help": "Its number must be there.",
        "when": when,
    }


def proof_for_a_misspelt_class(parts: Parts) -> None:
    add_proof(parts)
    parts.proof[parts.new("label_picture")]["when"][parts.asks_class] = parts.first + "y"


def change_the_review_time(parts: Parts) -> None:
    parts.data["values"][parts.wait] = longer(parts.data["values"][parts.wait], 2)


def review_time_from_long_to_short(parts: Parts) -> None:
    parts.data["values"][parts.wait] = re.sub(r"(\d+)–(\d+)", r"\2–\1", parts.data["values"][parts.wait])


def set_the_country(parts: Parts) -> None:
    parts.data["calendar"]["country"] = "FR" if parts.data["calendar"].get("country") == "DE" else "DE"


def country_by_its_name(parts: Parts) -> None:
    parts.data["calendar"]["country"] = "Germany"


def add_a_question(parts: Parts) -> None:
    question_that_changes_nothing(parts)
    rule = {"when": {parts.asks_class: parts.first, parts.new("used"): "was_used"}, "outcome": parts.refused}
    parts.first_clause["rules"].append(rule)
    for example in parts.data["examples"].values():
        if example["answers"].get(parts.asks_class) == parts.first:
            example["answers"][parts.new("used")] = "unused"


def question_that_changes_nothing(parts: Parts) -> None:
    choices = {"unused": {"title": "No, not yet"}, "was_used": {"title": "Yes, I used it"}}
    question = {"ask": "Did you use it?", "answer": "one choice", "choices": choices}
    put_behind(parts.data["questions"], parts.asks_cause, parts.new("used"), question)


def add_a_reminder(parts: Parts) -> None:
    when = {parts.asks_class: parts.first, "outcome": parts.covered}
    reminder = {"text": parts.new("Keep what came with it."), "when": when}
    parts.first_clause.setdefault("reminders", {})[parts.new("keep_it")] = reminder


def reminder_that_nobody_sees(parts: Parts) -> None:
    add_a_reminder(parts)
    parts.first_clause["reminders"][parts.new("keep_it")]["when"][parts.asks_class] = parts.excluded


def rename_a_class(parts: Parts) -> None:
    parts.classes[parts.first] |= {"title": "It does not do what it should", "in words": "a defect"}


def class_under_another_id(parts: Parts) -> None:
    at = [*parts.classes].index(parts.first)
    old = parts.first
    parts.classes.insert(at, parts.new("fault_found"), parts.classes.pop(old))


def reword_a_clause(parts: Parts) -> None:
    clause = parts.first_clause
    clause["text"] = FoldedScalarString(f"Tell us what is wrong. {clause['text']}")


def clause_with_a_length_of_time(parts: Parts) -> None:
    clause = parts.first_clause
    window = parts.data["values"][parts.window][parts.usual_kind]
    clause["text"] = FoldedScalarString(f"You have {window}. {clause['text']}")


def enter_the_contact(parts: Parts) -> None:
    parts.data["shop"] |= {"contact": "help@shop.example", "apply at": "https://shop.example/apply"}


def contact_without_https(parts: Parts) -> None:
    parts.data["shop"]["apply at"] = "shop.example/apply"


def remove_a_class(parts: Parts) -> None:
    class_, clause = parts.removable
    class_that_is_still_named(parts)
    del parts.clauses[clause]
    for name, example in [*parts.data["examples"].items()]:
        if example["answers"].get(parts.asks_class) == class_:
            del parts.data["examples"][name]


def class_that_is_still_named(parts: Parts) -> None:
    del parts.classes[parts.removable[0]]


def settle_a_reading(parts: Parts) -> None:
    id_, name = parts.reading
    clause = parts.clauses[id_]
    clause["text"] = FoldedScalarString(f"{clause['text'].strip()} {clause['interpretations'].pop(name)['text']}")
    if not clause["interpretations"]:
        del clause["interpretations"]


def reading_turned_round(parts: Parts) -> None:
    rule = next(rule for _, rule in parts.rules if rule["when"] == {parts.asks_class: parts.first})
    rule["outcome"] = parts.refused


TASKS: dict[str, tuple[Edit, Edit]] = {
    "change a window": (change_a_window, window_without_its_unit),
    "add a kind of product with its own window": (add_a_kind, kind_without_a_window),
    "add a class of problem": (add_a_class, class_without_a_rule),
    "add an example to a class": (add_an_example, example_with_a_colon),
    "add a cause that is beyond anyone's control": (add_a_cause, cause_without_a_title),
    "add a piece of proof for one class": (add_proof, proof_for_a_misspelt_class),
    "change the review time": (change_the_review_time, review_time_from_long_to_short),
    "set the country of the statutory holidays": (set_the_country, country_by_its_name),
    "add a question on which an exclusion depends": (add_a_question, question_that_changes_nothing),
    "add a reminder for some cases": (add_a_reminder, reminder_that_nobody_sees),
    "rename a class without breaking links": (rename_a_class, class_under_another_id),
    "reword a clause": (reword_a_clause, clause_with_a_length_of_time),
    "enter the contact and the address where to apply": (enter_the_contact, contact_without_https),
    "remove a class of problem": (remove_a_class, class_that_is_still_named),
    "settle a reading": (settle_a_reading, reading_turned_round),
}
