"""The precache: all files of one version that pages request, and no others."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from checker import Policy
from macros.site.offline import WEB_MANIFEST, WORKER, precache, write_retired_worker, write_service_worker
from tests.support.lighthouse import all_pages
from tests.support.markup import soup


def read_worker(site: Path) -> tuple[str, dict[str, str]]:
    """The version in sw.js, and its files with their hashes."""
    match = re.match(
        r'const VERSION = "(\w+)";\nconst FILES = (\{.*?\n\});', (site / WORKER).read_text("utf-8"), re.DOTALL
    )
    assert match
    return match[1], json.loads(match[2])


def test_precache_holds_every_page_and_its_assets(site: Path) -> None:
    _, files = read_worker(site)
    pages = all_pages(site)
    assert "404.html" in pages
    assert {page or "./" for page in pages} <= {*files}
    for page in pages:
        html = soup(site / page if page.endswith(".html") else site / page / "index.html")
        named = [tag.get("src") or tag.get("href") for tag in html.select("script[src], link[href], img[src]")]
        assert named
        paths = [urlsplit(urljoin(f"https://host/{page}", str(address))).path[1:] for address in named]
        assert [path for path in paths if (path or "./") not in files] == [], page


def test_precache_has_right_hashes_and_large_files_last(site: Path) -> None:
    _, files = read_worker(site)
    hashes = {
        name: base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode()
        for name, file in precache(site).items()
    }
    assert files == hashes
    sizes = [file.stat().st_size for file in precache(site).values()]
    assert sizes == sorted(sizes)
    assert [name for name in files if name.endswith(".map") or name.startswith(("runtime/", "checker/"))] == []


def test_precache_version_changes_with_any_byte(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "copy")
    write_service_worker(tmp_path / "copy")
    assert read_worker(tmp_path / "copy") == read_worker(site)
    page = tmp_path / "copy" / "index.html"
    page.write_bytes(page.read_bytes() + b"\n")
    write_service_worker(tmp_path / "copy")
    assert read_worker(tmp_path / "copy")[0] != read_worker(site)[0]


def test_site_without_a_snapshot_precaches_the_stock_runtime(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "copy", ignore=shutil.ignore_patterns("snapshot"))
    folders = {name.partition("/")[0] for name in precache(tmp_path / "copy")}
    assert {"runtime", "checker"} <= folders


def test_web_manifest_has_the_policy_title_and_existing_icons(policy: Policy, draft_site: Path) -> None:
    manifest = json.loads((draft_site / WEB_MANIFEST).read_text(encoding="utf-8"))
    assert (manifest["name"], manifest["lang"]) == (policy.title, policy.language)
    assert [icon["src"] for icon in manifest["icons"] if not (draft_site / icon["src"]).is_file()] == []
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}


def test_retired_service_worker_answers_no_request(tmp_path: Path) -> None:
    write_retired_worker(tmp_path)
    script = (tmp_path / WORKER).read_text(encoding="utf-8")
    assert "registration.unregister()" in script
    assert "fetch" not in script.replace("fetches", "")
