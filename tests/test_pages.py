"""The pages: all of the policy is on them, in plain words, and nothing else gets in."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
import textstat
from bs4 import BeautifulSoup, Tag
from markdown import markdown
from playwright.sync_api import Browser, Page

from checker import Policy
from checker.calendar import in_words
from checker.table import decision_table
from macros.pages import MACROS, Pages

POLICIES = Path(__file__).parent / "policies"
SITE_PAGES = ("", "check/", "policy/", "prepare/", "cases/", "examples/", "editors/")

# What the source of the policy states, and where frozen.yaml says it: a clause, or `clause.part`.
STATED = {
    "F1 the period": ["how_long"],
    "F2 the shorter period": ["how_long"],
    "F3 proof, review, then quick handling": ["how_it_works"],
    "F4 quality problems": ["quality"],
    "F5 shortages": ["shortage"],
    "F6 wrong products": ["wrong_item"],
    "F7 reissue or refund, at the platform's cost": ["remedy"],
    "F8 problems on the way back": ["return_logistics"],
    "F9 other problems": ["other"],
    "F10 no returns without a reason": ["no_change_of_mind"],
    "F11 force majeure": ["force_majeure"],
    "F12 only the items concerned": ["affected_items"],
    "F13 refunds after a discount": ["discounts"],
    "F14 what to send": [
        "proof",
        "proof.store_screenshot",
        "proof.product_pictures",
        "proof.package_pictures",
        "proof.description",
    ],
    "F15 the weighed package": ["proof.weighing_pictures"],
    "F16 when the review starts": ["review", "review.review_starts", "review.decision"],
    "F17 what postpones the review": ["review", "logistics_review"],
    "F18 when the money comes": ["money_back", "money_back.money_arrives"],
    "F19 the return address": ["return_address", "return_address.wait_for_address"],
    "F20 what the return parcel holds": ["return_parcel", "return_parcel.check_parcel"],
    "F21 whom to ask": ["where_to_apply"],
    "F22 the other return policy": ["no_change_of_mind.not_satisfied"],
}

# What the source leaves open, and where frozen.yaml says how it is read.
LEFT_OPEN = {
    "A1 the last day": ["how_long.last_day"],
    "A2 whose calendar": ["how_long.whose_calendar"],
    "A3 the period on the way back": [
        "return_logistics.carrier_deadlines",
        "return_logistics.late_but_carrier",
    ],
    "A4 unknown answers": ["unsure", "unsure.safe_date"],
    "A5 missing proof": ["proof.proof_missing", "proof.proof_impossible"],
    "A6 several reasons": ["several_reasons", "several_reasons.order_of_outcomes"],
    "A7 part of a discounted order": ["discounts.share_of_paid", "discounts.refund"],
    "A8 which costs": ["remedy.which_costs"],
    "A9 working days": ["review.working_days"],
    "A10 the day of the money": ["money_back.no_payment_date"],
    "A11 not arrived": ["not_received", "not_received.not_begun"],
    "A12 currency": ["discounts.currency"],
    "A13 the blank cells": ["remedy.same_for_all"],
    "A14 the contradiction": ["no_change_of_mind.not_satisfied"],
    "A15 the open list": ["force_majeure.open_list"],
    "A16 later faults": ["quality.later_faults"],
    "A17 several parcels": ["how_long.several_parcels"],
    "A18 who the user is": ["who_you_are", "who_you_are.resellers"],
    "A19 not stated at all": ["not_stated"],
    "A20 contact": ["where_to_apply", "where_to_apply.addresses_missing"],
    "A21 the law": ["your_rights"],
}


def soup(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def content(page: BeautifulSoup) -> Tag:
    article = page.select_one("article")
    assert article
    return article


def words(text: str) -> str:
    """A text without its layout and its Markdown, so that two can be compared."""
    return " ".join(re.sub(r"[*_\\]|^- ", "", text, flags=re.MULTILINE).split())


def shown(tag: Tag) -> str:
    return words(tag.get_text(" "))


def pages_of(policy: Policy) -> Pages:
    return Pages(policy, "", lambda: "../")


def rendered(policy: Policy, macro: str) -> BeautifulSoup:
    """A part of a page as MkDocs makes it."""
    html = markdown(getattr(pages_of(policy), macro)(), extensions=["attr_list", "toc"])
    return BeautifulSoup(html, "html.parser")


def texts_of(policy: Policy, place: str) -> list[str]:
    """The texts that stand at a place: a clause, or a part of it."""
    clause_id, _, part = place.partition(".")
    clause = policy.clauses[clause_id]
    if not part:
        return [clause.text]
    kinds = (clause.interpretations, clause.reminders, clause.proof, clause.steps, clause.estimates)
    [found] = [kind[part] for kind in kinds if part in kind]
    return [text for name in ("title", "text", "help") if (text := getattr(found, name, None))]


@pytest.fixture(scope="session")
def frozen_site(build_site: Callable[[Path], Path]) -> Path:
    return build_site(POLICIES / "frozen.yaml")


# ---- all of the policy is there


def test_the_tables_name_every_statement_and_every_open_point() -> None:
    assert [name.split()[0] for name in STATED] == [f"F{n + 1}" for n in range(22)]
    assert [name.split()[0] for name in LEFT_OPEN] == [f"A{n + 1}" for n in range(21)]


@pytest.mark.parametrize("statement", [*STATED, *LEFT_OPEN])
def test_what_the_source_says_and_leaves_open_is_on_the_pages(
    statement: str, frozen: Policy, frozen_site: Path
) -> None:
    policy_page = content(soup(frozen_site / "policy" / "index.html"))
    elsewhere = shown(content(soup(frozen_site / "prepare" / "index.html")))
    for place in (STATED | LEFT_OPEN)[statement]:
        clause, _, part = place.partition(".")
        assert policy_page.find("h3", id=clause)
        if part in frozen.clauses[clause].interpretations:
            box = policy_page.find(id=f"{clause}-{part}")
            assert isinstance(box, Tag)
            text = shown(box)
        else:
            text = shown(policy_page) + elsewhere
        for expected in texts_of(frozen, place):
            assert words(expected) in text


def test_every_clause_has_an_anchor_and_its_text(policy: Policy, site: Path) -> None:
    page = soup(site / "policy" / "index.html")
    for id_, clause in policy.clauses.items():
        heading = page.find("h3", id=id_)
        assert isinstance(heading, Tag), id_
        assert words(clause.title) in shown(heading)
        body = heading.find_next_sibling("div")
        assert isinstance(body, Tag)
        # A list or a link is laid out in another way, so the letters alone are compared.
        letters = re.sub(r"\W", "", body.get_text())
        assert re.sub(r"\W", "", re.sub(r"\]\([^)]*\)", "", clause.text)) in letters


def test_every_note_step_and_piece_of_proof_is_on_a_page(policy: Policy, site: Path) -> None:
    text = "".join(shown(content(soup(site / name / "index.html"))) for name in ("policy", "prepare"))
    for id_, clause in policy.clauses.items():
        parts = {**clause.interpretations, **clause.reminders, **clause.proof, **clause.steps, **clause.estimates}
        for part in parts:
            for expected in texts_of(policy, f"{id_}.{part}"):
                assert words(expected).rstrip(".") in text, f"{id_}.{part}"
        for grant in clause.grants:
            assert all(policy.remedies[remedy] in text for remedy in grant.remedies)


def test_the_topics_follow_the_policys_order(policy: Policy, site: Path) -> None:
    page = soup(site / "policy" / "index.html")
    topics = [str(h2["id"]) for h2 in page.find_all("h2", id=re.compile("^topic-"))]
    used = [topic for topic in policy.topics if any(c.topic == topic for c in policy.clauses.values())]
    assert topics == [f"topic-{topic}" for topic in used]


def test_each_summary_card_leads_to_its_clause(policy: Policy, site: Path) -> None:
    links = [a["href"] for a in soup(site / "index.html").select(".card a")]
    assert links == [f"policy/#{card.clause}" for card in policy.summary.values()]


def test_the_table_has_every_row_with_its_outcome(policy: Policy, site: Path) -> None:
    table = decision_table(pages_of(policy).checker)
    rows = soup(site / "cases" / "index.html").select(".decisions tbody tr")
    assert [shown(row.select(".outcome")[0]) for row in rows] == [
        words(policy.outcomes[row.outcome].title) for row in table.rows
    ]
    assert rows


def test_every_outcome_is_explained(policy: Policy, site: Path) -> None:
    page = soup(site / "cases" / "index.html")
    for id_, outcome in policy.outcomes.items():
        heading = page.find("h3", id=f"outcome-{id_}")
        assert isinstance(heading, Tag)
        below = shown(heading.find_next_sibling("div"))  # type: ignore[arg-type]
        assert words(outcome.text) in below
        assert words(outcome.next) in below


def test_each_example_shows_the_outcome_that_its_editor_expects(policy: Policy, site: Path) -> None:
    page = soup(site / "examples" / "index.html")
    for id_, example in policy.examples.items():
        heading = page.find("h2", id=f"example-{id_}")
        assert isinstance(heading, Tag)
        told = heading.find_next_sibling("div")
        assert isinstance(told, Tag)
        assert words(example.story) in shown(told)
        assert in_words(example.today) in shown(told)
        assert shown(told.select(".verdict__title")[0]) == words(policy.outcomes[example.outcome].title)


def test_where_to_apply_is_a_link_once_it_is_entered(frozen: Policy) -> None:
    shop = dataclasses.replace(frozen.shop, contact="help@shop.example", apply_at="https://shop.example/apply")
    entered = rendered(dataclasses.replace(frozen, shop=shop), "contact")
    assert [a["href"] for a in entered.find_all("a")] == ["https://shop.example/apply", "mailto:help@shop.example"]


def test_as_long_as_the_shop_has_no_address_the_pages_say_so(frozen: Policy) -> None:
    shop = dataclasses.replace(frozen.shop, contact="", apply_at="")
    missing = rendered(dataclasses.replace(frozen, shop=shop), "contact")
    assert [shown(dd) for dd in missing.find_all("dd")] == [f"{shop.name} has not entered this yet."] * 2


# ---- in plain words


def readable(page: BeautifulSoup) -> str:
    """The text that a reader meets, one sentence a line: a heading or an entry of a list is a sentence too."""
    article = content(page)
    for unread in article.select(".headerlink, script, template, [hidden], .decisions__label, pre, .error"):
        unread.decompose()
    for block in article.find_all(["p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "summary", "caption"]):
        block.append("\n")
    lines = (" ".join(line.split()) for line in article.get_text().splitlines())
    return "\n".join(line if line[-1] in ".!?:" else f"{line}." for line in lines if line)


@pytest.mark.parametrize("name", SITE_PAGES)
def test_a_page_reads_at_grade_8_or_easier(name: str, site: Path) -> None:
    text = readable(soup(site / name / "index.html"))
    assert len(text.split()) > 30
    assert textstat.flesch_kincaid_grade(text) <= 8


def test_the_first_sentence_of_an_outcome_has_at_most_20_words(policy: Policy) -> None:
    for id_, outcome in policy.outcomes.items():
        first = re.split(r"(?<=[.!?])\s", outcome.text.strip())[0]
        assert len(first.split()) <= 20, id_


# ---- and nothing else gets in


def test_every_page_names_its_policy(policy: Policy, site: Path) -> None:
    files = [*site.glob("*.html"), *site.glob("*/index.html")]
    assert len(files) == len(SITE_PAGES) + 1  # and the page for wrong addresses
    for file in files:
        page = soup(file)
        names = {meta.get("name"): meta.get("content") for meta in page.find_all("meta")}
        assert names["policy-digest"] == policy.digest
        assert names["policy-version"] == policy.version
        footer = shown(page.select("footer")[0])
        assert policy.version in footer
        assert in_words(policy.valid_from) in footer


def test_every_link_leads_somewhere(site: Path) -> None:
    pages = {name: soup(site / name / "index.html") for name in SITE_PAGES}
    anchors = {name: {str(tag["id"]) for tag in page.find_all(id=True)} for name, page in pages.items()}
    for name, page in pages.items():
        for link in page.find_all("a", href=True):
            href = str(link["href"])
            if href.startswith(("https:", "mailto:")):
                continue
            target, anchor = urldefrag(urljoin(f"http://site/{name}", href))
            path = target.removeprefix("http://site/")
            assert path in pages, f"{name}: {href}"
            assert not anchor or anchor in anchors[path], f"{name}: {href}"


def test_no_page_loads_anything_from_elsewhere_or_runs_inline_code(site: Path) -> None:
    for name in SITE_PAGES:
        page = soup(site / name / "index.html")
        loaded = [
            str(tag[key])
            for selector, key in {"[src]": "src", "link[rel=stylesheet]": "href", "link[rel=icon]": "href"}.items()
            for tag in page.select(selector)
        ]
        assert loaded
        assert not [url for url in loaded if "//" in url]
        assert not content(page).select("[style], [onclick], script:not([src])")


HOSTILE = """<script>alert(1)</script> <img src=x onerror=alert(1)> {{ 7 * 7 }} {% raw %} a | b

[bad](javascript:alert(1)) [worse](data:text/html,x) ![picture](https://elsewhere.example/x.png)
[good](https://example.org) <javascript:alert(1)>

# not a heading
"""


def with_texts(policy: Policy, text: str) -> Policy:
    """The policy with the same text wherever a customer reads one."""

    def changed(part: Any) -> Any:
        if isinstance(part, Mapping):
            return {key: changed(value) for key, value in part.items()}
        if isinstance(part, tuple):
            return tuple(map(changed, part))
        if dataclasses.is_dataclass(part) and not isinstance(part, type):
            names = {"title", "text", "ask", "help", "in_words", "story", "next", "name", "contact", "apply_at"}
            return dataclasses.replace(
                part,
                **{
                    field.name: text if field.name in names else changed(getattr(part, field.name))
                    for field in dataclasses.fields(part)
                },
            )
        return part

    result: Policy = changed(dataclasses.replace(policy, remedies=dict.fromkeys(policy.remedies, text)))
    return dataclasses.replace(result, topics=dict.fromkeys(policy.topics, text), editors_note=text)


@pytest.mark.parametrize("macro", [macro for macro in MACROS if macro != "sample_error"])
def test_a_text_of_the_policy_never_becomes_a_tag_or_a_script(macro: str, frozen: Policy) -> None:
    page = rendered(with_texts(frozen, HOSTILE), macro)
    assert not page.find_all(["script", "img", "iframe", "style"])
    assert not [tag for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    for link in page.find_all("a"):
        assert str(link["href"]).startswith(("https://example.org", "../", "#"))
    text = page.get_text()
    assert "49" not in text
    if macro != "version_line":
        assert "<script>alert(1)</script>" in text or macro == "not_entered"


def test_a_text_may_link_to_a_clause(frozen: Policy) -> None:
    [(id_, clause), *others] = frozen.clauses.items()
    target = others[-1][0]
    linked = dataclasses.replace(clause, text=f"See [there](clause:{target}), not [nowhere](clause:no_such_clause).")
    page = rendered(dataclasses.replace(frozen, clauses={**frozen.clauses, id_: linked}), "policy_text")
    body = page.select_one(".clause")
    assert body
    assert [(a["href"], a.get_text()) for a in body.find_all("a")] == [(f"../policy/#{target}", "there")]


# ---- in a browser


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_the_home_page_fits_one_screen_of_a_phone(phone: Page, base_url: str) -> None:
    phone.goto(base_url)
    for selector in ("h1", ".card:last-child", ".button--main", ".button:not(.button--main)", ".version"):
        box = phone.locator(selector).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 740, selector


@pytest.mark.browser
@pytest.mark.parametrize("name", SITE_PAGES)
def test_a_narrow_screen_never_scrolls_sideways(name: str, phone: Page, base_url: str) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(base_url + name)
    phone.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert phone.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.browser
@pytest.mark.parametrize("name", SITE_PAGES)
def test_a_page_asks_no_other_site_for_anything(name: str, phone: Page, base_url: str) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(base_url + name, wait_until="load")
    assert asked
    assert [url for url in asked if not url.startswith((base_url, "data:", "blob:"))] == []


@pytest.mark.browser
def test_a_print_is_black_on_white_and_unfolds_the_rules(browser: Browser, base_url: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{base_url}policy/")
    page.emulate_media(media="print")
    assert not page.locator("header").is_visible()
    assert page.locator(".applied ul").first.is_visible()
    colours = "getComputedStyle(document.querySelector('.reading__label')).color"
    assert page.evaluate(colours) == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


@pytest.mark.browser
def test_a_wrong_address_leads_home(phone: Page, base_url: str) -> None:
    phone.goto(f"{base_url}404.html")
    phone.locator("article a.button").click()
    assert phone.url == base_url


@pytest.mark.browser
def test_the_site_can_be_read_without_scripts(browser: Browser, base_url: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(base_url)
    page.get_by_role("link", name="table").click()
    assert page.locator(".decisions tbody tr").count() > 1
    assert not page.locator(".md-header__button[for=__search]").is_visible()
    context.close()
