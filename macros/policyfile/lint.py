"""What an editor may want to know of a policy that is right."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from checker.engine.variables import value_by
from checker.policy import Policy
from checker.values.durations import in_words
from macros.policyfile.errors import Problem
from macros.policyfile.texts import used, values
from macros.policyfile.value_checks import compared


def hints(policy: Policy, today: date | None = None) -> Iterator[Problem]:
    """What does not hold yet, what is not entered yet, and what nothing uses.

    Takes the policy with its texts as they are written and its holidays, and the day, if somebody wants to publish it.
    """
    if today is not None and today < policy.valid_from:
        message = (
            f"is {in_words(policy.valid_from)}, and today is {in_words(today)}. A site that is published now says that "
            "its policy does not hold yet, and what holds until then is nowhere on it."
        )
        yield Problem(("valid from",), message)
    if today is not None and (ended := holidays_ended(policy, today)):
        yield ended
    if not policy.shop.contact:
        yield Problem(("shop", "contact"), "is empty. The pages cannot say whom to ask until you enter it.")
    if not policy.shop.apply_at:
        yield Problem(("shop", "apply at"), "is empty. The pages cannot say where to apply until you enter it.")
    yield from _unnamed(policy)
    grants = policy.grants.values()
    in_use: dict[str, tuple[str, Collection[str | None]]] = {
        "values": ("rule, step or text", _values_in_use(policy)),
        "outcomes": ("rule", {rule.outcome for rule in policy.rules.values()}),
        "remedies": ("grant", {remedy for grant in grants for remedy in grant.remedies}),
        "costs": ("grant", {grant.costs for grant in grants}),
        "topics": ("clause", {clause.topic for clause in policy.clauses.values()}),
    }
    for part, (what, names) in in_use.items():
        for name in getattr(policy, part):
            if name not in names:
                yield Problem((part, name), f"no {what} uses this.", at_key=True)


def holidays_ended(policy: Policy, day: date) -> Problem | None:
    """Until when the statutory holidays of the policy's country are known, and what to do; None if past a day."""
    known = policy.holidays
    if known is None or day < known.last:
        return None
    # Holidays that a law fixes are known until the end of the year after the one in which the policy begins to hold.
    if known.last == date(policy.valid_from.year + 1, 12, 31):
        advice = "Publish a new version, with a later `valid from`."
    else:
        advice = "Update the package that knows them: `uv lock --upgrade-package holidays`."
    return Problem(
        ("calendar", "country"),
        f"the holidays of {known.country} are known to {in_words(known.last)} only: past that the checker gives no "
        f"date that is counted in working days. {advice}",
    )


def _values_in_use(policy: Policy) -> set[str]:
    names = {name.partition(".")[0] for name in used(policy)}
    names |= {expected.wait for step in policy.steps.values() for expected in step.expect.values()}
    return names | {name for _, name in compared(policy)}


def _unnamed(policy: Policy) -> Iterator[Problem]:
    """Values that clauses compare with a date and that no text names: some readers never learn of them."""
    clause_of = {name: str(path[1]) for path, name in reversed([*compared(policy)]) if path[0] == "clauses"}
    named = used(policy, leave_out=("examples", "invariants", "editors note"))
    for placeholder in values(policy):
        name, _, choice = placeholder.partition(".")
        if name in clause_of and placeholder not in named:
            who = "no reader learns of it"
            if choice:
                question = policy.questions[str(value_by(policy, name)[0])]
                who = f'readers who answer "{question.offered[choice].title}" to "{question.ask}" never learn of it'
            message = (
                f'"{clause_of[name]}" compares dates with it, and no text names it: {who}. '
                f"Write {{{placeholder}}} into the text that says so."
            )
            yield Problem(("values", *placeholder.split(".")), message, at_key=True)
