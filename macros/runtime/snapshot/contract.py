"""The assumptions of the fast start about Pyodide's files, and which of them an installed version breaks."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

_CONTRACT = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """A place in one of Pyodide's files that is taken apart."""

    file: str
    pattern: str
    why: str


PATTERNS = {name: Pattern(**fields) for name, fields in _CONTRACT["patterns"].items()}
NAMES: dict[str, list[str]] = _CONTRACT["names"]


def changed_parts(pyodide: Path) -> list[str]:
    """The broken assumptions: a sentence for each missing file, pattern and name."""
    texts = {name: (pyodide / name).read_text(encoding="utf-8") for name in NAMES if (pyodide / name).is_file()}
    problems = [f"{name} is missing." for name in NAMES if name not in texts]
    for name, place in PATTERNS.items():
        if place.file in texts and not re.search(place.pattern, texts[place.file]):
            problems.append(f"{place.file} has nothing like the pattern {name!r}. {place.why}")
    for file, names in NAMES.items():
        for name in names:
            if file in texts and not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", texts[file]):
                problems.append(f"{file} does not know {name}.")
    return problems
