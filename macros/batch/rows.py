"""Rows of a table decided: each batch with the columns of the decision, and the rows that were rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from checker.answers.parse import AnswerError, AnswerErrors, parse_answers
from checker.decide import Checker
from checker.policy import Policy
from macros.batch.columns import Columns, Encoding
from macros.batch.decider import Decider
from macros.batch.values import NO_DAY
from macros.batch.walk import Codes

DECIDED = {"outcome": pa.string(), "possible": pa.string(), "clause": pa.string(), "last_day": pa.date32()}
"""The columns that a row gets. ``possible`` and ``clause`` are ids with a space between them."""
STAMP = ("version", "digest")
"""The columns that are the same in each row: those of the policy."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be decided."""

    row: int
    """Its place in the batch."""
    answers: Mapping[str, object]
    errors: tuple[AnswerError, ...]


class Rows:
    """Decides batches whose columns are named after the policy's questions; further columns are no matter."""

    def __init__(self, checker: Checker, today: date, encodings: Mapping[str, Encoding] | None = None) -> None:
        """With the encoding of each column of texts, ``text`` by default."""
        self.columns = Columns(checker, today, encodings or {})
        self.decider = Decider(checker)
        self._today = today
        self._words: dict[str, list[str | None]] = {name: [] for name in ("outcome", "possible", "clause")}

    @property
    def policy(self) -> Policy:
        """The policy that decides."""
        return self.columns.checker.policy

    def __call__(self, batch: pa.RecordBatch) -> tuple[dict[str, pa.Array], list[Rejected]]:
        """The columns of the decisions; and the rejected rows, whose place in the columns means nothing."""
        table = self.columns.read(batch)
        decided = self.decider(table.values, self._today)
        decisions, last_days = decided.decisions, decided.last_days
        rejected = []
        for row in table.suspects.tolist():
            raw = self.columns.raw(batch, row)
            try:
                answers = parse_answers(self.policy, raw, self._today)
                decisions[row], last_days[row] = self.decider.by_itself(answers, self._today)
            except AnswerErrors as errors:
                rejected.append(Rejected(row, raw, errors.errors))
        return self._arrays(decisions, last_days), rejected

    def _arrays(self, decisions: Codes, last_days: Codes) -> dict[str, pa.Array]:
        known = len(self._words["outcome"])
        for decision in self.decider.decisions[known:]:
            self._words["outcome"].append(decision.outcome)
            self._words["possible"].append(" ".join(decision.possible))
            self._words["clause"].append(" ".join(decision.clauses) or None)
        columns: dict[str, pa.Array] = {name: _texts(words, decisions) for name, words in self._words.items()}
        columns["last_day"] = pa.array(last_days, pa.int32(), mask=last_days == NO_DAY).cast(pa.date32())
        return columns


def _texts(words: list[str | None], numbers: Codes) -> pa.Array:
    """A column with one of a few texts in each row."""
    distinct = [*dict.fromkeys(word for word in words if word is not None)]
    places = {word: place for place, word in enumerate(distinct)}
    codes = np.array([places.get(word, -1) if word is not None else -1 for word in words], np.int32).take(numbers)
    mask: Any = codes < 0 if None in words else None
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32(), mask=mask), pa.array(distinct, pa.string()))
