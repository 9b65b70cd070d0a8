"""The pages that are compared: ours, and those of other technologies, each with the same policy.

The peers are little programs in peers/. What they need of the policy and of npm is put in at their @marks@.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from checker import Checker, Policy
from checker.web.dialog import follow_answers
from checker.web.permalink import write
from macros.analysis.load import CHECKER_PACKAGE, load
from macros.export import OneOf, decision_table
from macros.project import ROOT
from macros.runtime.bundle import PYODIDE, RUNTIME_FILES, build_wheel, published, runtime_version
from macros.site.build import build

HERE = Path(__file__).parent
MODULES = HERE.parent / "node_modules"
PYSCRIPT = MODULES / "@pyscript" / "core"
MICROPYTHON = MODULES / "@micropython" / "micropython-webassembly-pyscript"
MISSING = "The other ways to run Python on a page are not installed: `make bench` installs them."

OURS = "check/"
STOCK = "peers/stock/"
PEERS = (STOCK, "peers/pyscript/", "peers/micropython/", "peers/javascript/")
"""The pages of others that give verdicts."""
FLOOR = "peers/floor/"


def installed() -> bool:
    """Whether the packages of the peers are installed."""
    return PYSCRIPT.is_dir() and MICROPYTHON.is_dir()


def versions() -> dict[str, str]:
    """The version of each package of npm that is measured."""
    packages = {"PyScript": PYSCRIPT, "MicroPython": MICROPYTHON}
    versions = {
        name: str(json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"])
        for name, folder in packages.items()
    }
    return {"Pyodide": runtime_version(), **versions}


@dataclass(frozen=True, slots=True)
class Case:
    """A worked example as a link, and the title that a page must show for it."""

    link: str
    title: str


def cases(policy: Policy) -> list[Case]:
    """A worked example of each outcome, moved to today; without those that leave a question open."""
    checker, tested = Checker(policy), {item.question for item in decision_table(policy).inputs}
    by_outcome: dict[str, Case] = {}
    for example in policy.examples.values():
        later = date.today() - example.today
        answers = {
            name: _later(answer, later) if isinstance(answer, str) else [*answer]
            for name, answer in example.answers.items()
        }
        outcome = checker.decide(answers, date.today()).outcome
        dialog = follow_answers(checker, answers, date.today())
        if outcome and tested <= answers.keys() and not dialog.step:
            link = urlencode([*write(policy, dialog.answers.stored)])
            by_outcome.setdefault(outcome, Case(link, policy.outcomes[outcome].title))
    return [*by_outcome.values()]


def write_pages(policy_file: Path, site: Path) -> Policy:
    """Builds the site of a policy, with the pages of the peers in addition."""
    policy, _ = build(policy_file, site)
    parts = {
        "pyodide": _folder(PYODIDE, site, (*RUNTIME_FILES, "pyodide-lock.json")),
        "pyscript": _folder(PYSCRIPT, site, [f"dist/{path.name}" for path in PYSCRIPT.glob("dist/*.js")]) + "dist/",
        "micropython": _folder(MICROPYTHON, site, ("micropython.mjs", "micropython.wasm")),
        "wheel": _wheel(policy, site),
        "digest": policy.digest,
        "rows": _rows(policy),
        "titles": {name: outcome.title for name, outcome in policy.outcomes.items()},
    }
    for path in (HERE / "peers").glob("*/*"):
        target = site / path.relative_to(HERE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(path, parts), encoding="utf-8")
    return policy


def _filled(path: Path, parts: Mapping[str, object]) -> str:
    text = path.read_text(encoding="utf-8")
    for name, part in parts.items():
        if isinstance(part, str):
            text = text.replace(f"@{name}@", part)
        else:
            text = text.replace(f'"@{name}@"', repr(part) if path.suffix == ".py" else json.dumps(part))
    return text


def _folder(package: Path, site: Path, files: Sequence[str]) -> str:
    """Copies a package's files into the site, into a folder with its version."""
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    folder = f"peers/{package.name}-{version}/"
    for file in files:
        (site / folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / file, site / folder / file)
    return f"/{folder}"


def _wheel(policy: Policy, site: Path) -> str:
    """The wheel of our own page."""
    folder = site / "peers" / f"checker-{policy.digest}"
    folder.mkdir(parents=True)
    wheel = build_wheel(published(policy), CHECKER_PACKAGE, folder)
    shutil.rmtree(folder / "project")
    return f"/{wheel.relative_to(site).as_posix()}"


def _rows(policy: Policy) -> list[dict[str, Any]]:
    """The rows of the policy, for the checkers written by hand."""
    table = decision_table(policy)
    question = {item.name: item.question for item in table.inputs}
    return [
        {
            "outcome": row.outcome,
            "tests": [
                {"question": question[test.input], "choices": [*test.choices]}
                if isinstance(test, OneOf)
                else {"question": question[test.input], "first": test.first, "last": test.last}
                for test in row.tests
            ],
        }
        for row in table.rows
    ]


def _later(answer: str, time: timedelta) -> str:
    try:
        return (date.fromisoformat(answer) + time).isoformat()
    except ValueError:
        return answer


POLICY = ROOT / "policy.yaml"


def compared() -> list[Case]:
    """The cases of the published policy."""
    return cases(load(POLICY))
