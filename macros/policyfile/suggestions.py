"""Suggestions for a name that does not exist: it may have been renamed, misspelt or removed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from checker.policy import Policy
from macros.policyfile.characters import appearance


def suggestion(wrong: str, possible: Collection[str]) -> str:
    """``Did you mean "window"?``, or else the list of possible names."""
    if sentence := did_you_mean(wrong, possible):
        return sentence
    return f"Possible: {', '.join(possible)}." if possible else "There is none yet."


def did_you_mean(wrong: str, possible: Collection[str]) -> str | None:
    """``Did you mean "window"?``; None if no possible name is similar."""
    lookalikes = [] if wrong.isascii() else [name for name in possible if appearance(name) == appearance(wrong)]
    if lookalikes:
        return f'It looks like "{lookalikes[0]}", but not all of its letters are Latin. Type it anew.'
    name = closest_name(wrong, possible)
    return f'Did you mean "{name}"?' if name else None


def closest_name(wrong: str, possible: Iterable[str]) -> str | None:
    """The most similar name, None if none is similar enough."""
    return next(iter(get_close_matches(wrong, possible, n=1, cutoff=0.7)), None)


def unknown_answer_message(policy: Policy, question: str, name: str, also: Sequence[str] = ()) -> str:
    """The message about an unknown answer; suggests a similar one, or the only one that nothing names yet.

    ``also`` are further possible names besides the answers.
    """
    offered = policy.questions[question].offered
    message = f'"{name}" is no answer to "{question}".'
    if sentence := did_you_mean(name, [*offered, *also]):
        return f"{message} {sentence}"
    elsewhere = {*re.findall(r"\w+", repr(dataclasses.replace(policy, questions={})))}
    unnamed = [answer for answer in offered if answer not in elsewhere]
    if len(unnamed) == 1:
        return f'{message} Nothing names "{unnamed[0]}" yet: if that is its new name, write it here too.'
    return f"{message} Possible: {', '.join([*offered, *also])}."
