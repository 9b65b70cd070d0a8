"""The CSP: what the build writes, and what browsers block in pages and in the worker."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from macros.site.csp import CspViolationError, inline_scripts, write_csp
from macros.site.hosting import read_headers
from tests.support.browser_session import BrowserSession
from tests.support.browsers import KINDS
from tests.support.browsers.chromium import ChromiumWindow
from tests.support.markup import SITE_PAGES
from tests.support.overrides import replace_body
from tests.support.servers import run_server

PAGES = (*SITE_PAGES, "404.html")
META = re.compile(b"<meta http-equiv=[^>]*>")

# ---- the build


def page(body: str) -> str:
    return f'<!doctype html><html><head><meta charset="utf-8"><title>A page</title></head><body>{body}</body></html>'


def test_csp_is_the_first_element_of_the_head_after_the_charset(tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(page("<script>run()</script>"))
    [script] = inline_scripts(file.read_text(), "index.html")
    write_csp(tmp_path)
    head = file.read_text().partition("<head>")[2]
    assert head.startswith('<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="')
    assert head.count("<meta charset") == 1
    assert f"script-src 'self' '{script}';" in head
    assert "wasm" not in head


def test_csp_allows_executable_inline_scripts_alone() -> None:
    assert inline_scripts(page("<script src=a.js></script><script type='application/json'>{}</script>"), "") == set()
    one, other = (inline_scripts(page(f"<script>{text}</script>"), "") for text in ("run()", "run() "))
    assert one != other


@pytest.mark.parametrize(
    "body",
    [
        "<p onclick='run()'>",
        "<p style='color: red'>",
        "<style>p { color: red }</style>",
        "<a href=' JavaScript:run()'>",
        "<iframe srcdoc='<p>'>",
    ],
)
def test_page_that_violates_the_csp_fails_the_build(body: str) -> None:
    with pytest.raises(CspViolationError, match=r"^some/page\.html: <\w+> "):
        inline_scripts(page(body), "some/page.html")


# ---- browsers


class Elsewhere(ThreadingHTTPServer):
    """Another site, which answers every request and records it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ElsewhereHandler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.requests: list[str] = []


class ElsewhereHandler(BaseHTTPRequestHandler):
    server: Elsewhere

    def answer(self) -> None:
        self.server.requests.append(f"{self.command} {self.path}")
        body = b"globalThis.ran = true; self.postMessage?.({});"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_OPTIONS = answer  # noqa: N815 - as in the base class

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with run_server(Elsewhere()) as server:
        yield server


# Each probe tries to load or run something, or to send something out, and returns true on success. The other site
# records those whose success the page cannot observe.
EVERYWHERE = {
    "eval": "() => eval('1 + 1') === 2",
    "Function": "() => new Function('return 2')() === 2",
    "setTimeout": "() => new Promise((resolve) => { globalThis.late = resolve; setTimeout('late(true)'); })",
    "fetch": "() => fetch(`${elsewhere}/fetch`, { mode: 'no-cors' }).then(() => true)",
    "XMLHttpRequest": """() => new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.onload = () => resolve(true);
        request.onerror = reject;
        request.open('GET', `${elsewhere}/request`);
        request.send();
    })""",
    "WebSocket": """() => new Promise((resolve, reject) => {
        const socket = new WebSocket(elsewhere.replace('http', 'ws'));
        socket.onerror = reject;
    })""",
    "EventSource": """() => new Promise((resolve, reject) => {
        const source = new EventSource(`${elsewhere}/events`);
        source.onopen = () => resolve(true);
        source.onerror = reject;
    })""",
    "import": "() => import(`${elsewhere}/import.js`).then(() => true)",
    "import of data": "() => import('data:text/javascript,export default 1').then(() => true)",
    "Worker": """() => new Promise((resolve, reject) => {
        const worker = new Worker(`${elsewhere}/worker.js`);
        worker.onmessage = () => resolve(true);
        worker.onerror = reject;
    })""",
}
IN_PAGES = {
    "beacon": "() => { navigator.sendBeacon(`${elsewhere}/beacon`, 'x') }",
    "image": """() => new Promise((resolve, reject) => {
        const image = new Image();
        image.onload = () => resolve(true);
        image.onerror = reject;
        image.src = `${elsewhere}/image.svg`;
    })""",
    "script": """() => new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.onload = () => resolve(true);
        script.onerror = reject;
        script.src = `${elsewhere}/script.js`;
        document.head.append(script);
    })""",
    "inline script": """() => {
        const script = document.createElement('script');
        script.append('globalThis.inline = true');
        document.head.append(script);
        return globalThis.inline;
    }""",
    "inline handler": """() => {
        const button = document.createElement('button');
        button.setAttribute('onclick', 'globalThis.handled = true');
        button.click();
        return globalThis.handled;
    }""",
    "markup": "() => { document.createElement('p').innerHTML = '<b>'; return true }",
    "style": """() => {
        const style = document.createElement('style');
        style.append('html { --probe: 1 }');
        document.head.append(style);
        return getComputedStyle(document.documentElement).getPropertyValue('--probe') !== '';
    }""",
    "style from elsewhere": """() => new Promise((resolve, reject) => {
        const link = document.createElement('link');
        link.rel = 'stylesheet';
        link.onload = () => resolve(true);
        link.onerror = reject;
        link.href = `${elsewhere}/style.css`;
        document.head.append(link);
    })""",
    "frame": """() => new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = `${elsewhere}/frame`;
        document.body.append(frame);
        whenBlocked('frame-src', resolve);
    })""",
    "form": """() => new Promise((resolve) => {
        const form = document.createElement('form');
        form.action = `${elsewhere}/form`;
        document.body.append(form);
        whenBlocked('form-action', resolve);
        form.submit();
    })""",
    "base": """() => {
        const base = document.createElement('base');
        base.href = elsewhere;
        document.head.append(base);
        return document.baseURI.startsWith(elsewhere);
    }""",
    "worker of a blob": """() => new Promise((resolve, reject) => {
        const worker = new Worker(URL.createObjectURL(new Blob(['postMessage({})'])));
        worker.onmessage = () => resolve(true);
        worker.onerror = reject;
    })""",
    "wrong worker of ours": "() => { trustedTypesPolicy.createScriptURL(location.href); return true }",
    "worker of theirs": "() => { trustedTypesPolicy.createScriptURL(`${elsewhere}/worker.js`); return true }",
    "a second policy": "() => { trustedTypes.createPolicy('checker', {}); return true }",
    "another policy": "() => { trustedTypes.createPolicy('another', {}); return true }",
}
IN_WORKERS = {
    "importScripts": "() => { importScripts(`${elsewhere}/import.js`); return true }",
}

# Violation events may come late: each probe waits for its own directive.
WHEN_BLOCKED = """(directive, run) => addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
    if (effectiveDirective === directive) run();
})"""

# Runs all probes in turn; returns the names of those that succeeded, and the number of probes.
RUN_PROBES = """async (elsewhere, probes) => {
    const successes = [];
    for (const [name, probe] of Object.entries(probes)) {
        try {
            if (await probe()) successes.push(name);
        } catch {
            // blocked
        }
    }
    return [successes, Object.keys(probes).length];
}"""


def probe_script(probes: dict[str, str], elsewhere: Elsewhere) -> str:
    entries = ", ".join(f"{json.dumps(name)}: {probe}" for name, probe in probes.items())
    constants = f"const elsewhere = {json.dumps(elsewhere.address)};\nconst whenBlocked = {WHEN_BLOCKED};"
    return f"{constants}\nconst runProbes = () => ({RUN_PROBES})(elsewhere, {{ {entries} }});"


def run_probes(session: BrowserSession, probes: dict[str, str], elsewhere: Elsewhere) -> tuple[list[str], int]:
    """Run probes as a script of the check page; returns the successful ones, and the number of probes."""
    start = "globalThis.probe = () => setTimeout(async () => (globalThis.probed = await runProbes()));"
    session.add_init_script(f"{probe_script(probes, elsewhere)}\n{start}")
    session.open("check/")
    session.evaluate("() => { probe() }")
    successes, count = session.wait_for("() => globalThis.probed")
    return successes, count


HOSTS = ["with headers", "without headers"]
PROBES = {"in a page": EVERYWHERE | IN_PAGES, "in a worker": EVERYWHERE | IN_WORKERS}


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=KINDS)
def visitor(request: pytest.FixtureRequest, open_session: Callable[..., BrowserSession], host: str) -> BrowserSession:
    """A session of each browser, at a host with and without headers."""
    session = open_session(request.param)
    if host == "without headers":
        session.server.headers = {}
    return session


@pytest.fixture
def intruder(visitor: BrowserSession, site: Path) -> Iterator[BrowserSession]:
    """The same session, whose violations are ignored."""
    if visitor.server.headers:
        visitor.server.headers = read_headers(site)
    yield visitor
    visitor.open("404.html")  # all reports of the page before have come now
    visitor.server.problems = []
    if isinstance(visitor.window, ChromiumWindow):
        visitor.window.requests.clear()  # Chromium reports a request before it blocks it


@pytest.mark.browser
def test_page_csp_blocks_exfiltration_and_injection(intruder: BrowserSession, elsewhere: Elsewhere) -> None:
    session = intruder
    successes, count = run_probes(session, PROBES["in a page"], elsewhere)
    assert (successes, count) == ([], len(PROBES["in a page"]))
    assert elsewhere.requests == []
    assert session.problems


@pytest.mark.browser
def test_probes_succeed_without_a_csp(chromium_session: BrowserSession, elsewhere: Elsewhere) -> None:
    chromium_session.server.headers = {}
    chromium_session.server.overrides["check/"] = lambda reply: dataclasses.replace(
        reply, body=META.sub(b"", reply.body)
    )
    blocked_otherwise = {
        "frame",
        "form",
        "a second policy",
        "wrong worker of ours",
        "worker of theirs",
        "Worker",
    }
    probes = {name: probe for name, probe in PROBES["in a page"].items() if name not in blocked_otherwise}
    successes, _ = run_probes(chromium_session, probes, elsewhere)
    recorded = {
        "beacon": "POST /beacon",
        "image": "GET /image.svg",
        "style from elsewhere": "GET /style.css",
        "EventSource": "GET /events",
        "WebSocket": "GET /",
    }
    observed = {name for name, request in recorded.items() if request in elsewhere.requests}
    assert {*successes} | observed == {*probes}
    chromium_session.open("404.html")
    chromium_session.server.problems = []
    chromium_session.chromium.requests.clear()


@pytest.mark.browser
def test_worker_csp_blocks_exfiltration(intruder: BrowserSession, elsewhere: Elsewhere) -> None:
    session = intruder
    script = f"""{probe_script(PROBES["in a worker"], elsewhere)}
        onmessage = async ({{ data }}) => {{
            if (data === "probe") postMessage({{ probed: await runProbes() }});
            else postMessage({{ id: data.id, value: true }});
        }};
        postMessage({{}});"""
    session.server.overrides["worker.js"] = replace_body(script.encode())
    session.open("check/")
    probe = """() => checkerWorker.then((worker) => new Promise((resolve) => {
        worker.addEventListener("message", ({ data }) => data.probed && resolve(data.probed));
        worker.postMessage("probe");
    }))"""
    successes, count = session.evaluate(probe)
    assert (successes, count) == ([], len(PROBES["in a worker"]))
    assert elsewhere.requests == []


STARTED = """() => self.checkerWorker?.then((worker) => new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => data.id === "test" && resolve());
    worker.postMessage({ id: "test", name: "started" });
}))"""
"""Waits until the checker of the check page has started."""


@pytest.mark.browser
def test_no_page_violates_its_csp(visitor: BrowserSession) -> None:
    session = visitor
    session.server.init_script = ""  # so that prefetches and the offline cache are checked, too
    for name in PAGES:
        session.open(name)
        assert session.evaluate("() => typeof trustedTypesPolicy.createScriptURL") == "function"
        session.evaluate(STARTED)
        assert session.problems == []


@pytest.mark.browser
@pytest.mark.parametrize("name", ["", "editors/"])
def test_colour_switch_does_not_violate_the_csp(visitor: BrowserSession, name: str) -> None:
    session = visitor
    session.open(name)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    before = session.evaluate(ground)
    session.click(".colours button")
    session.wait_for(f"(before) => ({ground})() !== before", before)
