"""What conditions of two versions mean, whatever the rules decide: diagrams that share one space.

Besides the closed questions, the space has a level for the outcome, one for who bears the costs, and one for each
remedy. So a condition that names the outcome stays what it was when a rule elsewhere changes, and an invariant is
compared by all that it forbids, not by what the rules of the day happen to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from checker.engine.compile import ANY, OUTCOME, CompiledPolicy
from checker.engine.diagram import FAILS, HOLDS, Node
from checker.engine.parts import COSTS, REMEDIES
from checker.engine.variables import Variable
from checker.policy import Comparison, Policy, When, as_ids, as_list
from macros.analysis.load import is_duration
from macros.diff.alignment import Names
from macros.diff.case_space import Common, common, spaces

NO_COSTS = "(nobody)"
"""The value of the costs where nothing is said of them."""

_GRANTED = ("no", "yes")


class Meanings:
    """The conditions of two versions as diagrams."""

    def __init__(self, old: Policy, new: Policy, names: Names) -> None:
        """Takes the versions, and what is the same thing in both."""
        self._names = names
        self.new_policy = new
        self.remedies = _union(old.remedies, new.remedies, names, REMEDIES)
        self._outcomes = _union(old.outcomes, new.outcomes, names, "outcomes")
        self._bearers = _union(old.costs, new.costs, names, COSTS)
        free = [
            Variable(_free(OUTCOME), self._outcomes),
            Variable(_free(COSTS), (NO_COSTS, *self._bearers)),
            *(Variable(_free(REMEDIES, remedy), _GRANTED) for remedy in self.remedies),
        ]
        self.variables = [
            *common(old, new, names, every_answer=True),
            *(Common(variable, variable) for variable in free),
        ]
        spaces_ = spaces(self.variables)
        self.store = spaces_[0].store
        # Without clauses no rule is compiled: what the rules decide is free here.
        self._old, self._new = (
            CompiledPolicy(replace(policy, clauses={}), space)
            for policy, space in zip((old, new), spaces_, strict=True)
        )

    def old(self, when: When | None) -> Node:
        """A condition of the old version."""
        return self._condition(self._old, when, self._names)

    def new(self, when: When | None) -> Node:
        """A condition of the new version."""
        return self._condition(self._new, when, Names())

    def offered(self) -> Node:
        """Where all answers are such as the new version offers, and all that is decided is such as it may decide."""
        policy = self.new_policy
        known: dict[str, Iterable[str]] = {name: each.offered for name, each in policy.questions.items()}
        known |= {_free(OUTCOME): policy.outcomes, _free(COSTS): (NO_COSTS, *policy.costs)}
        known |= {_free(REMEDIES, each): _GRANTED if each in policy.remedies else ("no",) for each in self.remedies}
        tests = [
            self.store.literal(
                number,
                [
                    *range(len(variable.starts)),
                    *(variable.values[choice] for choice in known[variable.question] if choice in variable.values),
                ],
            )
            for number, each in enumerate(self.variables)
            if (variable := each.new) is not None
        ]
        return self.store.apply(max, tests, HOLDS)

    def _condition(self, cases: CompiledPolicy, when: When | None, names: Names) -> Node:
        if when is None:
            return self.store.terminal(HOLDS)
        any_of = [
            self.store.apply(max, [self._test(cases, name, test, names) for name, test in all_of.items()], HOLDS)
            for all_of in as_list(when)
        ]
        return self.store.apply(min, any_of, FAILS)

    def _test(self, cases: CompiledPolicy, name: str, test: str | tuple[str, ...] | Comparison, names: Names) -> Node:
        if name not in (OUTCOME, COSTS, REMEDIES):
            return cases.condition({name: test})
        refused = isinstance(test, Comparison)
        part = "outcomes" if name == OUTCOME else name
        ids = {names.new(part, each) for each in as_ids((test.not_ or ()) if isinstance(test, Comparison) else test)}
        if name == REMEDIES:
            wanted = [each for each in self.remedies if each in ids or ANY in ids]
            tests = [cases.condition({_free(REMEDIES, each): "yes"}) for each in wanted]
            node = self.store.apply(min, tests, FAILS)
        else:
            node = cases.condition({_free(name): tuple(self._bearers if ANY in ids else ids)})
        return self.store.map_terminals(node, lambda terminal: HOLDS + FAILS - terminal) if refused else node


def with_new_figures(old: Policy, new: Policy, names: Names) -> Policy:
    """The old version with the figures of the new one, where a value is in both: what then differs is no figure."""
    questions = {now: was for was, now in names.parts["questions"].items()}
    values = dict(old.values)
    for was, now in names.parts["values"].items():
        value = new.values[now]
        if isinstance(value, str):
            figures: str | Mapping[str, str] = value
        elif value["by"] in questions:
            by = questions[value["by"]]
            answers = {now: was for was, now in names.answers[by].items()}
            figures = {"by": by} | {answers.get(name, name): text for name, text in value.items() if name != "by"}
        else:
            continue
        if all(map(is_duration, _texts(figures))):
            values[was] = figures
    return replace(old, values=values)


def _texts(value: str | Mapping[str, str]) -> Iterator[str]:
    yield from [value] if isinstance(value, str) else [text for name, text in value.items() if name != "by"]


def _union(old: Iterable[str], new: Iterable[str], names: Names, part: str) -> tuple[str, ...]:
    """What one of the versions has, under the new ids."""
    return tuple(dict.fromkeys([*new, *(names.new(part, each) for each in old)]))


def _free(part: str, name: str = "") -> str:
    """What a level is called that no question decides: no id looks so."""
    return f"({part}.{name})" if name else f"({part})"
