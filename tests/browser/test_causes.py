"""Whatever a host or a network does to the files of the check page: a notice names the cause, and leads on."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checker import Policy
from macros.site.asset_manifest import MANIFEST
from tests.support.browser_session import BrowserSession
from tests.support.browsers.chromium import PLAIN_HOST
from tests.support.check_page import RESULT, CheckPage
from tests.support.overrides import (
    captive_portal,
    connection_dropped,
    gone,
    hold,
    not_found,
    of_type,
    redirected,
    replace_body,
    truncated,
    unavailable,
)
from tests.support.servers import Override, Reply
from tests.support.words import say

pytestmark = pytest.mark.browser

Faults = dict[str, tuple[Override, str]]

FAULTS: Faults = {
    "text/plain": (of_type("text/plain"), "host"),
    "octet-stream": (of_type("application/octet-stream"), "host"),
    "no type": (of_type(""), "host"),
    "page in its place": (captive_portal, "host"),
    "404": (not_found, "host"),
    "410": (gone, "host"),
    "503": (unavailable, "host"),
    "empty": (replace_body(b""), "changed"),
    "truncated": (truncated, "changed"),
    "hung up": (connection_dropped, "network"),
    "sign in": (redirected, "portal"),
}
"""The faults of a script that the page needs, each with the notice that names its cause."""
WHOLE_SITE: Faults = {name: FAULTS[name] for name in ("text/plain", "no type", "404", "503", "hung up", "sign in")}
"""The faults of all scripts at once, in which no part of the page can look for the cause but its own HTML."""

SHOWN = """(visit) => location.search === visit && document.querySelector(".check")
    && walk.find("[data-notice]", null)[0]?.dataset.notice"""

STARTED = "() => Boolean(document.querySelector('[data-started]'))"


@pytest.fixture
def session(chromium_session: BrowserSession) -> Iterator[BrowserSession]:
    yield chromium_session
    chromium_session.problems.clear()
    chromium_session.chromium.requests.clear()  # it may have been sent to another origin


def notice(session: BrowserSession, visit: str) -> str:
    """Open the check page, and wait for a notice; returns its name, once it is known to lead on."""
    session.open(f"check/?{visit}")
    name = str(session.wait_for(SHOWN, f"?{visit}"))
    box = f'[data-notice="{name}"]'
    assert session.expect_visible(f"{box} a[href$='cases/']") == say("page.cases")
    assert session.visible_texts(f"{box} p")[0].startswith(say(f"page.{name}"))
    return name


def scripts(site: Path) -> list[str]:
    """The scripts that the check page asks for at once, without the runtime's."""
    html = (site / "check/index.html").read_text(encoding="utf-8")
    names = json.loads((site / MANIFEST).read_text(encoding="utf-8"))["integrity"]
    found = [name for name in names if "/check/" in name and f"../{name}" in html]
    assert len(found) > 5
    return found


def expect_causes(session: BrowserSession, names: list[str], faults: Faults) -> None:
    wanted, seen = {}, {}
    for number, name in enumerate(names):
        for fault, (override, cause) in faults.items():
            session.server.overrides = {name: override}
            wanted[name, fault] = cause
            seen[name, fault] = notice(session, f"{number}-{fault.replace(' ', '-').replace('/', '-')}")
    assert seen == wanted


def test_fault_of_the_main_script_is_named(session: BrowserSession, site: Path) -> None:
    expect_causes(session, [name for name in scripts(site) if name.endswith("main.js")], FAULTS)


@pytest.mark.deep
def test_fault_of_each_script_is_named(session: BrowserSession, site: Path) -> None:
    expect_causes(session, scripts(site), FAULTS)


@pytest.mark.parametrize(("seen", "cause"), [("every file", "old"), ("not every file", "failed")])
def test_browser_is_called_old_only_if_no_file_can_be_the_cause(session: BrowserSession, seen: str, cause: str) -> None:
    session.add_init_script("delete globalThis.Map;")  # the page's scripts throw, as in a browser that lacks a feature
    if seen != "every file":
        session.server.overrides = {"icon-512.png": hold(threading.Event())}
    assert notice(session, "visit") == cause


def test_notice_stays_when_the_checker_starts_without_the_page(session: BrowserSession) -> None:
    session.server.overrides = {"check/case.js": replace_body(b"")}
    session.open("check/")
    session.wait_for("async () => Boolean(await self.checkerWorker)")
    session.wait_for("() => performance.now() > 4000")
    session.expect_visible('[data-notice="changed"]')


def test_cause_is_looked_for_once(session: BrowserSession) -> None:
    """A second search could find less than the first, as on a slow line, and change what the notice says."""
    session.server.overrides = {"check/main.js": replace_body(b"}")}
    assert notice(session, "visit") == "changed"
    session.wait_for("() => performance.now() > performance.timing.loadEventEnd - performance.timeOrigin + 3000")
    assert [path for path in session.server.requests if path.endswith("bundle.json")] == ["/bundle.json"]


def test_fault_of_all_scripts_is_named(session: BrowserSession) -> None:
    expect_causes(session, ["*.js"], WHOLE_SITE)


@pytest.mark.parametrize("name", ["main.js", "*.js", "snapshot/*"])
def test_page_that_is_older_than_the_site_says_so(
    session: BrowserSession, site: Path, next_site: Path, name: str
) -> None:
    """A deployment has taken its files away; to load it again leads to the new page."""
    page = (site / "check/index.html").read_bytes()
    session.server.deploy(next_site)
    session.server.overrides = {"check/": replace_body(page), name: not_found}
    assert notice(session, "old") == "updated"
    session.server.overrides = {}
    session.click("link", say("page.reload"))
    session.wait_for(STARTED)
    assert "the next one" in session.expect_visible(".foot__version")
    session.expect_absent("[data-notice]")


def test_network_that_fails_after_the_page_is_named(session: BrowserSession) -> None:
    session.server.overrides = {"*.js": connection_dropped, "bundle.json": connection_dropped}
    assert notice(session, "visit") == "network"


def test_network_that_answers_with_its_own_page_is_named(session: BrowserSession) -> None:
    session.server.overrides = {"*.js": captive_portal, "bundle.json": captive_portal}
    assert notice(session, "visit") == "portal"


@pytest.mark.parametrize("fault", ["page in its place", "empty", "404", "410", "503", "truncated", "sign in"])
def test_fault_of_the_runtime_is_named(session: BrowserSession, fault: str) -> None:
    override, cause = FAULTS[fault]
    session.server.overrides = {"snapshot/*": override, "check/worker.js": override, "pyodide.mjs": override}
    assert notice(session, "visit") == cause


@pytest.mark.parametrize("part", ["python.wasm", "pyodide.asm.wasm"])
@pytest.mark.parametrize("type_", ["text/plain", "application/octet-stream", ""])
def test_webassembly_of_another_type_does_no_harm(session: BrowserSession, part: str, type_: str) -> None:
    if part != "python.wasm":
        session.server.overrides["snapshot/*"] = not_found
    session.server.overrides[part] = of_type(type_)
    session.open("check/")
    answered = """async () => {
        const worker = await self.checkerWorker;
        const started = new Promise((resolve) =>
            worker.addEventListener("message", ({ data }) => data.id === "test" && resolve("value" in data)));
        worker.postMessage({ id: "test", name: "started" });
        return started;
    }"""
    assert session.wait_for(answered)
    session.expect_absent("[data-notice]")


@pytest.mark.parametrize(
    "override", [of_type("text/plain"), not_found, connection_dropped], ids=["type", "404", "hung"]
)
def test_pages_can_be_read_without_their_styles_and_scripts(session: BrowserSession, override: Override) -> None:
    session.server.overrides = {"*.css": override, "*.js": override}
    for page, target in {"policy/": "h2", "cases/": "table", "check/": "[data-notice] a[href$='cases/']"}.items():
        session.open(page)
        session.wait_for("(target) => walk.find(target, null).length > 0", target)


def expect_right_result(session: BrowserSession, policy: Policy) -> None:
    example = next(iter(policy.examples.values()))
    check_page = CheckPage(session, policy, example.today)
    session.stop_clock(f"{example.today}T12:00:00")
    check_page.open_result(example.answers)
    check_page.expect_view(RESULT, example.answers)
    session.expect_absent("[data-notice]")


def test_empty_worker_is_replaced_by_the_one_of_the_sources(session: BrowserSession, policy: Policy) -> None:
    session.server.overrides = {"snapshot/*/worker.js": replace_body(b"")}
    expect_right_result(session, policy)


# ---- plain http


def over_plain_http(session: BrowserSession) -> None:
    """Open the site at an address where browsers offer no cryptography, no caches and no service worker."""
    session.server.address = session.server.address.replace("127.0.0.1", PLAIN_HOST)
    session.server.headers.pop("Strict-Transport-Security")
    session.open("policy/")
    assert session.evaluate("() => [isSecureContext, crypto.subtle, self.caches, navigator.serviceWorker]") == [
        False,
        *[None] * 3,
    ]


def test_check_works_over_plain_http(session: BrowserSession, policy: Policy) -> None:
    over_plain_http(session)
    expect_right_result(session, policy)


@pytest.mark.parametrize("fault", ["empty", "404", "sign in"])
@pytest.mark.parametrize("name", ["main.js", "check/worker.js", "pyodide.mjs"])
def test_fault_over_plain_http_is_named(session: BrowserSession, name: str, fault: str) -> None:
    over_plain_http(session)
    override, cause = FAULTS[fault]
    session.server.overrides = {name: override, "snapshot/*/worker.js": override}
    assert notice(session, "visit") == cause


# ---- browsers


@pytest.mark.parametrize(
    ("script", "cause"),
    [("delete AbortSignal.timeout;", "old"), ("delete globalThis.WebAssembly;", "blocked")],
    ids=["too old", "no WebAssembly"],
)
def test_browser_that_cannot_run_the_checker_is_named(session: BrowserSession, script: str, cause: str) -> None:
    session.add_init_script(script)
    session.server.overrides = {"snapshot/*": not_found, "pyodide.mjs": not_found} if cause == "blocked" else {}
    assert notice(session, "visit") == cause


# ---- HTML that is changed on its way


def rewritten(*changes: Callable[[str], str]) -> Override:
    """Send pages with changes of their text."""

    def override(reply: Reply) -> Reply:
        text = reply.body.decode()
        for change in changes:
            text = change(text)
        return Reply(type=reply.type, body=text.encode())

    return override


INLINE = "{\nconst "
CHANGES: dict[str, Callable[[str], str]] = {
    "inline scripts": lambda text: text.replace(INLINE, "{const "),
    "another script in front": lambda text: text.replace("<head>", "<head><script>self.cdn = 1</script>", 1),
    "no policy": lambda text: text.replace('http-equiv="Content-Security-Policy"', "", 1),
    "no quotes": lambda text: text.replace('class="check"', "class=check").replace(
        'rel="stylesheet"', "rel=stylesheet"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("headers", [True, False], ids=["headers", "no headers"])
def test_checker_works_in_html_that_is_changed_on_its_way(session: BrowserSession, change: str, headers: bool) -> None:
    page = (session.server.folder / "check/index.html").read_text(encoding="utf-8")
    assert CHANGES[change](page) != page
    if not headers:
        session.server.headers = {}
    session.server.overrides = {"check/": rewritten(CHANGES[change])}
    session.open("check/")
    session.wait_for(STARTED)
    session.wait_for("async () => Boolean(await self.checkerWorker)")
    session.evaluate("""() => {
        const [first] = document.querySelectorAll("form[data-view] input");
        first.checked = true;
        delete first.dataset.next; // the answer waits for the checker
        first.form.requestSubmit();
    }""")
    session.wait_for("() => location.hash")
    session.expect_absent("[data-notice]")


# ---- before the scripts have come


def test_answer_before_the_scripts_have_come_is_kept(session: BrowserSession, policy: Policy) -> None:
    example = next(iter(policy.examples.values()))
    check_page = CheckPage(session, policy, example.today)
    released = threading.Event()
    session.server.overrides = {"check/main.js": hold(released)}
    session.evaluate("(address) => { location = address }", f"{session.server.address}check/")
    session.wait_for("() => document.querySelector('.check') && document.readyState !== 'loading'")
    check_page.click_first_answer(example.answers)
    assert session.expect_visible(".check-waiting span") == say("page.waiting")
    assert session.address == "check/"
    released.set()
    check_page.expect_view(check_page.question_path(example.answers)[1], example.answers)
