"""The progress of a run: what stands beside its output until it is complete."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic


@dataclass(kw_only=True)
class Progress:
    """The state of a run, as it stands beside the output while the run is not complete."""

    input: str
    bytes: int
    modified: int
    digest: str
    today: str
    rows: int = 0
    """The rows of the input that have been read."""
    decided: int = 0
    rejected: int = 0
    rejected_bytes: int = 0
    """The length of the file of rejected rows."""
    parts: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    """The rows by possible outcomes."""

    @classmethod
    def read(cls, path: Path) -> Progress:
        """The progress in a file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        """Writes it into a file, whole or not at all."""
        beside = path.with_name(path.name + ".new")
        beside.write_text(json.dumps(asdict(self)), encoding="utf-8")
        beside.replace(path)

    def differences(self, other: Progress) -> list[str]:
        """The words for all in which another run is another one."""
        compared = {
            "the input": (self.input, self.bytes, self.modified) != (other.input, other.bytes, other.modified),
            "the policy or its checker": self.digest != other.digest,
            "the day of asking": self.today != other.today,
        }
        return [words for words, differs in compared.items() if differs]


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of a run."""

    output: Path

    def _beside(self, ending: str) -> Path:
        return self.output.with_name(self.output.name + ending)

    def part(self, number: int) -> Path:
        """A part of the output."""
        return self._beside(f".part{number}")

    @property
    def progress(self) -> Path:
        """The progress of a run that is not complete."""
        return self._beside(".progress.json")

    @property
    def rejected(self) -> Path:
        """The rows that could not be decided, one JSON object a line."""
        return self._beside(".rejected.jsonl")

    @property
    def rejected_part(self) -> Path:
        """The same while the run is not complete."""
        return self._beside(".rejected.jsonl.part")

    def clear(self) -> None:
        """Deletes all that an incomplete run has left."""
        for path in (
            *self.output.parent.glob(f"{_escaped(self.output.name)}.part*"),
            self.progress,
            self.rejected_part,
        ):
            path.unlink(missing_ok=True)


def _escaped(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


class Reporter:
    """Prints the progress of a run every few seconds."""

    EVERY = 5.0
    """Seconds from one line to the next."""

    def __init__(self, say: Callable[[str], None], total: int | None) -> None:
        self._say, self._total = say, total
        self._began = self._last = monotonic()
        self._start: int | None = None

    def __call__(self, progress: Progress) -> None:
        """Prints the rows so far, if it is time."""
        now = monotonic()
        if self._start is None:
            self._start = progress.rows
        if now - self._last < self.EVERY:
            return
        self._last = now
        rate = (progress.rows - self._start) / (now - self._began)
        part = f" of {self._total:,}" if self._total else ""
        self._say(f"{progress.rows:,}{part} rows, {rate:,.0f} a second, {progress.rejected:,} rejected")
