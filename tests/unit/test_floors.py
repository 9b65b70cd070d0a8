"""The floors of the code: imports run downwards only, and README shows the floors as they are."""

from __future__ import annotations

from pathlib import Path

from importlinter.cli import EXIT_STATUS_ERROR, EXIT_STATUS_SUCCESS, lint_imports

from tests.support.floors import README, picture, with_picture
from tests.support.paths import ROOT


def lint(config: Path) -> int:
    """The exit status of import-linter."""
    return int(lint_imports(config_filename=str(config), no_cache=True))


def test_imports_run_downwards_only() -> None:
    assert lint(ROOT / "pyproject.toml") == EXIT_STATUS_SUCCESS


def test_import_that_runs_upwards_is_found(tmp_path: Path) -> None:
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    upside_down = config.replace('"checker.web",\n    "checker.explain",', '"checker.explain",\n    "checker.web",')
    assert upside_down != config
    (tmp_path / "pyproject.toml").write_text(upside_down, encoding="utf-8")
    assert lint(tmp_path / "pyproject.toml") == EXIT_STATUS_ERROR


def test_readme_shows_the_floors() -> None:
    text = README.read_text(encoding="utf-8")
    assert picture() in text
    assert with_picture(text) == text, "write it anew: .venv/bin/python -m tests.support.floors"
