"""Words and rules of each clause side by side: where one of the two changed alone, a person must compare them.

The words are what customers read of a clause: its title, its text, how the site reads it, and the cards on the home
page that lead to it. The rules are all that it decides or asks for, and the topic under which it stands. No machine
knows whether the one still says what the other does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from checker.engine.compile import PolicyTooComplexError, explaining_size
from checker.policy import Clause, Policy, When, as_list
from macros.diff.alignment import Names
from macros.diff.meanings import Meanings, with_new_figures
from macros.diff.sentences import effect_lines
from macros.diff.settings import condition, settings
from macros.diff.texts import Value, placeholder
from macros.diff.version import Version
from macros.policyfile.conditions import compared_values
from macros.policyfile.errors import Path

_DECIDING = ("rules", "grants", "proof", "steps", "estimates")
"""The parts of a clause for which customers rely on its words."""

type _Effects = dict[tuple[object, ...], list[When]]
"""What follows from a clause, under the new ids, and when."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """The same thing in both versions, line by line."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """A clause of both versions, one of whose sides changed while the other did not."""

    clause: str
    """Its id in the new version."""
    changed: Literal["rules", "words"]
    figures: tuple[Value, ...]
    """Values that it compares or waits for, whose figure is another now, and that no text of it names."""
    words: Lines
    rules: Lines


def sides(old: Version, new: Version, names: Names, values: tuple[Value, ...]) -> Iterator[Side]:
    """The clauses of which only one side changed, in the order of the new version."""
    whole = (old.policy, new.policy) if old.policy and new.policy else None
    before, after = whole or (old.written, new.written)
    clauses = {now: was for was, now in names.parts["clauses"].items()}
    read = _Words(before, names), _Words(after, Names())
    written = _Words(old.written, names), _Words(new.written, Names())
    rules = _Rules(whole, names)
    for name in new.written.clauses:
        if name not in clauses:
            continue
        pair = before.clauses[clauses[name]], after.clauses[name]
        if not any(getattr(clause, part) for clause in pair for part in _DECIDING):
            continue
        # What only follows from a value or an answer is no other word: the report tells of that by itself.
        reworded = all(words[0].of(name) != words[1].of(name) for words in (read, written))
        moved = _place(before, pair[0]) != _place(after, pair[1])
        ruled = moved or rules.differ(*pair)
        unnamed = tuple(_unnamed(values, after.clauses[name], written[1].inside(name)))
        if ruled != reworded or unnamed:
            yield Side(
                clause=name,
                changed="words" if reworded and not ruled and not unnamed else "rules",
                figures=unnamed,
                words=Lines(before=read[0].lines(name), after=read[1].lines(name)),
                rules=Lines(
                    before=effect_lines(before, pair[0], decided=whole is not None),
                    after=effect_lines(after, pair[1], decided=whole is not None),
                ),
            )


class _Words:
    """The words of the clauses of one version, under the new ids."""

    def __init__(self, policy: Policy, names: Names) -> None:
        self._leaves = settings(policy, names)
        self._cards: dict[str, list[str]] = {}
        for card, summary in policy.summary.items():
            self._cards.setdefault(names.new("clauses", summary.clause), []).append(names.new("summary", card))

    def of(self, clause: str) -> Mapping[Path, str]:
        """What customers read of a clause, by its place."""
        own = [("clauses", clause), *(("summary", card) for card in self._cards.get(clause, []))]
        return {path: text for path, text in self._leaves.items() if path[:2] in own and is_words(path)}

    def inside(self, clause: str) -> list[str]:
        """Every text that stands in a clause."""
        return [text for path, text in self._leaves.items() if path[:2] == ("clauses", clause)]

    def lines(self, clause: str) -> tuple[str, ...]:
        """What customers read of a clause, each text behind what it is."""
        return tuple(line for path, text in self.of(clause).items() for line in f"{_called(path)}: {text}".splitlines())


def is_words(path: Path) -> bool:
    """Whether a place holds words of a clause, or of a card on the home page."""
    in_clause = path[2:] in (("title",), ("text",)) or (path[2:3] == ("interpretations",) and path[4:] == ("text",))
    return in_clause and path[0] in ("clauses", "summary")


def _called(path: Path) -> str:
    if path[0] == "summary":
        return f"{path[2]} of a card on the home page"
    return str(path[2]) if len(path) == 3 else "our reading"


class _Rules:
    """What the clauses of two versions decide, compared by diagrams where the versions can be decided."""

    def __init__(self, whole: tuple[Policy, Policy] | None, names: Names) -> None:
        self._names = names
        self._meanings: Meanings | None = None
        if whole:
            with suppress(PolicyTooComplexError):  # then they are compared as they are written
                self._meanings = Meanings(with_new_figures(*whole, names), whole[1], names)

    def differ(self, old: Clause, new: Clause) -> bool:
        """Whether something follows in other cases, or something else. Figures of values are left aside."""
        before, after = _effects(old, self._names), _effects(new, Names())
        return any(self._unlike(before.get(key, []), after.get(key, [])) for key in {**before, **after})

    def _unlike(self, old: list[When], new: list[When]) -> bool:
        if _written(old, self._names) == _written(new, Names()):
            return False
        if self._meanings is None or not (old and new):
            return True
        any_of = [tuple(each for when in whens for each in as_list(when)) for whens in (old, new)]
        try:
            with explaining_size([each.variable for each in self._meanings.variables]):
                return self._meanings.old(any_of[0]) != self._meanings.new(any_of[1])
        except PolicyTooComplexError:
            return True


def _effects(clause: Clause, names: Names) -> _Effects:
    found: _Effects = {}
    for rule in clause.rules:
        found.setdefault(("rules", names.new("outcomes", rule.outcome)), []).append(rule.when)
    for grant in clause.grants:
        given = [("remedies", names.new("remedies", remedy)) for remedy in grant.remedies]
        given += [("costs", names.new("costs", grant.costs))] if grant.costs else []
        for key in given:
            found.setdefault(key, []).append(grant.when)
    for part in ("proof", "steps", "interpretations", "estimates"):  # a reminder is nothing but words of its own
        for name, thing in getattr(clause, part).items():
            if thing.when is not None:
                found[part, names.new(part, name)] = [thing.when]
    for name, step in clause.steps.items():
        for wait in step.expect.values():
            ids = names.new("steps", name), names.new("values", wait.wait), names.new("questions", wait.after)
            found.setdefault(("dates", *ids), []).append(step.when)
    for name, estimate in clause.estimates.items():
        share = estimate.share
        amounts = (names.new("questions", part) for part in share.questions)
        found["share", names.new("estimates", name), *amounts] = [estimate.when]
    return found


def _written(whens: list[When], names: Names) -> set[frozenset[str]]:
    """Conditions as they are written, without the order of their parts."""
    return {
        frozenset(condition({name: test}, names) for name, test in all_of.items())
        for when in whens
        for all_of in as_list(when)
    }


def _place(policy: Policy, clause: Clause) -> str:
    """The heading under which customers find a clause."""
    return policy.topics.get(clause.topic, clause.topic)


def _unnamed(values: tuple[Value, ...], clause: Clause, words: list[str]) -> Iterator[Value]:
    """The values that a clause compares or waits for, whose figure is another now, and that no text of it names."""
    used = {wait.wait for step in clause.steps.values() for wait in step.expect.values()}
    for part in _DECIDING:
        things = getattr(clause, part)
        for thing in things.values() if isinstance(things, Mapping) else things:
            used |= {*compared_values(thing.when)}
    for value in values:
        name = placeholder(value.id, value.answer)
        if value.id in used and value.after and not any(name in text for text in words):
            yield value
