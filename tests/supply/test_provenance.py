"""The commit of a site, and deterministic builds in any place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from macros import hooks
from macros.hashes import integrity
from macros.project import ROOT
from macros.site.compress import compress
from macros.site.provenance import COMMIT_FILE, FILE_LIST, Provenance, provenance, write_files
from macros.site.staging import replacing
from tests.support.counts import RecordCounts
from tests.support.git_repository import git
from tests.support.paths import file_contents

PARTS = ("checker", "docs", "macros", "overrides", "mkdocs.yml", "policy.yaml", "EDITING.md", "package.json")
"""The sources of the site."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one commit, with the files that name the commit in an archive."""
    project = tmp_path / "project"
    project.mkdir()
    for name in (COMMIT_FILE, ".gitattributes", ".gitignore"):
        shutil.copy(ROOT / name, project)
    (project / "policy.yaml").write_bytes(b"title: x\r\n")
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    return project


def test_clean_project_names_its_commit(project: Path) -> None:
    (project / "site").mkdir()
    (project / "site" / "index.html").write_text("made")
    assert provenance(root=project) == Provenance(git(project, "rev-parse", "HEAD"))


@pytest.mark.parametrize("name", ["site", "out", "docs/out", "a b/[x]/*", "../site", "deep/er/site"])
def test_site_names_its_commit_in_any_folder(project: Path, name: str) -> None:
    site = project / name
    site.parent.mkdir(parents=True, exist_ok=True)
    for text in ("first", "second"):
        with replacing(site.resolve()) as new:
            (new / "index.html").write_text(text)
            assert git(project, "rev-parse", "HEAD") == provenance(site, project).commit
        assert git(project, "rev-parse", "HEAD") == provenance(site, project).commit
        assert (site / "index.html").read_text() == text


def test_changed_project_names_the_uncommitted_file(project: Path) -> None:
    (project / "new.md").write_text("x")
    again = "Commit, then build again."
    assert provenance(root=project) == Provenance(None, f"'new.md' is in no commit as it is here. {again}")
    assert str(provenance(root=project)) == f"It names no commit: 'new.md' is in no commit as it is here. {again}"
    (project / "policy.yaml").write_text("title: y")
    reason = f"'policy.yaml' is in no commit as it is here, nor is 1 more file. {again}"
    assert provenance(root=project) == Provenance(None, reason)
    (project / ".a\nb").write_text("x")
    git(project, "add", ".")
    reason = f"'.a\\nb' is in no commit as it is here, nor are 2 more files. {again}"
    assert provenance(root=project) == Provenance(None, reason)


def test_git_settings_of_the_user_hide_no_file(project: Path) -> None:
    git(project, "config", "status.showUntrackedFiles", "no")
    (project / "new.md").write_text("x")
    assert provenance(root=project).commit is None


def test_project_without_commits_names_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert provenance(root=tmp_path) == Provenance(None, "nothing was committed yet.")


def test_git_archive_names_its_commit_and_keeps_bytes(project: Path, tmp_path: Path) -> None:
    git(project, "archive", "--output", str(tmp_path / "a.tar"), "HEAD")
    shutil.unpack_archive(tmp_path / "a.tar", tmp_path / "archive", filter="data")
    assert provenance(root=tmp_path / "archive") == Provenance(git(project, "rev-parse", "HEAD"))
    assert (tmp_path / "archive" / "policy.yaml").read_bytes() == b"title: x\r\n"


@pytest.mark.parametrize("mark", [None, "$Format:%H$", "main", "0" * 39])
def test_folder_without_git_names_no_commit(tmp_path: Path, mark: str | None) -> None:
    if mark is not None:
        (tmp_path / COMMIT_FILE).write_text(mark)
    reason = f"{tmp_path} is neither a clone of git nor an archive that git made of a commit."
    assert provenance(root=tmp_path) == Provenance(None, reason)


def test_missing_git_claims_no_commit(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert provenance(root=project) == Provenance(None, "git is not installed.")


@pytest.mark.parametrize(
    ("policy", "snapshot", "made_of"),
    [
        ("policy.yaml", True, Provenance("abc")),
        ("policy.yaml", False, Provenance(None, "it is a draft.")),
        (
            "tests/policies/library.yaml",
            True,
            Provenance(None, "it is made of another policy than policy.yaml of this project."),
        ),
    ],
)
def test_draft_or_other_policy_names_no_commit(
    policy: str, snapshot: bool, made_of: Provenance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "provenance", lambda _: Provenance("abc"))
    assert hooks.site_provenance(ROOT / policy, ROOT / "site", snapshot=snapshot) == made_of


def test_site_states_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://shop.example/")
    write_files(tmp_path, "abc", [])
    assert json.loads((tmp_path / FILE_LIST).read_text(encoding="utf-8"))["address"] == "https://shop.example/"


def test_site_lists_every_file(site: Path) -> None:
    listed = json.loads((site / FILE_LIST).read_text(encoding="utf-8"))
    assert listed["files"] == {
        name: integrity((site / name).read_bytes()) for name in sorted(file_contents(site)) if name != FILE_LIST
    }


def test_compression_is_deterministic(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the files of one page, as the largest files take a minute."""
    packed = []
    for zone in ("UTC", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("HOME", str(tmp_path / zone))
        folder = shutil.copytree(site / "check", tmp_path / zone / "site")
        compress(folder, cache=tmp_path / zone / "kept")
        packed.append(file_contents(folder))
    assert packed[0] == packed[1]
    assert {Path(name).suffix for name in packed[0]} > {".br", ".zst"}


@pytest.mark.deep
def test_build_is_deterministic_in_another_folder(site: Path, tmp_path: Path, record_counts: RecordCounts) -> None:
    """In another folder, without git, with another user, time zone, locale and hash seed."""
    project = tmp_path / "elsewhere" / "a project"
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, project / name)
    (project / "node_modules").symlink_to(ROOT / "node_modules")
    named = json.loads((site / FILE_LIST).read_text(encoding="utf-8"))["commit"]
    (project / COMMIT_FILE).write_text(named or "")
    differently = {
        "HOME": str(tmp_path),
        "USER": "somebody",
        "LOGNAME": "somebody",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "7",
        "TMPDIR": str(tmp_path),
        "SOURCE_DATE_EPOCH": "86400",
    }
    done = subprocess.run(
        [sys.executable, "-m", "macros.cli", "build"],
        cwd=project,
        env=os.environ | differently,
        preexec_fn=lambda: os.umask(0o077),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    here, elsewhere = file_contents(site), file_contents(project / "site")
    assert sorted(elsewhere) == sorted(here)
    different = [name for name in here if here[name] != elsewhere[name]]
    record_counts({"files of the site made twice, in different places": len(here)})
    assert different == []
