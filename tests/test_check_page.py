"""The check page in a real browser: the form, the worker with Pyodide, and what a customer is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from checker import Checker, Policy
from checker.browser import answer
from checker.policy import Example
from checker.words import say
from macros.cli import main

pytestmark = pytest.mark.browser

TODAY = "2026-11-22"
expect.set_options(timeout=30_000)  # a busy machine starts the runtime slowly
PATIENCE = 8_000
"""Milliseconds after which a customer who waits is shown another way."""

# What the page was told, in the order in which it was told.
LISTEN = "window.told = []; addEventListener('verdict', (event) => told.push(event.detail), true);"


@pytest.fixture
def open_context(browser: Browser, base_url: str) -> Iterator[Callable[..., BrowserContext]]:
    """Opens contexts; at the end, none of them may have asked another site for anything."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []

    def open_context(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=base_url, **options)
        context.add_init_script(LISTEN)
        context.on("request", lambda request: asked.append(request.url))
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert [address for address in asked if not address.startswith(base_url)] == []


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    """A page that has not loaded anything yet, on a day that stands still."""
    page = open_context().new_page()
    page.clock.set_fixed_time(f"{TODAY}T12:00:00")
    return page


def fill(page: Page, policy: Policy, answers: Mapping[str, str | tuple[str, ...]]) -> None:
    for name, given in answers.items():
        question = page.locator(f'[data-question="{name}"]')
        question.evaluate("node => { for (; node; node = node.parentElement) if ('open' in node) node.open = true }")
        for value in [given] if isinstance(given, str) else given:
            choice = question.locator(f'[value="{value}"]')
            choice.check() if choice.count() else question.locator(f"#{name}").fill(value)


def submit(page: Page) -> None:
    page.get_by_role("button", name=say("form.submit")).click()


def told(page: Page) -> str:
    """What the worker told the page last, as it came."""
    page.wait_for_function("told.length")
    return str(page.evaluate("told.pop()"))


def heading(page: Page) -> Locator:
    return page.locator("#check-result")


def notice(page: Page, name: str) -> Locator:
    return page.locator(f'[data-notice="{name}"]')


def check(page: Page, policy: Policy, answers: Mapping[str, str | tuple[str, ...]]) -> None:
    page.goto("check/")
    fill(page, policy, answers)
    submit(page)


@pytest.fixture
def example(policy: Policy) -> Example:
    return next(iter(policy.examples.values()))


# ---- what it answers


def test_the_examples_have_every_outcome(policy: Policy) -> None:
    assert {example.outcome for example in policy.examples.values()} == set(policy.outcomes)


def test_every_example_gets_its_outcome_and_python_says_the_same_byte_for_byte(
    page: Page, policy: Policy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.goto("check/")
    for example in policy.examples.values():
        page.get_by_role("button", name=say("form.reset")).click()
        page.clock.set_fixed_time(f"{example.today}T12:00:00")
        fill(page, policy, example.answers)
        submit(page)
        outcome = policy.outcomes[example.outcome]
        expect(heading(page), example.title).to_have_text(outcome.title)
        expect(heading(page)).to_be_focused()
        expect(page.locator(".check-outcome")).to_have_attribute("data-tone", outcome.tone)
        request = {"answers": example.answers, "today": str(example.today), "digest": policy.digest}
        given = told(page)
        assert given == answer(json.dumps(request), Checker(policy)), example.title
        file = tmp_path / "answers.json"
        file.write_text(json.dumps(example.answers), encoding="utf-8")
        assert main(["decide", str(file), "--today", str(example.today)]) == 0
        assert json.loads(capsys.readouterr().out) == json.loads(given)["verdict"], example.title
    assert thrown == []


def test_all_that_the_checker_says_stands_on_the_page(page: Page, policy: Policy, example: Example) -> None:
    check(page, policy, example.answers)
    explanation = json.loads(told(page))["explanation"]
    result = page.locator(".check-result")
    expect(result.locator("h3, summary")).to_have_text([section["heading"] for section in explanation["sections"]])
    for section in explanation["sections"]:
        lines = result.locator(f'[data-section="{section["id"]}"] li')
        texts = [re.compile(rf"^\s*{re.escape(item['text'])}") for item in section["items"]]
        expect(lines).to_have_text(texts)
        for item, line in zip(section["items"], lines.all(), strict=True):
            expect(line).to_contain_text(item["note"] or "")


def test_a_citation_leads_to_its_clause(page: Page, policy: Policy, example: Example) -> None:
    check(page, policy, example.answers)
    [reason, *_] = json.loads(told(page))["verdict"]["reasons"]
    page.locator('[data-section="why"]').get_by_role("link", name=policy.clauses[reason["clause"]].title).click()
    expect(page).to_have_url(re.compile(rf"/policy/#{reason['clause']}$"))
    expect(page.locator(f"[id='{reason['clause']}']")).to_be_in_viewport()


def test_without_an_answer_several_outcomes_are_possible(page: Page, policy: Policy) -> None:
    check(page, policy, {})
    expect(heading(page)).to_have_text(say("result.undecided"))
    possible = page.locator('[data-section="possible"] li')
    expect(possible).to_have_count(len(json.loads(told(page))["verdict"]["possible"]))


def test_an_answer_is_gone_once_the_customer_changes_a_question(page: Page, policy: Policy, example: Example) -> None:
    check(page, policy, example.answers)
    expect(heading(page)).to_be_visible()
    page.locator('.check input[type="checkbox"]').first.click()
    expect(heading(page)).to_be_hidden()


def test_start_again_clears_the_page(page: Page, policy: Policy, example: Example) -> None:
    check(page, policy, example.answers)
    expect(heading(page)).to_be_visible()
    page.get_by_role("button", name=say("form.reset")).click()
    expect(heading(page)).to_be_hidden()
    expect(page.locator(".check :checked")).to_have_count(0)
    expect(page.locator(".check input").first).to_be_focused()


def test_a_customer_with_a_keyboard_alone_comes_to_a_verdict(page: Page, policy: Policy) -> None:
    page.goto("check/")
    keys = page.keyboard
    for name, question in policy.questions.items():
        if question.answer == "amount":
            continue
        first = page.locator(f"#{name}")
        if question.unless_given:
            continue
        for _ in range(40):
            keys.press("Tab")
            if first.evaluate("node => node === document.activeElement"):
                break
        expect(first).to_be_focused()
        if question.answer == "date":
            keys.type("01012026")  # the same day in every language that writes the year last
            expect(first).to_have_value("2026-01-01")
        else:
            keys.press("Space")
            expect(first).to_be_checked()
    button = page.get_by_role("button", name=say("form.submit"))
    for _ in range(40):
        keys.press("Tab")
        if button.evaluate("node => node === document.activeElement"):
            break
    keys.press("Enter")
    expect(heading(page)).to_be_focused()


# ---- errors


def dated(policy: Policy) -> str:
    """A date question that has no default."""
    return next(name for name, each in policy.questions.items() if each.answer == "date" and not each.unless_given)


def amount(policy: Policy) -> str:
    return next(name for name, each in policy.questions.items() if each.answer == "amount")


def test_errors_are_summed_up_and_stand_beside_their_questions(page: Page, policy: Policy) -> None:
    page.goto("check/")
    title = page.title()
    fill(page, policy, {dated(policy): "2026-12-24", amount(policy): "a lot"})
    page.locator("details:has(#" + amount(policy) + ")").evaluate("node => { node.open = false }")
    submit(page)
    errors = {error["question"]: error["message"] for error in json.loads(told(page))["errors"]}
    assert [*errors] == [dated(policy), amount(policy)]
    summary = page.locator(".check-errors")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text([*errors.values()])
    expect(page).to_have_title(say("page.error_prefix") + title)
    expect(heading(page)).to_be_hidden()
    for name, message in errors.items():
        field = page.locator(f"#{name}")
        expect(page.locator(f"#{name}--error")).to_have_text(message)
        expect(field).to_be_visible()
        expect(field).to_have_accessible_description(re.compile(re.escape(message)))
        expect(field).to_have_attribute("aria-invalid", "true")
        summary.get_by_role("link", name=message).click()
        expect(field).to_be_focused()
        expect(page.locator(f'[data-question="{name}"] >> css=legend, label').first).to_be_in_viewport()
    fill(page, policy, {dated(policy): "2026-11-19", amount(policy): "10.00"})
    submit(page)
    expect(heading(page)).to_be_focused()
    expect(summary).to_be_hidden()
    expect(page).to_have_title(title)
    expect(page.locator(".check-error:visible, [aria-invalid]")).to_have_count(0)


def test_a_date_that_is_half_typed_is_an_error_and_not_a_missing_answer(page: Page, policy: Policy) -> None:
    page.goto("check/")
    page.locator(f"#{dated(policy)}").focus()
    page.keyboard.type("19")
    submit(page)
    expect(page.locator(".check-errors").get_by_role("link")).to_have_text([say("error.date_text")])


def test_a_date_and_the_choices_beside_it_rule_each_other_out(page: Page, policy: Policy) -> None:
    page.goto("check/")
    field = page.locator(f"#{dated(policy)}")
    choice = page.locator(f'[data-question="{dated(policy)}"] [type="radio"]').first
    field.fill("2026-11-19")
    choice.check()
    expect(field).to_have_value("")
    field.fill("2026-11-19")
    expect(choice).not_to_be_checked()
    field.fill("")
    field.focus()
    page.keyboard.type("19")
    choice.check()
    submit(page)
    assert "verdict" in json.loads(told(page))  # nothing is left of the date that was half typed


# ---- the worker in the place of which a test puts its own


def stub(page: Page, reply: str) -> None:
    """A worker that starts at once and answers with what the JavaScript expression makes of the request."""
    script = f"""onmessage = ({{ data: {{ id, name, argument }} }}) =>
        postMessage({{ id, value: name === "start" || JSON.stringify(({reply})(JSON.parse(argument))) }});"""
    page.route("**/check-worker.js", lambda route: route.fulfill(content_type="text/javascript", body=script))


SAY = "(request) => ({ explanation: { tone: 'good', title: %s, text: JSON.stringify(request), sections: %s } })"


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Kiritimati", "2026-11-23"), ("Pacific/Pago_Pago", "2026-11-22"), ("UTC", "2026-11-22")]
)
def test_today_is_the_day_where_the_customer_is(
    open_context: Callable[..., BrowserContext], policy: Policy, zone: str, day: str
) -> None:
    page = open_context(timezone_id=zone).new_page()
    page.clock.set_fixed_time("2026-11-22T11:00:00Z")
    stub(page, SAY % ("'title'", "[]"))
    check(page, policy, {dated(policy): "2026-11-19"})
    expect(page.locator(".check-outcome p")).to_be_visible()
    request = json.loads(page.locator(".check-outcome p").inner_text())
    assert request == {"answers": {dated(policy): "2026-11-19"}, "today": day, "digest": policy.digest}


def test_markup_from_the_checker_is_shown_as_it_is_typed(page: Page, policy: Policy) -> None:
    markup = "<img src=x onerror=alert(1)><b>bold</b>"
    items = [{"text": markup, "clause": '"]<b>', "note": markup}, {"text": markup, "clause": None, "note": None}]
    stub(page, SAY % (json.dumps(markup), json.dumps([{"id": markup, "heading": markup, "items": items}])))
    check(page, policy, {})
    result = page.locator(".check-result")
    expect(heading(page)).to_have_text(markup)
    expect(result.locator("h3")).to_have_text(markup)
    expect(result.locator("li")).to_have_text([markup * 2, markup])
    expect(result.locator("img, b")).to_have_count(0)


def test_markup_in_an_error_is_shown_as_it_is_typed(page: Page, policy: Policy) -> None:
    markup = "<img src=x onerror=alert(1)>"
    stub(page, f"() => ({{ errors: [{{ question: null, message: {json.dumps(markup)} }}] }})")
    check(page, policy, {})
    expect(page.locator(".check-errors li")).to_have_text([markup])
    expect(page.locator(".check-errors img")).to_have_count(0)


def test_an_answer_that_the_page_cannot_read_is_a_failure_and_no_silence(page: Page, policy: Policy) -> None:
    stub(page, "() => ({ explanation: {} })")
    check(page, policy, {})
    expect(notice(page, "failed")).to_be_focused()


# ---- a page that is older than the checker


def test_a_page_of_another_digest_gets_no_answer_and_offers_to_load_again(
    page: Page, policy: Policy, example: Example
) -> None:
    def older(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace('data-digest="', 'data-digest="0'))

    page.route("**/check/", older)
    check(page, policy, example.answers)
    assert json.loads(told(page)) == {"updated": True}
    expect(notice(page, "updated")).to_be_focused()
    expect(heading(page)).to_be_hidden()
    page.unroute("**/check/")
    with page.expect_navigation():
        page.get_by_role("button", name=say("page.reload")).click()
    expect(notice(page, "updated")).to_be_hidden()


# ---- a runtime that is slow, or never comes


def missing(route: Route) -> None:
    route.fulfill(status=404, body="")


def cut_off(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=response.body()[: len(response.body()) // 2])


def as_a_page(route: Route) -> None:
    route.fulfill(content_type="text/html", body="<!doctype html><title>Sign in to the network</title>")


def refused(route: Route) -> None:
    route.abort()


def without_webassembly(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=f"delete self.WebAssembly;\n{response.text()}")


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("check-worker.js", missing),
        ("check-worker.js", as_a_page),
        ("check-worker.js", without_webassembly),
        ("pyodide.mjs", missing),
        ("pyodide.mjs", as_a_page),
        ("pyodide.asm.js", missing),
        ("pyodide.asm.wasm", missing),
        ("pyodide.asm.wasm", cut_off),
        ("pyodide.asm.wasm", as_a_page),
        ("pyodide.asm.wasm", refused),
        ("python_stdlib.zip", missing),
        ("python_stdlib.zip", cut_off),
        ("pyodide-lock.json", missing),
        ("pyodide-lock.json", as_a_page),
        ("*.whl", missing),
        ("*.whl", cut_off),
    ],
)
def test_a_checker_that_cannot_start_shows_the_way_to_the_table(
    page: Page, policy: Policy, example: Example, file: str, fault: Callable[[Route], None]
) -> None:
    page.route(f"**/{file}", fault)
    check(page, policy, example.answers)
    expect(notice(page, "failed")).to_be_visible()
    expect(notice(page, "failed")).to_be_focused()
    expect(page.get_by_text(say("page.waiting"))).to_be_hidden()
    expect(heading(page)).to_be_hidden()
    notice(page, "failed").get_by_role("link", name=say("page.cases")).click()
    expect(page.get_by_role("table")).to_be_visible()


def test_a_later_submit_leads_to_the_notice_again(page: Page, policy: Policy) -> None:
    page.route("**/check-worker.js", missing)
    page.goto("check/")
    expect(notice(page, "failed")).to_be_visible()
    submit(page)
    expect(notice(page, "failed")).to_be_focused()
    expect(notice(page, "failed")).to_be_in_viewport()
    expect(page.get_by_text(say("page.waiting"))).to_be_hidden()


def test_a_slow_runtime_is_waited_for_and_its_notice_goes_away(
    open_context: Callable[..., BrowserContext], policy: Policy, example: Example
) -> None:
    page = open_context().new_page()
    page.clock.install(time=f"{example.today}T12:00:00")
    held: list[Route] = []
    page.route("**/pyodide.asm.wasm", lambda route: held.append(route))
    with page.expect_request("**/pyodide.asm.wasm"):
        page.goto("check/")
    fill(page, policy, example.answers)
    submit(page)
    waiting = page.get_by_role("status").get_by_text(say("page.waiting"))
    expect(waiting).to_be_visible()
    page.clock.run_for(PATIENCE)
    expect(notice(page, "late")).to_be_focused()
    expect(waiting).to_be_hidden()
    expect(notice(page, "late").get_by_role("link", name=say("page.cases"))).to_be_visible()
    [route] = held
    route.continue_()
    expect(heading(page)).to_be_focused()
    expect(heading(page)).to_have_text(policy.outcomes[example.outcome].title)
    expect(notice(page, "late")).to_be_hidden()


def test_a_runtime_that_hangs_is_noticed_in_ten_seconds_of_the_real_clock(page: Page) -> None:
    page.route("**/pyodide.asm.wasm", lambda route: None)
    page.goto("check/")
    expect(notice(page, "late")).to_be_visible(timeout=10_000)


# ---- without JavaScript, and on a small screen


def test_without_javascript_the_page_points_to_the_table_and_shows_no_form_that_leads_nowhere(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("check/")
    notice = page.locator("noscript p")
    expect(notice).to_contain_text(say("page.no_script"))
    expect(page.locator(".check form")).to_be_hidden()
    expect(page.locator(".check form")).to_have_attribute("method", "dialog")  # so that it sends nothing
    notice.get_by_role("link").click()
    expect(page.get_by_role("table")).to_be_visible()


def test_an_answer_that_stayed_on_the_screen_overnight_is_decided_anew(
    page: Page, policy: Policy, example: Example
) -> None:
    check(page, policy, example.answers)
    told(page)
    tomorrow = example.today + timedelta(1)
    page.clock.set_fixed_time(f"{tomorrow}T12:00:00")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    expected = Checker(policy).decide(dict(example.answers), tomorrow).to_json()
    assert json.loads(told(page))["verdict"] == expected


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_small_screen(
    open_context: Callable[..., BrowserContext], policy: Policy, example: Example, scheme: str
) -> None:
    page = open_context(viewport={"width": 360, "height": 640}, color_scheme=scheme).new_page()
    page.clock.set_fixed_time(f"{example.today}T12:00:00")
    wide = "document.documentElement.scrollWidth - innerWidth"
    check(page, policy, example.answers)
    expect(heading(page)).to_be_visible()
    assert page.evaluate(wide) == 0
    fill(page, policy, {amount(policy): "x" * 80})
    submit(page)
    expect(page.locator(".check-errors")).to_be_visible()
    assert page.evaluate(wide) == 0
