"""One set of answers in the case space: what is certain, and what is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from checker.answers.parse import Answers
from checker.engine.compile import CompiledPolicy
from checker.engine.nodes import FAILS, HOLDS, Node
from checker.engine.parts import COSTS, REMEDIES
from checker.verdict import Reason, RuledOut


class Evaluation:
    """The diagrams of a policy, evaluated with one set of answers."""

    def __init__(
        self, compiled: CompiledPolicy, answers: Answers, values: Sequence[Sequence[int]] | None = None
    ) -> None:
        self.compiled = compiled
        self.answers = answers
        self.values = compiled.values(answers) if values is None else values
        self._only = [values[0] for values in self.values] if all(len(values) == 1 for values in self.values) else None
        self._terminals: dict[Node, set[int]] = {}
        self._certain: dict[Node, bool] = {}

    @property
    def is_complete(self) -> bool:
        """Whether no question is open."""
        return self._only is not None

    def under(self, values: Mapping[int, Sequence[int]]) -> Evaluation:
        """The evaluation with other values of some variables."""
        changed = [values.get(number, own) for number, own in enumerate(self.values)]
        return Evaluation(self.compiled, self.answers, changed)

    def terminals(self, diagram: Node) -> set[int]:
        """The terminals that the diagram can still reach. Many conditions are the same node, so each is walked once."""
        terminals = self._terminals.get(diagram)
        if terminals is None:
            store = self.compiled.store
            terminals = {store.decide(diagram, self._only)} if self._only else store.terminals(diagram, self.values)
            self._terminals[diagram] = terminals
        return terminals

    def certain(self, when: Node) -> bool:
        """Whether the condition holds however the open questions turn out."""
        certain = self._certain.get(when)
        if certain is None:
            certain = self._certain[when] = self.terminals(when) == {HOLDS}
        return certain

    def possible(self, when: Node) -> bool:
        """Whether the condition holds in some of the cases that are still open."""
        return HOLDS in self.terminals(when)

    def holding(self, conditions: Mapping[str, Node]) -> Iterator[str]:
        """The names whose conditions are certain."""
        return (name for name, when in conditions.items() if self.certain(when))

    def reasons(self, outcome: str | None) -> Iterator[Reason]:
        """The clauses that decide. Where an open answer leaves none certain, those that may."""
        if outcome is None:
            return iter(())
        own = [rule for rule in self.compiled.rules if self.compiled.outcomes[rule.rank] == outcome]
        named = [rule.clause for rule in own if self.certain(rule.when)]
        named = named or [rule.clause for rule in own if self.possible(rule.when)]
        return (Reason(clause=clause, outcome=outcome) for clause in dict.fromkeys(named))

    def weaker(self, outcome: str | None) -> Iterator[Reason]:
        """The clauses that hold too and would decide otherwise, if they counted."""
        if outcome is None:
            return iter(())
        found = {
            (rule.clause, rule.rank): None
            for rule in self.compiled.rules
            if rule.rank > self.compiled.rank[outcome] and self.certain(rule.when)
        }
        return (Reason(clause=clause, outcome=self.compiled.outcomes[rank]) for clause, rank in found)

    def ruled_out(self, outcome: str | None) -> Iterator[RuledOut]:
        """The clauses of stronger outcomes that do not hold, with the questions that keep them from it."""
        if outcome is None:
            return
        for rule in self.compiled.rules:
            if rule.rank < self.compiled.rank[outcome] and self.terminals(rule.when) == {FAILS}:
                failing = [
                    [names for names, test in all_of if self.terminals(test) == {FAILS}] for all_of in rule.any_of
                ]
                because = dict.fromkeys(name for names in min(failing, key=len) for name in names)
                yield RuledOut(clause=rule.clause, outcome=self.compiled.outcomes[rule.rank], because=tuple(because))

    def granted_by(self, remedies: Iterable[str], costs: str | None) -> Iterator[tuple[tuple[str, str], str]]:
        """The clause whose grant gives each remedy and the costs; one whose grant may hold, if none is certain."""
        grants = self.compiled.grants
        own = {(REMEDIES, id_): [grant for grant in grants if id_ in grant.remedies] for id_ in remedies}
        if costs:
            own[COSTS, costs] = [grant for grant in grants if grant.costs == costs]
        for item, giving in own.items():
            certain = (grant for grant in giving if self.certain(grant.when))
            yield item, next(certain, next(grant for grant in giving if self.possible(grant.when))).clause

    def support(self, diagrams: Iterable[Node]) -> set[int]:
        """The variables that can still change the terminal of one of the diagrams."""
        return self.compiled.store.support(diagrams, self.values)
