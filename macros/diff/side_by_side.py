"""Clauses of which only the words or only the rules changed: a person must compare the two.

The words are all that customers read of a clause: title, text, interpretations, and the cards on the home page that
link to it. The rules are all that it decides or asks for, and its topic. No machine can tell whether the words still
say what the rules do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from checker.engine.compile import PolicyTooComplexError, translate_size_errors
from checker.policy import Clause, Policy, When, as_list
from macros.diff.alignment import Alignment
from macros.diff.condition_diagrams import ConditionDiagrams, with_new_durations
from macros.diff.rule_text import consequence_lines
from macros.diff.settings import condition, settings
from macros.diff.texts import ValueChange, placeholder
from macros.diff.version import Version
from macros.diff.wording import sentence
from macros.policyfile.conditions import compared_values
from macros.policyfile.errors import KeyPath

_DECIDING = ("rules", "grants", "proof", "steps", "estimates")
"""The parts of a clause for which customers rely on its words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """One side of a clause in both versions, line by line."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClauseSides:
    """A clause of both versions of which one side changed while the other did not."""

    clause: str
    """Its id in the new version."""
    changed: Literal["rules", "words"]
    values: tuple[ValueChange, ...]
    """The changed values that it compares or waits for, and that none of its texts names."""
    words: Lines
    rules: Lines


def clauses_to_review(
    old: Version, new: Version, alignment: Alignment, values: tuple[ValueChange, ...]
) -> Iterator[ClauseSides]:
    """The clauses of which only one side changed, in the order of the new version."""
    policies = (old.policy, new.policy) if old.policy and new.policy else None
    before, after = policies or (old.written, new.written)
    old_ids = {new_id: old_id for old_id, new_id in alignment.parts["clauses"].items()}
    read = _Words(before, alignment), _Words(after, Alignment())
    written = _Words(old.written, alignment), _Words(new.written, Alignment())
    rules = _Rules(policies, alignment)
    for name in new.written.clauses:
        if name not in old_ids:
            continue
        old_clause, new_clause = before.clauses[old_ids[name]], after.clauses[name]
        if not any(getattr(clause, part) for clause in (old_clause, new_clause) for part in _DECIDING):
            continue
        # A text that only follows a value or an answer is not reworded: the report names that change by itself.
        reworded = all(words[0].of(name) != words[1].of(name) for words in (read, written))
        consequences = Lines(
            before=tuple(consequence_lines(before, old_clause, decided=policies is not None)),
            after=tuple(consequence_lines(after, new_clause, decided=policies is not None)),
        )
        # The first line is the topic.
        ruled = consequences.before[0] != consequences.after[0] or rules.differ(old_clause, new_clause)
        unnamed = tuple(_unnamed(values, new_clause, written[1].inside(name)))
        if ruled != reworded or unnamed:
            yield ClauseSides(
                clause=name,
                changed="words" if reworded and not ruled and not unnamed else "rules",
                values=unnamed,
                words=Lines(before=read[0].lines(name), after=read[1].lines(name)),
                rules=consequences,
            )


class _Words:
    """The words of the clauses of one version, under the new ids."""

    def __init__(self, policy: Policy, alignment: Alignment) -> None:
        self._settings = settings(policy, alignment)
        self._cards: dict[str, list[str]] = {}
        for card, summary in policy.summary.items():
            cards = self._cards.setdefault(alignment.new_id("clauses", summary.clause), [])
            cards.append(alignment.new_id("summary", card))

    def of(self, clause: str) -> Mapping[KeyPath, str]:
        """The words of a clause by path."""
        own = [("clauses", clause), *(("summary", card) for card in self._cards.get(clause, []))]
        return {path: text for path, text in self._settings.items() if path[:2] in own and is_words(path)}

    def inside(self, clause: str) -> list[str]:
        """Every text of a clause."""
        return [text for path, text in self._settings.items() if path[:2] == ("clauses", clause)]

    def lines(self, clause: str) -> tuple[str, ...]:
        """The words of a clause line by line, each text with its label."""
        return tuple(line for path, text in self.of(clause).items() for line in f"{_label(path)}: {text}".splitlines())


def is_words(path: KeyPath) -> bool:
    """Whether a path leads to words of a clause, or of a card on the home page."""
    in_clause = path[2:] in (("title",), ("text",)) or (path[2:3] == ("interpretations",) and path[4:] == ("text",))
    return in_clause and path[0] in ("clauses", "summary")


def _label(path: KeyPath) -> str:
    if path[0] == "summary":
        return sentence("clauses.card", part=path[2])
    return str(path[2]) if len(path) == 3 else sentence("clauses.interpretation")


class _Rules:
    """The rules of the clauses of two versions, compared by diagrams if the versions can be decided."""

    def __init__(self, policies: tuple[Policy, Policy] | None, alignment: Alignment) -> None:
        self._alignment = alignment
        self._diagrams: ConditionDiagrams | None = None
        if policies:
            old, new = policies
            with suppress(PolicyTooComplexError):  # then conditions are compared as they are written
                self._diagrams = ConditionDiagrams(with_new_durations(old, new, alignment), new, alignment)

    def differ(self, old: Clause, new: Clause) -> bool:
        """Whether the clauses have different consequences, or the same ones in other cases. Durations are ignored."""
        before, after = _consequences(old, self._alignment), _consequences(new, Alignment())
        return any(self._differ(before.get(key, []), after.get(key, [])) for key in {**before, **after})

    def _differ(self, old: list[When], new: list[When]) -> bool:
        if _written(old, self._alignment) == _written(new, Alignment()):
            return False
        if self._diagrams is None or not (old and new):
            return True
        any_of = [tuple(condition for when in whens for condition in as_list(when)) for whens in (old, new)]
        try:
            with translate_size_errors([shared.variable for shared in self._diagrams.variables]):
                return self._diagrams.old(any_of[0]) != self._diagrams.new(any_of[1])
        except PolicyTooComplexError:
            return True


def _consequences(clause: Clause, alignment: Alignment) -> dict[tuple[object, ...], list[When]]:
    """The consequences of a clause under the new ids, each with its conditions."""
    new_id = alignment.new_id
    result: dict[tuple[object, ...], list[When]] = {}
    for rule in clause.rules:
        result.setdefault(("rules", new_id("outcomes", rule.outcome)), []).append(rule.when)
    for grant in clause.grants:
        keys = [("remedies", new_id("remedies", remedy)) for remedy in grant.remedies]
        keys += [("costs", new_id("costs", grant.costs))] if grant.costs else []
        for key in keys:
            result.setdefault(key, []).append(grant.when)
    for part in ("proof", "steps", "interpretations", "estimates"):  # a reminder is words and nothing else
        for name, item in getattr(clause, part).items():
            if item.when is not None:
                result[part, new_id(part, name)] = [item.when]
    for name, step in clause.steps.items():
        for wait in step.expect.values():
            ids = new_id("steps", name), new_id("values", wait.wait), new_id("questions", wait.after)
            result.setdefault(("dates", *ids), []).append(step.when)
    for name, estimate in clause.estimates.items():
        share = estimate.share
        amounts = (new_id("questions", part) for part in share.questions)
        result["share", new_id("estimates", name), *amounts] = [estimate.when]
    return result


def _written(whens: list[When], alignment: Alignment) -> set[frozenset[str]]:
    """Conditions as they are written, regardless of the order of their parts."""
    return {
        frozenset(condition({name: test}, alignment) for name, test in all_of.items())
        for when in whens
        for all_of in as_list(when)
    }


def _unnamed(values: tuple[ValueChange, ...], clause: Clause, texts: list[str]) -> Iterator[ValueChange]:
    """The changed values that a clause compares or waits for, and that none of its texts names."""
    used = {wait.wait for step in clause.steps.values() for wait in step.expect.values()}
    for part in _DECIDING:
        items = getattr(clause, part)
        for item in items.values() if isinstance(items, Mapping) else items:
            used |= {*compared_values(item.when)}
    for value in values:
        name = placeholder(value.id, value.answer)
        if value.id in used and value.after and not any(name in text for text in texts):
            yield value
