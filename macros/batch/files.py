"""Files of many cases decided: written in parts beside the output, which gets its name when all is there.

A run that is stopped closes its part. The next run with the same input, policy and day goes on after it.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO

from checker.decide import Checker
from checker.verdict import dumps
from macros.batch import parquet
from macros.batch.parts import Part, Report
from macros.batch.progress import Paths, Progress
from macros.batch.rows import DECIDED, STAMP, Rows
from macros.batch.sources import BATCH, Source, format_of

PART_ROWS = 25_000_000
"""The rows of a part: as many are decided anew after a crash. Only a run with several parts joins them at its end."""


class FileError(Exception):
    """A run cannot begin or go on. The message says what to do."""


class Run:
    """One file of cases decided into another."""

    def __init__(
        self,
        checker: Checker,
        today: date,
        source: Path,
        output: Path,
        *,
        force: bool = False,
        part_rows: int = PART_ROWS,
    ) -> None:
        """Raises FileError if the run cannot begin, SourceError if the input cannot be read, OSError."""
        self._paths, self._part_rows = Paths(output), part_rows
        self._format = format_of(output)
        if output.name.endswith(".gz"):
            raise FileError(f"{output}: the output is not compressed. Leave out .gz.")
        if not output.parent.is_dir():
            raise FileError(f"{output.parent}: there is no such folder. Make it first.")
        if output.is_dir():
            raise FileError(f"{output} is a folder. Name a file.")
        if output.exists() and not force:
            raise FileError(f"{output} exists. Add --force to replace it.")
        if output.exists() and output.samefile(source):
            raise FileError(f"{output} is the input, too. Name another output.")
        self.source = Source(source, [*checker.policy.questions])
        names = {*self.source.names}
        if not names & {*checker.policy.questions}:
            asked = ", ".join(checker.policy.questions)
            raise FileError(f"{source}: no column is named after a question. The questions are {asked}.")
        self.replaced = [name for name in (*DECIDED, *STAMP) if name in names]
        """Columns of an earlier decision, which get the new one."""
        status = source.stat()
        self.progress = Progress(
            input=str(source.resolve()),
            bytes=status.st_size,
            modified=status.st_mtime_ns,
            digest=checker.policy.digest,
            today=today.isoformat(),
        )
        if force:
            self._paths.clear()
        self._resume()
        self._rows = Rows(checker, today, self.source.encodings)
        self._stopped = threading.Event()

    @property
    def rejected(self) -> Path | None:
        """The file of rejected rows, once the run is complete; None if there are none."""
        return self._paths.rejected if self.progress.rejected else None

    def stop(self) -> None:
        """Ends the run after the present batch."""
        self._stopped.set()

    def __call__(self, report: Report = lambda _: None) -> bool:
        """Decides all rows that are left; whether the output is complete. Calls ``report`` after each batch.

        Raises SourceError and WriteError. What is written by then stays for the next run.
        """
        batches = self.source.batches(self.progress.rows)
        with self._paths.rejected_part.open("r+b" if self._paths.rejected_part.exists() else "w+b") as rejects:
            rejects.truncate(self.progress.rejected_bytes)
            rejects.seek(0, os.SEEK_END)
            while not self._stopped.is_set():
                part = Part(
                    self._rows, self.source, self.progress, rejects, most=self._part_rows, stopped=self._stopped
                )
                path = self._paths.part(self.progress.parts + 1)
                is_last = part.write(path, self._format, batches, report)
                self._save(rejects)
                if is_last:
                    self._reject_lines(rejects)
                    break
            else:
                return False
        self._finish()
        return True

    def _resume(self) -> None:
        paths = self._paths
        if not paths.progress.exists():
            paths.clear()
            return
        earlier = Progress.read(paths.progress)
        if differences := earlier.differences(self.progress):
            raise FileError(
                f"{paths.progress}: an earlier run was stopped, and since then {' and '.join(differences)} changed. "
                "Add --force to begin anew."
            )
        if missing := [str(path) for path in map(paths.part, range(1, earlier.parts + 1)) if not path.exists()]:
            raise FileError(f"{', '.join(missing)}: is missing, so the run cannot go on. Add --force to begin anew.")
        self.progress = earlier

    def _save(self, rejects: IO[bytes]) -> None:
        rejects.flush()
        os.fsync(rejects.fileno())
        self.progress.rejected_bytes = rejects.tell()
        self.progress.parts += 1
        self.progress.write(self._paths.progress)

    def _reject_lines(self, rejects: IO[bytes]) -> None:
        for bad in self.source.bad_lines:
            error = {"question": None, "message": bad.reason}
            rejects.write(dumps({"line": bad.line, "text": bad.text, "errors": [error]}).encode() + b"\n")
            self.progress.rejected += 1

    def _finish(self) -> None:
        paths, parts = self._paths, [*map(self._paths.part, range(1, self.progress.parts + 1))]
        whole = parts[0]
        if len(parts) > 1:
            whole = paths.part(0)
            if self._format == "parquet":
                parquet.join(whole, parts, BATCH, [*self._rows.policy.questions, *DECIDED, *STAMP])
            else:
                with whole.open("wb") as joined:
                    for number, part in enumerate(parts):
                        with part.open("rb") as file:
                            if number and self._format == "csv":
                                file.readline()
                            shutil.copyfileobj(file, joined, 1 << 20)
        if self.progress.rejected:
            paths.rejected_part.replace(paths.rejected)
        else:
            paths.rejected.unlink(missing_ok=True)
        whole.replace(paths.output)
        paths.clear()


@contextmanager
def stopping(run: Run) -> Iterator[None]:
    """Within it, the signals that ask a program to end stop the run after the present batch."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: run.stop()) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
