"""The parts of a verdict beside its outcome: one registry for deciding, proving, comparing and explaining."""

from __future__ import annotations

from collections.abc import Mapping

from checker.policy import Policy, When

REMEDIES, COSTS, PROOF, ESTIMATES = "remedies", "costs", "proof", "estimates"

ASKED = (REMEDIES, COSTS, PROOF, "steps")
"""The parts for which the checker asks questions."""

ITEMS = (PROOF, "steps", "reminders", "interpretations", ESTIMATES)
"""The parts with items of their own. Each is a property or field of `Policy` with its items by id."""

PARTS = (REMEDIES, COSTS, *ITEMS)
"""Every part. Remedies and costs are what the grants give."""


def conditions_of_items(policy: Policy, part: str) -> Mapping[str, When]:
    """The condition of each item of a part, by id. Items without a condition are in no verdict and left out."""
    return {id_: item.when for id_, item in getattr(policy, part).items() if item.when is not None}
