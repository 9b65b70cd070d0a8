"""Decides after-sales cases from a policy.

Standard library only: the same files run at build, in tests and in the browser.
"""

from checker.answers.parse import AnswerError, AnswerErrors
from checker.decide import Checker, decide
from checker.policy import Policy
from checker.verdict import Verdict

__all__ = ["AnswerError", "AnswerErrors", "Checker", "Policy", "Verdict", "decide"]
