"""Arrow columns of raw answers, read as the checker reads each answer.

The checker's own parser reads every distinct answer once; the arrays only spread what it made of it over the rows. A
row is suspect if one of its answers has a mistake, or if its answers contradict each other. Suspect rows are left
open here, and the checker looks at each of them by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checker.answers.kinds import kind_of
from checker.answers.parse import AnswerErrors, parse_answers
from checker.decide import Checker
from checker.engine.variables import Variable
from macros.batch.values import NO_DAY, Values, date_of, day_number
from macros.batch.walk import Codes

type Encoding = Literal["text", "json"]
"""Whether a column's texts are the answers as people type them, or JSON."""

LIST_SEPARATOR = ";"
"""The sign between the entries of a list in a text."""

NO_AMOUNT = -1
MOST_DISTINCT = 1 << 20
"""The most distinct answers of a question that are remembered."""

_DAYS_AROUND = 1 << 15
"""The days before and after the day of asking for which Arrow dates have a table."""
_NEW, _GOOD, _BAD = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as arrays hold it."""

    code: int
    """The value of its variable; the variable's size if it is open, or a date."""
    day: int = NO_DAY
    hundredths: int = NO_AMOUNT
    """The sum of its amounts."""
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The values of many rows."""

    values: Values
    suspects: Codes
    """The numbers of the suspect rows."""


class Columns:
    """Reads batches whose columns are named after questions. Questions without a column have no answer."""

    def __init__(self, checker: Checker, today: date, encodings: Mapping[str, Encoding]) -> None:
        self.checker, self.today, self._encodings = checker, today, encodings
        policy = checker.policy
        variables = {variable.question: variable for variable in checker.compiled.variables}
        ends = {variable.counted_to for variable in variables.values() if variable.first_days}
        self._columns = {
            name: _Column(checker, today, name, variables.get(name), encodings.get(name, "text"))
            for name in policy.questions
        }
        self._dates = [
            name for name in policy.questions if name in ends or (name in variables and variables[name].first_days)
        ]
        self._shares = list(
            dict.fromkeys(
                (estimate.share.is_of, name)
                for estimate in policy.estimates.values()
                for name in estimate.share.questions
            )
        )

    def read(self, batch: pa.RecordBatch) -> Table:
        """The values of a batch."""
        rows = batch.num_rows
        names = [name for name in self._columns if name in batch.schema.names]
        readings = {name: self._columns[name].read(batch.column(name)) for name in names}
        missing = {name: self._columns[name].missing for name in self._columns if name not in readings}
        suspect = np.zeros(rows, np.bool_)
        for reading in readings.values():
            if reading.bad is not None:
                suspect |= reading.bad
        days = {}
        for name in self._dates:
            days[name] = readings[name].days if name in readings else np.full(rows, missing[name].day, np.int32)
        codes = []
        for variable in self.checker.compiled.variables:
            name = variable.question
            own = readings[name].codes if name in readings else np.full(rows, missing[name].code, _type(variable))
            if variable.first_days:
                own, late = self._counted(variable, own, days[name], days[variable.counted_to])
                suspect |= late
            codes.append(own)
        suspect |= self._unlike_shares(readings, rows)
        suspects = np.flatnonzero(suspect)
        if len(suspects):
            days = {name: np.where(suspect, np.int32(NO_DAY), day) for name, day in days.items()}
            codes = [
                np.where(suspect, own.dtype.type(variable.size), own)
                for variable, own in zip(self.checker.compiled.variables, codes, strict=True)
            ]
        return Table(Values(codes, days), suspects)

    def raw(self, batch: pa.RecordBatch, row: int) -> dict[str, object]:
        """The raw answers of a row, as the checker takes them."""
        names = (name for name in self._columns if name in batch.schema.names)
        answers = ((name, self._columns[name].raw(batch.column(name)[row].as_py())) for name in names)
        return {name: answer for name, answer in answers if answer is not None}

    def _counted(self, variable: Variable, own: Codes, day: Codes, end: Codes) -> tuple[Codes, Codes]:
        """The codes of a date, by the days up to another; and a mask of the rows in which it is after that."""
        oldest = variable.first_days[-1]
        ranges = np.array([variable.value_of(days) for days in range(oldest + 1)], own.dtype)
        back = end - day
        is_date = day != NO_DAY
        late = is_date & (day > end)
        codes = ranges.take(np.minimum(back.view(np.uint32), np.uint32(oldest)), mode="clip")
        return np.where(is_date, codes, own), late

    def _unlike_shares(self, readings: Mapping[str, Any], rows: int) -> Codes:
        """A mask of the rows with amounts from which no share can be worked out."""
        suspect = np.zeros(rows, np.bool_)
        for whole, name in self._shares:
            if whole in readings and name in readings:
                most, total = readings[whole].hundredths, readings[name].hundredths
                suspect |= (most != NO_AMOUNT) & (total != NO_AMOUNT) & ((most == 0) | (total > most))
        return suspect


@dataclass(frozen=True, slots=True)
class _Readings:
    """The readings of a column, row by row."""

    codes: Codes
    days: Codes
    hundredths: Codes
    bad: Codes | None


class _Column:
    """Reads the answers to one question."""

    def __init__(self, checker: Checker, today: date, name: str, variable: Variable | None, encoding: Encoding) -> None:
        self._checker, self._today, self._name, self._encoding = checker, today, name, encoding
        self._variable = variable
        self._is_list = kind_of(checker.policy.questions[name]).is_list
        self._type = _type(variable) if variable else np.dtype(np.uint8)
        self.missing = self._parse(None)
        self._known: dict[Any, Reading] = {None: self.missing}
        self._base = day_number(today) - _DAYS_AROUND
        self._days = np.full(2 * _DAYS_AROUND, _NEW, np.uint8)
        self._days[0] = self._days[-1] = _BAD  # what lies further away is looked at by itself

    def raw(self, value: Any) -> object:
        """The raw answer for a value of the column."""
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, (int, float, Decimal)):
            return str(value)
        if not isinstance(value, str):
            return value
        if self._encoding == "json":
            return json.loads(value)
        if self._is_list:
            return [entry for part in value.split(LIST_SEPARATOR) if (entry := part.strip())]
        return value

    def read(self, column: pa.Array) -> _Readings:
        """The readings of the rows."""
        column = self._plain(column)
        if pa.types.is_date32(column.type):
            return self._read_days(column)
        distinct, index = _distinct(column)
        readings = [self._reading(value) for value in distinct]
        codes = np.array([reading.code for reading in readings], self._type).take(index, mode="clip")
        days = np.array([reading.day for reading in readings], np.int32)
        hundredths = np.array([reading.hundredths for reading in readings], np.int64)
        bad = np.array([reading.is_bad for reading in readings], np.bool_)
        return _Readings(
            codes,
            days.take(index, mode="clip"),
            hundredths.take(index, mode="clip") if (hundredths != NO_AMOUNT).any() else hundredths[:1],
            bad.take(index, mode="clip") if bad.any() else None,
        )

    def _plain(self, column: pa.Array) -> pa.Array:
        """The column as days or as texts: moments lose their time of day, numbers are spelled, lists become JSON."""
        type_ = column.type
        if pa.types.is_timestamp(type_) and type_.tz is None:
            return column.cast(pa.date32(), safe=False)
        if pa.types.is_nested(type_):
            self._encoding = "json"
            values = (value if value is None else json.dumps(value, default=str) for value in column.to_pylist())
            return pa.array(values, pa.string())
        if pa.types.is_integer(type_) or pa.types.is_decimal(type_) or pa.types.is_floating(type_):
            return column.cast(pa.string())
        return column

    def _read_days(self, column: pa.Array) -> _Readings:
        is_null = np.asarray(column.is_null()) if column.null_count else None
        days = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column)]
        if is_null is not None:
            days = np.where(is_null, np.int32(self._base + _DAYS_AROUND), days)
        places = np.clip(days, self._base, self._base + len(self._days) - 1) - np.int32(self._base)
        states = self._days.take(places, mode="clip")
        if len(states) and states.min() == _NEW:
            for place in np.unique(places[states == _NEW]).tolist():
                reading = self._parse(date_of(self._base + place).isoformat())
                self._days[place] = _BAD if reading.is_bad else _GOOD
            states = self._days.take(places, mode="clip")
        bad = states == _BAD if len(states) and states.max() == _BAD else None
        if is_null is not None:
            days = np.where(is_null, np.int32(self.missing.day), days)
            bad = bad & ~is_null if bad is not None else None
        codes = np.full(len(days), self._variable.size if self._variable else 0, self._type)
        return _Readings(codes, days, np.full(1, NO_AMOUNT), bad)

    def _reading(self, value: Any) -> Reading:
        reading = self._known.get(value)
        if reading is None:
            if len(self._known) > MOST_DISTINCT:
                self._known = {None: self.missing}
            reading = self._known[value] = self._parse(self.raw(value))
        return reading

    def _parse(self, raw: object) -> Reading:
        is_open = self._variable.size if self._variable else 0
        try:
            answers = parse_answers(self._checker.policy, {self._name: raw}, self._today)
        except AnswerErrors:
            return Reading(is_open, is_bad=True)
        value = answers.values.get(self._name)
        if isinstance(value, date):
            return Reading(is_open, day_number(value))
        if isinstance(value, tuple):
            return Reading(is_open, hundredths=int(sum(value) * 100))
        if isinstance(value, str) and self._variable:
            return Reading(self._variable.values[value])
        return Reading(is_open)


def _type(variable: Variable) -> np.dtype[Any]:
    return np.min_scalar_type(variable.size)


def _distinct(column: pa.Array) -> tuple[list[Any], Codes]:
    """The distinct values of a column, None among them if there are nulls, and the place of each row's."""
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    values = column.dictionary.to_pylist()
    indices = column.indices
    if indices.null_count:
        indices = (
            indices.fill_null(len(values)) if len(values) <= 127 else indices.cast(pa.int64()).fill_null(len(values))
        )
        values.append(None)
    return values, indices.to_numpy(zero_copy_only=False)
