"""The windows of clauses as texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product

from markupsafe import Markup

from checker.engine.compile import CompiledPolicy
from checker.engine.cover import Cube
from checker.engine.parts import COSTS, REMEDIES
from macros.pages.condition_text import Conditions, Sentences, marked
from macros.pages.windows import Window, windows


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowText:
    """A window in words."""

    days: int
    label: Markup
    """The days, and the answers for which they hold."""
    ends: Markup | None
    """The outcomes, remedies and costs that end, if the clause has windows for different ones."""
    alternatives: tuple[Sentences, ...]
    """The conditions that the label leaves out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """The windows of a clause after one date."""

    clause: str
    question: str
    texts: tuple[WindowText, ...]


def window_figures(compiled: CompiledPolicy, conditions: Conditions) -> Mapping[str, tuple[Figure, ...]]:
    """The figures of each clause that has windows."""
    words = _Words(compiled, conditions)
    return {clause: tuple(words.figures(clause, own)) for clause, own in windows(compiled).items()}


@dataclass(frozen=True, slots=True)
class _Words:
    compiled: CompiledPolicy
    conditions: Conditions

    def figures(self, clause: str, found: Mapping[str, Sequence[Window]]) -> Iterator[Figure]:
        """The figures of one clause, by the question of their date."""
        pairs = combinations(chain(*found.values()), 2)
        differ = any({*one.ends}.isdisjoint(other.ends) for one, other in pairs)
        for question in self.compiled.policy.questions:
            if question in found:
                yield self._figure(clause, question, found[question], differ=differ)

    def _figure(self, clause: str, question: str, own: Sequence[Window], *, differ: bool) -> Figure:
        telling = next(self._telling(own), None)
        if telling is not None:
            number = telling
            own = sorted(own, key=lambda window: min(window.cubes[0][number]))
        return Figure(
            clause=clause, question=question, texts=tuple(self._text(window, telling, differ=differ) for window in own)
        )

    def _text(self, window: Window, telling: int | None, *, differ: bool) -> WindowText:
        say, join = self.conditions.say, self.conditions.join
        label = Markup('<span class="figure">{}</span>').format(self.conditions.days(window.days))
        named = self._named(window) if telling is None else telling
        if named is not None:
            variable = self.compiled.variables[named]
            choices = variable.choices_of(window.cubes[0][named])
            phrases = join((self.conditions.quote(variable.question, choice) for choice in choices), "and")
            label = say("pages.window", length=label, choices=phrases)
        return WindowText(
            days=window.days,
            label=label,
            ends=join(map(self._end, window.ends)) if differ else None,
            alternatives=tuple(self._alternatives(window, named)),
        )

    def _telling(self, own: Sequence[Window]) -> Iterator[int]:
        """The variables whose answers tell each of several windows from all others."""
        cubes = [cube for window in own for cube in window.cubes]
        if len(cubes) == len(own) > 1:
            for number in self._closed(cubes[0]):
                if all(one[number].isdisjoint(other[number]) for one, other in combinations(cubes, 2)):
                    yield number

    def _named(self, window: Window) -> int | None:
        """The variable whose answers the label of a window names though they do not tell it from others."""
        if len(window.cubes) > 1:
            return None
        for number in self._closed(window.cubes[0]):
            variable, size = self.compiled.variables[number], len(window.cubes[0][number])
            offered = self.compiled.policy.questions[variable.question].offered
            if 2 * size <= variable.size and all(choice.in_words for choice in offered.values()):
                return number
        return None

    def _closed(self, cube: Cube) -> Iterator[int]:
        return (number for number in self._constrained(cube) if not self.compiled.variables[number].first_days)

    def _constrained(self, cube: Cube) -> list[int]:
        """The variables of which the cube has not all values, in the order of the questions."""
        variables, questions = self.compiled.variables, [*self.compiled.policy.questions]
        constrained = [number for number, values in enumerate(cube) if len(values) < variables[number].size]
        return sorted(constrained, key=lambda number: questions.index(variables[number].question))

    def _alternatives(self, window: Window, named: int | None) -> Iterator[Sentences]:
        for cube in window.cubes:
            further = [number for number in self._constrained(cube) if number != named]
            answers = [self.conditions.answers(self.compiled.variables[number], cube[number]) for number in further]
            yield from (tuple(chain(*parts)) for parts in product(*answers) if parts)

    def _end(self, name: str) -> Markup:
        """The name of what ends: an outcome, or a remedy or costs with their kind."""
        policy = self.compiled.policy
        kind, _, id_ = name.rpartition(".")
        texts = {REMEDIES: policy.remedies, COSTS: policy.costs}
        return marked(name, texts[kind][id_] if kind else policy.outcomes[id_].title)
