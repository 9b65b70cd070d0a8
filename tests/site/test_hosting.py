"""The configuration files for hosts, and the responses of real ones."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from checker import Policy
from macros.runtime.bundle import bundle_folders
from macros.site.asset_hashing import hashed_path
from macros.site.hosting import HOST_FILES, read_headers, write_hosting
from tests.support.hosts import BROTLI, HOSTS, run_host

FOREVER = "public, max-age=31536000, immutable"


# ---- real hosts


def ask(port: int, path: str, **fields: str) -> tuple[int, dict[str, str], bytes]:
    """The response of a host: status, headers and body."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in fields.items()})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()


@pytest.fixture
def packed_site(site: Path, tmp_path: Path) -> Path:
    """The pages and scripts of the site; one script has other content in its compressed files."""
    copy = tmp_path / "site"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns("snapshot", "python_stdlib.zip", "*.wasm"))
    script = copy / hashed_path("assets/site/notices.js")
    for kind in ("br", "zst"):
        script.with_name(f"{script.name}.{kind}").write_bytes(kind.encode())
    return copy


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest, packed_site: Path, tmp_path: Path) -> Iterator[tuple[str, int]]:
    with run_host(request.param, packed_site, tmp_path / "host") as port:
        yield request.param, port


def test_host_files_are_equal_for_every_policy(site: Path, next_site: Path) -> None:
    for name in HOST_FILES:
        assert (site / name).read_bytes() == (next_site / name).read_bytes()


def test_real_host_sends_csp_and_cache_headers(host: tuple[str, int], packed_site: Path, policy: Policy) -> None:
    name, port = host
    wanted = read_headers(packed_site)
    assert "frame-ancestors 'none'" in wanted["Content-Security-Policy"]
    assert wanted["X-Frame-Options"] == "DENY"
    assert re.fullmatch(r"max-age=(\d{8,})", wanted["Strict-Transport-Security"]), "for this host alone"
    runtime, checker = bundle_folders(policy.digest)
    theirs = next(path.name for path in (packed_site / "assets/stylesheets").glob("main.*.min.css"))
    script = hashed_path("assets/site/notices.js")
    expected = {
        "": ("text/html", "no-cache"),
        "check/": ("text/html", "no-cache"),
        "bundle.json": ("application/json", "no-cache"),
        "sw.js": ("javascript", "no-cache"),
        f"assets/stylesheets/{theirs}": ("text/css", FOREVER),
        script: ("javascript", FOREVER),
        f"{runtime}pyodide.mjs": ("text/javascript", FOREVER),
        f"{checker}pyodide-lock.json": ("application/json", FOREVER),
    }
    for path, (kind, cache) in expected.items():
        status, sent, _ = ask(port, f"/{path}")
        assert (path, status, sent["Cache-Control"]) == (path, 200, cache)
        assert kind in sent["Content-Type"], path
        assert {header: sent.get(header) for header in wanted} == wanted, path
    for path in ("/no/such/place/", f"/{runtime}no.mjs", "/hosting/nginx.conf", "/_headers"):
        status, sent, body = ask(port, path)
        assert (path, status, body) == (path, 404, (packed_site / "404.html").read_bytes())
        assert sent.get("Cache-Control") != FOREVER
        assert {header: sent.get(header) for header in wanted} == wanted, path
    kinds = {"nginx": ["br"] if BROTLI.is_file() else [], "caddy": ["br", "zst"]}
    for kind in kinds[name]:
        encoding = {"br": "br", "zst": "zstd"}[kind]
        _, sent, body = ask(port, f"/{script}", Accept_Encoding=encoding)
        assert (sent["Content-Encoding"], body) == (encoding, kind.encode())
        assert "javascript" in sent["Content-Type"]
        assert "Accept-Encoding" in sent["Vary"]


@pytest.mark.parametrize("path", ["/check", "//check"])
def test_real_host_redirects_to_its_own_address(host: tuple[str, int], packed_site: Path, path: str) -> None:
    """An absolute address would name the scheme and the port behind a proxy, and `//check/` another host."""
    status, sent, _ = ask(host[1], path)
    assert status in (301, 308)
    assert sent["Location"] == "/check/"
    wanted = read_headers(packed_site)
    assert {header: sent.get(header) for header in wanted} == wanted


@pytest.mark.browser
@pytest.mark.parametrize("name", HOSTS)
def test_checker_starts_from_the_snapshot_behind_a_real_host(
    name: str, site: Path, tmp_path: Path, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    sent: list[str] = []
    page.on("console", lambda message: sent.append(message.text))  # it logs a fall back to the stock start
    started = """checkerWorker.then((worker) => new Promise((resolve) => {
        worker.addEventListener("message", ({ data }) => data.id === "test" && resolve());
        worker.postMessage({ id: "test", name: "started" });
    }))"""
    with run_host(name, site, tmp_path / "host") as port:
        page.goto(f"http://127.0.0.1:{port}/check/")
        options = {"expression": started, "awaitPromise": True}  # the page's CSP blocks Playwright's own evaluate()
        assert "exceptionDetails" not in context.new_cdp_session(page).send("Runtime.evaluate", options)
    assert sent == []
    context.close()


# ---- configuration files


def test_headers_file_caches_exactly_the_hashed_files(site: Path, policy: Policy) -> None:
    first, *cached = (site / "_headers").read_text().rstrip("\n").split("\n\n")[0:2]
    assert first.startswith("/*\n  Content-Security-Policy: default-src 'self'; ")
    paths = [line for line in cached[0].splitlines() if line.startswith("/")]
    assert {line for line in cached[0].splitlines() if not line.startswith("/")} == {f"  Cache-Control: {FOREVER}"}
    immutable = [re.compile(re.escape(path).replace(r"\*", ".*") + "$") for path in paths]
    for file in sorted(path for path in site.rglob("*") if path.is_file()):
        path = f"/{file.relative_to(site).as_posix()}"
        named = re.search(r"[0-9a-f]{8}|\d+\.\d+\.\d+", path) is not None
        assert any(pattern.match(path) for pattern in immutable) == named, path
    assert max(map(len, (site / "_headers").read_text().splitlines())) < 2000  # Cloudflare reads no longer line


def test_changed_inline_script_changes_the_headers(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><head><script>run()</script></head>")
    write_hosting(tmp_path)
    before = read_headers(tmp_path)["Content-Security-Policy"]
    (tmp_path / "index.html").write_text("<!doctype html><head><script>run(1)</script></head>")
    write_hosting(tmp_path)
    assert read_headers(tmp_path)["Content-Security-Policy"] != before
