"""Items, answers and changes in the words that customers read: titles instead of ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import shorten
from typing import Any

from checker.engine.compile import OUTCOME
from checker.policy import Policy, Question
from checker.values.durations import Duration
from macros.diff.alignment import CLAUSE_PARTS, POLICY_PARTS, Alignment
from macros.diff.report.labels import labels
from macros.diff.statements import AnswerSet, CaseAnswers, DecisionChange
from macros.diff.verdict_parts import DATES, LAST_DAY
from macros.diff.wording import WORDING, sentence
from macros.policyfile.errors import ENGLISH

_SHORT = 90
"""Limit of a text that stands for an item, in characters."""

_TITLES = {"questions": "ask", "reminders": "text", "interpretations": "text", "invariants": "text", "values": ""}
"""The field that serves as title, in parts without titles. A value is known by its name alone."""

_MANY = 3
"""A longer list of answers is replaced by its exceptions, if they are fewer."""


class Phrases:
    """The words for two versions of a policy."""

    def __init__(self, old: Policy, new: Policy, alignment: Alignment) -> None:
        self.old, self.new = old, new
        parts = (*POLICY_PARTS, *CLAUSE_PARTS)
        self._after = {part: getattr(new, part) for part in parts}
        self._before = {
            part: {alignment.new_id(part, name): item for name, item in getattr(old, part).items()} for part in parts
        }

    def title(self, part: str, name: str, *, before: bool = False) -> str:
        """The title of an item by its new id, in the new or the old version; in the other if it is not in this one."""
        part = "steps" if part == DATES else part
        versions = (self._before, self._after) if before else (self._after, self._before)
        item = next(version[part][name] for version in versions if name in version[part])
        field = _TITLES.get(part, "title")
        text = name if not field else item if isinstance(item, str) else getattr(item, field)
        return shorten(text, _SHORT, placeholder=" …")

    def question(self, name: str, *, old_only: bool = False) -> Question:
        """A question by its new id; by its old id if only the old version asks it."""
        return (self.old if old_only or name not in self.new.questions else self.new).questions[name]

    def ask(self, name: str) -> str:
        """The text of a question; its id if a version with mistakes does not have it."""
        versions = (self._after["questions"], self._before["questions"], self.old.questions)
        return next((str(questions[name].ask) for questions in versions if name in questions), name)

    def answer(self, question: str, name: str, *, before: bool = False) -> str:
        """An answer as customers read it, with its question, which is in both versions."""
        asked = (self._before if before else self._after)["questions"][question]
        return f"“{asked.offered[name].title}” to “{asked.ask}”"

    def answer_phrase(self, question: str, name: str, *, before: bool = False) -> str:
        """An answer as a short phrase; its id if a version with mistakes does not have it."""
        asked = (self._before if before else self._after)["questions"].get(question)
        return asked.offered[name].phrase if asked and name in asked.offered else name

    def example_answer(self, question: str, answer: str) -> str:
        """An answer of a worked example: choices and proof items by their titles, all else unchanged."""
        versions = (self._after, self._before)
        titles = {name: item.title for version in versions for name, item in version["proof"].items()}
        for version in versions:
            if question in version["questions"]:
                titles |= {name: choice.title for name, choice in version["questions"][question].offered.items()}
        return ", ".join(titles.get(name, name) for name in answer.split(", "))

    def case(self, case: CaseAnswers, *, old_only: bool = False) -> Iterator[str]:
        """A case line by line: each question with its answer."""
        for name, answer in case.items():
            question = self.question(name, old_only=old_only)
            choice = question.offered.get(answer)
            yield f"{question.ask} {choice.title if choice else ENGLISH.date(date.fromisoformat(answer))}"

    def answers(self, answers: Iterable[AnswerSet]) -> str:
        """The cases with these answers."""
        text = " · ".join(map(self._answers, answers)) or sentence("cases.every")
        return text[:1].upper() + text[1:]

    def change(self, change: DecisionChange) -> str:
        """The part of the verdict that changed, with its old and new value."""
        if change.kind == OUTCOME:
            return " → ".join(
                self.title("outcomes", str(name), before=before)
                for name, before in ((change.before, True), (change.after, False))
                if name is not None
            )
        if change.kind == LAST_DAY:
            asked = self.question(change.id)
            days = " → ".join(map(_days, (change.before, change.after)))
            key = "changes.last_day" if self._is_plain(asked) else "changes.last_day_for"
            return sentence(key, days=days, question=asked.ask)
        title = self.title(change.kind, change.id)
        if change.before is None or change.after is None:
            return f"{WORDING['decisions'][change.kind][change.after is None]}: {title}"
        if change.kind == DATES:
            return sentence("changes.date", title=title, wait=_wait_change(change.before, change.after))
        return sentence("changes.estimate", title=title)

    def _answers(self, answers: AnswerSet) -> str:
        """Some answers to a question in short; with the question if they cannot be understood without it."""
        question = self.question(answers.question, old_only=answers.old_only)
        plain = self._is_plain(question)
        others = [name for name in question.offered if name not in answers.choices]
        if not question.counted_to and len(others) < len(answers.choices) > _MANY:
            text = sentence("cases.any_but", answers=ENGLISH.join(_quoted(labels(question, others, (), ENGLISH)), "or"))
        elif question.counted_to or plain:
            text = ENGLISH.join(labels(question, answers.choices, answers.days, ENGLISH), "or")
        else:
            text = ENGLISH.join(_quoted(labels(question, answers.choices, (), ENGLISH)), "or")
        return text if plain else f"{question.ask} {text}"

    def _is_plain(self, question: Question) -> bool:
        """Whether the answers can be understood without the question."""
        counted = [other for other in self.new.questions.values() if other.counted_to]
        return all(choice.in_words for choice in question.offered.values()) and (
            not question.counted_to or len(counted) == 1
        )


def _quoted(texts: Iterable[str]) -> list[str]:
    return [f"“{text}”" for text in texts]


def _days(value: Any) -> str:
    return Duration(value, value, "day").in_words(ENGLISH) if value else sentence("changes.no_day")


def _wait_change(before: Any, after: Any) -> str:
    (waits, _), (new_waits, _) = before, after
    if waits == new_waits:
        return sentence("changes.other_calendar")
    durations = [ENGLISH.join(duration for duration, _ in version) for version in (waits, new_waits)]
    return " → ".join(durations) if durations[0] != durations[1] else sentence("changes.other_start")
