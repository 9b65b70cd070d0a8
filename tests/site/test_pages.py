"""The pages: all of the policy is on them, in plain words, and nothing else gets in."""

from __future__ import annotations

import dataclasses
import re
from copy import copy
from pathlib import Path
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
import textstat
import yaml
from bs4 import BeautifulSoup, Tag

from checker import Checker, Policy
from checker.engine.compile import CompiledPolicy
from checker.explain.decision_table import decision_table
from checker.policy import ProofItem
from macros.analysis.load import load
from macros.analysis.proof import prove
from macros.pages.condition_text import Conditions
from macros.pages.macros import UNCLEAR_FORM
from macros.project import ROOT
from tests.support.markup import SITE_PAGES, check_form, content, render_macro, soup, texts_of, visible_text, words
from tests.support.paths import POLICIES
from tests.support.words import in_words

# ---- all of the policy is there


def test_every_clause_has_an_anchor_and_its_text(policy: Policy, draft_site: Path) -> None:
    page = soup(draft_site / "policy" / "index.html")
    for id_, clause in policy.clauses.items():
        heading = page.find("h3", id=id_)
        assert isinstance(heading, Tag), id_
        assert words(clause.title) in visible_text(heading)
        body = heading.find_next_sibling("div")
        assert isinstance(body, Tag)
        # A list or a link is laid out in another way, so the letters alone are compared.
        letters = re.sub(r"\W", "", body.get_text())
        assert re.sub(r"\W", "", re.sub(r"\]\([^)]*\)", "", clause.text)) in letters


def test_every_interpretation_step_and_proof_item_is_on_a_page(policy: Policy, draft_site: Path) -> None:
    text = "".join(visible_text(content(soup(draft_site / name / "index.html"))) for name in ("policy", "prepare"))
    for id_, clause in policy.clauses.items():
        parts = {**clause.interpretations, **clause.reminders, **clause.proof, **clause.steps, **clause.estimates}
        for part in parts:
            for expected in texts_of(policy, f"{id_}.{part}"):
                assert words(expected).rstrip(".") in text, f"{id_}.{part}"
        for grant in clause.grants:
            assert all(policy.remedies[remedy] in text for remedy in grant.remedies)


def test_topics_follow_the_policy_order(policy: Policy, draft_site: Path) -> None:
    page = soup(draft_site / "policy" / "index.html")
    topics = [str(h2["id"]) for h2 in page.find_all("h2", id=re.compile("^topic-"))]
    used = [topic for topic in policy.topics if any(c.topic == topic for c in policy.clauses.values())]
    assert topics == [f"topic-{topic}" for topic in used]


def test_each_summary_card_links_to_its_clause(policy: Policy, draft_site: Path) -> None:
    links = [a["href"] for a in soup(draft_site / "index.html").select(".card a")]
    assert links == [f"policy/#{card.clause}" for card in policy.summary.values()]


def test_decision_table_has_every_row_with_its_outcome(policy: Policy, draft_site: Path) -> None:
    table = decision_table(Checker(policy))
    assert table
    rows = soup(draft_site / "cases" / "index.html").select(".decisions tbody tr")
    assert [visible_text(row.select(".outcome")[0]) for row in rows] == [
        words(policy.outcomes[row.outcome].title) for row in table.rows
    ]
    assert rows


def test_every_outcome_is_explained(policy: Policy, draft_site: Path) -> None:
    page = soup(draft_site / "cases" / "index.html")
    for id_, outcome in policy.outcomes.items():
        heading = page.find("h3", id=f"outcome-{id_}")
        assert isinstance(heading, Tag)
        below = visible_text(heading.find_next_sibling("div"))  # type: ignore[arg-type]
        assert words(outcome.text) in below
        assert words(outcome.next) in below


def test_each_example_shows_the_outcome_that_its_editor_expects(policy: Policy, draft_site: Path) -> None:
    page = soup(draft_site / "examples" / "index.html")
    for id_, example in policy.examples.items():
        heading = page.find("h2", id=f"example-{id_}")
        assert isinstance(heading, Tag)
        rendered = heading.find_next_sibling("div")
        assert isinstance(rendered, Tag)
        assert words(example.story) in visible_text(rendered)
        assert in_words(example.today) in visible_text(rendered)
        assert visible_text(rendered.select(".verdict__title")[0]) == words(policy.outcomes[example.outcome].title)


def test_where_to_apply_is_a_link_when_the_policy_has_its_address(frozen: Policy) -> None:
    shop = dataclasses.replace(frozen.shop, contact="help@shop.example", apply_at="https://shop.example/apply")
    entered = render_macro(dataclasses.replace(frozen, shop=shop), "contact")
    assert [a["href"] for a in entered.find_all("a")] == ["https://shop.example/apply", "mailto:help@shop.example"]


def test_missing_shop_address_is_stated(frozen: Policy) -> None:
    shop = dataclasses.replace(frozen.shop, contact="", apply_at="")
    missing = render_macro(dataclasses.replace(frozen, shop=shop), "contact")
    assert [visible_text(dd) for dd in missing.find_all("dd")] == [f"Not entered yet by {shop.name}."] * 2


def clauses_of(policy: Policy) -> list[BeautifulSoup]:
    """The clauses on the policy page, and those that the check page keeps in a template for its answers."""
    remaining = check_form(policy).replace("<template>", "").replace("</template>", "")
    return [render_macro(policy, "policy_text"), BeautifulSoup(remaining, "html.parser")]


def test_clause_links_to_the_issue_form_when_the_policy_names_a_repository(frozen: Policy) -> None:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / UNCLEAR_FORM).read_text(encoding="utf-8"))
    fields = [field["id"] for field in form["body"] if "id" in field]
    remaining = dataclasses.replace(
        frozen, shop=dataclasses.replace(frozen.shop, repository="https://host.example/shop/policy/")
    )
    expected = {
        f"Is “{clause.title}” unclear? Tell us": (
            "https://host.example/shop/policy/issues/new",
            {"template": UNCLEAR_FORM, fields[0]: f"policy/#{id_}"},
        )
        for id_, clause in remaining.clauses.items()
    }
    for page in clauses_of(remaining):
        links = {visible_text(a): urlsplit(str(a["href"])) for a in page.select('a[href*="/issues/new"]')}
        addresses = {text: (f"https://{to.netloc}{to.path}", dict(parse_qsl(to.query))) for text, to in links.items()}
        assert addresses == expected


def test_clause_has_no_issue_link_without_a_repository(frozen: Policy) -> None:
    without = dataclasses.replace(frozen, shop=dataclasses.replace(frozen.shop, repository=""))
    for page in clauses_of(without):
        assert page.select('a[href*="issues"]') == []


def test_clause_with_a_time_limit_draws_each_window(frozen: Policy) -> None:
    drawn = render_macro(frozen, "policy_text").select(".windows")
    assert [[visible_text(p) for p in figure.select("p")] for figure in drawn] == [
        ["15 days for standard products", "7 days for factory special products"]
    ]
    assert [len(bar.select(".timeline__bar")) for bar in drawn[0].select("svg")] == [15, 7]
    caption = drawn[0].select_one("figcaption")
    assert caption
    assert frozen.questions["received_on"].ask in visible_text(caption)
    above = drawn[0].find_previous("h3")
    assert isinstance(above, Tag)
    assert above["id"] == "how_long"


@pytest.mark.parametrize("file", sorted(POLICIES.glob("*.yaml")), ids=lambda file: file.stem)
def test_card_draws_the_windows_of_its_clause(file: Path) -> None:
    policy = load(file)
    clauses: dict[object, list[str]] = {}
    for figure in render_macro(policy, "policy_text").select("figure"):
        clauses.setdefault(figure.find_previous("h3")["id"], []).extend(map(str, figure.select(".window")))  # type: ignore[index]
    cards = render_macro(policy, "summary").select(".card")
    assert [[str(window) for window in card.select(".windows--short .window")] for card in cards] == [
        clauses.get(card.clause, []) for card in policy.summary.values()
    ]


def test_interpretation_says_for_which_cases_it_holds(frozen: Policy) -> None:
    page = render_macro(frozen, "policy_text")
    for clause in frozen.clauses.values():
        for name, reading in clause.interpretations.items():
            [box] = page.select(f"#interpretation-{name}")
            alternatives = Conditions(frozen).alternatives(reading.when) if reading.when is not None else ()
            assert [visible_text(line) for line in box.select(".cases")] == [
                " ".join(sentence.striptags() for sentence in sentences) for sentences in alternatives
            ]


def test_steps_of_an_outcome_are_an_ordered_list(policy: Policy) -> None:
    processes = render_macro(policy, "steps").select(".process")
    conditions, compiled = Conditions(policy), CompiledPolicy(policy)
    expected = {
        policy.outcomes[outcome].title: titles
        for outcome in policy.outcomes
        if (
            titles := [
                words(step.title)
                for clause in policy.clauses.values()
                for step in clause.steps.values()
                if conditions.alternatives_under(step.when, compiled, outcome) is not None
            ]
        )
    }
    assert {
        visible_text(process.select(".outcome")[0]): [
            visible_text(title) for title in process.select("ol > li > .list__title")
        ]
        for process in processes
    } == expected


def test_alternative_conditions_are_all_listed(frozen: Policy) -> None:
    (id_, clause), *_ = frozen.clauses.items()
    when = ({"problem": "shortage", "outcome": "eligible"}, {"outcome": "carrier"})
    item = ProofItem(title="A thing", when=when)
    policy = dataclasses.replace(frozen, clauses={id_: dataclasses.replace(clause, proof={"thing": item})})
    [shown_item] = render_macro(policy, "proof_list").select(".proof > li")
    assert [visible_text(each) for each in shown_item.select(".cases__any > li")] == [
        "Only for: a shortage. Only when the answer is: “You can apply”.",
        "Only when the answer is: “The carrier's rules decide”.",
    ]


def test_example_with_a_deadline_draws_its_timeline(policy: Policy) -> None:
    rendered = render_macro(policy, "worked_examples").select(".example")
    checker = Checker(policy)
    for example, shown_example in zip(policy.examples.values(), rendered, strict=True):
        days = checker.decide(
            {name: [*a] if isinstance(a, tuple) else a for name, a in example.answers.items()}, example.today
        ).deadlines
        labels = [str(svg["aria-label"]) for svg in shown_example.select("svg[role=img]")]
        assert len(labels) == bool(days)
        assert all(in_words(deadline.last_day) in label for deadline in days for label in labels)


def test_footer_links_to_the_pages_for_editors(draft_site: Path) -> None:
    for name in SITE_PAGES:
        links = [
            urljoin(f"http://site/{name}", str(a["href"]))
            for a in soup(draft_site / name / "index.html").select(".about a")
        ]
        assert links == ["http://site/proof/", "http://site/editors/"]


# ---- in plain words


def readable(page: BeautifulSoup) -> str:
    """The text that a reader meets, one sentence a line: a heading or an entry of a list is a sentence too."""
    article = content(copy(page))
    for unread in article.select(".headerlink, script, template, [hidden], .decisions__label, pre, .error"):
        unread.decompose()
    for block in article.find_all(["p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "summary", "caption"]):
        block.append("\n")
    lines = (" ".join(line.split()) for line in article.get_text().splitlines())
    return "\n".join(line if line[-1] in ".!?:" else f"{line}." for line in lines if line)


@pytest.mark.parametrize("name", SITE_PAGES)
def test_page_reads_at_grade_8_or_easier(name: str, frozen_site: Path) -> None:
    text = readable(soup(frozen_site / name / "index.html"))
    assert len(text.split()) > 30
    assert textstat.flesch_kincaid_grade(text) <= 8


def test_first_sentence_of_an_outcome_has_at_most_20_words(frozen: Policy) -> None:
    for id_, outcome in frozen.outcomes.items():
        first = re.split(r"(?<=[.!?])\s", outcome.text.strip())[0]
        assert len(first.split()) <= 20, id_


# ---- and nothing else gets in


def test_every_page_states_policy_version_and_digest(policy: Policy, draft_site: Path) -> None:
    files = [*draft_site.glob("*.html"), *draft_site.glob("*/index.html")]
    assert len(files) == len(SITE_PAGES) + 1  # and the page for wrong addresses
    for file in files:
        page = soup(file)
        names = {meta.get("name"): meta.get("content") for meta in page.find_all("meta")}
        assert names["policy-digest"] == policy.digest
        assert names["policy-version"] == policy.version
        footer = visible_text(page.select("footer")[0])
        assert policy.version in footer
        assert in_words(policy.valid_from) in footer


def test_every_link_has_a_target(draft_site: Path) -> None:
    pages = {name: soup(draft_site / name / "index.html") for name in SITE_PAGES}
    anchors = {
        name: {str(tag.get("id") or tag.get("data-view")) for tag in page.select("[id], [data-view]")}
        for name, page in pages.items()
    }
    for name, page in pages.items():
        for link in page.find_all("a", href=True):
            href = str(link["href"])
            if href.startswith(("https:", "mailto:")):
                continue
            target, anchor = urldefrag(urljoin(f"http://site/{name}", href))
            path = target.removeprefix("http://site/")
            assert path in pages or (draft_site / path).is_file(), f"{name}: {href}"
            assert not anchor or anchor in anchors[path], f"{name}: {href}"


def test_page_loads_nothing_external_and_runs_no_inline_code(draft_site: Path) -> None:
    for name in SITE_PAGES:
        page = soup(draft_site / name / "index.html")
        loaded = [
            str(tag[key])
            for selector, key in {"[src]": "src", "link[rel=stylesheet]": "href", "link[rel=icon]": "href"}.items()
            for tag in page.select(selector)
        ]
        assert loaded
        assert not [url for url in loaded if "//" in url]
        assert not content(page).select("[style], [onclick], script:not([src])")


def test_decision_table_merges_equal_cells(policy: Policy) -> None:
    """On a wide screen a cell reaches over the rows that share it; a phone shows each row as a card of its own."""
    rows = render_macro(policy, "decision_table").select("tbody tr")
    assert len(rows) > 2
    above: list[str] = []
    for row in rows:
        cells = row.find_all("td")
        again = ["again" in (cell.get("class") or ()) for cell in cells]
        texts = [visible_text(cell) for cell in cells]
        if above:
            assert again == [text == before for text, before in zip(texts, above, strict=True)]
        above = texts


def test_row_spans_of_the_decision_table_fill_each_column(policy: Policy) -> None:
    rows = render_macro(policy, "decision_table").select("tbody tr")
    columns = zip(*(row.find_all("td") for row in rows), strict=True)
    for column in columns:
        assert sum(
            int(str(cell.get("rowspan", "1"))) for cell in column if "again" not in (cell.get("class") or ())
        ) == len(rows)


def test_proof_page_names_every_invariant_and_overlap(policy: Policy) -> None:
    page = visible_text(render_macro(policy, "proof_report"))
    proof = prove(CompiledPolicy(policy))
    assert str(proof.cases) in page
    assert all(words(policy.invariants[name].text) in page for name in proof.invariants)
    assert all(policy.clauses[overlap.wins].title in page for overlap in proof.overlaps)
