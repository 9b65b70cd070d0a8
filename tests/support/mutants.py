"""Makes small faults in the checker, one by one, and sees that tests find each: `make mutants`.

A fault that no test can find stands in mutants.toml, with the reason: by itself, or as one of a kind. One that is not
there and is not found fails; so does one that stands there and is found, or is no more.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.support.paths import ROOT, SUPPORT

JUSTIFIED = SUPPORT / "mutants.toml"
FOLDER = ROOT / "build" / "mutants"
NEEDED = (
    "bench",
    "checker",
    "docs",
    "macros",
    "tests",
    "policy.yaml",
    "policy.schema.json",
    "pyproject.toml",
    "uv.lock",
)
"""Folders that the tests named in pyproject.toml need."""
SKIPPED = shutil.ignore_patterns("node_modules", "__pycache__")

type Fault = tuple[str, str, str]
"""The function, what stands in it, and what stands there instead."""


def main() -> int:
    """Make all faults that were not made since their function changed, and say what is wrong with the result."""
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, FOLDER / name, ignore=SKIPPED, dirs_exist_ok=True)
        else:
            shutil.copy2(ROOT / name, FOLDER / name)
    mutmut("run")
    listed = tomllib.loads(JUSTIFIED.read_text(encoding="utf-8"))
    justified = {(fault["function"], fault["is"], fault["becomes"]) for fault in listed["fault"]}

    def is_justified(fault: Fault) -> bool:
        return fault in justified or any(is_of(kind, fault) for kind in listed["kind"])

    if missed := [name for name, fault in survivors().items() if not is_justified(fault)]:
        mutmut("run", *missed)  # the function is the same as when it was missed, but a test may have come
    left = survivors().values()
    mutmut("export-cicd-stats", quiet=True)
    counted = json.loads((FOLDER / "mutants" / "mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    print(f"{counted['total']:,} faults: {counted['killed']:,} found, {sum(map(is_justified, left)):,} justified.")
    unfound, stale = {fault for fault in left if not is_justified(fault)}, justified.difference(left)
    for what, faults in {"is found by no test": unfound, "stands in mutants.toml and is found": stale}.items():
        for function, before, after in sorted(faults):
            print(f"{what}: {function}\n    - {before}\n    + {after}")
    return 1 if unfound or stale else 0


def survivors() -> dict[str, Fault]:
    """The faults that were not found, by mutmut's name for each."""
    names = [line.split(":")[0].strip() for line in mutmut("results", quiet=True).splitlines()]
    with ThreadPoolExecutor() as pool:
        return dict(zip(names, pool.map(fault, names), strict=True))


def is_of(kind: dict[str, Any], fault: Fault) -> bool:
    """Whether a fault is one of a kind: in any function, the same sign becomes one of these."""
    _, before, after = fault
    return any(before.replace(kind["is"], becomes) == after != before for becomes in kind["becomes"])


def fault(name: str) -> Fault:
    """The change that a mutant of mutmut makes. Its number changes with every edit of the function."""
    diff = mutmut("show", name, quiet=True).splitlines()
    before, after = (
        " ".join(line[1:].strip() for line in diff if re.match(rf"[{sign}](?![{sign}])", line)) for sign in "-+"
    )
    return re.sub(r"__mutmut_\d+$", "", name), before, after


def mutmut(*arguments: str, quiet: bool = False) -> str:
    """Run mutmut in a folder of its own, as it copies all that it needs again."""
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=FOLDER,
        stdout=subprocess.PIPE if quiet else None,
        text=True,
        check=True,
    )
    return done.stdout or ""


if __name__ == "__main__":
    sys.exit(main())
