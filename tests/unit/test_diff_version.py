"""Versions to compare: files and revisions of git, and the errors if there is none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from macros.analysis.load import written_policy
from macros.cli import main
from macros.diff import VersionError, versions
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.yaml_reader import parse
from tests.support.git_repository import git
from tests.support.paths import POLICIES

LIBRARY = (POLICIES / "library.yaml").read_text(encoding="utf-8")
LONGER = LIBRARY.replace("long_gone: 365 days", "long_gone: 300 days")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a policy on its main branch, and a longer length of time in its working tree."""
    git(tmp_path, "init", "--initial-branch", "main")
    file = tmp_path / "policy.yaml"
    file.write_text(LIBRARY, encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--message", "Begin")
    file.write_text(LONGER, encoding="utf-8")
    return tmp_path


def test_working_tree_is_compared_with_the_main_branch(project: Path) -> None:
    assert LONGER != LIBRARY
    old, new = versions(None, None, project / "policy.yaml")
    commit = git(project, "rev-parse", "HEAD")
    assert (old.name, new.name) == (f"policy.yaml of main ({commit[:7]})", "policy.yaml")
    assert old.written.values["long_gone"] == "365 days"
    assert new.written.values["long_gone"] == "300 days"


def test_later_commits_of_the_main_branch_are_not_shown(project: Path) -> None:
    file = project / "policy.yaml"
    start = git(project, "rev-parse", "HEAD")
    git(project, "switch", "--create", "work")
    git(project, "commit", "--all", "--message", "Give it less time")
    git(project, "switch", "main")
    file.write_text(LIBRARY.replace("Not yours", "Not your book"), encoding="utf-8")
    git(project, "commit", "--all", "--message", "Say it clearly")
    left = f"policy.yaml of {start[:7]}, where this left main"
    old, new = versions(None, "work", file)
    assert (old.name, old.written) == (left, written_policy(parse(LIBRARY, "")))
    assert new.written == written_policy(parse(LONGER, ""))
    git(project, "switch", "work")
    assert versions(None, None, file)[0].name == left
    assert versions("main", None, file)[0].written != old.written, "who names the branch means it as it is"
    git(project, "switch", "main")
    git(project, "merge", "work")
    assert versions(None, "HEAD", file)[0].name == f"policy.yaml of main ({git(project, 'rev-parse', 'HEAD')[:7]})"


def test_version_is_a_revision_a_file_or_a_file_of_a_revision(project: Path) -> None:
    policy = project / "policy.yaml"
    commit = git(project, "rev-parse", "HEAD")
    shutil.copy(policy, project / "other.yaml")
    git(project, "add", "other.yaml")
    git(project, "commit", "--message", "Go on")
    old, new = versions(commit[:12], "HEAD:other.yaml", policy)
    assert (old.name, new.name) == (
        f"policy.yaml of {commit[:12]}",
        f"other.yaml of HEAD ({git(project, 'rev-parse', 'HEAD')[:7]})",
    )
    assert old.written.values != new.written.values
    old, new = versions(str(policy), str(project / "other.yaml"), policy)
    assert (old.name, new.name) == (str(policy), str(project / "other.yaml"))


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("gone", 'there is no file and no revision of git that is called "gone".'),
        ("--help", 'there is no file and no revision of git that is called "--help".'),
        ("", 'there is no file and no revision of git that is called "".'),
        ("main:gone.yaml", 'the revision "main" has no file gone.yaml.'),
        ("main:./", 'the revision "main" has no file ./.'),
    ],
)
def test_missing_version_is_one_clear_sentence(project: Path, wanted: str, message: str) -> None:
    with pytest.raises(VersionError) as caught:
        versions(wanted, None, project / "policy.yaml")
    assert str(caught.value) == message


def test_repository_without_a_main_branch_needs_a_version(project: Path) -> None:
    git(project, "branch", "--move", "main", "work")
    with pytest.raises(VersionError) as caught:
        versions(None, None, project / "policy.yaml")
    assert str(caught.value) == "there is no main branch to compare with. Name a file or a revision of git instead."


def test_folder_without_git_compares_files_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))
    policy = project / "policy.yaml"
    assert versions(str(policy), str(policy), policy)[0].written.title
    with pytest.raises(VersionError) as caught:
        versions(None, None, policy)
    assert str(caught.value) == "git is not installed. Name two files to compare them without git."


def test_new_version_with_errors_is_refused_with_their_lines(project: Path) -> None:
    policy = project / "policy.yaml"
    policy.write_text(LIBRARY.replace("365 days", "a year"), encoding="utf-8")
    with pytest.raises(PolicyErrors) as caught:
        versions(None, None, policy)
    assert [(error.name, error.line) for error in caught.value.errors] == [("policy.yaml", 19)]


def test_old_version_that_is_no_policy_is_refused_by_name(project: Path) -> None:
    (project / "old.yaml").write_text("- no\n- policy\n", encoding="utf-8")
    with pytest.raises(PolicyErrors) as caught:
        versions(str(project / "old.yaml"), None, project / "policy.yaml")
    assert [error.name for error in caught.value.errors] == [str(project / "old.yaml")]


def test_command_names_the_compared_versions_in_each_format(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("macros.cli.POLICY_FILE", project / "policy.yaml")
    assert main(["diff"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"policy.yaml of main ({git(project, 'rev-parse', 'HEAD')[:7]}) → policy.yaml\nThe outcome ")
    assert main(["diff", "main", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("## What this change does\n")
    assert main(["diff", "main", "main", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["same_decisions"] is True
    assert main(["diff", "gone"]) == 1
    assert capsys.readouterr() == ("", 'policy: there is no file and no revision of git that is called "gone".\n')
