"""Whatever `policy check` takes for an id works on the pages: all names of browsers, JavaScript and Python."""

from __future__ import annotations

import builtins
import json
import keyword
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from checker import Policy
from checker.answers.kinds import kind_of
from checker.engine.compile import ANY
from checker.engine.parts import COSTS, REMEDIES
from checker.web.api import answer
from macros.analysis.load import load, loads
from macros.pages.check_form import check_form
from macros.policyfile.references import RESERVED
from tests.browser.test_check_page import HEAR
from tests.support.browser_session import ACTIVE, BrowserSession
from tests.support.check_page import PREPARE, REFUND, RESULT, CheckPage, of_kind, with_amounts
from tests.support.counts import RecordCounts
from tests.support.markup import soup
from tests.support.paths import POLICIES, ROOT
from tests.support.renaming import renamed
from tests.support.servers import keepable
from tests.support.words import say

SOURCE = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
FORBIDDEN = {*RESERVED, ANY, COSTS, REMEDIES}
PYTHON = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *dir(dict), *dir(str)}
WORDS_OF_OURS = {"answer", "amount", "check", "checker", "day", "doors", "error", "errors", "help", "hint", "link"}
WORDS_OF_OURS |= {
    "interpretation",
    "memory",
    "month",
    "pictures",
    "prepare",
    "refund",
    "result",
    "top",
    "topic",
    "wish",
}
"""What ids of the pages are made of, and what the globals of the pages were called."""

NAMES = """() => {
    const roots = [window, document, Object.prototype, [], "", () => {}, new FormData(), new URLSearchParams()];
    for (const name of ["form", "fieldset", "input", "details", "template"]) roots.push(document.createElement(name));
    const names = new Set();
    for (let each of roots) {
        for (each = Object(each); each; each = Object.getPrototypeOf(each)) {
            for (const name of Object.getOwnPropertyNames(each)) names.add(name);
        }
    }
    return [...names];
}"""

CLOBBERED = """() => {
    const clobbered = [];
    for (const form of document.forms) {
        for (const control of form.elements) {
            for (const name of [control.name, control.id]) if (name in HTMLFormElement.prototype) clobbered.push(name);
        }
    }
    for (const part of document.querySelectorAll("form, img, iframe, embed, object")) {
        const name = part.getAttribute("name");
        if (name && name in Document.prototype) clobbered.push(name);
    }
    return clobbered;
}"""
"""The names on a page that hide a property of its form or of its document from a script."""

GLOBALS = re.compile(r"\b(?:self|window|globalThis)\??\.(\w+)")
OF_BROWSERS = {"caches", "crypto", "fetch", "name", "top"}
"""Globals that every browser has, on every page or in every worker that reads them."""


@dataclass(frozen=True)
class Renamed:
    """A policy under other names."""

    source: str
    policy: Policy


def under(names: Iterable[str], chosen: Mapping[str, str] | None = None) -> Renamed:
    """The frozen policy under these names, as many as it needs; some of its ids under chosen ones."""
    given = {**(chosen or {})}
    left = iter([name for name in names if name not in given.values()])

    def new(name: str) -> str:
        if name not in given:
            given[name] = next(left)
        return given[name]

    for name in ORDER:
        new(name)
    source = renamed(SOURCE, new)
    return Renamed(source, loads(source.encode()))


def in_order(policy: Policy) -> list[str]:
    """The ids of a policy, those first that a page makes names and ids of."""
    questions = policy.questions
    amounts = [name for name, question in questions.items() if kind_of(question).is_money]
    choices = [choice for question in questions.values() for choice in question.offered]
    return [*dict.fromkeys([*amounts, *questions, *policy.clauses, *policy.proof, *choices, *policy.remedies])]


ORDER = in_order(load(POLICIES / "frozen.yaml"))
FIRST = ["constructor", "length", "elements", "dataset", "hidden", "then", "name", "submit", "closest", "checker"]
FIRST += ["doors", "memory", "children", "remove", "check", "class", "self", "id", "title", "matches", "append"]
"""Names that each hid something once, or would: the first stand for amounts and for the questions in their forms."""


@pytest.fixture(scope="module")
def names(browser: Browser) -> list[str]:
    """All names that browsers, JavaScript and Python use, as far as an id may be called so."""
    page = browser.new_page()
    known = {*page.evaluate(NAMES), *PYTHON, *WORDS_OF_OURS}
    page.close()
    found = sorted(name for name in known if ID.fullmatch(name) and name not in FORBIDDEN)
    random.Random(1).shuffle(found)
    return [*FIRST, *(name for name in found if name not in FIRST)]


@pytest.fixture(scope="module")
def strange_file(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen policy with the names that have hidden most."""
    file = tmp_path_factory.mktemp("strange") / "policy.yaml"
    file.write_text(under(names).source, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def strange_site(strange_file: Path, build_site: Callable[..., Path]) -> Path:
    return build_site(strange_file)


def ids_twice(html: BeautifulSoup) -> list[str]:
    counts = Counter(str(part["id"]) for part in html.select("[id]"))
    return [name for name, count in counts.items() if count > 1]


def test_policy_loads_under_any_names_as_ids(names: list[str], record_counts: RecordCounts) -> None:
    """Loading decides all worked examples, and proves all that must always hold."""
    size = len(ORDER)
    assert {"dataset", "constructor", "onclick", "class", "print"} <= {*names}
    for start in range(0, len(names), size):
        few = under([*names[start:], *names[:start]])
        assert ids_twice(BeautifulSoup(check_form(few.policy), "html.parser")) == []
    record_counts({"names of browsers and Python as ids": len(names)})


def test_field_ids_and_names_are_never_policy_ids(names: list[str]) -> None:
    form = BeautifulSoup(check_form(under(names).policy), "html.parser")
    given = {str(part[key]) for key in ("id", "name") for part in form.select(f"[{key}]")}
    assert given
    assert [name for name in given if ID.fullmatch(name)] == []


def test_scripts_read_no_global_that_can_be_a_policy_id() -> None:
    root = ROOT
    scripts = [*(root / "docs").rglob("*.js"), *(root / "overrides").rglob("*.html")]
    read = {name for script in scripts for name in GLOBALS.findall(script.read_text(encoding="utf-8"))}
    in_the_worker = {"snapshot"}
    assert {name for name in read if ID.fullmatch(name)} - OF_BROWSERS == in_the_worker
    assert "checkerWorker" in read


def like_the_pages() -> dict[str, str]:
    """Names that, put together, are those that the pages put together of other ids, or have themselves."""
    policy = load(POLICIES / "frozen.yaml")
    [dated, *_] = (name for name, question in policy.questions.items() if question.or_)
    [asked, *_] = (name for name, question in policy.questions.items() if question.answer == "one choice")
    [clause, *_] = (name for name, clause in policy.clauses.items() if clause.interpretations)
    choices = dict(zip(policy.questions[asked].offered, ("result", "errors", "help", "link", "order"), strict=False))
    notes = {next(iter(policy.clauses[clause].interpretations)): "same", next(iter(policy.topics)): "same"}
    return {asked: "check", clause: "topic", next(iter(policy.questions[dated].offered)): "day", **choices, **notes}


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_page_ids_are_unique_under_any_policy_ids(
    turn: int, names: list[str], build_site: Callable[..., Path], tmp_path: Path
) -> None:
    file = tmp_path / "policy.yaml"
    shift = (turn + 1) * len(ORDER)
    strange = under([*names[shift:], *names[:shift]], None if turn else like_the_pages())
    file.write_text(strange.source, encoding="utf-8")
    site = build_site(file, draft=True)
    pages = {page.relative_to(site): soup(page) for page in site.rglob("*.html")}
    assert len(pages) > 5
    assert {name: twice for name, page in pages.items() if (twice := ids_twice(page))} == {}


@pytest.mark.browser
def test_check_page_works_under_any_policy_ids(
    open_session: Callable[..., BrowserSession], strange_file: Path, strange_site: Path
) -> None:
    policy = load(strange_file)
    example = with_amounts(policy)
    session = open_session("chromium", strange_site)
    session.before_each_page(HEAR)
    check_page = CheckPage(session, policy, example.today)
    check_page.open()
    assert session.evaluate(CLOBBERED) == []
    way = check_page.way(example.answers)
    given: dict[str, Any] = {name: str(example.answers[name]) for name in way}
    for name in way:
        session.see(f'[data-view="{name}"] h2')
        check_page.click_answer(name, given[name])
    check_page.arrives(RESULT, given)
    check_page.sees_given(given)
    message = {"answers": given, "asked": [name], "today": str(example.today), "digest": policy.digest}
    assert session.evaluate("() => replies.at(-1)") == answer(json.dumps(message), check_page.checker)

    # A clause opens in place, and each answer can be changed.
    reason = check_page.reply(given)["verdict"]["reasons"][0]["clause"]
    assert session.see(f'[data-section="why"] [data-clause="{reason}"] summary') == policy.clauses[reason].title
    session.click("link", f"{say('form.change')}: {policy.questions[way[0]].ask}")
    check_page.sees_view(way[0], given)
    session.back()
    check_page.arrives(RESULT, given)

    # The request: what is ready stands there again after the page was loaded anew.
    check_page.goes_to(PREPARE, given)
    [proof] = of_kind(policy, "proof")
    needed = check_page.reply(given)["verdict"]["proof"]["needed"]
    session.click(f"#answer-{proof}-{needed[0]}")
    session.wait_for("(item) => Object.values(localStorage).some((kept) => kept.includes(item))", needed[0])
    session.reload()
    given[proof] = [needed[0]]
    check_page.arrives(PREPARE, given)
    assert check_page.fields(proof) == given[proof]
    session.click("button", say("prepare.preview"))
    session.wait_for("() => document.querySelector('.check-preview pre').textContent.length > 100")
    session.click(f'[href="#{RESULT}"]')
    check_page.arrives(RESULT, given)

    # The estimate: no field is filled in before somebody types.
    check_page.goes_to(REFUND, given)
    amounts = {
        name: str(example.answers[name]) for name, question in policy.questions.items() if kind_of(question).is_money
    }
    for name, amount in amounts.items():
        assert check_page.fields(name) == [], name
        session.click(f"#answer-{name}-1")
        session.type(amount)
    session.click("button", say("refund.submit"))
    session.focused(".check-estimate")
    sections = {each["id"]: each for each in check_page.reply({**given, **amounts})["explanation"]["sections"]}
    assert sections["estimates"]["items"][0]["text"] in session.see(".check-estimate")

    # A link brings the same answers.
    session.open("cases/")
    check_page.open(check_page.link({**given, **amounts}, amounts=True))
    check_page.arrives(RESULT, {**given, **amounts})


@pytest.mark.deep
@pytest.mark.browser
def test_policy_page_anchors_and_offline_copy_work_under_any_policy_ids(
    open_session: Callable[..., BrowserSession], strange_file: Path, strange_site: Path, tmp_path: Path
) -> None:
    policy = load(strange_file)
    assert "checker" in policy.clauses
    session = open_session("chromium", keepable(strange_site, tmp_path / "site", f"{date(2026, 11, 22)}T12:00:00"))
    session.open("policy/")
    session.wait_for(ACTIVE)
    there = "(ids) => ids.every((id) => document.getElementById(id)?.localName === 'h3')"
    assert session.evaluate(there, [*policy.clauses])
    session.search(policy.clauses["checker"].title.split()[0])
