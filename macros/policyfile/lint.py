"""Hints about a policy without mistakes: unused names, missing contacts, dates that end soon."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date

from checker.engine.variables import value_by
from checker.policy import Policy
from macros.policyfile import shop_checks
from macros.policyfile.errors import ENGLISH, Problem
from macros.policyfile.texts import all_texts, names_in_texts, value_texts
from macros.policyfile.value_checks import value_comparisons


def hints(policy: Policy, today: date | None = None) -> Iterator[Problem]:
    """The hints about a policy with its texts as written, with its holidays; `today` is the day of publication."""
    if today is not None and today < policy.valid_from:
        message = (
            f"is {ENGLISH.date(policy.valid_from)}, and today is {ENGLISH.date(today)}. A site that is published now "
            "says that its policy does not hold yet, and what holds until then is nowhere on it."
        )
        yield Problem(("valid from",), message)
    if today is not None and (problem := holidays_problem(policy, today)):
        yield problem
    if policy.holidays:
        from macros.policyfile import holidays  # its library takes long to import

        yield from holidays.hints(policy)
    no_address = f'is empty. Until you enter it, the pages say "{ENGLISH.say("frame.no_address")}"'
    if not policy.shop.contact:
        yield Problem(("shop", "contact"), f"{no_address} to those who look for customer service.")
    if not policy.shop.apply_at:
        yield Problem(("shop", "apply at"), f"{no_address} to those who want to {policy.words.apply}.")
    yield from shop_checks.hints(policy)
    yield from _straight_quotes(policy)
    yield from _unmentioned_values(policy)
    clauses = policy.clauses.values()
    grants = policy.grants.values()
    in_use: dict[str, tuple[str, Collection[str | None]]] = {
        "values": ("rule, step or text", _values_in_use(policy)),
        "outcomes": ("rule", {rule.outcome for rule in policy.rules.values()}),
        "remedies": ("grant", {remedy for grant in grants for remedy in grant.remedies}),
        "costs": ("grant", {grant.costs for grant in grants}),
        "topics": ("clause", {clause.topic for clause in clauses}),
    }
    for part, (what, names) in in_use.items():
        for name in getattr(policy, part):
            if name not in names:
                yield Problem((part, name), f"no {what} uses this.", at_key=True)


def _straight_quotes(policy: Policy) -> Iterator[Problem]:
    """A hint at the first text with straight quotation marks: the sentences of the interface have curly ones."""
    straight = [path for path, text, _ in all_texts(policy) if path[0] != "editors note" and re.search("[\"']", text)]
    if straight:
        message = "holds a straight \" or '. The site's own sentences have “, ” and ’: write these, too."
        more = f" So it is in {len(straight)} texts." if len(straight) > 1 else ""
        yield Problem(straight[0], message + more)


def holidays_problem(policy: Policy, day: date) -> Problem | None:
    """The problem that the holidays of the policy's country are not known past a day; None if they are."""
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
        f"the holidays of {known.country} are known to {ENGLISH.date(known.last)} only: past that the checker gives no "
        f"date that is counted in working days. {advice}",
    )


def _values_in_use(policy: Policy) -> set[str]:
    names = {name.partition(".")[0] for name in names_in_texts(policy)}
    for clause in policy.clauses.values():
        names |= {expected.wait for step in clause.steps.values() for expected in step.expect.values()}
    return names | {name for _, name in value_comparisons(policy)}


def _unmentioned_values(policy: Policy) -> Iterator[Problem]:
    """A hint for each value that clauses compare with a date and that no text names."""
    clause_of = {name: str(path[1]) for path, name in reversed([*value_comparisons(policy)]) if path[0] == "clauses"}
    named = names_in_texts(policy, leave_out=("examples", "invariants", "editors note"))
    for placeholder in value_texts(policy):
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
