"""Anyone can make a site again and compare: what is the same, what is not, and what cannot be told."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from macros import verify as verifying
from macros.cli import main
from macros.hosting import HEADERS
from macros.origin import FILE
from macros.verify import Folder, Site, VerifyError, Web, compare, verify

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {"index.html": "start", "check/index.html": "check", "a b/ö.js": "let x", FILE: "list"}


def site_of(folder: Path, files: dict[str, str] = FILES) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def listed(*more: str) -> dict[str, Any]:
    return {"files": dict.fromkeys([*FILES, *more], ""), "commit": COMMIT, "options": [], "address": ""}


@pytest.fixture(params=["folder", "web"])
def site(request: pytest.FixtureRequest, tmp_path: Path, serve: Callable[[Path], str]) -> tuple[Path, Site]:
    """A site to compare, on the disk and on the web."""
    folder = site_of(tmp_path / "site")
    return folder, Folder(folder) if request.param == "folder" else Web(serve(folder))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return site_of(tmp_path / "made")


def test_the_same_site_is_the_same(site: tuple[Path, Site], made: Path) -> None:
    verified = compare(site[1], made, listed())
    assert (verified.compared, verified.problems) == (len(FILES), ())


@pytest.mark.parametrize("text", ["stars", "star", "start "])
def test_a_file_that_differs_is_named(site: tuple[Path, Site], made: Path, text: str) -> None:
    site_of(site[0], {"index.html": text})
    assert compare(site[1], made, listed()).problems == ("index.html: is not what the commit makes.",)


def test_a_file_that_is_missing_is_named(site: tuple[Path, Site], made: Path) -> None:
    (site[0] / "check" / "index.html").unlink()
    assert compare(site[1], made, listed()).problems == ("check/index.html: is missing.",)


def test_a_file_that_the_commit_does_not_make_is_named_and_not_asked_for(site: tuple[Path, Site], made: Path) -> None:
    more = "../../etc/passwd\x1b[31m"
    verified = compare(site[1], made, listed(more))
    assert verified.problems == (f"{more!a}: is nothing that the commit makes.",)
    assert verified.compared == len(FILES) + 1


def test_a_file_that_no_list_names_is_found_in_a_folder(tmp_path: Path, made: Path) -> None:
    folder = site_of(tmp_path / "site", FILES | {"secret.js": "x"})
    assert compare(Folder(folder), made, listed()).problems == ("'secret.js': is nothing that the commit makes.",)


class Elsewhere(BaseHTTPRequestHandler):
    """Sends everybody to another host, or fails."""

    def do_GET(self) -> None:
        self.send_response(500 if self.path.endswith("fail") else 302)
        self.send_header("Location", "http://other.example/x")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_no_other_host_is_asked(elsewhere: str) -> None:
    with pytest.raises(VerifyError, match=r"leads to another host, other\.example\. Verify that instead\.$"):
        Web(elsewhere).read("x", 9)


def test_a_host_that_fails_is_no_verdict(elsewhere: str) -> None:
    with pytest.raises(VerifyError, match=r"/fail: HTTP Error 500: Internal Server Error\.$"):
        Web(elsewhere).read("fail", 9)
    with pytest.raises(VerifyError, match="Connection refused"):
        Web("http://127.0.0.1:1/").read("x", 9)
    with pytest.raises(VerifyError, match="must begin with https:// or http://"):
        verify("file:///etc")


UNREADABLE = {
    "": "is not the list of a site",
    "[]": "is not the list of a site",
    "[" * 100_000: "is not the list of a site",
    "{}": "is not the list of a site",
    '{"commit": null, "options": [], "address": "", "files": {}}': "names no commit: it was built of files",
    '{"commit": 5, "options": [], "address": "", "files": {}}': "is not the list of a site",
    '{"commit": "--upload-pack=x", "options": [], "address": "", "files": {}}': "is not the list of a site",
    '{"commit": "abc", "options": [], "address": [], "files": {}}': "is not the list of a site",
    '{"commit": "abc", "options": "x", "address": "", "files": {}}': "is not the list of a site",
    '{"commit": "abc", "options": [], "address": "", "files": 5}': "is not the list of a site",
}


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:20])
def test_a_site_that_does_not_say_what_it_is_made_of_cannot_be_compared(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(VerifyError, match=UNREADABLE[text]):
        verify(str(tmp_path))


def test_a_folder_that_is_no_site_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 2
    said = f"{tmp_path}: cannot be compared. There is no {FILE}, in which a site says what it is made of.\n"
    assert capsys.readouterr() == ("", said)


# ---- a project as small as can be, whose `make` sets up a `policy` that writes a page

MAKEFILE = """\
.venv/.ready node_modules/.ready:
\tmkdir -p .venv/bin node_modules
\tprintf '%s\\n' '#!/bin/sh' 'mkdir -p site' 'echo "$$SITE_URL $$@" > site/index.html' > .venv/bin/policy
\tprintf '%s\\n' 'cp list site/files.json' >> .venv/bin/policy
\tchmod +x .venv/bin/policy
"""


@pytest.fixture
def commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    project = tmp_path / "project"
    project.mkdir()
    (project / "Makefile").write_text(MAKEFILE)
    (project / "list").write_text("{}")
    names = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"], ["rm", "-q", "list"], ["commit", "-qm", "y"]):
        subprocess.run(["git", *command], cwd=project, env=os.environ | names, check=True)
    monkeypatch.setattr(verifying, "ROOT", project)
    return subprocess.check_output(["git", "rev-parse", "HEAD~"], cwd=project, encoding="utf-8").strip()


def a_site(folder: Path, commit: str, page: str, *options: str) -> str:
    site_of(folder, {"index.html": page})
    said = {"commit": commit, "options": options, "address": "https://shop.example/x/", "files": {"index.html": ""}}
    (folder / FILE).write_text(json.dumps(said))
    return str(folder)


def test_a_site_is_made_again_from_its_commit_for_its_address_and_in_its_way(
    commit: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    site = a_site(tmp_path / "site", commit, "https://shop.example/x/ build\n")
    (tmp_path / "project" / "list").write_text((tmp_path / "site" / FILE).read_text())  # not what the commit holds
    assert main(["verify", site]) == 1
    out, _ = capfd.readouterr()
    assert out == (
        f"{FILE}: is not what the commit makes.\n{site}: 1 of 2 files are not what the commit {commit} makes.\n"
    )
    page = "https://shop.example/x/ build --compressed\n"
    other = a_site(tmp_path / "other", commit, page, "--compressed", "--policy=/etc/passwd")
    assert verify(other).problems == (f"{FILE}: is not what the commit makes.",)


def test_what_a_host_keeps_to_itself_is_not_missing_on_the_web(
    made: Path, tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    site_of(made, {HEADERS: "x"})
    site = site_of(tmp_path / "site")
    assert compare(Web(serve(site)), made, listed()).problems == ()
    assert compare(Folder(site), made, listed()).problems == (f"{HEADERS}: is missing.",)


def test_all_files_of_an_honest_site_are_what_its_commit_makes(
    commit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(tmp_path / "site", commit, "")
    monkeypatch.setattr(verifying, "_made", lambda *_: tmp_path / "site")
    assert main(["verify", site]) == 0
    assert capsys.readouterr().out == f"{site}: all 2 files are what the commit {commit} makes.\n"


def test_a_commit_that_is_not_here_is_said(commit: str, tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match=rf"^The commit {COMMIT} is not in this project\. Run `git fetch` first\.$"):
        verify(a_site(tmp_path / "site", COMMIT, ""))
