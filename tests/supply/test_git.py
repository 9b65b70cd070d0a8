"""Queries to git, and an error message for each reason why git fails."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from macros import cli
from macros.git import GitError, Repository
from macros.site import verify
from macros.site.http_client import VerifyError
from macros.site.provenance import FILE_LIST, provenance
from tests.support.git_repository import git
from tests.unit.test_diff_version import LIBRARY

STRANGER = 12345
"""A user id that need not exist."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one commit, and a home without settings."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    project = tmp_path / "project"
    project.mkdir()
    (project / "policy.yaml").write_text(LIBRARY, encoding="utf-8")
    git(project, "init", "--quiet", "--initial-branch", "main")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "Begin")
    return project


@pytest.fixture(params=["owner", "variable"])
def foreign(request: pytest.FixtureRequest, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project owned by another user, or simulated so by the variable with which git tests itself."""
    if request.param == "variable":
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    elif os.geteuid() != 0:
        pytest.skip("Only root can give a folder to another user.")
    else:
        for path in (project, *project.rglob("*")):
            os.chown(path, STRANGER, STRANGER)
    return project


def test_unknown_revision_gives_none(project: Path) -> None:
    repository = Repository(project)
    assert repository.commit("main") == git(project, "rev-parse", "HEAD")
    names = ("gone", "--help", "", "0" * 40, "main:policy.yaml")
    assert [name for name in names if repository.commit(name)] == []
    assert repository.object("main:policy.yaml") == git(project, "rev-parse", "main:policy.yaml")
    assert repository.object("main:gone.yaml") is None


def test_branch_holds_its_own_commits_alone(project: Path) -> None:
    repository = Repository(project)
    first = git(project, "rev-parse", "HEAD")
    git(project, "switch", "--quiet", "--create", "work")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "Go on")
    assert repository.holds("main", first)
    assert repository.holds("work", first)
    assert not repository.holds("main", git(project, "rev-parse", "work"))
    assert not repository.is_shallow()


def test_missing_git_is_an_error(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match=r"^git is not installed\.$"):
        Repository(project).commit("main")


def test_folder_outside_a_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=rf"^git finds no repository in {re.escape(str(tmp_path))}\.$"):
        Repository(tmp_path).commit("main")


def test_repository_of_another_user_is_an_error_with_the_remedy(foreign: Path) -> None:
    command = f"git config --global --add safe.directory {foreign}"
    with pytest.raises(GitError) as caught:
        Repository(foreign).commit("main")
    refused = f"git refuses: detected dubious ownership in repository at '{foreign}'."
    assert str(caught.value) == f"{refused} If you trust this folder, run `{command}`."
    subprocess.run(command.split(), check=True)
    assert Repository(foreign).commit("main")


def test_commands_print_why_git_refuses(
    foreign: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = f"git refuses: detected dubious ownership in repository at '{foreign}'. "
    assert provenance(root=foreign).commit is None
    assert provenance(root=foreign).reason.startswith(refused)
    monkeypatch.setattr(cli, "POLICY_FILE", foreign / "policy.yaml")
    for arguments in ([], ["main"]):
        assert cli.main(["diff", *arguments]) == 1
        error = capsys.readouterr().err
        assert error.startswith(f"policy: {refused}")
        assert error.endswith(" Name two files to compare them without git.\n")
    assert cli.main(["diff", str(foreign / "policy.yaml"), str(foreign / "policy.yaml")]) == 0
    monkeypatch.setattr(verify, "ROOT", foreign)
    site = foreign / "site"
    site.mkdir()
    (site / FILE_LIST).write_text(
        json.dumps({"commit": "0" * 40, "options": ["--compressed"], "address": "", "files": {}})
    )
    with pytest.raises(VerifyError, match=f"^{re.escape(refused)}"):
        verify.verify(str(site))


def test_git_error_text_is_repeated(project: Path) -> None:
    (project / ".git" / "HEAD").write_text("nonsense")
    with pytest.raises(GitError, match=r"^git refuses: .*not a git repository.*\.$"):
        Repository(project).commit("main")


def test_git_environment_of_hooks_is_ignored(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    assert Repository(project).commit("main")
