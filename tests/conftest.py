"""Fixtures of all tests: the policies, the sites, each built once, and the browsers."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser as PlaywrightBrowser
from xdist.workermanage import WorkerController

from checker import Checker, Policy
from macros.analysis.load import load
from tests.support.browser_session import BrowserSession
from tests.support.browsers import DEEP_BUT_CHROMIUM, KINDS, OLD, Browser
from tests.support.browsers.chromium import Chromium, ChromiumWindow
from tests.support.edit_recipes import AbsentError
from tests.support.edits import EDITS, after_edit
from tests.support.paths import POLICIES, ROOT, TESTS
from tests.support.servers import SiteServer, run_server, serve_folder

pytest_plugins = ["tests.support.fuzzing"]

REQUIRE = "REQUIRE_BROWSERS"
"""Set in the environment, it makes a missing browser a failure."""
RAN = pytest.StashKey[dict[str, str]]()
"""The browsers that were started, by kind, each with its version."""
LIVE = ROOT / "policy.yaml"
"""The live policy. Tests read it by the fixtures below, which repeat them on other valid policies."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark each test with the name of its folder."""
    item.add_marker(item.path.relative_to(TESTS).parts[0])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests that read the live policy on the file as it is, and in the deep lane after each edit.

    Tests that need a browser or a whole site are not repeated, because they take too long.
    """
    fixtures = metafunc.fixturenames
    if "live_file" in fixtures and not {"site", "start_browser"}.intersection(fixtures):
        after = [pytest.param(edit, marks=pytest.mark.deep) for edit in EDITS]
        metafunc.parametrize("live_file", [None, *after], ids=["as it is", *EDITS], indirect=True, scope="session")


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder of all the processes that run the tests."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def live_file(request: pytest.FixtureRequest, shared_folder: Path) -> Path:
    """The file of the live policy: as it is, or after an edit. Skips the tests of an edit that cannot be made to it."""
    edit = getattr(request, "param", None)
    if edit is None:
        return LIVE
    file = shared_folder / re.sub(r"\W+", "-", edit) / LIVE.name
    with FileLock(shared_folder / "edits.lock"):
        if not file.exists():
            try:
                text = after_edit(edit, LIVE.read_text(encoding="utf-8"))
            except AbsentError as absent:
                pytest.skip(f"{edit}: {absent}")
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
    return file


@pytest.fixture(scope="session")
def policy(live_file: Path) -> Policy:
    """The live policy, as it is or after an edit. What a test expects of it must be derived from it."""
    return load(live_file)


@pytest.fixture(scope="session")
def frozen() -> Policy:
    """A copy that never changes, for tests with fixed figures."""
    return load(POLICIES / "frozen.yaml")


@pytest.fixture
def checker(frozen: Policy) -> Checker:
    """A checker of that copy, new for each test, so that `make mutants` sees which tests depend on its construction."""
    return Checker(frozen)


@pytest.fixture(scope="session")
def build_site(shared_folder: Path) -> Callable[..., Path]:
    """Builds the site of a policy file, and returns the folder that it stands in.

    A site is built once, however many processes run the tests: nobody writes into it. A draft of one is enough where
    only its pages are looked at.
    """

    def build_site(policy_file: Path, *, draft: bool = False) -> Path:
        from macros.site.build import build

        kind = "draft" if draft else "site"
        target = shared_folder / f"{kind}-{sha256(bytes(policy_file) + policy_file.read_bytes()).hexdigest()[:8]}"
        with FileLock(shared_folder / "sites.lock"):
            if not target.exists():
                build(policy_file, target, draft=draft)
        return target

    return build_site


@pytest.fixture(scope="session")
def site(live_file: Path, build_site: Callable[..., Path]) -> Path:
    """The folder of the live policy's site, built once for all tests."""
    return build_site(live_file)


@pytest.fixture(scope="session")
def draft_site(live_file: Path, build_site: Callable[..., Path]) -> Path:
    """The folder of a draft of that site: its pages, as it is or after an edit."""
    return build_site(live_file, draft=True)


@pytest.fixture(scope="session")
def frozen_site(build_site: Callable[..., Path]) -> Path:
    """The folder of a draft of the frozen copy's site."""
    return build_site(POLICIES / "frozen.yaml", draft=True)


@pytest.fixture(scope="session")
def next_policy_file(live_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The live policy with another version, and nothing else that is new."""
    file = tmp_path_factory.mktemp("next") / "policy.yaml"
    text = live_file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^version: .*$", "version: the next one", text, count=1, flags=re.MULTILINE), "utf-8")
    return file


@pytest.fixture(scope="session")
def next_site(next_policy_file: Path, build_site: Callable[..., Path]) -> Path:
    """The folder of the site of the next version, built once for all tests."""
    return build_site(next_policy_file)


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serves any folder until the tests end, and gives its address."""
    with contextlib.ExitStack() as stack:
        yield lambda folder: stack.enter_context(serve_folder(folder))


@pytest.fixture(scope="session")
def base_url(site: Path, serve: Callable[[Path], str]) -> str:
    """The address of the built site, with a slash at its end."""
    return serve(site)


@pytest.fixture(scope="session")
def start_browser(pytestconfig: pytest.Config) -> Iterator[Callable[[str], Browser]]:
    """Starts a browser of a kind, once for all tests; skips the test if this computer has none."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def start_browser(name: str) -> Browser:
            kind = (KINDS | OLD)[name]
            path = kind.find()
            if not path:
                (pytest.fail if os.environ.get(REQUIRE) else pytest.skip)(kind.missing)
            browser = stack.enter_context(kind.start(path))
            pytestconfig.stash.setdefault(RAN, {})[name] = f"{browser.name} {browser.version}"
            return browser

        yield start_browser


@pytest.fixture(scope="session")
def browser(start_browser: Callable[[str], Browser]) -> PlaywrightBrowser:
    """Chromium as Playwright drives it, for what only Chromium can show a test."""
    chromium = start_browser("chromium")
    assert isinstance(chromium, Chromium)
    return chromium.browser


@pytest.fixture
def open_session(site: Path, start_browser: Callable[[str], Browser]) -> Iterator[Callable[..., BrowserSession]]:
    """Opens a session in a browser of a kind, on the site or another folder.

    At the end nothing may have gone wrong on its pages (a test that expects it takes it out of `problems`), and,
    as far as Chromium can tell, no other site may have been asked for anything.
    """
    with contextlib.ExitStack() as stack:
        sessions: list[BrowserSession] = []

        def open_session(kind: str, folder: Path = site) -> BrowserSession:
            session = BrowserSession(kind, start_browser(kind), stack.enter_context(run_server(SiteServer(folder))))
            stack.callback(session.close)
            sessions.append(session)
            return session

        yield open_session
        for session in sessions:
            assert session.problems == []
            if isinstance(session.window, ChromiumWindow):
                own = (session.server.address, "data:", "blob:")
                assert [address for address in session.window.requests if not address.startswith(own)] == []


@pytest.fixture(params=KINDS)
def session(request: pytest.FixtureRequest, open_session: Callable[..., BrowserSession]) -> BrowserSession:
    """A customer with an empty browser, of each kind in turn."""
    return open_session(request.param)


@pytest.fixture(params=DEEP_BUT_CHROMIUM)
def long_session(request: pytest.FixtureRequest, open_session: Callable[..., BrowserSession]) -> BrowserSession:
    """A customer with an empty browser, of each kind in turn, for long walks: in the deep lane but for Chromium."""
    return open_session(request.param)


@pytest.fixture
def chromium_session(open_session: Callable[..., BrowserSession]) -> BrowserSession:
    """A customer with an empty Chromium, for what the other browsers would only say again."""
    return open_session("chromium")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that prints the summary which browsers this one has started."""
    if output := getattr(session.config, "workeroutput", None):
        output["browsers"] = session.config.stash.get(RAN, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    """Collect the browsers that a process has started."""
    node.config.stash.setdefault(RAN, {}).update(getattr(node, "workeroutput", {}).get("browsers", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List the browsers that the tests ran in."""
    if ran := config.stash.get(RAN, {}):
        terminalreporter.section("browsers")
        for name, kind in (KINDS | OLD).items():
            terminalreporter.line(ran.get(name) or (f"{name} was not asked for" if kind.find() else kind.missing))
