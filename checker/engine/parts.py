"""The parts of a verdict beside its outcome: one registry for deciding, proving, comparing and explaining."""

from __future__ import annotations

from collections.abc import Mapping

from checker.policy import Condition, Policy, When, as_ids, as_list

REMEDIES, COSTS, PROOF, ESTIMATES = "remedies", "costs", "proof", "estimates"

ASKED = (REMEDIES, COSTS, PROOF, "steps")
"""The parts for which the checker asks questions."""

PARTS = (*ASKED, "reminders", "interpretations", ESTIMATES)
"""Every part. Each is a property or field of `Policy` with its items by id."""


def part_conditions(policy: Policy, part: str) -> Mapping[str, When]:
    """The condition of each item of a part, by id. Items without a condition are in no verdict and left out."""
    if part not in (REMEDIES, COSTS):
        return {id_: item.when for id_, item in getattr(policy, part).items() if item.when is not None}
    conditions: dict[str, tuple[Condition, ...]] = {}
    for grant in policy.grants.values():
        for id_ in grant.remedies if part == REMEDIES else as_ids(grant.costs or ()):
            conditions[id_] = (*conditions.get(id_, ()), *as_list(grant.when))
    return conditions
