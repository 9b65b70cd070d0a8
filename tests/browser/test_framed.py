"""A framed page shows nothing but a link to itself, as a frame could hijack a customer's clicks."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page

from tests.support.browser_session import BrowserSession
from tests.support.overrides import record_request, replace_body
from tests.support.servers import SiteServer, run_server
from tests.support.words import say

pytestmark = pytest.mark.browser


class FramingHandler(BaseHTTPRequestHandler):
    """Sends a page that frames the address after `?`."""

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        """Send the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<!doctype html><iframe src="{self.path.partition("?")[2]}"></iframe>'.encode())


@pytest.fixture
def outer() -> Iterator[ThreadingHTTPServer]:
    with run_server(ThreadingHTTPServer(("127.0.0.1", 0), FramingHandler)) as server:
        yield server


def framed(page: Page, address: str, outer: ThreadingHTTPServer) -> Frame:
    page.goto(f"http://localhost:{outer.server_port}/?{address}")
    return page.frames[1]


@pytest.mark.parametrize("path", ["", "check/", "cases/", "404.html"])
def test_framed_page_shows_only_a_link_to_itself(
    browser: Browser, site: Path, outer: ThreadingHTTPServer, path: str
) -> None:
    with run_server(SiteServer(site)) as site_server, browser.new_context() as context:
        site_server.headers = {}
        page = context.new_page()
        workers: list[str] = []
        page.on("worker", lambda worker: workers.append(worker.url))
        page.goto(site_server.address + path)
        own = page.locator("h1:visible").inner_text()
        page.evaluate("() => localStorage.setItem('check /check/', JSON.stringify({ answers: { a: 'b' } }))")
        page.goto("about:blank")
        workers.clear()
        frame = framed(page, site_server.address + path, outer)
        frame.get_by_role("link").wait_for()
        assert frame.locator("body").inner_text().split("\n\n") == [say("framed.text"), say("framed.link")]
        assert (workers, frame.locator("form, h1, script[type=module]").count()) == ([], 0)
        with page.expect_popup() as opened:
            frame.get_by_role("link", name=say("framed.link")).click()
        assert opened.value.locator("h1:visible").inner_text() == own
        assert opened.value.url == site_server.address + path


def test_framed_page_runs_no_further_script(session: BrowserSession) -> None:
    """The outer page is of the same origin, so that the test can read the frame."""
    session.server.headers = {}
    page = b'<!doctype html><head></head><iframe src="/check/#check-result"></iframe>'
    session.server.overrides["404.html"] = replace_body(page)
    requests: list[str] = []
    for name in ("snapshot.bin", "pyodide.mjs", "worker.js"):
        session.server.overrides[name] = record_request(requests, name)
    session.open("404.html")
    text = session.wait_for("() => frames[0].document.querySelector('.framed')?.innerText.trim()")
    assert text.split() == f"{say('framed.text')} {say('framed.link')}".split()
    inside = "() => [...frames[0].document.body.children].map(({ localName }) => localName)"
    assert session.evaluate(inside) == ["p", "a"]
    link = session.evaluate("() => frames[0].document.querySelector('a').href")
    assert link == f"{session.server.address}check/#check-result"
    assert session.evaluate("() => Object.keys(frames[0]).filter((name) => name === 'checkerWorker')") == []
    assert requests == []


def test_csp_header_forbids_framing(browser: Browser, site: Path, outer: ThreadingHTTPServer) -> None:
    with run_server(SiteServer(site)) as site_server, browser.new_context() as context:
        page = context.new_page()
        frame = framed(page, f"{site_server.address}check/", outer)
        frame.wait_for_url("chrome-error:**")
