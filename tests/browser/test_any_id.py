"""Every id that `policy check` accepts works on the pages, also the names of browsers, JavaScript and Python."""

from __future__ import annotations

import builtins
import json
import keyword
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
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
from macros.policyfile.references import RESERVED
from tests.browser.test_check_page import RECORD_RESPONSES
from tests.support.browser_session import ACTIVE, BrowserSession
from tests.support.check_page import PREPARE, REFUND, RESULT, CheckPage, example_with_amounts, questions_of_kind
from tests.support.markup import check_form, soup
from tests.support.paths import POLICIES, ROOT
from tests.support.renaming import renamed
from tests.support.servers import offline_copy
from tests.support.words import say

SOURCE = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
FORBIDDEN = {*RESERVED, ANY, COSTS, REMEDIES}
PYTHON = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *dir(dict), *dir(str)}
PAGE_WORDS = {
    *("answer", "amount", "check", "checker", "day", "doors", "error", "errors", "help", "hint", "interpretation"),
    *("link", "month", "pictures", "prepare", "refund", "result", "snapshot", "top", "topic", "wish"),
}
"""Parts of the pages' own ids, and former names of their globals."""

NAMES = """() => {
    const roots = [window, document, Object.prototype, [], "", () => {}, new FormData(), new URLSearchParams()];
    for (const name of ["form", "fieldset", "input", "details", "template"]) roots.push(document.createElement(name));
    const names = new Set();
    for (const root of roots) {
        for (let object = Object(root); object; object = Object.getPrototypeOf(object)) {
            for (const name of Object.getOwnPropertyNames(object)) names.add(name);
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
"""The names on a page that clobber a property of a form or of the document."""

GLOBALS = re.compile(r"\b(?:self|window|globalThis)\??\.(\w+)")
OF_BROWSERS = {"caches", "crypto", "fetch", "name", "top"}
"""Globals that every browser defines wherever a script reads them."""


def under(names: Iterable[str], chosen: Mapping[str, str] | None = None) -> str:
    """The source of the frozen policy with these names as ids; `chosen` fixes some of them."""
    new_ids = {**(chosen or {})}
    unused = iter([name for name in names if name not in new_ids.values()])

    def new(name: str) -> str:
        if name not in new_ids:
            new_ids[name] = next(unused)
        return new_ids[name]

    for name in ORDER:
        new(name)
    return renamed(SOURCE, new)


def in_order(policy: Policy) -> list[str]:
    """The ids of a policy; those that pages use in names and ids come first."""
    questions = policy.questions
    amounts = [name for name, question in questions.items() if kind_of(question).is_money]
    choices = [choice for question in questions.values() for choice in question.offered]
    return [*dict.fromkeys([*amounts, *questions, *policy.clauses, *policy.proof, *choices, *policy.remedies])]


ORDER = in_order(load(POLICIES / "frozen.yaml"))
FIRST = ["constructor", "length", "elements", "dataset", "hidden", "then", "name", "submit", "closest", "checker"]
FIRST += ["doors", "snapshot", "children", "remove", "check", "class", "self", "id", "title", "matches", "append"]
"""Names that clobbered something once, or would: the first become ids of amounts and questions."""


@pytest.fixture(scope="module")
def names(browser: Browser) -> list[str]:
    """All names of browsers, JavaScript and Python that are valid ids."""
    page = browser.new_page()
    known = {*page.evaluate(NAMES), *PYTHON, *PAGE_WORDS}
    page.close()
    valid = sorted(name for name in known if ID.fullmatch(name) and name not in FORBIDDEN)
    random.Random(1).shuffle(valid)
    return [*FIRST, *(name for name in valid if name not in FIRST)]


@pytest.fixture(scope="module")
def renamed_file(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen policy with the first of the names as ids."""
    file = tmp_path_factory.mktemp("strange") / "policy.yaml"
    file.write_text(under(names), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def renamed_site(renamed_file: Path, build_site: Callable[..., Path]) -> Path:
    return build_site(renamed_file)


def duplicate_ids(html: BeautifulSoup) -> list[str]:
    counts = Counter(str(part["id"]) for part in html.select("[id]"))
    return [name for name, count in counts.items() if count > 1]


def test_policy_loads_under_any_names_as_ids(names: list[str]) -> None:
    """Loading decides all worked examples and proves all invariants."""
    size = len(ORDER)
    assert {"dataset", "constructor", "onclick", "class", "print"} <= {*names}
    for start in range(0, len(names), size):
        policy = loads(under([*names[start:], *names[:start]]).encode())
        assert duplicate_ids(BeautifulSoup(check_form(policy), "html.parser")) == []


def test_field_ids_and_names_are_never_policy_ids(names: list[str]) -> None:
    form = BeautifulSoup(check_form(loads(under(names).encode())), "html.parser")
    field_names = {str(part[key]) for key in ("id", "name") for part in form.select(f"[{key}]")}
    assert field_names
    assert [name for name in field_names if ID.fullmatch(name)] == []


def test_scripts_read_no_global_that_can_be_a_policy_id() -> None:
    scripts = [*(ROOT / "docs").rglob("*.js"), *(ROOT / "overrides").rglob("*.html")]
    read = {name for script in scripts for name in GLOBALS.findall(script.read_text(encoding="utf-8"))}
    in_the_worker = {"snapshot"}
    assert {name for name in read if ID.fullmatch(name)} - OF_BROWSERS == in_the_worker
    assert "checkerWorker" in read


def colliding_ids() -> dict[str, str]:
    """Ids whose combinations equal other ids of the pages."""
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
    other = under([*names[shift:], *names[:shift]], None if turn else colliding_ids())
    file.write_text(other, encoding="utf-8")
    site = build_site(file, draft=True)
    pages = {page.relative_to(site): soup(page) for page in site.rglob("*.html")}
    assert len(pages) > 5
    assert {name: ids for name, page in pages.items() if (ids := duplicate_ids(page))} == {}


@pytest.mark.browser
def test_check_page_works_under_any_policy_ids(
    open_session: Callable[..., BrowserSession], renamed_file: Path, renamed_site: Path
) -> None:
    policy = load(renamed_file)
    example = example_with_amounts(policy)
    session = open_session("chromium", renamed_site)
    session.add_init_script(RECORD_RESPONSES)
    check_page = CheckPage(session, policy, example.today)
    check_page.open()
    assert session.evaluate(CLOBBERED) == []
    path = check_page.question_path(example.answers)
    answers: dict[str, Any] = {name: example.answers[name] for name in path}
    check_page.click_through(answers)
    check_page.expect_answer_list(answers)
    message = {"answers": answers, "asked": path[-1:], "today": str(example.today), "digest": policy.digest}
    assert session.evaluate("() => responses.at(-1)") == answer(json.dumps(message), check_page.checker)

    # The clause that decides stands in its fold, and each answer can be changed.
    reason = check_page.response(answers)["verdict"]["reasons"][0]["clause"]
    session.click("summary", say("result.why"))
    assert session.expect_visible(f'[data-fold="why"] [data-clause="{reason}"] b') == policy.clauses[reason].title
    session.click("link", f"{say('form.change')}: {policy.questions[path[0]].name}")
    check_page.expect_answer_in_view(path[0], answers)
    session.back()
    check_page.expect_view(RESULT, answers)

    # The request: provided proof is restored when the page is loaded again.
    check_page.open_view(PREPARE, answers)
    [proof] = questions_of_kind(policy, "proof")
    needed = check_page.response(answers)["verdict"]["proof"]["needed"]
    session.click(f"#answer-{proof}-{needed[0]}")
    session.wait_for("(item) => Object.values(localStorage).some((state) => state.includes(item))", needed[0])
    session.reload()
    answers[proof] = [needed[0]]
    check_page.expect_view(PREPARE, answers)
    assert check_page.field_values(proof) == answers[proof]
    session.wait_for("() => document.querySelector('.paper').textContent.length > 100")
    session.click(f'[href="#{RESULT}"]')
    check_page.expect_view(RESULT, answers)

    # The estimate: all fields are empty at first.
    check_page.open_view(REFUND, answers)
    amounts = {
        name: str(example.answers[name]) for name, question in policy.questions.items() if kind_of(question).is_money
    }
    for name, amount in amounts.items():
        assert check_page.field_values(name) == [], name
        session.click(f"#answer-{name}-1")
        session.type(amount)
    session.click("button", say("refund.submit"))
    session.expect_focus(".check-estimate")
    check_page.expect_receipt({**answers, **amounts})

    # A link restores the answers.
    check_page.open_result({**answers, **amounts}, amounts=True)


@pytest.mark.deep
@pytest.mark.browser
def test_policy_page_anchors_and_offline_copy_work_under_any_policy_ids(
    open_session: Callable[..., BrowserSession], renamed_file: Path, renamed_site: Path, tmp_path: Path
) -> None:
    policy = load(renamed_file)
    assert "checker" in policy.clauses
    session = open_session("chromium", offline_copy(renamed_site, tmp_path / "site", "2026-11-22T12:00:00"))
    session.open("policy/")
    session.wait_for(ACTIVE)
    all_exist = "(ids) => ids.every((id) => document.getElementById(id)?.localName === 'section')"
    assert session.evaluate(all_exist, [*policy.clauses])
