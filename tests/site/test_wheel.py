"""The checker's wheel compiled for Pyodide, and on Pyodide's next release line, answers the same."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from checker import Checker, Policy
from checker.web.api import answer
from macros.runtime.bundle import PYODIDE, write_lock
from tests.support.node import evaluate
from tests.support.paths import TESTS

NEXT = TESTS / "node_modules" / "pyodide-next"
"""The next release line of Pyodide, with a newer Python than the one in package.json."""


@pytest.fixture(params=["live", "frozen"])
def wheel(
    request: pytest.FixtureRequest, policy: Policy, site: Path, frozen: Policy, frozen_site: Path, tmp_path: Path
) -> tuple[Policy, Path]:
    """A policy, and a copy of its site's wheel."""
    of, folder = {"live": (policy, site), "frozen": (frozen, frozen_site)}[request.param]
    [published] = folder.glob("checker/*/*.whl")
    return of, Path(shutil.copy(published, tmp_path))


def parameters(policy: Policy) -> list[str]:
    """The worked examples as parameters of the check page's calls."""
    return [
        json.dumps({"answers": {**example.answers}, "today": example.today.isoformat(), "digest": policy.digest})
        for example in policy.examples.values()
    ]


def answers_in_cpython(policy: Policy) -> list[str]:
    """The responses of this Python for the worked examples."""
    answers = [answer(text, Checker(policy)) for text in parameters(policy)]
    outcomes = [json.loads(text)["verdict"]["outcome"] for text in answers]
    assert outcomes == [example.outcome for example in policy.examples.values()]
    return answers


def answers_in_pyodide(policy: Policy, runtime: Path, checker: Path) -> object:
    """The responses of a checker in Pyodide."""
    expression = f"[checker.web.api.answer(text) for text in json.loads({json.dumps(parameters(policy))!r})]"
    return evaluate(runtime, checker, "checker.web.api", expression)


def test_next_pyodide_release_line_has_a_newer_python() -> None:
    infos = [json.loads((runtime / "pyodide-lock.json").read_text("utf-8"))["info"] for runtime in (PYODIDE, NEXT)]
    ours, newer = ([*map(int, info["python"].split("."))][:2] for info in infos)
    assert ours == [*sys.version_info[:2]] < newer


def test_wheel_on_next_pyodide_gives_the_same_bytes(wheel: tuple[Policy, Path]) -> None:
    policy, file = wheel
    write_lock(file, NEXT)
    assert answers_in_pyodide(policy, NEXT, file.parent) == answers_in_cpython(policy)


def test_compiled_wheel_gives_the_same_bytes(wheel: tuple[Policy, Path]) -> None:
    policy, file = wheel
    write_lock(file, PYODIDE)
    size = file.stat().st_size
    compiler = Path(sys.executable).with_name("pyodide")
    subprocess.run([compiler, "py-compile", "--silent", "--no-keep", file.parent], check=True)
    [compiled] = file.parent.glob("*.whl")
    assert compiled.name == file.name.replace("-py3-", "-cp{}{}-".format(*sys.version_info))
    assert compiled.stat().st_size > 2 * size  # one reason to publish sources
    with zipfile.ZipFile(compiled) as archive:
        code = {name for name in archive.namelist() if Path(name).suffix in (".py", ".pyc")}
    assert {Path(name).suffix for name in code} == {".pyc"}
    assert answers_in_pyodide(policy, PYODIDE, file.parent) == answers_in_cpython(policy)
