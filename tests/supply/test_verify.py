"""Anyone can rebuild a site and compare; nothing that the site states is trusted."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from macros.cli import main
from macros.site import verify as verifying
from macros.site.provenance import FILE_LIST
from macros.site.verify import Folder, VerifyError, compare, verify
from tests.support.git_repository import git

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {"index.html": "start", "check/index.html": "check", "a b/ö.js": "let x", FILE_LIST: "list"}
BUILT = ("--compressed",)
"""The options of `make build`."""


def site_of(folder: Path, files: Mapping[str, str] = FILES) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return site_of(tmp_path / "site")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return site_of(tmp_path / "made")


# ---- a site in a folder; tests/supply/test_deployment.py has those on the web


def test_equal_sites_are_equal(site: Path, made: Path) -> None:
    verified = compare(Folder(site), made, COMMIT, FILES)
    assert (verified.files, verified.addresses, verified.problems) == (len(FILES), 0, ())


@pytest.mark.parametrize("text", ["stars", "star", "start "])
def test_different_file_is_named(site: Path, made: Path, text: str) -> None:
    site_of(site, {"index.html": text})
    assert compare(Folder(site), made, COMMIT, FILES).problems == ("index.html: is not what the commit makes.",)


def test_missing_file_is_named(site: Path, made: Path) -> None:
    (site / "check" / "index.html").unlink()
    assert compare(Folder(site), made, COMMIT, FILES).problems == ("check/index.html: is missing.",)


def test_extra_file_is_named(site: Path, made: Path) -> None:
    more = "../../etc/passwd\x1b[31m"
    site_of(site, {"secret.js": "x"})
    verified = compare(Folder(site), made, COMMIT, [*FILES, more])
    assert verified.problems == tuple(f"{name!a}: is nothing that the commit makes." for name in (more, "secret.js"))
    assert verified.files == len(FILES) + 2


# ---- the provenance of a site


UNREADABLE = {
    "": "is not the list of a site",
    "[]": "is not the list of a site",
    "[" * 100_000: "is not the list of a site",
    "{}": "is not the list of a site",
    '{"commit": null, "options": [], "address": "", "files": {}}': "names no commit: it was built of files",
    '{"commit": 5, "options": [], "address": "", "files": {}}': "is not the list of a site",
    f'{{"commit": "{COMMIT}", "options": [], "address": [], "files": {{}}}}': "is not the list of a site",
    f'{{"commit": "{COMMIT}", "options": "x", "address": "", "files": {{}}}}': "is not the list of a site",
    f'{{"commit": "{COMMIT}", "options": [], "address": "", "files": 5}}': "is not the list of a site",
}


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:60])
def test_site_without_provenance_cannot_be_compared(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_LIST).write_text(text)
    with pytest.raises(VerifyError, match=UNREADABLE[text]):
        verify(str(tmp_path))


def test_folder_without_a_site_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 2
    sentence = f"{tmp_path}: cannot be compared. There is no {FILE_LIST}, in which a site says what it is made of.\n"
    assert capsys.readouterr() == ("", sentence)


def a_site(
    folder: Path, commit: str, page: str = "", options: Iterable[str] = BUILT, address: str = "", **files: str
) -> str:
    site_of(folder, {"index.html": page, **files})
    sentence = {"commit": commit, "options": [*options], "address": address, "files": {"index.html": ""}}
    (folder / FILE_LIST).write_text(json.dumps(sentence))
    return str(folder)


ADDRESS = "https://shop.example/x/"
OTHER_WAYS = [
    ([], "", {}, "without --compressed. If that is meant, add --uncompressed."),
    (BUILT, "", {"compressed": False}, "with --compressed. If that is meant, leave out --uncompressed."),
    ([*BUILT, "--without-offline"], "", {}, "with --without-offline. If that is meant, add --without-offline."),
    (BUILT, "", {"offline": False}, "without --without-offline. If that is meant, leave out --without-offline."),
    ([*BUILT, "--policy=/etc/x"], "", {}, "with '--policy=/etc/x', which is no option of `policy build`."),
    (BUILT, ADDRESS, {}, f"with SITE_URL={ADDRESS}. If that is meant, add --address={ADDRESS}."),
    (BUILT, "", {"address": ADDRESS}, "with SITE_URL=. If that is meant, add --address=''."),
    (BUILT, "x; rm -rf ~", {}, "for 'x; rm -rf ~', which is no address of a site."),
]


@pytest.mark.parametrize(
    ("options", "address", "given", "sentence"), OTHER_WAYS, ids=[sentence for *_, sentence in OTHER_WAYS]
)
def test_site_with_other_build_settings_is_not_compared(
    options: list[str], address: str, given: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    site = a_site(tmp_path, COMMIT, options=options, address=address)
    with pytest.raises(VerifyError, match=f"^{re.escape(f'The site says that it was built {sentence}')}$"):
        verify(site, **given)


# ---- the commit, of a project whose `make` sets up a `policy` that writes a page and its environment


MAKEFILE = """\
.venv/.ready node_modules/.ready:
\tmkdir -p .venv/bin node_modules site
\tenv -0 > site/make
\tprintf '%s\\n' '#!/bin/sh' 'echo "$$SITE_URL $$@" > site/index.html' 'env -0 > site/build' > .venv/bin/policy
\tprintf '%s\\n' 'cp list site/files.json' >> .venv/bin/policy
\tchmod +x .venv/bin/policy
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two commits."""
    project = tmp_path / "project"
    project.mkdir()
    git(project, "init", "--quiet", "--initial-branch", "main")
    (project / "Makefile").write_text(MAKEFILE)
    for text in ("{}", "{ }"):
        (project / "list").write_text(text)
        git(project, "add", ".")
        git(project, "commit", "--quiet", "--message", "Go on")
    monkeypatch.setattr(verifying, "ROOT", project)
    return project


def head(project: Path, revision: str = "HEAD") -> str:
    return git(project, "rev-parse", revision)


def test_site_is_rebuilt_from_its_commit_with_the_settings_of_the_caller(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    commit = head(project, "HEAD~")
    site = a_site(tmp_path / "site", commit, f"{ADDRESS} build --compressed\n", address=ADDRESS)
    (project / "list").write_text((tmp_path / "site" / FILE_LIST).read_text())  # not what the commit holds
    assert main(["verify", site, "--address", ADDRESS]) == 1
    out, _ = capfd.readouterr()
    assert out == (
        "build: is missing.\n"
        f"{FILE_LIST}: is not what the commit makes.\n"
        "make: is missing.\n"
        f"{site}: 3 of 4 files are not what the commit {commit} makes.\n"
    )
    other = a_site(tmp_path / "other", commit, " build --without-offline\n", ["--without-offline"])
    report = verify(other, compressed=False, offline=False)
    assert "index.html: is not what the commit makes." not in report.problems


def test_unchanged_site_equals_the_build_of_its_commit(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = a_site(tmp_path / "site", head(project))
    monkeypatch.setattr(verifying, "_rebuild", lambda *_: tmp_path / "site")
    assert main(["verify", site]) == 0
    assert capsys.readouterr().out == f"{site}: all 2 files are what the commit {head(project)} makes.\n"


def test_branch_name_is_not_accepted_as_a_commit(project: Path, tmp_path: Path) -> None:
    git(project, "tag", "v1")
    git(project, "tag", "--annotate", "--message", "x", "v2")
    for name in ("main", "HEAD", "v1", head(project)[:12], head(project).upper(), "--upload-pack=x", "", f"{COMMIT}\n"):
        with pytest.raises(VerifyError, match=rf"^{FILE_LIST} names .* which is not the full hash of a commit\.$"):
            verify(a_site(tmp_path / "site", name))
    with pytest.raises(VerifyError, match=r"is not in this project\. Run `git fetch` first\.$"):
        verify(a_site(tmp_path / "site", head(project, "v2")))  # the hash of the tag, not of its commit


@pytest.fixture
def unmerged(project: Path) -> str:
    """A fetched commit of a pull request that is not merged."""
    git(project, "switch", "--quiet", "--create", "work")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "Do evil")
    git(project, "tag", "origin/main")
    git(project, "update-ref", "refs/pull/3/head", "HEAD")
    git(project, "switch", "--quiet", "main")
    return head(project, "work")


def test_unmerged_commit_is_not_built(project: Path, unmerged: str, tmp_path: Path) -> None:
    site = a_site(tmp_path / "site", unmerged)
    next_step = (
        "Run `git fetch` if it is new there. If it is on another branch that you trust, name that with --branch."
    )
    with pytest.raises(VerifyError) as caught:
        verify(site)
    assert str(caught.value) == f"The commit {unmerged} is not on the branch main. {next_step}"
    assert verify(site, branch="work").commit == unmerged
    git(project, "update-ref", "refs/remotes/origin/main", "main")
    for branch in (None, "origin/main"):  # the tag of that name is of the pull request
        with pytest.raises(VerifyError, match="is not on the branch origin/main"):
            verify(site, branch=branch)
    git(project, "update-ref", "refs/remotes/origin/main", "work")
    assert verify(site).commit == unmerged
    with pytest.raises(VerifyError, match="is not on the branch main"):
        verify(site, branch="main")


def test_missing_branch_is_an_error(project: Path, tmp_path: Path) -> None:
    site = a_site(tmp_path / "site", head(project))
    advice = "Run `git fetch`, or name the published branch with --branch."
    with pytest.raises(VerifyError, match=f"^There is no branch gone here. {advice}$"):
        verify(site, branch="gone")
    git(project, "branch", "--move", "main", "trunk")
    with pytest.raises(VerifyError, match=f"^There is no branch origin/main or main here. {advice}$"):
        verify(site)


def test_missing_commit_is_an_error(project: Path, tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match=rf"^The commit {COMMIT} is not in this project\. Run `git fetch` first\.$"):
        verify(a_site(tmp_path / "site", COMMIT))


def test_shallow_clone_knows_only_its_last_commit(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{project}", "shallow")
    monkeypatch.setattr(verifying, "ROOT", tmp_path / "shallow")
    assert verify(a_site(tmp_path / "site", head(project))).commit == head(project)
    with pytest.raises(VerifyError, match=r"cannot be told, because .* Run `git fetch --unshallow` first\.$"):
        verify(a_site(tmp_path / "site", head(project, "HEAD~")))


# ---- the environment of the build


HOSTILE = {
    **dict.fromkeys(("GH_TOKEN", "GITHUB_TOKEN", "GITHUB_ENV", "ACTIONS_RUNTIME_TOKEN", "NPM_TOKEN"), "secret"),
    **dict.fromkeys(("AWS_SECRET_ACCESS_KEY", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "INPUT_KEY", "SECRET"), "secret"),
    **dict.fromkeys(("npm_config__authToken", "UV_PUBLISH_TOKEN", "SSH_AUTH_SOCK", "HOMEWORK"), "secret"),
    "PYTHONPATH": "/evil",
    "PYTHONSTARTUP": "/evil",
    "NODE_OPTIONS": "--require=/evil",
    "LD_LIBRARY_PATH": "/evil",
    "BASH_ENV": "/evil",
    "MAKEFLAGS": "--eval=evil:",
    "VIRTUAL_ENV": "/evil",
    "GIT_CONFIG_COUNT": "0",
    "SOURCE_DATE_EPOCH": "0",
    "SITE_URL": "https://evil.example/",
}
PASSED = {
    "LC_ALL": "C.UTF-8",
    "TERM": "dumb",
    "https_proxy": "http://proxy.example",
    "NO_PROXY": "localhost",
    "SSL_CERT_FILE": "/certificates",
    "NODE_EXTRA_CA_CERTS": "/certificates",
    "PIP_INDEX_URL": "https://packages.example/",
    "UV_DEFAULT_INDEX": "https://packages.example/",
    "UV_INDEX_OURS_USERNAME": "us",
    "NPM_CONFIG_REGISTRY": "https://packages.example/",
}


def test_build_environment_holds_only_package_sources(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (HOSTILE | PASSED).items():
        monkeypatch.setenv(name, value)
    seen: dict[str, dict[str, str]] = {}

    def look(_: object, made: Path, *__: object) -> None:
        for step in ("make", "build"):
            lines = (made / step).read_text(encoding="utf-8").rstrip("\0").split("\0")
            seen[step] = dict(line.split("=", 1) for line in lines)

    monkeypatch.setattr(verifying, "compare", look)
    verify(a_site(tmp_path / "site", head(project), address=ADDRESS), address=ADDRESS)
    for step, variables in seen.items():
        assert PASSED.items() <= variables.items(), step
        assert variables["HOME"] == os.environ["HOME"]
        assert [name for name, value in HOSTILE.items() if variables.get(name) == value] == [], step
        assert variables.keys() & (HOSTILE.keys() - {"SITE_URL", "MAKEFLAGS"}) == set(), step
    assert (seen["make"]["SITE_URL"], seen["build"]["SITE_URL"]) == ("", ADDRESS)
    assert seen.keys() == {"make", "build"}
