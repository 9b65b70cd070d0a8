"""The bundle that a browser loads: the Python runtime, and the checker with the policy inside.

    runtime/<version>/            Pyodide, as in its npm package
    checker/<digest>-<version>/   the checker's wheel, and the lock file that tells Pyodide its name and hash

Equal inputs and equal locked tools give equal bytes, in every folder and on every day. The wheel is an ordinary one:
installed by pip on a server it answers what the page answers. It contains sources and no bytecode; README.md says why,
with figures.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

from hatchling.builders.wheel import WheelBuilder
from pyodide_lock import PyodideLockSpec
from pyodide_lock.utils import add_wheels_to_spec

import checker.policy
from checker.policy import Policy
from macros.analysis.load import CHECKER_PACKAGE
from macros.project import ROOT

PYODIDE = ROOT / "node_modules" / "pyodide"

# The files that Pyodide's loader fetches. The rest of the npm package is for other module systems and for development.
RUNTIME_FILES = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"

# Without `ignore-vcs` a .gitignore in a folder above would decide which files are in the wheel.
WHEEL_PROJECT = """\
[project]
name = "aftersales-checker"
version = "{version}"
description = "Answers after-sales cases by the policy that it was built with"
requires-python = ">=3.13"

[tool.hatch.build.targets.wheel]
packages = ["checker"]
ignore-vcs = true
"""


class BundleError(Exception):
    """The bundle cannot be made; the message says what to do about it."""


def write_bundle(
    published: str, digest: str, site: Path, *, package: Path = CHECKER_PACKAGE, pyodide: Path = PYODIDE
) -> Path:
    """Writes the bundle into a built site; returns the path of the wheel there.

    `published` is the source of the module that holds the policy; `digest` names the policy and the checker's code, in
    letters and digits. Raises BundleError if the runtime is not installed, or its files have other names.
    """
    runtime, checker = (site / folder for folder in bundle_folders(digest, pyodide))
    if missing := [name for name in (*RUNTIME_FILES, LOCK) if not (pyodide / name).is_file()]:
        raise BundleError(
            f"Pyodide {runtime_version(pyodide)} has no {' and no '.join(missing)} in {pyodide}. "
            "If it is a new version, follow it in macros/runtime/bundle.py and as macros/runtime/snapshot/README.md "
            "says; else remove node_modules/ and run `make build`, which installs it again."
        )
    for folder in (runtime, checker):
        folder.mkdir(parents=True, exist_ok=True)
    for name in RUNTIME_FILES:
        shutil.copyfile(pyodide / name, runtime / name)
    with TemporaryDirectory() as temporary:
        wheel = build_wheel(published, package, Path(temporary))
        shutil.copyfile(write_lock(wheel, pyodide), checker / LOCK)
        return shutil.copyfile(wheel, checker / wheel.name)


def published(policy: Policy) -> str:
    """The source of the module `checker.published`, which holds the policy in the bundle."""
    names = ", ".join(name for name, part in vars(checker.policy).items() if dataclasses.is_dataclass(part))
    return (
        '"""The policy that this checker answers by. The build writes this module."""\n\n'
        "import datetime\n\n"
        f"from checker.policy import {names}\n\n"
        f"POLICY = {policy!r}\n"
    )


def bundle_folders(digest: str, pyodide: Path = PYODIDE) -> tuple[str, str]:
    """The folders of the runtime and of the checker in the site: addresses name the content, so caches may keep it.

    Raises BundleError if the runtime is not installed.
    """
    version = runtime_version(pyodide)
    return f"runtime/{version}/", f"checker/{digest}-{version}/"


def runtime_version(pyodide: Path = PYODIDE) -> str:
    """The installed version of Pyodide, which package.json pins. Raises BundleError if there is none."""
    try:
        manifest = json.loads((pyodide / "package.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BundleError(
            f"The browser's Python runtime is missing from {pyodide}. Run `make build`, which installs it."
        ) from error
    return str(manifest["version"])


def build_wheel(published: str, package: Path, folder: Path) -> Path:
    """Builds the wheel in an empty folder: the package's files and `published.py`.

    hatchling sorts the files and gives all the same date: SOURCE_DATE_EPOCH, or else its own.
    """
    project = folder / "project"
    shutil.copytree(package, project / "checker", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    (project / "checker" / "published.py").write_text(published, encoding="utf-8", newline="\n")
    (project / "pyproject.toml").write_text(
        WHEEL_PROJECT.format(version=metadata.version("aftersales-policy")), encoding="utf-8"
    )
    [wheel] = WheelBuilder(str(project)).build(directory=str(folder), versions=["standard"])
    return Path(wheel)


def write_lock(wheel: Path, pyodide: Path) -> Path:
    """Writes `pyodide-lock.json` beside the wheel: the runtime's own lock file, with this wheel as its only package."""
    stock = PyodideLockSpec.from_json(pyodide / LOCK)
    lock = wheel.with_name(LOCK)
    add_wheels_to_spec(PyodideLockSpec(info=stock.info, packages={}), [wheel]).to_json(lock, indent=2)
    return lock
