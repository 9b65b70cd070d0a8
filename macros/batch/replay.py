"""A file of cases decided by two versions of a policy, and the cases that these decide differently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checker.decide import Checker
from checker.policy import Policy
from macros.analysis.proof import TONES
from macros.batch.rows import Rows
from macros.batch.sources import IS_CASE, Source
from macros.batch.values import NO_DAY, date_of
from macros.batch.walk import Codes
from macros.diff.alignment import Alignment, align

type Effect = Literal["worse", "better", "different"]

SAMPLES = 3
"""The cases that are named of each kind of difference."""

REJECTED = "not decided"
"""The decision of a case whose answers one of the versions does not take."""

_SAME, _EARLIER, _LATER, _OTHER = range(4)
_LAST_DAYS = ("", "earlier", "later", "other")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of difference: the possible outcomes before and after, under the new ids, and how the last day moves."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    last_day: str
    """Empty where the last day is the same, or the outcome differs."""
    effect: Effect


@dataclass(frozen=True, slots=True)
class Sample:
    """A case that is decided differently."""

    row: int
    """Its row in the file, from 1."""
    answers: Mapping[str, object]
    last_days: tuple[date | None, date | None]

    def to_json(self) -> dict[str, Any]:
        """The sample as a JSON object."""
        return {
            "row": self.row,
            "answers": self.answers,
            "last_days": [day and day.isoformat() for day in self.last_days],
        }


@dataclass(kw_only=True)
class Replay:
    """The cases of a file, and the differences between two versions in them."""

    cases: int = 0
    rejected: int = 0
    """The rows that neither version can decide."""
    differences: Counter[Kind] = field(default_factory=Counter)
    samples: dict[Kind, list[Sample]] = field(default_factory=dict)

    @property
    def different(self) -> int:
        """The number of cases that are decided differently."""
        return self.differences.total()

    def with_effect(self, effect: Effect) -> int:
        """The number of those with an effect."""
        return sum(cases for kind, cases in self.differences.items() if kind.effect == effect)

    @property
    def by_weight(self) -> list[tuple[Kind, int]]:
        """The kinds with their numbers of cases: what is worse first, and of that the most frequent."""
        effects = ("worse", "different", "better")
        return sorted(self.differences.items(), key=lambda item: (effects.index(item[0].effect), -item[1]))

    def to_json(self) -> dict[str, Any]:
        """The replay as a JSON object."""
        changes = [
            {**asdict(kind), "cases": cases, "samples": [sample.to_json() for sample in self.samples[kind]]}
            for kind, cases in self.by_weight
        ]
        effects: dict[str, int] = {effect: self.with_effect(effect) for effect in ("worse", "better")}
        return {
            "cases": self.cases,
            "rejected": self.rejected,
            "different": self.different,
            **effects,
            "changes": changes,
        }


def replay(
    old: Policy, new: Policy, source: Source, today: date, report: Callable[[int], None] = lambda _: None
) -> Replay:
    """Decides every case of a file by both versions. Calls ``report`` with the rows so far.

    The columns are named after the questions of either version. Raises SourceError, PolicyTooComplexError.
    """
    alignment = align(old, new)
    versions = _Versions(old, new, alignment, today, source)
    result, place = Replay(), 0
    for batch in source.batches(0):
        versions.compare(batch, place, result)
        place += batch.num_rows
        report(place)
    return result


class _Versions:
    """Both versions, and the numbers of what they decide."""

    def __init__(self, old: Policy, new: Policy, alignment: Alignment, today: date, source: Source) -> None:
        self._alignment = alignment
        encodings = source.encodings
        new_names = {name: alignment.new_id("questions", name) for name in encodings}
        self._before = Rows(Checker(old), today, encodings)
        self._after = Rows(Checker(new), today, {new_names[name]: encoding for name, encoding in encodings.items()})
        self._is_json = source.format == "json"
        self._numbers: dict[tuple[str, ...], int] = {}
        tones = {name: TONES.index(outcome.tone) for name, outcome in new.outcomes.items()}
        self._tones = [
            {alignment.new_id("outcomes", name): TONES.index(outcome.tone) for name, outcome in old.outcomes.items()},
            tones,
        ]

    def compare(self, batch: pa.RecordBatch, place: int, result: Replay) -> None:
        """Adds the cases of a batch, whose rows begin after a place of the file."""
        (before, last_before), (after, last_after) = (
            self._decided(self._before, batch, self._alignment),
            self._decided(self._after, self._renamed(batch), Alignment()),
        )
        rejected = self._numbers.setdefault((REJECTED,), len(self._numbers))
        moved = np.select(
            [last_before == last_after, (last_before == NO_DAY) | (last_after == NO_DAY), last_after < last_before],
            [_SAME, _OTHER, _EARLIER],
            _LATER,
        )
        moved[before != after] = _SAME
        size = len(self._numbers)
        keys = (moved * size + before) * size + after
        different = (before != after) | (moved != _SAME)
        names = [*self._numbers]
        result.rejected += int(((before == rejected) & (after == rejected)).sum())
        result.cases += batch.num_rows
        for key in np.unique(keys[different]).tolist():
            rows = np.flatnonzero(keys == key)
            shift, pair = divmod(key, size * size)
            one, other = divmod(pair, size)
            kind = self._kind(names[one], names[other], shift)
            result.differences[kind] += len(rows)
            samples = result.samples.setdefault(kind, [])
            for row in rows[: SAMPLES - len(samples)].tolist():
                answers = self._before.columns.raw(batch, row) | self._after.columns.raw(batch, row)
                days = (_day(last_before[row]), _day(last_after[row]))
                samples.append(Sample(place + row + 1, answers, days))

    def _decided(self, rows: Rows, batch: pa.RecordBatch, alignment: Alignment) -> tuple[Codes, Codes]:
        """The number of each row's possible outcomes, under their new ids, and its last day."""
        columns, bad = rows(batch)
        possible = columns["possible"]
        numbers = []
        for names in possible.dictionary.to_pylist():
            outcomes = tuple(alignment.new_id("outcomes", name) for name in names.split())
            numbers.append(self._numbers.setdefault(outcomes, len(self._numbers)))
        decided = np.array(numbers, np.int64).take(possible.indices.to_numpy(zero_copy_only=False))
        days = columns["last_day"].cast(pa.int32()).fill_null(NO_DAY).to_numpy(zero_copy_only=False).copy()
        places = [one.row for one in bad]
        if IS_CASE in batch.schema.names:
            places += np.flatnonzero(~np.asarray(batch.column(IS_CASE))).tolist()
        decided[places] = self._numbers.setdefault((REJECTED,), len(self._numbers))
        days[places] = NO_DAY
        return decided, days

    def _renamed(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch under the ids of the new version, where it has other ones."""
        names, arrays = [], []
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            new_name = self._alignment.new_id("questions", name)
            names.append(name if new_name in batch.schema.names else new_name)
            answers = self._alignment.answers.get(name, {})
            changed = {one: other for one, other in answers.items() if one != other}
            arrays.append(self._with_answers(array, changed) if changed else array)
        return pa.RecordBatch.from_arrays(arrays, names=names)

    def _with_answers(self, array: pa.Array, changed: Mapping[str, str]) -> pa.Array:
        quote = '"{}"'.format if self._is_json else "{}".format
        ids = {quote(one): quote(other) for one, other in changed.items()}
        encoded = array if pa.types.is_dictionary(array.type) else pc.dictionary_encode(array)
        values = [ids.get(value, value) for value in encoded.dictionary.to_pylist()]
        return pa.array(values, encoded.dictionary.type).take(encoded.indices)

    def _kind(self, before: tuple[str, ...], after: tuple[str, ...], shift: int) -> Kind:
        effect: Effect = "different"
        if before == after:
            effects: Mapping[int, Effect] = {_EARLIER: "worse", _LATER: "better"}
            is_over = all(TONES[self._tones[1][name]] == "bad" for name in after)  # the last day is past anyway
            effect = "different" if is_over else effects.get(shift, "different")
        elif len(before) == len(after) == 1 and REJECTED not in (*before, *after):
            tone, new_tone = self._tones[0][before[0]], self._tones[1][after[0]]
            if tone != new_tone:
                effect = "worse" if tone < new_tone else "better"
        return Kind(before, after, _LAST_DAYS[shift], effect)


def _day(number: int) -> date | None:
    return None if number == NO_DAY else date_of(int(number))


def lines(result: Replay, file: str, names: tuple[str, str]) -> Iterable[str]:
    """The replay as lines of text. ``names`` are those of the versions."""
    yield f"{file}: {result.cases:,} cases, decided by {names[0]} and by {names[1]}."
    if result.rejected:
        yield f"{result.rejected:,} of them have mistakes, and neither decides them."
    if not result.different:
        yield "None is decided differently."
        return
    worse, better = result.with_effect("worse"), result.with_effect("better")
    others = result.different - worse - better
    effects = f"{worse:,} worse for the customer, {better:,} better, {others:,} neither"
    yield f"{result.different:,} are decided differently: {effects}."
    for kind, cases in result.by_weight:
        before, after = (" or ".join(outcomes) for outcomes in (kind.before, kind.after))
        what = f"{before}, the last day is {_WORDS[kind.last_day]}" if kind.last_day else f"{before} → {after}"
        yield f"  {kind.effect:<9} {cases:>14,}  {what}"
        for sample in result.samples[kind]:
            answers = ", ".join(f"{name}: {_text(answer)}" for name, answer in sample.answers.items())
            days = " → ".join(str(day or "none") for day in sample.last_days) if kind.last_day else ""
            yield f"            row {sample.row:,}: {answers}{days and f' ({days})'}"


_WORDS = {"earlier": "earlier", "later": "later", "other": "gone or new"}


def _text(answer: object) -> str:
    return ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer)
