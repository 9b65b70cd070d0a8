"""The table of outcomes of the frozen policy, written down a second time and in another way."""

from __future__ import annotations

PROBLEMS = ("quality", "shortage", "wrong_item", "return_logistics", "other", "change_of_mind")
WINDOWS = {"standard": 15, "factory_special": 7}
CAUSES = ("none", "war", "natural_disaster", "riot", "disease", "flight_restriction", "other_force_majeure")


def expected_outcome(problem: str, days_ago: int | None, product: str, cause: str) -> str:
    """The outcome of a case; days_ago is None while the order has not been received."""
    if cause != "none" or problem == "change_of_mind":
        return "excluded"
    if problem == "return_logistics":
        return "carrier"
    if days_ago is not None and days_ago > WINDOWS[product]:
        return "expired"
    return "review" if days_ago is None or problem == "other" else "eligible"
