"""What is different, in words that an editor and a customer understand: titles, and no ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import shorten
from typing import Any

from checker.engine.compile import OUTCOME
from checker.explain.decision_table import labels
from checker.messages import join
from checker.policy import Policy, Question
from checker.values.durations import Duration, in_words
from macros.diff.alignment import OF_CLAUSES, WHOLE, Names
from macros.diff.statements import Answers, Asked, Change, Statement
from macros.diff.verdict_parts import CLAUSES, DATES, LAST_DAY

_SHORT = 90
"""How much of a text stands for the whole, in letters."""

_TITLES = {"questions": "ask", "reminders": "text", "interpretations": "text", "invariants": "text", "values": ""}
"""The field that tells what a thing is, where it is no title. A value is known by its name alone."""

MANY = 3
"""From more answers than these those are named that are left out, if they are fewer."""

KINDS = {
    "remedies": ("Now granted", "No longer granted"),
    "costs": ("Now said of the costs", "No longer said of the costs"),
    "proof": ("Now asked for as proof", "No longer asked for as proof"),
    DATES: ("Now given as a date", "No longer given as a date"),
    "steps": ("Now a step", "No longer a step"),
    "estimates": ("Now estimated", "No longer estimated"),
    CLAUSES: ("Now a reason", "No longer a reason"),
    "reminders": ("Now reminded of", "No longer reminded of"),
    "interpretations": ("Now told how we read this", "No longer told how we read this"),
}
"""What is said of a thing that is shown now, and of one that is shown no more; the most important kind first."""


class Phrases:
    """The words for two versions of a policy."""

    def __init__(self, old: Policy, new: Policy, names: Names) -> None:
        """Takes the versions, and what is the same thing in both."""
        self.old, self.new = old, new
        parts = (*WHOLE, *OF_CLAUSES)
        self._after = {part: getattr(new, part) for part in parts}
        self._before = {
            part: {names.new(part, name): thing for name, thing in getattr(old, part).items()} for part in parts
        }

    def title(self, part: str, name: str, *, before: bool = False) -> str:
        """What customers read of a thing, by its new id: now, or before; in the other version if it is not there."""
        part = "steps" if part == DATES else part
        places = (self._before, self._after) if before else (self._after, self._before)
        thing = next(place[part][name] for place in places if name in place[part])
        field = _TITLES.get(part, "title")
        text = name if not field else thing if isinstance(thing, str) else getattr(thing, field)
        return shorten(text, _SHORT, placeholder=" …")

    def question(self, name: str, *, gone: bool = False) -> Question:
        """A question by its id, which is that of the old version where it is gone."""
        return (self.old if gone or name not in self.new.questions else self.new).questions[name]

    def ask(self, name: str) -> str:
        """What a question asks; its id where a version with mistakes does not have it."""
        places = (self._after["questions"], self._before["questions"], self.old.questions)
        return next((str(place[name].ask) for place in places if name in place), name)

    def answer(self, question: str, name: str, *, before: bool = False) -> str:
        """An answer in the customers' words, and what it answers; the question is in both versions."""
        asked = (self._before if before else self._after)["questions"][question]
        return f"“{asked.offered[name].title}” to “{asked.ask}”"

    def phrase(self, question: str, name: str, *, before: bool = False) -> str:
        """An answer as a short phrase; its id where a version with mistakes does not have it."""
        asked = (self._before if before else self._after)["questions"].get(question)
        return labels(asked, [name], ())[0] if asked and name in asked.offered else name

    def given(self, question: str, answer: str) -> str:
        """What a worked example answers: choices and proof by their titles, the rest as it is."""
        places = (self._after, self._before)
        titles = {name: item.title for place in places for name, item in place["proof"].items()}
        for place in places:
            if question in place["questions"]:
                titles |= {name: choice.title for name, choice in place["questions"][question].offered.items()}
        return ", ".join(titles.get(each, each) for each in answer.split(", "))

    def told(self, case: Answers, *, gone: bool = False) -> Iterator[str]:
        """A case as a customer would tell it: each question with its answer."""
        for name, answer in case.items():
            question = self.question(name, gone=gone)
            choice = question.offered.get(answer)
            yield f"{question.ask} {choice.title if choice else in_words(date.fromisoformat(answer))}"

    def where(self, statement: Statement, aside: str | None = None) -> str:
        """The cases of a statement. What is answered to the question ``aside`` was said before."""
        return self.answered(each for each in statement.asked if each.question != aside)

    def answered(self, asked: Iterable[Asked]) -> str:
        """The cases with some answers."""
        text = " · ".join(map(self._answered, asked)) or "every case"
        return text[:1].upper() + text[1:]

    def became(self, change: Change) -> str:
        """What became what."""
        if change.kind == OUTCOME:
            return " → ".join(
                self.title("outcomes", str(name), before=before)
                for name, before in ((change.before, True), (change.after, False))
                if name is not None
            )
        if change.kind == LAST_DAY:
            asked = self.question(change.id)
            days = " → ".join(map(_days, (change.before, change.after)))
            return f"The last day: {days}" + ("" if self._is_plain(asked) else f" (“{asked.ask}”)")
        title = self.title(change.kind, change.id)
        if change.before is None or change.after is None:
            return f"{KINDS[change.kind][change.after is None]}: {title}"
        if change.kind == DATES:
            return f"The date of “{title}”: {_waits(change.before, change.after)}"
        return f"Estimated in another way: {title}"

    def _answered(self, asked: Asked) -> str:
        """Some answers in short: in their own words where those tell what is asked, else behind the question."""
        question = self.question(asked.question, gone=asked.gone)
        others = [name for name in question.offered if name not in asked.choices]
        if not question.counted_to and len(others) < len(asked.choices) > MANY:
            said = f"any answer but {join(_quoted(labels(question, others, ())), 'or')}"
        elif question.counted_to or self._is_plain(question):
            said = join(labels(question, asked.choices, asked.days), "or")
        else:
            said = join(_quoted(labels(question, asked.choices, ())), "or")
        return said if self._is_plain(question) else f"{question.ask} {said}"

    def _is_plain(self, question: Question) -> bool:
        """Whether nobody needs the question to understand its answers."""
        counted = [each for each in self.new.questions.values() if each.counted_to]
        return all(choice.in_words for choice in question.offered.values()) and (
            not question.counted_to or len(counted) == 1
        )


def _quoted(texts: Iterable[str]) -> list[str]:
    return [f"“{text}”" for text in texts]


def _days(value: Any) -> str:
    return join(str(Duration(days, days, "day")) for days in value) if value else "none"


def _waits(before: Any, after: Any) -> str:
    (waits, _), (other_waits, _) = before, after
    if waits == other_waits:
        return "counted with other working days"
    lengths = [join(length for length, _ in each) for each in (waits, other_waits)]
    return " → ".join(lengths) if lengths[0] != lengths[1] else "counted from another day"
