"""Lines of a valid policy without effect: rules and grants without effect, cases without a grant.

Each is looked for with the decision diagram, over all cases. None makes a policy wrong, so these are warnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from checker import Policy
from checker.engine.compile import OUTCOME, CompiledPolicy, PolicyTooComplexError, translate_size_errors
from checker.engine.diagram import FAILS, HOLDS, Node
from checker.engine.parts import COSTS, REMEDIES
from checker.policy import Comparison, When, as_ids, as_list
from macros.analysis.proof import Prover
from macros.policyfile.errors import ENGLISH, KeyPath, Problem


def redundancies(policy: Policy) -> Iterator[Problem]:
    """The lines without effect of a policy without problems.

    Yields nothing if the rules are too many to tell.
    """
    with suppress(PolicyTooComplexError):
        compiled = CompiledPolicy(policy)
        with translate_size_errors(compiled.variables):
            yield from _Redundancy(compiled).problems()


@dataclass(frozen=True, slots=True, eq=False)
class _Effect:
    """The outcome of a rule, or the remedies and payer of a grant, with its path."""

    path: KeyPath
    gives: tuple[tuple[str, str], ...]
    """Each with the part of the policy that it stands in."""
    named: tuple[Mapping[str, frozenset[str]], ...]
    """For each alternative of its condition the answers that it names."""
    holds: tuple[tuple[Node, int], ...]
    """The diagrams with these terminals in the cases in which it takes effect; the first is its own condition."""

    @property
    def when(self) -> Node:
        """Its condition."""
        return self.holds[0][0]

    def may_meet(self, other: _Effect) -> bool:
        """Whether the answers that the two name do not keep them apart: that is seen much sooner than by diagrams."""
        return any(
            all(one[question] & two[question] for question in {*one} & {*two})
            for one in self.named
            for two in other.named
        )


class _Redundancy(Prover):
    """Rules and grants that add nothing to others, and covered cases in which nothing is granted."""

    def problems(self) -> Iterator[Problem]:
        for rule, others in self._without_effect(self._effects_of_rules()):
            yield Problem(
                rule.path,
                f"decides nothing of its own: wherever it decides, {others} {rule.gives[0][1]} too. Without it no "
                "outcome changes, but answers may give other reasons. Change its conditions, or take the rule away.",
            )
        for grant, others in self._without_effect(self._effects_of_grants()):
            yield Problem(
                grant.path,
                f"adds nothing: wherever it holds, {others} {ENGLISH.join(name for _, name in grant.gives)} too. "
                "Without it customers get the same, but answers may cite other clauses. Change its conditions or what "
                "it gives, or take the grant away.",
            )
        yield from self._nothing_granted()

    def _effects_of_rules(self) -> list[_Effect]:
        return [
            _Effect(
                path,
                ((OUTCOME, rule.outcome),),
                _named(rule.when),
                ((when.when, HOLDS), (self.compiled.outcome, when.rank)),
            )
            for rule, (path, when) in zip(self.policy.rules.values(), self.rules(), strict=True)
        ]

    def _effects_of_grants(self) -> list[_Effect]:
        return [
            _Effect(
                ("clauses", clause, "grants", number),
                (
                    *((REMEDIES, remedy) for remedy in grant.remedies),
                    *((COSTS, payer) for payer in as_ids(grant.costs or ())),
                ),
                _named(grant.when),
                ((self.compiled.condition(grant.when), HOLDS),),
            )
            for (clause, number), grant in self.policy.grants.items()
        ]

    def _without_effect(self, effects: list[_Effect]) -> Iterator[tuple[_Effect, str]]:
        """Yields each redundant effect with the clauses that give the same; of two equal ones the later."""
        remaining = effects.copy()
        for effect in reversed(effects):
            others = [each for each in remaining if {*each.gives} & {*effect.gives} and effect.may_meet(each)]
            others.remove(effect)
            alike = [[each for each in others if thing in each.gives] for thing in effect.gives]
            if all(self._covered(effect, givers) for givers in alike):
                remaining.remove(effect)
                yield effect, self._who_gives(effect, others)

    def _covered(self, effect: _Effect, others: Iterable[_Effect]) -> bool:
        """Whether one of the others holds wherever the effect takes effect."""
        beside = self.store.apply(min, [each.when for each in others], FAILS)
        return self.store.witness([*effect.holds, (beside, FAILS)]) is None

    def _who_gives(self, effect: _Effect, others: Iterable[_Effect]) -> str:
        """The one clause that gives the same in all cases of the effect; else all clauses that do in some."""
        meeting = [each for each in others if self.store.witness([*effect.holds, (each.when, HOLDS)]) is not None]
        whole = [each for each in meeting if {*effect.gives} <= {*each.gives} and self._covered(effect, [each])]
        clauses = dict.fromkeys(str(each.path[1]) for each in whole[:1] or meeting)
        own = [*clauses] == [effect.path[1]]
        one, many = ("asks for", "ask for") if effect.path[2] == "rules" else ("gives", "give")
        others_of_it = f"another of the {effect.path[2]} of this clause"
        who = others_of_it if own else ENGLISH.join(f'"{clause}"' for clause in clauses)
        return f"{who} {many if len(clauses) > 1 else one}"

    def _nothing_granted(self) -> Iterator[Problem]:
        """Clauses that decide a good outcome in a case in which nothing is granted, though the policy has grants."""
        grants = self.policy.grants.values()
        granted = self.store.apply(min, [self.compiled.condition(grant.when) for grant in grants], FAILS)
        seen: set[str] = set()
        for path, rule in self.rules() if grants else ():
            outcome = self.compiled.outcomes[rule.rank]
            if rule.clause in seen or self.policy.outcomes[outcome].tone != "good":
                continue
            case = self.store.witness([(rule.when, HOLDS), (self.compiled.outcome, rule.rank), (granted, FAILS)])
            if case is not None:
                seen.add(rule.clause)
                yield Problem(
                    path,
                    f"decides {outcome}, and no grant gives anything in this case: {self.case_text(case)}. Add a "
                    "grant, if customers are to get something there.",
                )


def _named(when: When) -> tuple[Mapping[str, frozenset[str]], ...]:
    """For each alternative of a condition the answers that it names; what it says in another way is left out."""
    return tuple(
        {name: frozenset(as_ids(test)) for name, test in all_of.items() if not isinstance(test, Comparison)}
        for all_of in as_list(when)
    )
