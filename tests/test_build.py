"""Building the site: all of it or nothing, and the same bytes each time."""

from __future__ import annotations

import json
import os
import stat
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError

import pytest
from watchfiles import Change

from checker import Policy
from macros import build as building
from macros.build import BuildError, build
from macros.bundle import Bundle
from macros.load import ROOT
from macros.manifest import FILE
from macros.origin import FILE as LIST
from macros.schema import schema
from macros.serve import Sources, listen, threading

POLICIES = Path(__file__).parent / "policies"
LIBRARY = POLICIES / "library.yaml"


@pytest.fixture(scope="module")
def library_site(build_site: Callable[..., Path]) -> Path:
    return build_site(LIBRARY)


def test_the_site_of_any_policy_holds_pages_checker_runtime_and_schema(library_site: Path) -> None:
    assert (library_site / "index.html").is_file()
    assert json.loads((library_site / "policy.schema.json").read_text(encoding="utf-8")) == schema()
    assert [file.suffix for file in library_site.glob("checker/*/*.whl")] == [".whl"]
    assert [file.suffix for file in library_site.glob("runtime/*/*.wasm")] == [".wasm"]


def test_a_site_says_nothing_of_another_policy(library_site: Path, frozen: Policy) -> None:
    pages = "".join(file.read_text(encoding="utf-8") for file in library_site.rglob("*.html"))
    assert "Lost and late books" in pages
    assert frozen.digest not in pages
    said = [outcome.text for outcome in frozen.outcomes.values()]
    assert [text for text in said if text in pages] == []


def test_a_build_leaves_no_trace_beside_the_site(library_site: Path) -> None:
    assert [path for path in library_site.parent.iterdir() if path.name.startswith(f".{library_site.name}")] == []
    assert "SOURCE_DATE_EPOCH" not in os.environ


def test_a_web_server_may_read_the_site(library_site: Path) -> None:
    assert stat.S_IMODE(library_site.stat().st_mode) == 0o777 & ~_umask()


def _umask() -> int:
    os.umask(mask := os.umask(0))
    return mask


def pages_that(write: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of MkDocs and of the bundle, which take seconds."""
    monkeypatch.setattr(building, "_write_pages", write)
    monkeypatch.setattr(building, "write_bundle", lambda *_: Bundle(runtime="", checker="", wheel=""))
    monkeypatch.setattr(building, "write_snapshot", lambda *_: None)


def a_page(folder: Path) -> None:
    (folder / building.MARK).write_text("new")


def old_site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    site.mkdir()
    (site / building.MARK).write_text("old")
    (site / "gone.html").write_text("old")
    return site


def test_a_new_site_takes_the_place_of_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_that(a_page, monkeypatch)
    build(LIBRARY, site := old_site(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (site / building.MARK).read_text(encoding="utf-8") == "new"
    assert not (site / "gone.html").exists()
    assert {FILE, LIST, "policy.schema.json"} <= {path.name for path in site.iterdir()}


def test_pages_that_fail_leave_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path) -> None:
        a_page(folder)
        raise BuildError("no")

    pages_that(fail, monkeypatch)
    site = old_site(tmp_path)
    with pytest.raises(BuildError):
        build(LIBRARY, site)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (site / "gone.html").read_text() == "old"


def test_a_swap_that_fails_brings_the_old_site_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_that(a_page, monkeypatch)
    site = old_site(tmp_path)
    rename = Path.rename

    def fail_with_the_new_one(self: Path, target: Path) -> Path:
        if "-new-" in self.name:
            raise OSError("disk")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_with_the_new_one)
    with pytest.raises(OSError, match="disk"):
        build(LIBRARY, site)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (site / "gone.html").read_text() == "old"


def test_a_folder_that_is_no_site_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_that(a_page, monkeypatch)
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(BuildError, match=r"holds something else than a site\. Name another folder, or empty it\."):
        build(LIBRARY, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


@pytest.mark.parametrize("folder", [ROOT, ROOT.parent])
def test_the_project_is_not_replaced_by_its_site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_that(a_page, monkeypatch)
    with pytest.raises(BuildError, match=r"holds this project\. Name another folder for the site\.$"):
        build(LIBRARY, folder)


# ---- showing it


def test_files_are_served_with_the_types_that_browsers_insist_on(tmp_path: Path) -> None:
    types = {
        "a.mjs": "text/javascript",
        "a.js": "text/javascript",
        "a.wasm": "application/wasm",
        "a.json": "application/json",
        "a.zip": "application/zip",
        "a.whl": "application/zip",
        "a.html": "text/html",
    }
    server = listen(tmp_path, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for name, kind in types.items():
            (tmp_path / name).write_text("")
            with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/{name}") as answer:
                assert (name, answer.headers["Content-Type"]) == (name, kind)
                assert answer.headers["Cache-Control"] == "no-cache"
        with pytest.raises(HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/../pyproject.toml")
    finally:
        server.shutdown()
        server.server_close()


def test_a_port_that_is_taken_gives_way_to_the_next(tmp_path: Path) -> None:
    with listen(tmp_path, 0) as first, listen(tmp_path, first.server_port) as second:
        assert first.server_port < second.server_port < first.server_port + 20


def test_no_free_port_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macros.serve.PORTS", 1)
    with listen(tmp_path, 0) as first, pytest.raises(OSError, match=r"are all taken\. Name another with --port\."):
        listen(tmp_path, first.server_port)


def test_only_changes_of_what_the_site_is_made_of_count() -> None:
    sources = Sources(LIBRARY)
    seen = {
        LIBRARY: True,
        ROOT / "mkdocs.yml": True,
        ROOT / "docs" / "index.md": True,
        ROOT / "checker" / "decide.py": True,
        ROOT / "checker" / "__pycache__" / "decide.cpython-313.pyc": False,
        ROOT / "site" / "index.html": False,
        ROOT / "README.md": False,
        POLICIES / "bicycles.yaml": False,
    }
    assert {path: sources(Change.modified, str(path)) for path in seen} == seen
