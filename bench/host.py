"""A web host for the benchmark: compressed files, kept for ever where the address names the content, any speed."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
NAMED_BY_CONTENT = ("/assets/", "/checker/", "/memory/", "/runtime/")
PIECE = 1 << 14

Page = Callable[[bytes], bytes]


class Host(ThreadingHTTPServer):
    """Serves a folder. `bytes` counts what went out, `pages` changes pages by the first part of their address.

    With `speed` (bytes a second, shared by all that is under way) and `delay` (seconds before each reply) it is as far
    away as a mobile network makes it: that holds for workers too, which a browser's own throttle leaves out.
    """

    daemon_threads = True

    def __init__(self, folder: Path, pages: Mapping[str, Page]) -> None:
        super().__init__(("127.0.0.1", 0), partial(Handler))
        self.folder, self.pages = folder, pages
        self.address = f"http://127.0.0.1:{self.server_port}/"
        self.speed, self.delay, self.bytes = 0.0, 0.0, 0
        self._free = 0.0
        self._lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser may go away."""

    def wait_for_room(self, size: int) -> None:
        """Waits until the wire has carried so many bytes more."""
        with self._lock:
            self.bytes += size
            self._free = max(self._free, time.monotonic()) + (size / self.speed if self.speed else 0)
            until = self._free
        time.sleep(max(until - time.monotonic(), 0))


class Handler(BaseHTTPRequestHandler):
    """Sends a file, compressed with brotli where there is such a file."""

    server: Host
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Sends the file."""
        path = urlsplit(self.path).path
        first, _, rest = path.lstrip("/").partition("/")
        change = self.server.pages.get(first)
        file = self.server.folder / (rest if change else path.lstrip("/"))
        file = file / "index.html" if path.endswith("/") else file
        time.sleep(self.server.delay)
        if not file.is_file():
            return self.send_error(404)
        packed = file.with_name(f"{file.name}.br")
        is_page = file.suffix == ".html"
        plain = is_page and change
        body = change(file.read_bytes()) if plain else (packed if packed.exists() else file).read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(body)))
        if packed.exists() and not plain:
            self.send_header("Content-Encoding", "br")
        kept = not is_page and f"/{rest if change else path.lstrip('/')}".startswith(NAMED_BY_CONTENT)
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if kept else "no-cache")
        self.end_headers()
        for at in range(0, len(body), PIECE):
            self.server.wait_for_room(len(body[at : at + PIECE]))
            self.wfile.write(body[at : at + PIECE])
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def hosting(folder: Path, pages: Mapping[str, Page]) -> Iterator[Host]:
    """A host, until the end of the block."""
    host = Host(folder, pages)
    thread = threading.Thread(target=host.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.shutdown()
        host.server_close()
