"""The browser session itself, in each browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.browser_session import BrowserSession
from tests.support.browsers import KINDS
from tests.support.servers import Reply

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>A page</title><script src="page.js"></script></head><body>
<a href="second.html">Onward</a>
<label><input type="radio" name="one"> First</label>
<label><input type="radio" name="one"> Second</label>
<label for="words">Words</label> <input id="words">
<label>Files <input id="files" type="file" multiple></label>
<button hidden>Send</button> <button id="send">Send</button>
<p id="said"></p>
</body></html>"""
SCRIPT = """addEventListener("click", ({ target }) => {
    if (target.id === "send") document.querySelector("#said").textContent = `${target.id} ${new Date().toDateString()}`;
});
const opened = new Date();"""


@pytest.fixture(params=KINDS)
def visitor(
    request: pytest.FixtureRequest, open_session: Callable[..., BrowserSession], tmp_path: Path
) -> BrowserSession:
    """A session on a page with a strict CSP."""
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "second.html").write_text("<!doctype html><head><title>Another</title></head><h1>There</h1>")
    (tmp_path / "page.js").write_text(SCRIPT, encoding="utf-8")
    session = open_session(request.param, tmp_path)
    session.open()
    return session


def test_tab_key_stops_at_every_control_in_page_order(visitor: BrowserSession) -> None:
    stops = visitor.tab_to("#send")
    assert stops == ["link Onward", "radio First", "textbox Words", "input Files", "button Send"]
    visitor.press("Shift+Tab", "Shift+Tab")
    assert visitor.active_element() == "textbox Words"
    visitor.type("Größe 3 – ok")
    assert visitor.evaluate("() => words.value") == "Größe 3 – ok"
    visitor.press("Shift+Tab", "Space", "ArrowDown")
    assert visitor.evaluate("() => document.querySelector(':checked').labels[0].innerText.trim()") == "Second"
    visitor.press("Shift+Tab", "Enter")
    assert visitor.expect_visible("heading", "There") == "There"


def test_click_hits_the_visible_control(visitor: BrowserSession) -> None:
    visitor.stop_clock("2026-02-28T12:00:00")
    visitor.click("radio", "Second")
    visitor.click("button", "Send")
    assert visitor.expect_visible("#said") == "send Sat Feb 28 2026"
    assert visitor.visible_texts("radio") == ["", ""]
    visitor.click("link", "Onward")
    visitor.expect_visible("heading", "There")
    assert visitor.address == "second.html"
    visitor.back()
    visitor.expect_visible("button", "Send")
    visitor.expect_absent("heading")
    visitor.forward()
    visitor.expect_visible("heading", "There")


MOVE_LATE = """() => {
    globalThis.decoy = Object.assign(document.createElement("button"), { textContent: "Decoy", hits: 0 });
    decoy.style.width = "90vw";
    for (const type of ["mousedown", "click"]) decoy.addEventListener(type, () => decoy.hits++);
    const { aim } = walk;
    let looks = 0;
    walk.aim = (node) => {
        const point = aim(node);
        if (++looks === 2) node.before(decoy);
        return point;
    };
}"""
"""Puts another button in place of the one to be clicked, after the last look at where that is."""


def test_click_hits_nothing_else_when_the_page_moves_before_it(visitor: BrowserSession) -> None:
    visitor.stop_clock("2026-02-28T12:00:00")
    visitor.evaluate(MOVE_LATE)
    visitor.click("#send")
    assert visitor.wait_for("() => document.querySelector('#said').textContent") == "send Sat Feb 28 2026"
    assert visitor.evaluate("() => [decoy.hits, decoy.isConnected]") == [0, True]


def test_clock_is_stopped_before_page_scripts_run(visitor: BrowserSession) -> None:
    visitor.stop_clock("2026-02-28T12:00:00")
    visitor.add_init_script("globalThis.early = document.scripts.length;")
    visitor.reload()
    assert visitor.evaluate("() => [opened.getDate(), Date.now() - opened, opened instanceof Date]") == [28, 0, True]
    assert visitor.evaluate("() => early") == 1
    visitor.stop_clock("2026-03-01T12:00:00")
    assert visitor.evaluate("() => [Date().slice(0, 15), new Date(2026, 0, 1).getDate()]") == ["Sun Mar 01 2026", 1]


def test_window_can_have_the_size_of_a_phone(visitor: BrowserSession) -> None:
    visitor.resize(360, 640)
    assert visitor.wait_for("() => innerWidth === 360 && innerHeight") == 640


def test_session_starts_with_empty_storage(
    open_session: Callable[..., BrowserSession], visitor: BrowserSession, tmp_path: Path
) -> None:
    storage = "() => [localStorage.item ?? null, document.cookie]"
    visitor.evaluate("() => { localStorage.item = 1; document.cookie = 'item=1' }")
    assert visitor.evaluate(storage) == ["1", "item=1"]
    visitor.close()
    later = open_session(visitor.kind, tmp_path)
    later.open()
    assert later.evaluate(storage) == [None, ""]


def test_every_kind_of_page_error_is_recorded(visitor: BrowserSession) -> None:
    visitor.evaluate("() => { setTimeout(() => { throw new Error('thrown') }) }")
    visitor.evaluate("() => { Promise.reject(new Error('rejected')) }")
    visitor.evaluate("() => { console.error('said') }")
    missing = "(image) => new Promise((resolve) => { document.body.append(image); image.onerror = () => resolve() })"
    visitor.evaluate(f"() => ({missing})(Object.assign(new Image(), {{ src: 'missing.png' }}))")
    wrong = "\n".join(visitor.problems)
    visitor.problems.clear()
    assert [word for word in ("thrown", "rejected", "said", "missing.png") if word not in wrong] == []


def test_server_override_replaces_drops_or_refuses_a_file(visitor: BrowserSession) -> None:
    visitor.server.overrides["second.html"] = lambda reply: Reply(
        type=reply.type, body=reply.body.replace(b"There", b"Here")
    )
    visitor.open("second.html")
    visitor.expect_visible("heading", "Here")
    visitor.server.overrides = {"page.js": lambda _: Reply(status=404, type="text/plain", body=b"")}
    visitor.open()
    assert visitor.problems.pop().endswith("page.js cannot be loaded")
    visitor.server.overrides = {"page.js": lambda _: None}
    visitor.open()
    assert visitor.problems.pop().endswith("page.js cannot be loaded")
