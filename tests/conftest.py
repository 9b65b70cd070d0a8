"""What many tests share: the policies, the site built once, and a browser that looks at it."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from checker import Policy
from macros.load import load

ROOT = Path(__file__).resolve().parent.parent
POLICIES = Path(__file__).parent / "policies"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER_ARGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The live policy. What a test expects of it must be derived from it."""
    return load(ROOT / "policy.yaml")


@pytest.fixture(scope="session")
def frozen() -> Policy:
    """A copy that never changes, for tests with fixed figures."""
    return load(POLICIES / "frozen.yaml")


@pytest.fixture(scope="session")
def build_site(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Builds the site of a policy file, and returns the folder that it stands in."""

    def build_site(policy_file: Path) -> Path:
        from macros.build import build

        target = tmp_path_factory.mktemp("site")
        build(policy_file, target)
        return target

    return build_site


@pytest.fixture(scope="session")
def site(build_site: Callable[[Path], Path]) -> Path:
    """The folder of the site, built once for all tests."""
    return build_site(ROOT / "policy.yaml")


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


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serves a folder on a free port of this machine; gives the address, which ends with a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serves any folder until the tests end, and gives its address."""
    with contextlib.ExitStack() as stack:
        yield lambda folder: stack.enter_context(serving(folder))


@pytest.fixture(scope="session")
def base_url(site: Path, serve: Callable[[Path], str]) -> str:
    """The address of the built site, with a slash at its end."""
    return serve(site)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine, named by BROWSER_PATH or found on the PATH."""
    path = os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        pytest.fail("There is no Chromium here. Install one, or name it in BROWSER_PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*BROWSER_ARGS])
        yield browser
        browser.close()
