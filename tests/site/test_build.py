"""Building the site: all of it or nothing, and the same bytes each time."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import Policy
from macros.cli import main
from macros.policyfile.schema import schema
from macros.project import ROOT
from macros.runtime.bundle import BundleError
from macros.site import build as building
from macros.site.build import BuildError, build
from macros.site.provenance import FILE_LIST, Provenance, write_files
from tests.support.paths import POLICIES

LIBRARY = POLICIES / "library.yaml"


@pytest.fixture(scope="module")
def library_site(build_site: Callable[..., Path]) -> Path:
    return build_site(LIBRARY)


def test_site_holds_pages_checker_runtime_and_schema(library_site: Path) -> None:
    assert (library_site / "index.html").is_file()
    assert json.loads((library_site / "policy.schema.json").read_text(encoding="utf-8")) == schema()
    assert [file.suffix for file in library_site.glob("checker/*/*.whl")] == [".whl"]
    assert [file.suffix for file in library_site.glob("runtime/*/*.wasm")] == [".wasm"]


def test_site_holds_no_text_of_another_policy(library_site: Path, frozen: Policy) -> None:
    pages = "".join(file.read_text(encoding="utf-8") for file in library_site.rglob("*.html"))
    assert "Lost and late books" in pages
    assert frozen.digest not in pages
    expected = [outcome.text for outcome in frozen.outcomes.values()]
    assert [text for text in expected if text in pages] == []


def test_build_leaves_no_temporary_files(library_site: Path) -> None:
    assert [path for path in library_site.parent.iterdir() if path.name.startswith(f".{library_site.name}")] == []


def test_site_is_readable_for_a_web_server(library_site: Path) -> None:
    assert stat.S_IMODE(library_site.stat().st_mode) == 0o777 & ~_umask()


def _umask() -> int:
    os.umask(mask := os.umask(0))
    return mask


def pages_that(write: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace MkDocs, which takes seconds, by a function that writes the pages."""

    def run(folder: Path, _: object) -> Provenance:
        write(folder)
        return Provenance(None, "it is a test.")

    monkeypatch.setattr(building, "_run_mkdocs", run)


def a_page(folder: Path) -> None:
    (folder / building.NOT_FOUND_PAGE).write_text("new")


def old_site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    site.mkdir()
    (site / building.NOT_FOUND_PAGE).write_text("old")
    (site / "gone.html").write_text("old")
    return site


def test_build_replaces_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_that(a_page, monkeypatch)
    build(LIBRARY, site := old_site(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (site / building.NOT_FOUND_PAGE).read_text(encoding="utf-8") == "new"
    assert not (site / "gone.html").exists()


def test_failed_build_keeps_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path) -> None:
        a_page(folder)
        raise BuildError("no")

    pages_that(fail, monkeypatch)
    site = old_site(tmp_path)
    with pytest.raises(BuildError):
        build(LIBRARY, site)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (site / "gone.html").read_text() == "old"


def test_build_into_a_symlink_replaces_its_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_that(a_page, monkeypatch)
    site = old_site(tmp_path)
    (tmp_path / "link").symlink_to(site)
    build(LIBRARY, tmp_path / "link")
    assert (tmp_path / "link").readlink() == site
    assert (site / building.NOT_FOUND_PAGE).read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "site"]


def test_compressed_files_hold_the_bytes_of_their_originals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def long_pages(folder: Path) -> None:
        (folder / building.NOT_FOUND_PAGE).write_text("new" * 1000)
        write_files(folder, None, ["x" * 2000])

    pages_that(long_pages, monkeypatch)
    build(LIBRARY, site := tmp_path / "site", compressed=True)
    listed = json.loads((site / FILE_LIST).read_text(encoding="utf-8"))
    assert listed["options"] == ["--compressed"]
    assert [*listed["files"]] == [
        building.NOT_FOUND_PAGE,
        f"{building.NOT_FOUND_PAGE}.br",
        f"{building.NOT_FOUND_PAGE}.zst",
    ]
    assert {path.name for path in site.iterdir()} == {*listed["files"], FILE_LIST}


FULL = {
    "a write": (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "policy: [Errno 28] No space left on device"),
    "a quota": (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT), "x"), "policy: x: Disk quota exceeded"),
    "node": (BundleError("The site cannot be compressed: ENOSPC"), "The site cannot be compressed: ENOSPC"),
}


@pytest.mark.parametrize("cause", FULL)
def test_full_disk_is_reported_and_keeps_the_old_site(
    cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error, message = FULL[cause]

    def fill(folder: Path) -> None:
        a_page(folder)
        raise error

    pages_that(fill, monkeypatch)
    site = old_site(tmp_path)
    assert main(["build", "--policy", str(LIBRARY), "--site", str(site)]) == 1
    assert capsys.readouterr() == ("", f"{message}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (site / "gone.html").read_text() == "old"


def test_concurrent_build_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = old_site(tmp_path)

    def build_again(folder: Path) -> None:
        a_page(folder)
        with pytest.raises(BuildError, match=r"is being built by another process\. Wait until that is done\.$"):
            build(LIBRARY, site)

    pages_that(build_again, monkeypatch)
    build(LIBRARY, site)
    assert (site / building.NOT_FOUND_PAGE).read_text() == "new"


def test_build_refuses_to_replace_a_foreign_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_that(a_page, monkeypatch)
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(BuildError, match=r"holds something else than a site\. Name another folder, or empty it\."):
        build(LIBRARY, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
    with pytest.raises(BuildError, match=r"letters\.txt is a file\. Name a folder for the site\.$"):
        build(LIBRARY, tmp_path / "letters.txt")


@pytest.mark.parametrize("folder", [ROOT, ROOT.parent])
def test_build_refuses_to_replace_the_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_that(a_page, monkeypatch)
    with pytest.raises(BuildError, match=r"holds this project\. Name another folder for the site\.$"):
        build(LIBRARY, folder)
