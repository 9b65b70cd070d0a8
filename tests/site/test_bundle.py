"""The bundle for browsers, made from a small package of these tests' own in place of `checker/`."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from macros.analysis.load import CHECKER_PACKAGE
from macros.runtime.bundle import PYODIDE, BundleError, build_wheel, bundle_folders, runtime_version, write_bundle
from tests.support.node import evaluate
from tests.support.paths import file_contents

PUBLISHED = "POLICY = ('15 days – “free”',)\n"
DIGEST = "0123abcd"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with modules, data, and files that an editor or Python left there."""
    folder = tmp_path / "a folder" / "checker"
    for name, text in {
        "__init__.py": "",
        "messages.toml": "free = 'free'\n",
        "calendars/__init__.py": "",
        "calendars/days.py": "DAYS = 7\n",
        "__pycache__/days.cpython-313.pyc": "",
        ".days.py.swp": "",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def modules(wheel: Path) -> set[str]:
    """The wheel's files without its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_bundle_holds_runtime_wheel_and_lock_file(package: Path, tmp_path: Path) -> None:
    wheel = write_bundle(PUBLISHED, DIGEST, tmp_path / "site", package=package)
    runtime, checker = f"runtime/{runtime_version()}/", f"checker/{DIGEST}-{runtime_version()}/"
    assert bundle_folders(DIGEST) == (runtime, checker)
    assert set(file_contents(tmp_path / "site")) == {
        f"{runtime}pyodide.mjs",
        f"{runtime}pyodide.asm.js",
        f"{runtime}pyodide.asm.wasm",
        f"{runtime}python_stdlib.zip",
        f"{checker}pyodide-lock.json",
        f"{checker}{wheel.name}",
    }


def test_bundle_is_deterministic(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_bundle(PUBLISHED, DIGEST, tmp_path / "one", package=package)
    for path in package.rglob("*"):
        os.utime(path, (0, 0))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    write_bundle(PUBLISHED, DIGEST, tmp_path / "two", package=package)
    assert file_contents(tmp_path / "one") == file_contents(tmp_path / "two")


def test_wheel_holds_package_and_policy_alone(package: Path, tmp_path: Path) -> None:
    assert modules(build_wheel(PUBLISHED, package, tmp_path / "out")) == {
        "checker/__init__.py",
        "checker/messages.toml",
        "checker/calendars/__init__.py",
        "checker/calendars/days.py",
        "checker/published.py",
    }


def test_project_wheel_holds_every_checker_file(tmp_path: Path) -> None:
    files = {
        path.relative_to(CHECKER_PACKAGE.parent).as_posix()
        for path in CHECKER_PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "checker/__init__.py" in files
    assert modules(build_wheel(PUBLISHED, CHECKER_PACKAGE, tmp_path / "out")) == files | {"checker/published.py"}


def test_lock_file_names_the_wheel_and_its_hash(package: Path, tmp_path: Path) -> None:
    wheel = write_bundle(PUBLISHED, DIGEST, tmp_path, package=package)
    packages = json.loads((wheel.parent / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    assert list(packages) == ["aftersales-checker"]
    assert packages["aftersales-checker"]["file_name"] == wheel.name
    assert packages["aftersales-checker"]["sha256"] == hashlib.sha256(wheel.read_bytes()).hexdigest()


def test_changed_policy_replaces_the_wheel(package: Path, tmp_path: Path) -> None:
    write_bundle(PUBLISHED, DIGEST, tmp_path / "site", package=package)
    before = file_contents(tmp_path / "site")
    wheel = write_bundle("POLICY = ()\n", DIGEST, tmp_path / "site", package=package)
    after = file_contents(tmp_path / "site")
    changed = {tmp_path / "site" / name for name in after if after[name] != before[name]}
    assert changed == {wheel, wheel.with_name("pyodide-lock.json")}


def test_missing_runtime_error_names_the_command_to_run(package: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError) as error:
        write_bundle(PUBLISHED, DIGEST, tmp_path / "site", package=package, pyodide=tmp_path / "pyodide")
    assert str(error.value) == (
        f"The browser's Python runtime is missing from {tmp_path / 'pyodide'}. Run `make build`, which installs it."
    )
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("names", [["pyodide.asm.js"], ["pyodide.mjs", "pyodide-lock.json"]])
def test_runtime_with_other_file_names_fails_with_an_explanation(
    names: list[str], package: Path, tmp_path: Path
) -> None:
    pyodide = tmp_path / "pyodide"
    shutil.copytree(PYODIDE, pyodide)
    for name in names:
        (pyodide / name).rename(pyodide / f"another-{name}")
    with pytest.raises(BundleError) as error:
        write_bundle(PUBLISHED, DIGEST, tmp_path / "site", package=package, pyodide=pyodide)
    assert str(error.value) == (
        f"Pyodide {runtime_version()} has no {' and no '.join(names)} in {pyodide}. "
        "If it is a new version, follow it in macros/runtime/bundle.py and as macros/runtime/snapshot/README.md says; "
        "else remove node_modules/ and run `make build`, which installs it again."
    )
    assert not (tmp_path / "site").exists()


def test_pyodide_starts_from_the_bundle(package: Path, tmp_path: Path) -> None:
    site = tmp_path / "the site"
    write_bundle(PUBLISHED, DIGEST, site, package=package)
    runtime, checker = (site / folder for folder in bundle_folders(DIGEST))
    assert evaluate(runtime, checker, "checker.published", "checker.published.POLICY") == ["15 days – “free”"]


def test_wheel_works_in_cpython(package: Path, tmp_path: Path) -> None:
    wheel = build_wheel(PUBLISHED, package, tmp_path / "out")
    code = f"import sys; sys.path.insert(0, {str(wheel)!r}); from checker import published; print(published)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert str(wheel / "checker" / "published.py") in done.stdout, done.stderr
