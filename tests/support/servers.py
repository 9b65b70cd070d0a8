"""Web servers on this machine: one that serves a folder plainly, and one that is the stage of a single walk."""

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

from macros.site.hosting import read_headers
from macros.site.offline import WORKER, write_service_worker
from tests.support.paths import SUPPORT

SCRIPT = SUPPORT / "browser_session.js"
STAGED = b'<head><script src="/walk/walk.js"></script>'
KEPT = '<head><script src="/{under}assets/walk.js"></script>'
"""The same script as a file of the site, which browsers keep with it."""

SAVING = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });"
"""Tells a page that its line has a price: it fetches nothing ahead, and nothing to be kept."""


class Handler(SimpleHTTPRequestHandler):
    """Serves files as a plain static host does, without a word in the log."""

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
        """Say nothing."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server says: a status, a media type and the bytes."""

    status: int = 200
    type: str
    body: bytes


Play = Callable[[Reply], Reply | None]
"""What a test puts in the place of a reply; None hangs up without a word."""


def note(asked: list[str], name: str) -> Play:
    """Send a file as it is, and note its name."""
    return lambda reply: asked.append(name) or reply


class SiteServer(ThreadingHTTPServer):
    """Serves a folder to one walk, on an address of its own: nothing that an earlier walk kept is there.

    Every page starts with walk.js. What the page says went wrong is in `wrong`, with what the security policy refused
    to it or to its worker. What `plays` has for a path (as `*.wasm`, matched from its end) is sent in the file's place.
    While it is `down`, nobody gets an answer. Over its line comes what a walk needs, and no more: what `before` runs
    before each page says so, until a test lets it run something else.
    """

    block_on_close = False  # a play may hold its request for ever

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), StageHandler)
        self.address = f"http://127.0.0.1:{self.server_port}/"
        self.down = False
        self.folder: Path
        self.headers: dict[str, str]
        """What goes with every reply, as the build wants it. Without any, the site is on a host that sends none."""
        self.deploy(folder)
        self.before = SAVING
        self.moment: str | None = None
        self.plays: dict[str, Play] = {}
        self.wrong: list[str] = []

    def deploy(self, folder: Path) -> None:
        """Serve this folder from now on, with the headers that go with it."""
        self.folder = folder
        self.RequestHandlerClass = partial(StageHandler, directory=str(folder))
        self.headers = read_headers(folder)
        if policy := self.headers.get("Content-Security-Policy"):  # a worker tells nobody else what was refused to it
            self.headers["Content-Security-Policy"] = f"{policy}; report-uri /walk/wrong"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser may leave a page before all of it has come."""

    def script(self) -> str:
        """walk.js, the day on which the clock stands, and what the test runs before each page."""
        stop = f"walk.stop({json.dumps(self.moment)});\n" if self.moment else ""
        return f"{SCRIPT.read_text(encoding='utf-8')}\n{stop}{self.before}"


class StageHandler(Handler):
    """Sends a file, with what the stage has to add to it."""

    server: SiteServer

    def do_GET(self) -> None:
        """Send walk.js, a file of the folder, or what the test plays in its place."""
        path = urlsplit(self.path).path
        if self.server.down:
            self.close_connection = True
            return None
        if path == "/walk/walk.js":
            return self.reply(Reply(type="text/javascript", body=self.server.script().encode()))
        file = Path(self.translate_path(path))
        file = file / "index.html" if path.endswith("/") else file
        if file.is_dir():
            return super().do_GET()  # which leads to the address with a slash
        there = file.is_file()
        body = file.read_bytes() if there else b"Not found"
        kind = self.guess_type(str(file)) if there else "text/plain"
        reply: Reply | None = Reply(status=200 if there else 404, type=kind, body=body)
        for pattern, play in self.server.plays.items():
            if reply and fnmatch(path, f"*/{pattern}"):
                reply = play(reply)
        if reply is None:
            self.close_connection = True
            return None
        if there and kind == "text/html" and reply.type == kind:
            kept = b'assets/walk.js"></script>' in reply.body
            body = reply.body if kept else reply.body.replace(b"<head>", STAGED, 1)
            reply = Reply(status=reply.status, type=f"{kind}; charset=utf-8", body=body)
        return self.reply(reply)

    def do_POST(self) -> None:
        """Take note of what went wrong on a page."""
        self.server.wrong.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.reply(Reply(status=204, type="text/plain", body=b""))

    def reply(self, reply: Reply) -> None:
        """Send a reply that no browser keeps: the next one may differ."""
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.type)
        self.send_header("Content-Length", str(len(reply.body)))
        if reply.type == "text/javascript":
            self.send_header("Cache-Control", "no-store")
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)


def keepable(site: Path, to: Path, moment: str, under: str = "") -> Path:
    """A copy of a site that browsers can keep, with walk.js in its pages and this moment on its clock.

    The site will stand in the root of its host, or under such a path as `b/`.
    """
    shutil.copytree(site, to, copy_function=os.link)
    script = f"{SCRIPT.read_text(encoding='utf-8')}\nwalk.stop({json.dumps(moment)});\n"
    (to / "assets" / "walk.js").write_text(script, encoding="utf-8")
    for page in to.rglob("*.html"):
        html = page.read_bytes().replace(b"<head>", KEPT.format(under=under).encode(), 1)
        page.unlink()
        page.write_bytes(html)
    (to / WORKER).unlink()
    write_service_worker(to)
    return to


@contextlib.contextmanager
def running[Server: ThreadingHTTPServer](server: Server) -> Iterator[Server]:
    """Lets a server answer until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serves a folder on a free port of this machine; gives the address, which ends with a slash."""
    with running(ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))) as server:
        yield f"http://127.0.0.1:{server.server_port}/"
