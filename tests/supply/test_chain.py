"""From a commit to a verified site: the workflows' own commands, in clean clones, in their order.

tests/support/codehost/ simulates the code host and its `gh`; git, make, packages, builds and the web server are real.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from macros.project import ROOT
from macros.site.provenance import FILE_LIST
from tests.support.codehost import CodeHost, Run, UnknownActionError, evaluate
from tests.support.edits import after_edit
from tests.support.git_repository import git
from tests.support.hosts import free_port, run_host
from tools.comment import COMMENT_MARK

COLLECT_ONLY = {"PYTEST_ADDOPTS": "--collect-only --quiet"}
"""For `.ci/run`, which would run this test again: it sets up, lints and collects only."""
NEEDS_A_SERVICE = "locks"
"""The job that queries a vulnerability service, which tests cannot provide."""
EDIT = "a window is longer"
PULL = 3


@pytest.fixture
def host(tmp_path: Path) -> Iterator[CodeHost]:
    """A code host whose main branch holds the working tree of this project, in a folder with a space in its name."""
    folder = tmp_path / "a code host"
    with CodeHost(folder, f"http://127.0.0.1:{free_port()}/") as host:
        git(folder, "init", "--quiet", "--bare", "--initial-branch", "main", host.repository.name)
        git(host.repository, "config", "uploadpack.allowAnySHA1InWant", "true")  # as the real one lets a clone ask
        here = [f"--git-dir={host.repository}", f"--work-tree={ROOT}"]
        git(ROOT, *here, "add", "--all")
        commit = git(ROOT, *here, "commit-tree", git(ROOT, *here, "write-tree"), "-m", "All of it")
        git(ROOT, *here, "update-ref", "refs/heads/main", commit)
        yield host


class Fork:
    """The clone of a contributor, with one pull request."""

    def __init__(self, host: CodeHost) -> None:
        self.host = host
        self.folder = host.folder / "a fork"
        git(host.folder, "clone", "--quiet", str(host.repository), str(self.folder))
        git(self.folder, "switch", "--quiet", "--create", "change")

    def push(self, files: Mapping[str, str]) -> None:
        """Commit these texts, and merge them with the main branch as the host does for a pull request."""
        for name, text in files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        git(self.folder, "commit", "--quiet", "--all", "--message", "Change it")
        head = git(self.folder, "rev-parse", "HEAD")
        git(self.folder, "switch", "--quiet", "--detach", "origin/main")
        git(self.folder, "merge", "--quiet", "--no-ff", "--message", "Merge it", head)
        git(self.folder, "push", "--quiet", "--force", "origin", f"HEAD:refs/pull/{PULL}/merge")
        git(self.folder, "switch", "--quiet", "change")
        names = git(self.folder, "diff", "--name-only", "origin/main...HEAD").splitlines()
        self.host.pulls[PULL] = {"head": head, "files": names}

    def merge(self) -> str:
        """Merge the pull request; returns the commit of the main branch."""
        git(self.folder, "push", "--quiet", "origin", "change:main")
        return self.host.head("main")


def logs(run: Run) -> str:
    return "\n".join(f"---- {name}: {run.results[name]}\n{job.log}" for name, job in run.jobs.items())


def first_line(host: CodeHost) -> str:
    [comment] = host.comments
    mark, line = comment["body"].split("\n\n")[:2]
    assert mark == COMMENT_MARK
    return str(line)


@pytest.mark.deep
def test_pull_request_from_a_fork_is_checked_built_and_commented(host: CodeHost) -> None:
    fork = Fork(host)
    policy = (fork.folder / "policy.yaml").read_text(encoding="utf-8")
    fork.push({"policy.yaml": after_edit(EDIT, policy)})
    run = host.check(PULL, extra=COLLECT_ONLY)
    assert run.results == {"policy": "success", "test": "success", "preview": "success"}, logs(run)
    assert (run.artifacts["preview"] / "check" / "index.html").is_file()

    commented = host.comment_on(run)
    assert commented.results == {"comment": "success"}, logs(commented)
    assert host.pulls[PULL]["head"][:12] in first_line(host)
    assert "Better for customers" in host.comments[0]["body"]

    fork.push({"policy.yaml": policy.replace("\nquestions:", "\nquestion:")})
    broken = host.check(PULL, preset={"test": "success", "preview": "success"})
    assert broken.results["policy"] == "failure"
    host.comment_on(broken, action="requested")
    assert host.pulls[PULL]["head"][:12] in first_line(host)
    assert "Better for customers" not in host.comments[0]["body"]
    assert host.comment_on(broken).results == {"comment": "success"}
    assert host.pulls[PULL]["head"][:12] in first_line(host)
    assert "Better for customers" not in host.comments[0]["body"]

    fork.push({"Makefile": "all:\n\tfalse\n", "policy.yaml": policy})
    unready = host.check(PULL, preset={"test": "success", "preview": "success"})
    assert (unready.results["policy"], unready.artifacts) == ("failure", {})
    host.comment_on(unready, "cancelled")
    assert host.pulls[PULL]["head"][:12] in first_line(host)
    assert "There is no report" in host.comments[0]["body"]


@pytest.mark.deep
def test_merge_is_tested_built_verified_signed_and_published(host: CodeHost, tmp_path: Path) -> None:
    before = host.head("main")
    fork = Fork(host)
    policy = (fork.folder / "policy.yaml").read_text(encoding="utf-8")
    fork.push({"policy.yaml": after_edit(EDIT, policy)})
    foreign = host.head(f"refs/pull/{PULL}/merge")
    refused = host.republish(foreign)
    assert refused.results == {"test": "failure", "build": "skipped", "attest": "skipped", "deploy": "skipped"}
    assert ".ci/run" not in refused.jobs["test"].log
    assert not host.published.exists()

    merged = fork.merge()
    assert merged != before
    run = host.push(extra=COLLECT_ONLY)
    assert set(run.results.values()) == {"success"}, logs(run)
    listed = host.published / FILE_LIST
    assert json.loads(listed.read_text(encoding="utf-8"))["commit"] == merged
    assert host.signed[sha256(listed.read_bytes()).hexdigest()] == merged
    assert re.search(r"^site: all \d+ files are what the commit", run.jobs["build"].log, re.MULTILINE)

    port = int(host.address.rstrip("/").rpartition(":")[2])
    with run_host("nginx", host.published, tmp_path / "nginx", port):
        clone = run.jobs["build"].folder
        program = str(clone / ".venv" / "bin" / "policy")
        verify = [program, "verify", host.address, "--branch", merged, "--headers", "required"]
        done = subprocess.run(verify, cwd=clone, stdout=subprocess.PIPE, text=True)
        assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stdout
        page = host.published / "policy" / "index.html"
        page.write_bytes(page.read_bytes().replace(b"<main", b"<main ", 1))
        weekly = host.run_weekly(preset={NEEDS_A_SERVICE: "success"})
    assert weekly.results == {"site": "failure", "locks": "success", "holidays": "success", "tell": "success"}, logs(
        weekly
    )
    assert "policy/index.html: is not what the commit makes." in weekly.jobs["site"].log
    [issue] = host.issues
    assert "is what its commit makes: failure" in issue["texts"][-1]

    preset = {"build": "success", "attest": "success", "deploy": "success"}  # they take the commit in the same way
    again = host.republish(before, extra=COLLECT_ONLY, preset=preset)
    assert again.results["test"] == "success", logs(again)
    assert git(again.jobs["test"].folder, "rev-parse", "HEAD") == before


# ---- the simulated code host


def test_unsigned_build_is_not_published(host: CodeHost) -> None:
    run = host.push(preset={"test": "success", "build": "success"})  # which leave nothing to sign
    assert run.results == {"test": "success", "build": "success", "attest": "failure", "deploy": "skipped"}
    assert not host.published.exists()


def test_weekly_check_opens_a_single_issue(host: CodeHost) -> None:
    preset = {"site": "success", "locks": "success", "holidays": "success"}
    assert host.run_weekly(preset=preset).results["tell"] == "skipped"
    for _ in range(2):
        run = host.run_weekly(preset=preset | {"holidays": "failure"})
        assert run.results["tell"] == "success", logs(run)
    [issue] = host.issues
    assert len(issue["texts"]) == 2
    assert "are known for the next 60 days: failure" in issue["texts"][1]


def test_unknown_action_is_an_error(host: CodeHost) -> None:
    flow = {"permissions": {}, "jobs": {"job": {"steps": [{"uses": "actions/cache@0 # v1"}]}}}
    run = Run(host=host, number=1, flow=flow, event={}, kind="push", commit=host.head("main"), branch="origin/main")
    run.folder.mkdir()
    with pytest.raises(UnknownActionError, match="actions/cache"):
        run.go()


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("inputs.commit || github.sha", "abc"),
        ("github.event.run.kind == 'push' && contains(fromJSON('[\"a\"]'), 'a')", True),
        ("!inputs.commit", True),
        ("needs.a.result == 'it''s'", True),
    ],
)
def test_workflow_expression_has_the_value_of_the_host(expression: str, value: object) -> None:
    given = {
        "inputs": {},
        "github": {"sha": "abc", "event": {"run": {"kind": "push"}}},
        "needs": {"a": {"result": "it's"}},
    }
    assert evaluate(expression, given) == value
