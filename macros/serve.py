"""Shows the site on this computer while its sources are edited. Whoever serves it to others needs none of this."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from macros.hosting import headers
from macros.load import ROOT

SOURCES = tuple(ROOT / name for name in ("docs", "overrides", "macros", "checker"))
PORTS = 20
"""How many ports are tried, from the one that was asked for."""


class Handler(SimpleHTTPRequestHandler):
    """Serves files with the types that browsers insist on, and lets no browser keep them."""

    extensions_map = {  # noqa: RUF012 - as in the base class
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".json": "application/json",
        ".mjs": "text/javascript",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
        ".zip": "application/zip",
    }

    def end_headers(self) -> None:
        """Adds the headers of the site, and that the browser asks again each time."""
        for name, value in headers(Path(self.directory)).items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the terminal is for the policy's mistakes."""


def serve(policy_file: Path, site: Path, port: int) -> int:
    """Builds and serves until it is interrupted. A site that cannot be built anew stays as it was.

    Raises:
        OSError: No port is free.
    """
    policy_file, site = policy_file.absolute(), site.absolute()
    if not _built(policy_file, site) and not site.is_dir():
        return 1
    server = listen(site, port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}/  (stop with Ctrl+C)", flush=True)
    try:
        for _ in watch(*_folders(policy_file), watch_filter=Sources(policy_file), recursive=False):
            if _built(policy_file, site):
                print("Reload the page.", flush=True)
            else:
                print("The site stays as it was.", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        return 0
    finally:
        server.shutdown()
        server.server_close()
    return 0


def listen(site: Path, port: int) -> ThreadingHTTPServer:
    """A server for a folder on the first free port, from `port` on.

    Raises:
        OSError: None of them is free.
    """
    handler = partial(Handler, directory=str(site))
    for candidate in range(port, min(port + PORTS, 65536)):
        try:
            return ThreadingHTTPServer(("127.0.0.1", candidate), handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(f"The ports {port} to {port + PORTS - 1} are all taken. Name another with --port.")


class Sources(DefaultFilter):
    """Lets through what the site is made of, and not what a build writes."""

    def __init__(self, policy_file: Path) -> None:
        super().__init__()
        self.files = {str(policy_file), str(ROOT / "mkdocs.yml")}

    def __call__(self, change: Change, path: str) -> bool:
        """Whether a change of this file changes the site."""
        inside = any(Path(path).is_relative_to(folder) for folder in SOURCES)
        return path in self.files or (inside and super().__call__(change, path))


def _folders(policy_file: Path) -> set[Path]:
    """The folders to look at, each for itself: a file that an editor replaces is seen only in its folder."""
    inner = {folder for source in SOURCES for folder in source.rglob("*") if folder.is_dir()}
    return {ROOT, policy_file.parent, *(source for source in SOURCES if source.is_dir()), *inner}


def _built(policy_file: Path, site: Path) -> bool:
    """Builds in a process of its own, so that changed code counts too."""
    command = [
        sys.executable,
        "-m",
        "macros.cli",
        "build",
        "--draft",
        "--policy",
        str(policy_file),
        "--site",
        str(site),
    ]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0
