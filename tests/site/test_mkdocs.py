"""MkDocs' own commands build and serve the whole site."""

from __future__ import annotations

import filecmp
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from mkdocs.exceptions import PluginError

from macros import hooks
from macros.hooks import read_policy
from macros.project import ROOT
from tests.conftest import LIVE
from tests.support.paths import POLICIES

LINKED = ("checker", "docs", "macros", "overrides", "node_modules", "mkdocs.yml", "EDITING.md", "bench")
"""The files that a copy of the project shares."""
PATIENCE = 120
"""Seconds until a wait fails; a build on a busy computer takes long."""


def mkdocs(*arguments: str, project: Path = ROOT) -> subprocess.Popen[str]:
    """Start a command of MkDocs in the folder of a project."""
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    return subprocess.Popen(
        [sys.executable, "-m", "mkdocs", *arguments],
        cwd=project,
        env=environment | {"PYTHONPATH": str(project)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with a policy of its own."""
    for name in LINKED:
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "build").mkdir()
    (ROOT / "build" / "snapshot").mkdir(parents=True, exist_ok=True)
    (tmp_path / "build" / "snapshot").symlink_to(ROOT / "build" / "snapshot")
    text = (POLICIES / "tea.yaml").read_text(encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_mkdocs_build_equals_policy_build(site: Path, live_file: Path, tmp_path: Path) -> None:
    assert live_file == LIVE
    built = mkdocs("build", "--quiet", "--site-dir", str(tmp_path / "site"))
    output, _ = built.communicate()
    assert built.returncode == 0, output
    names = {file.relative_to(site) for file in site.rglob("*") if file.is_file()}
    assert {file.relative_to(tmp_path / "site") for file in (tmp_path / "site").rglob("*") if file.is_file()} == names
    assert {"sw.js", "bundle.json", "files.json", "_headers", "manifest.json"} <= {str(name) for name in names}
    _, differing, failed = filecmp.cmpfiles(site, tmp_path / "site", map(str, names), shallow=False)
    assert (differing, failed) == ([], [])


def test_mkdocs_build_fails_with_the_policy_mistakes(project: Path) -> None:
    (project / "policy.yaml").write_text("title: Tea\n", encoding="utf-8")
    built = mkdocs("build", project=project)
    output, _ = built.communicate()
    assert built.returncode == 1
    assert 'policy.yaml:1:1: lacks the line "version: …"' in output
    assert "Traceback" not in output
    assert not (project / "site").exists()


@pytest.fixture
def served(project: Path) -> Iterator[Callable[..., str]]:
    """Serves the copy with `mkdocs serve`; returns a function that reads a page under any host name."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = mkdocs("serve", "--quiet", "--dev-addr", f"127.0.0.1:{port}", project=project)

    def read(path: str, name: str = "127.0.0.1") -> str:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers={"Host": f"{name}:{port}"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            return f"{error.code} {error.read().decode()}"
        except OSError:
            return ""

    try:
        yield read
    finally:
        server.kill()
        server.communicate()


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "the condition is still false"
        time.sleep(0.1)  # between two evaluations


def test_mkdocs_serve_refuses_other_host_names(served: Callable[..., str]) -> None:
    wait_for(lambda: served(""))
    for path in ("", "check/", "bundle.json", "livereload/0/0", "not-there/"):
        assert served(path, "shop.example").startswith(
            "403 This server answers only under its own name: http://localhost:"
        )
    assert "<title>" in served("check/", "localhost")
    assert served("not-there/").startswith("404 ")


def test_mkdocs_serve_follows_edits_and_survives_a_mistake(project: Path, served: Callable[..., str]) -> None:
    file = project / "policy.yaml"
    text = file.read_text(encoding="utf-8")
    wait_for(lambda: "Version 3," in served(""))
    page = served("check/")
    assert "livereload(" in page
    assert "Content-Security-Policy" not in page, "it would refuse MkDocs' live reload"
    file.write_text(text.replace('version: "3"', "version: 4"), encoding="utf-8")  # a number: a mistake
    file.write_text(f"{text}\nsumary: {{}}\n", encoding="utf-8")
    wait_for(lambda: "Version 3," in served(""))
    file.write_text(text.replace('version: "3"', 'version: "4"'), encoding="utf-8")
    wait_for(lambda: "Version 4," in served(""))


def test_policy_mistake_fails_a_build_but_not_a_running_server(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "policy.yaml"
    text = file.read_text(encoding="utf-8")
    monkeypatch.setattr(hooks, "_serving", True)
    before = read_policy(file)
    file.write_text(f"{text}\nsumary: {{}}\n", encoding="utf-8")
    assert read_policy(file) == before
    mistake = (
        "The policy has mistakes.\n"
        f'policy.yaml:{text.count("\n") + 2}:1: sumary: there is no such key here. Did you mean "summary"?'
    )
    assert capsys.readouterr().err == f"{mistake}\nThe site stays as it was.\n"
    monkeypatch.setattr(hooks, "_serving", False)
    with pytest.raises(PluginError) as raised:
        read_policy(file)
    assert str(raised.value) == mistake


def test_missing_policy_fails_the_build(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"policy\.yaml: No such file or directory$"):
        read_policy(tmp_path / "policy.yaml")
