"""Web servers on this machine: a plain one for a folder, and one for a single browser session."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from macros.site.asset_hashing import ASSETS, HASHED_FOLDERS
from macros.site.hosting import read_headers
from macros.site.offline import WORKER, write_service_worker
from tests.support.paths import SUPPORT

SCRIPT = SUPPORT / "browser_session.js"
SESSION_TAG = b'<head><script src="/walk/browser_session.js"></script>'
OFFLINE_TAG = '<head><script src="/{under}assets/browser_session.js"></script>'
"""The same script as a file of the site, so that offline caches store it."""

SAVING = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });"
"""Declares a metered connection: pages prefetch nothing and store nothing offline."""


class Handler(SimpleHTTPRequestHandler):
    """Serves files as a plain static host does, without a log."""

    extensions_map = {  # noqa: RUF012 - as in the base class
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".json": "application/json",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
        ".svg": "image/svg+xml",
        "": "application/octet-stream",
    }

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A response of the server: status, media type, bytes, and the address that it redirects to."""

    status: int = 200
    type: str
    body: bytes
    location: str = ""


Override = Callable[[Reply], Reply | None]
"""Returns the reply to send instead of the given one; None drops the connection."""


class SiteServer(ThreadingHTTPServer):
    """Serves a folder to one session, on an origin of its own, for which no browser has stored anything.

    Every page starts with browser_session.js, which reports errors and CSP violations of pages and workers:
    `problems` lists them. `overrides` replace files by path patterns such as `*.wasm`, matched from the end. While the
    server is `down`, it drops every connection. `init_script` runs before each page; by default it declares a metered
    connection. `requests` has the path of each request. If it `lets_cache`, browsers may store files as they may with
    our configuration for hosts.
    """

    block_on_close = False  # an override may hold its request for ever

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), SiteHandler)
        self.address = f"http://127.0.0.1:{self.server_port}/"
        self.down = False
        self.requests: list[str] = []
        self.lets_cache = False
        self.folder: Path
        self.headers: dict[str, str]
        """The headers of every reply: those that the build asks hosts for, or none."""
        self.deploy(folder)
        self.init_script = SAVING
        self.moment: str | None = None
        self.overrides: dict[str, Override] = {}
        self.problems: list[str] = []

    def deploy(self, folder: Path) -> None:
        """Serve another folder, with its headers."""
        self.folder = folder
        self.RequestHandlerClass = partial(SiteHandler, directory=str(folder))
        self.headers = read_headers(folder)
        if policy := self.headers.get("Content-Security-Policy"):  # the only report of a worker's violations
            self.headers["Content-Security-Policy"] = f"{policy}; report-uri /walk/problem"

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore browsers that leave a page before it is complete."""

    def script(self) -> str:
        """The script of every page: browser_session.js, the stopped clock and the test's own script."""
        stop = f"walk.stop({json.dumps(self.moment)});\n" if self.moment else ""
        return f"{SCRIPT.read_text(encoding='utf-8')}\n{stop}{self.init_script}"


class SiteHandler(Handler):
    """Sends files with their overrides, and adds the session's script to pages."""

    server: SiteServer

    def do_GET(self) -> None:
        """Send the session's script, a file of the folder, or its override."""
        path = urlsplit(self.path).path
        self.server.requests.append(path)
        if self.server.down:
            self.close_connection = True
            return None
        if path == "/walk/browser_session.js":
            return self.reply(Reply(type="text/javascript", body=self.server.script().encode()))
        file = Path(self.translate_path(path))
        file = file / "index.html" if path.endswith("/") else file
        if file.is_dir():
            return super().do_GET()  # redirects to the address with a slash
        exists = file.is_file()
        body = file.read_bytes() if exists else b"Not found"
        kind = self.guess_type(str(file)) if exists else "text/plain"
        reply: Reply | None = Reply(status=200 if exists else 404, type=kind, body=body)
        for pattern, override in self.server.overrides.items():
            if reply and fnmatch(path, f"*/{pattern}"):
                reply = override(reply)
        if reply is None:
            self.close_connection = True
            return None
        if exists and kind == "text/html" and reply.type == kind:
            has_script = b'assets/browser_session.js"></script>' in reply.body
            body = reply.body if has_script else reply.body.replace(b"<head>", SESSION_TAG, 1)
            reply = Reply(status=reply.status, type=f"{kind}; charset=utf-8", body=body)
        return self.reply(reply)

    def do_POST(self) -> None:
        """Record a problem that a page reports."""
        self.server.problems.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.reply(Reply(status=204, type="text/plain", body=b""))

    def reply(self, reply: Reply) -> None:
        """Send a reply. Scripts and faults are not stored by browsers, as the next reply may differ."""
        self.send_response(reply.status)
        if reply.type:
            self.send_header("Content-Type", reply.type)
        if reply.location:
            self.send_header("Location", reply.location)
        self.send_header("Content-Length", str(len(reply.body)))
        if self.server.lets_cache:
            is_hashed = self.path.startswith(tuple(f"/{folder}" for folder in (ASSETS, *HASHED_FOLDERS)))
            self.send_header("Cache-Control", "max-age=31536000, immutable" if is_hashed else "no-cache")
        elif reply.type == "text/javascript" or reply.status != 200:
            self.send_header("Cache-Control", "no-store")
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)


def offline_copy(site: Path, to: Path, moment: str, under: str = "") -> Path:
    """A copy of a site for tests of its offline cache, with browser_session.js as a file and a stopped clock.

    Args:
        under: The path of the site on its host, such as `b/`; empty for the root.
    """
    shutil.copytree(site, to, copy_function=os.link)
    script = f"{SCRIPT.read_text(encoding='utf-8')}\nwalk.stop({json.dumps(moment)});\n"
    (to / "assets" / "browser_session.js").write_text(script, encoding="utf-8")
    for page in to.rglob("*.html"):
        html = page.read_bytes().replace(b"<head>", OFFLINE_TAG.format(under=under).encode(), 1)
        page.unlink()
        page.write_bytes(html)
    (to / WORKER).unlink()
    write_service_worker(to)
    return to


@contextlib.contextmanager
def run_server[Server: ThreadingHTTPServer](server: Server) -> Iterator[Server]:
    """Run a server in a thread until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port; yields the address, which ends with a slash."""
    with run_server(ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))) as server:
        yield f"http://127.0.0.1:{server.server_port}/"
