"""What tests have counted of a site: the figures of the page that says why it can be relied on.

Each run of the tests writes them into build/reliance/, with the mark of the sources that it ran on. The figures of
other sources are not shown: they say nothing about this site.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from macros.project import ROOT

FOLDER = ROOT / "build" / "reliance"
LONG = ROOT / "tests" / "long_runs.json"
"""What the runs that take hours counted last. It is committed, because no build waits for them."""
FILE = "reliance.json"
"""Where a site says what was counted of it: whoever makes it again needs the same figures."""

FIGURES = ("agreement", "pyodide", "leaves", "texts", "coverage", "offline", "faults", "doors", "origin")
"""What is counted in each run of the tests."""

SOURCES = (
    *("checker", "docs", "macros", "overrides", "tests"),
    *("mkdocs.yml", "package-lock.json", "policy.yaml", "pyproject.toml", "uv.lock"),
)
_MADE = {"node_modules", "__pycache__"}


def mark(root: Path = ROOT) -> str:
    """Sixteen digits that are others as soon as anything is that the site is made of, or tested by."""
    parts = hashlib.sha256()
    for file in _sources(root):
        name, content = file.relative_to(root).as_posix(), file.read_bytes()
        parts.update(f"{name}\0{len(content)}\0".encode() + content)
    return parts.hexdigest()[:16]


def keep(name: str, counts: Mapping[str, object], part: str = "", folder: Path = FOLDER, root: Path = ROOT) -> None:
    """Keeps what a test has counted under a name; what several tests count goes there in parts."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {"of": mark(root), "counted": {name: counts}}
    file = re.sub(r"\W+", "-", f"{name} {part}".strip())
    (folder / f"{file}.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def counted(folder: Path = FOLDER, root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """What was counted of the sources as they are now, by name."""
    found: dict[str, dict[str, Any]] = {}
    now = mark(root)
    for file in sorted(folder.glob("*.json")):
        said = json.loads(file.read_text(encoding="utf-8"))
        if said.get("of") == now:
            for name, counts in said["counted"].items():
                found.setdefault(name, {}).update(counts)
    return found


def write(figures: Mapping[str, object], site: Path) -> None:
    """Writes the figures of a site into it."""
    said = {"of": mark(), "counted": figures}
    (site / FILE).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def _sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        if (root / name).is_file():
            yield root / name
        for folder, folders, files in (root / name).walk():
            folders[:] = sorted({*folders} - _MADE)  # what was made is not even looked at: it is thousands of files
            yield from (folder / file for file in sorted(files))
