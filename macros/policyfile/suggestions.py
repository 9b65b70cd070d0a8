"""What is said where an answer is named that is not there: it may have been renamed, misspelt or taken away."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from checker.policy import Policy
from macros.policyfile.errors import meant


def no_answer(policy: Policy, question: str, name: str, also: Sequence[str] = ()) -> str:
    """That a question has no such answer, and what may be meant: one much like it, or one that nothing names yet.

    What may be written besides the answers is given in ``also``.
    """
    offered = policy.questions[question].offered
    message = f'"{name}" is no answer to "{question}".'
    if sentence := meant(name, [*offered, *also]):
        return f"{message} {sentence}"
    elsewhere = {*re.findall(r"\w+", repr(dataclasses.replace(policy, questions={})))}
    unnamed = [answer for answer in offered if answer not in elsewhere]
    if len(unnamed) == 1:
        return f'{message} Nothing names "{unnamed[0]}" yet: if that is its new name, write it here too.'
    return f"{message} Possible: {', '.join([*offered, *also])}."
