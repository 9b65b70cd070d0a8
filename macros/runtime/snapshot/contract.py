"""What the fast start takes for granted of Pyodide's files, and what of it an installed version has changed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("contract.toml")
_CONTRACT = tomllib.loads(FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """A place in one of Pyodide's files that is taken apart."""

    file: str
    pattern: str
    why: str


PATTERNS = {name: Pattern(**each) for name, each in _CONTRACT["patterns"].items()}
NAMES: dict[str, list[str]] = _CONTRACT["names"]


def changes(pyodide: Path) -> list[str]:
    """What is no longer as the fast start knows it: a sentence for each pattern and each name; none where all is."""
    found = []
    texts = {name: (pyodide / name).read_text(encoding="utf-8") for name in NAMES if (pyodide / name).is_file()}
    found += [f"{name} is missing." for name in NAMES if name not in texts]
    for name, each in PATTERNS.items():
        if each.file in texts and not re.search(each.pattern, texts[each.file]):
            found.append(f"{each.file} has nothing like the pattern {name!r}. {each.why}")
    for file, names in NAMES.items():
        for name in names:
            if file in texts and not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", texts[file]):
                found.append(f"{file} does not know {name}.")
    return found
