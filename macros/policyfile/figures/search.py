"""The search for figures in a text."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

from macros.policyfile.figures.amounts import amounts
from macros.policyfile.figures.dates import dates_in_digits, dates_with_words
from macros.policyfile.figures.durations import durations
from macros.policyfile.figures.figure import Figure, Occurrence
from macros.policyfile.figures.percentages import percentages
from macros.policyfile.figures.tokens import plain_characters, tokenize

_STANDARD_AMOUNT = re.compile(
    r"(?:[A-Z]{3}|\D) ?[\d.,]+(?:[–-][\d.,]+)?|[\d.,]+(?:[–-][\d.,]+)? ?(?:[A-Z]{3}|\D)", re.ASCII
)


@lru_cache(2000)  # of a policy that is read again and again, most texts are the same
def find(text: str) -> tuple[Occurrence, ...]:
    """The figures of a text in their order. Placeholders must be removed before; digits may be of any script."""
    characters = [*plain_characters(text)]
    plain = "".join(character for character, _ in characters)
    tokens = tokenize(plain)
    in_words = chain(durations(tokens), percentages(tokens), amounts(tokens), dates_with_words(tokens))
    matches = [(tokens[first].start, tokens[end - 1].end, kind, figure) for first, end, kind, figure in in_words]
    matches += dates_in_digits(plain)
    matches.sort(key=lambda match: (match[0], -match[1]))
    occurrences: list[Occurrence] = []
    reached = 0
    for start, end, kind, figure in matches:
        if end > reached:
            written = text[characters[start][1] : characters[end - 1][1] + 1]
            occurrences.append(Occurrence(written, kind, figure))
            reached = end
    return tuple(occurrences)


def read(text: str) -> Figure | None:
    """The figure that the whole text is, however it is written; None if it is anything else."""
    occurrences = find(text)
    if len(occurrences) != 1 or occurrences[0].text != text.strip():
        return None
    return occurrences[0].figure


def is_standard(text: str, figure: Figure) -> bool:
    """Whether a figure is written in the form that `values` requires."""
    if figure.kind == "amount":
        return _STANDARD_AMOUNT.fullmatch(text) is not None
    return text.replace("-", "–") in (str(figure).replace("-", "–"), str(figure).replace(" %", "%"))
