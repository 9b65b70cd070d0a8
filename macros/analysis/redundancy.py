"""Lines of a valid policy without effect: rules and grants without effect, cases without a grant.

Each is looked for with the decision diagram, over all cases. None makes a policy wrong, so these are warnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from checker import Policy
from checker.engine.compile import OUTCOME, CompiledPolicy, PolicyTooComplexError, translate_size_errors
from checker.engine.nodes import FAILS, HOLDS, Node
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
    named: tuple[Mapping[str, frozenset[str]], ...]
    """For each alternative of its condition the answers that it names."""
    when: Node
    """Its condition."""
    gives: Mapping[tuple[str, str], tuple[Node, int]]
    """Part and id of each, with a diagram that has this terminal where no stronger one wins over it."""

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
                f"decides nothing of its own: wherever it decides, {others}. Without it no "
                "outcome changes, but answers may give other reasons. Change its conditions, or take the rule away.",
            )
        for grant, others in self._without_effect(self._effects_of_grants()):
            yield Problem(
                grant.path,
                f"adds nothing: wherever it holds, {others}. "
                "Without it customers get the same, but answers may cite other clauses. Change its conditions or what "
                "it gives, or take the grant away.",
            )
        yield from self._nothing_granted()

    def _effects_of_rules(self) -> list[_Effect]:
        return [
            _Effect(
                path,
                _named(rule.when),
                compiled.when,
                {(OUTCOME, rule.outcome): (self.compiled.outcome, compiled.rank)},
            )
            for rule, (path, compiled) in zip(self.policy.rules.values(), self.rules(), strict=True)
        ]

    def _effects_of_grants(self) -> list[_Effect]:
        effects = []
        for ((clause, number), grant), compiled in zip(self.policy.grants.items(), self.compiled.grants, strict=True):
            gives = {(REMEDIES, remedy): (compiled.when, HOLDS) for remedy in grant.remedies}
            if grant.costs is not None:
                gives[COSTS, grant.costs] = self.compiled.parts[COSTS][grant.costs], HOLDS
            effects.append(_Effect(("clauses", clause, "grants", number), _named(grant.when), compiled.when, gives))
        return effects

    def _without_effect(self, effects: list[_Effect]) -> Iterator[tuple[_Effect, str]]:
        """Yields each redundant effect with what there is instead of it; of two equal ones the later."""
        remaining = effects.copy()
        for effect in reversed(effects):
            alike = (each for each in remaining if {*each.gives} & {*effect.gives} and effect.may_meet(each))
            others = [each for each in alike if each is not effect]
            if all(self._covered(effect, thing, others) for thing in effect.gives):
                remaining.remove(effect)
                yield effect, self._instead(effect, others)

    def _covered(self, effect: _Effect, thing: tuple[str, str], others: Iterable[_Effect]) -> bool:
        """Whether one of the others gives the thing wherever the effect does and no stronger one wins over it."""
        beside = self.store.apply(min, [each.when for each in others if thing in each.gives], FAILS)
        return not self._meet((effect.when, HOLDS), effect.gives[thing], (beside, FAILS))

    def _instead(self, effect: _Effect, others: Iterable[_Effect]) -> str:
        """The one clause that gives the same in all cases of the effect, else all that do in some; costs that win."""
        when = effect.when, HOLDS
        given = {thing: cases for thing, cases in effect.gives.items() if self._meet(when, cases)}
        meeting = [
            each
            for each in others
            if any(self._meet(when, given[thing], (each.when, HOLDS)) for thing in {*given} & {*each.gives})
        ]
        whole = [each for each in meeting if all(self._covered(effect, thing, [each]) for thing in given)]
        clauses = dict.fromkeys(str(each.path[1]) for each in whole[:1] or meeting)
        own = [*clauses] == [effect.path[1]]
        one, many = ("asks for", "ask for") if effect.path[2] == "rules" else ("gives", "give")
        who = (
            f"another of the {effect.path[2]} of this clause"
            if own
            else ENGLISH.join(f'"{clause}"' for clause in clauses)
        )
        names = ENGLISH.join(name for _, name in given)
        phrases = [f"{who} {many if len(clauses) > 1 else one} {names} too"] if given else []
        for costs in (name for part, name in effect.gives if part == COSTS):
            bearers = self.compiled.parts[COSTS].items()
            winners = [each for each, node in bearers if each != costs and self._meet(when, (node, HOLDS))]
            phrases += [f"{ENGLISH.join(winners, 'or')} wins over {costs}"] if winners else []
        return (", or " if {*given} == {*effect.gives} else ", and ").join(phrases)

    def _meet(self, *wanted: tuple[Node, int]) -> bool:
        """Whether in some case each diagram has its terminal."""
        return self.store.witness(wanted) is not None

    def _nothing_granted(self) -> Iterator[Problem]:
        """Clauses that decide a good outcome in a case in which nothing is granted, though the policy has grants."""
        grants = self.compiled.grants
        granted = self.store.apply(min, [grant.when for grant in grants], FAILS)
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
