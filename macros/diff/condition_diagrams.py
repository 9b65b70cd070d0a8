"""The conditions of two versions as diagrams over one space, independent of the rules.

Besides the closed questions, the space has a variable for the outcome, one for the bearer of the costs, and one for
each remedy. So a condition that names the outcome stays the same when a rule elsewhere changes, and an invariant is
compared by all that it forbids, whatever the present rules decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checker.engine.compile import ANY, OUTCOME, CompiledPolicy
from checker.engine.nodes import FAILS, HOLDS, Node
from checker.engine.parts import COSTS, REMEDIES
from checker.engine.variables import Variable, value_by
from checker.policy import Comparison, Policy, When, as_ids, as_list
from macros.diff.alignment import Alignment
from macros.diff.case_space import SharedVariable, shared_variables, variable_spaces
from macros.policyfile.value_checks import is_duration

NO_COSTS = "(nobody)"
"""The value of the costs variable if no clause names a bearer."""

_GRANTED = ("no", "yes")


class ConditionDiagrams:
    """The conditions of two versions as diagrams."""

    def __init__(self, old: Policy, new: Policy, alignment: Alignment) -> None:
        self._alignment = alignment
        self.new_policy = new
        self.remedies = _union(old.remedies, new.remedies, alignment, REMEDIES)
        self._outcomes = _union(old.outcomes, new.outcomes, alignment, "outcomes")
        self._bearers = _union(old.costs, new.costs, alignment, COSTS)
        free = [
            Variable(_free(OUTCOME), self._outcomes),
            Variable(_free(COSTS), (NO_COSTS, *self._bearers)),
            *(Variable(_free(REMEDIES, remedy), _GRANTED) for remedy in self.remedies),
        ]
        self.variables = [
            *shared_variables(old, new, alignment, every_answer=True),
            *(SharedVariable(variable, variable) for variable in free),
        ]
        spaces = variable_spaces(self.variables)
        self.store = spaces[0].store
        # Without clauses no rule is compiled, so that any outcome is possible here.
        self._old, self._new = (
            CompiledPolicy(replace(policy, clauses={}), space) for policy, space in zip((old, new), spaces, strict=True)
        )

    def old(self, when: When | None) -> Node:
        """The diagram of a condition of the old version."""
        return self._condition(self._old, when, self._alignment)

    def new(self, when: When | None) -> Node:
        """The diagram of a condition of the new version."""
        return self._condition(self._new, when, Alignment())

    def offered(self) -> Node:
        """The assignments whose answers, outcomes, costs and remedies all exist in the new version."""
        policy = self.new_policy
        known: dict[str, Iterable[str]] = {name: question.offered for name, question in policy.questions.items()}
        known |= {_free(OUTCOME): policy.outcomes, _free(COSTS): (NO_COSTS, *policy.costs)}
        known |= {_free(REMEDIES, name): _GRANTED if name in policy.remedies else ("no",) for name in self.remedies}
        tests = [
            self.store.literal(
                number,
                [
                    *range(len(variable.first_days)),
                    *(variable.values[choice] for choice in known[variable.question] if choice in variable.values),
                ],
            )
            for number, shared in enumerate(self.variables)
            if (variable := shared.new) is not None
        ]
        return self.store.apply(max, tests, HOLDS)

    def _condition(self, compiled: CompiledPolicy, when: When | None, alignment: Alignment) -> Node:
        if when is None:
            return self.store.terminal(HOLDS)
        any_of = [
            self.store.apply(max, [self._test(compiled, name, test, alignment) for name, test in all_of.items()], HOLDS)
            for all_of in as_list(when)
        ]
        return self.store.apply(min, any_of, FAILS)

    def _test(
        self, compiled: CompiledPolicy, name: str, test: str | tuple[str, ...] | Comparison, alignment: Alignment
    ) -> Node:
        if name not in (OUTCOME, COSTS, REMEDIES):
            return compiled.condition({name: test})
        negated = isinstance(test, Comparison)
        part = "outcomes" if name == OUTCOME else name
        old_ids = as_ids((test.not_ or ()) if isinstance(test, Comparison) else test)
        ids = {alignment.new_id(part, old_id) for old_id in old_ids}
        if name == REMEDIES:
            wanted = [remedy for remedy in self.remedies if remedy in ids or ANY in ids]
            tests = [compiled.condition({_free(REMEDIES, remedy): "yes"}) for remedy in wanted]
            node = self.store.apply(min, tests, FAILS)
        else:
            node = compiled.condition({_free(name): tuple(self._bearers if ANY in ids else ids)})
        return self.store.map_terminals(node, lambda terminal: HOLDS + FAILS - terminal) if negated else node


def with_new_durations(old: Policy, new: Policy, alignment: Alignment) -> Policy:
    """The old version with the new durations of the values of both, so that they make no difference of conditions."""
    questions = {new_id: old_id for old_id, new_id in alignment.parts["questions"].items()}
    values = dict(old.values)
    for old_id, new_id in alignment.parts["values"].items():
        by, durations = value_by(new, new_id)
        if not all(is_duration(text, new.messages) for text in durations.values()):
            continue
        if by is None:
            values[old_id] = new.values[new_id]
        elif by in questions:
            answers = {new_answer: old_answer for old_answer, new_answer in alignment.answers[questions[by]].items()}
            texts = {answers.get(name, name): text for name, text in durations.items()}
            values[old_id] = {"by": questions[by], **texts}
    return replace(old, values=values)


def _union(old: Iterable[str], new: Iterable[str], alignment: Alignment, part: str) -> tuple[str, ...]:
    """The ids of both versions, as new ids."""
    return tuple(dict.fromkeys([*new, *(alignment.new_id(part, old_id) for old_id in old)]))


def _free(part: str, name: str = "") -> str:
    """The name of a variable that stands for no question; no id has parentheses."""
    return f"({part}.{name})" if name else f"({part})"
