"""A figure, and its occurrence in a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from macros.policyfile.errors import ENGLISH

type Kind = Literal["duration", "percentage", "amount", "date"]
type Match = tuple[int, int, Kind, Figure | None]
"""Start and end of a figure, its kind, and the figure; None if it is incomplete, such as a date without its year."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or range with its unit, or a date. Equal figures may be written in different words."""

    kind: Kind
    unit: str
    """Of a duration ``day``, ``working_day`` and so on; else the percent sign, or the currency as written."""
    least: Decimal | date
    most: Decimal | date

    def __str__(self) -> str:
        """The figure as the policy writes it: a number or a range, then the unit, the percent sign or the currency."""
        ends = [str(end) if isinstance(end, date) else f"{end:f}" for end in (self.least, self.most)]
        text = ends[0] if self.least == self.most else "–".join(ends)
        if self.kind == "duration":
            return ENGLISH.say(f"duration.{self.unit}", count=1 if self.most == 1 else 2, figure=text)
        return f"{text} {self.unit}".rstrip()

    @property
    def in_words(self) -> str:
        """The figure as customers read it: a date has the name of its month."""
        return ENGLISH.date(self.least) if isinstance(self.least, date) else str(self)

    @property
    def is_backwards(self) -> bool:
        """Whether the range goes from the larger number to the smaller."""
        return isinstance(self.least, Decimal) and isinstance(self.most, Decimal) and self.most < self.least

    @property
    def counts_days(self) -> bool:
        """Whether the unit is calendar days or working days, so that dates can be computed."""
        return self.unit in ("day", "working_day")

    @property
    def in_days(self) -> Figure:
        """The figure with weeks converted to days."""
        if self.unit != "week" or isinstance(self.least, date) or isinstance(self.most, date):
            return self
        return Figure(self.kind, "day", 7 * self.least, 7 * self.most)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A figure in a text."""

    text: str
    """The figure as written."""
    kind: Kind
    figure: Figure | None
    """None if the figure is incomplete, such as a date without its year."""
