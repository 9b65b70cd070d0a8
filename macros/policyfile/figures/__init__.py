"""Figures in English texts, in digits or words: durations, percentages, amounts of money and dates."""

from macros.policyfile.figures.figure import Figure, Occurrence
from macros.policyfile.figures.search import find, is_standard, read

__all__ = ["Figure", "Occurrence", "find", "is_standard", "read"]
