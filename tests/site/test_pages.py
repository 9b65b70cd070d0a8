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
from bs4 import BeautifulSoup

from checker import Checker, Policy
from checker.engine.compile import CompiledPolicy
from checker.policy import ProofItem, Rule
from macros.analysis.proof import prove
from macros.pages.condition_text import Conditions
from macros.pages.macros import UNCLEAR_FORM
from macros.project import ROOT
from tests.support.markup import SITE_PAGES, content, render_macro, soup, texts_of, visible_text, words
from tests.support.words import in_words, say

# ---- all of the policy is there


def test_every_clause_has_an_anchor_and_its_text(policy: Policy, draft_site: Path) -> None:
    page = soup(draft_site / "policy" / "index.html")
    for id_, clause in policy.clauses.items():
        [section] = page.select(f"section.clause#{id_}")
        assert section.h3
        assert words(clause.title) == visible_text(section.h3)
        # A list or a link is laid out in another way, so the letters alone are compared.
        letters = re.sub(r"\W", "", section.select(".clause__text")[0].get_text())
        assert re.sub(r"\W", "", re.sub(r"\]\([^)]*\)", "", clause.text)) == letters


def test_every_interpretation_step_and_proof_item_is_on_a_page(policy: Policy, draft_site: Path) -> None:
    text = "".join(visible_text(content(soup(draft_site / name / "index.html"))) for name in ("policy", "rules"))
    for id_, clause in policy.clauses.items():
        parts = {**clause.interpretations, **clause.reminders, **clause.proof, **clause.steps, **clause.estimates}
        for part in parts:
            for expected in texts_of(policy, f"{id_}.{part}"):
                assert words(expected).rstrip(".") in text, f"{id_}.{part}"
        for grant in clause.grants:
            assert all(policy.remedies[remedy] in text for remedy in grant.remedies)


def test_topics_follow_the_policy_order(policy: Policy, draft_site: Path) -> None:
    page = soup(draft_site / "policy" / "index.html")
    used = [topic for topic in policy.topics if any(c.topic == topic for c in policy.clauses.values())]
    assert [h2["id"] for h2 in page.select("main h2")] == [f"topic-{topic}" for topic in used]
    assert [a["href"] for a in page.select(".contents a")] == [f"#topic-{topic}" for topic in used]


def test_each_clause_has_its_interpretations_as_one_note(policy: Policy, draft_site: Path) -> None:
    page = soup(draft_site / "policy" / "index.html")
    for id_, clause in policy.clauses.items():
        notes = page.select(f"#{id_} .note")
        assert len(notes) == bool(clause.interpretations), id_
        texts = {str(part["id"]): visible_text(part) for note in notes for part in note.select("[id]")}
        assert texts == {f"interpretation-{name}": words(note.text) for name, note in clause.interpretations.items()}


def test_clause_links_to_its_entry_on_the_page_of_rules_if_it_has_one(policy: Policy, draft_site: Path) -> None:
    entries = {str(part["id"]) for part in soup(draft_site / "rules" / "index.html").select("section[id]")}
    page = soup(draft_site / "policy" / "index.html")
    for id_, clause in policy.clauses.items():
        links = [a["href"] for a in page.select(f"#{id_} .clause__links a[href*='rules/']")]
        assert links == ([f"../rules/#{id_}"] if id_ in entries else [])
        assert id_ in entries or not (clause.rules or clause.grants or clause.proof or clause.steps)


def test_each_summary_card_links_to_its_clause(policy: Policy, draft_site: Path) -> None:
    cards = soup(draft_site / "index.html").select(".card")
    links = [(card.select("a")[0]["href"], visible_text(card.select("h3")[0])) for card in cards]
    assert links == [(f"policy/#{card.clause}", words(card.title)) for card in policy.summary.values()]


def test_outcomes_are_in_the_table_and_among_the_rules_in_their_order(policy: Policy, draft_site: Path) -> None:
    rows = soup(draft_site / "cases" / "index.html").select(".table tbody tr")
    titles = [visible_text(row.select(".mark")[0]) for row in rows]
    order = [words(outcome.title) for outcome in policy.outcomes.values()]
    assert titles == sorted(titles, key=order.index)
    assert {*titles} == {*order}
    assert [row["id"] for row in rows if row.get("id")] == [f"outcome-{id_}" for id_ in policy.outcomes]
    for row, title in zip(rows, titles, strict=True):
        outcome = next(each for each in policy.outcomes.values() if words(each.title) == title)
        assert words(outcome.next) == visible_text(row.find_all("td")[-1])
    listed = soup(draft_site / "rules" / "index.html").select(".outcomes > li")
    assert [visible_text(item) for item in listed] == [
        words(f"{outcome.title} {outcome.text}") for outcome in policy.outcomes.values()
    ]


def table(policy: Policy) -> list[tuple[str, list[str]]]:
    """The lines of the table of outcomes: the outcome, and the clauses that it comes from."""
    return [
        (str(tr.select(".mark [data-id]")[0]["data-id"]), [str(a["href"]) for a in tr.select(".case__clauses a")])
        for tr in render_macro(policy, "outcomes").select("tbody tr")
    ]


def test_rules_on_one_question_share_a_line_of_the_table(frozen: Policy) -> None:
    assert [(outcome, [clause.partition("#")[2] for clause in clauses]) for outcome, clauses in table(frozen)] == [
        ("excluded", ["no_change_of_mind"]),
        ("excluded", ["force_majeure"]),
        ("carrier", ["return_logistics"]),
        ("expired", ["how_long"]),
        ("review", ["not_received"]),
        ("review", ["other"]),
        ("eligible", ["quality", "shortage", "wrong_item"]),
    ]


def test_rule_that_never_wins_has_no_line_in_the_table(frozen: Policy) -> None:
    clause = frozen.clauses["quality"]
    never = Rule(when={"problem": "change_of_mind"}, outcome="eligible")
    more = dataclasses.replace(clause, rules=(*clause.rules, never))
    page = render_macro(dataclasses.replace(frozen, clauses={**frozen.clauses, "quality": more}), "outcomes")
    assert len(page.select("[data-id='problem.change_of_mind']")) == 1


def test_each_example_shows_the_outcome_that_its_editor_expects(policy: Policy, draft_site: Path) -> None:
    page = soup(draft_site / "examples" / "index.html")
    checker = Checker(policy)
    for id_, example in policy.examples.items():
        [shown] = page.select(f"#example-{id_}")
        text = visible_text(shown)
        assert words(example.story) in text
        assert in_words(example.today) in text
        assert visible_text(shown.select(".verdict .mark")[0]) == words(policy.outcomes[example.outcome].title)
        answers = {name: [*a] if isinstance(a, tuple) else a for name, a in example.answers.items()}
        assert all(in_words(day.last_day) in text for day in checker.decide(answers, example.today).deadlines)


def test_clause_links_to_the_issue_form_when_the_policy_names_a_repository(frozen: Policy) -> None:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / UNCLEAR_FORM).read_text(encoding="utf-8"))
    fields = [field["id"] for field in form["body"] if "id" in field]
    remaining = dataclasses.replace(
        frozen, shop=dataclasses.replace(frozen.shop, repository="https://host.example/shop/policy/")
    )
    expected = {
        say("pages.unclear", title=clause.title): (
            "https://host.example/shop/policy/issues/new",
            {"template": UNCLEAR_FORM, fields[0]: f"policy/#{id_}"},
        )
        for id_, clause in remaining.clauses.items()
    }
    page = render_macro(remaining, "policy_text")
    links = {visible_text(a): urlsplit(str(a["href"])) for a in page.select('a[href*="/issues/new"]')}
    addresses = {text: (f"https://{to.netloc}{to.path}", dict(parse_qsl(to.query))) for text, to in links.items()}
    assert addresses == expected


def test_clause_has_no_issue_link_without_a_repository(frozen: Policy) -> None:
    without = dataclasses.replace(frozen, shop=dataclasses.replace(frozen.shop, repository=""))
    assert render_macro(without, "policy_text").select('a[href*="issues"]') == []


def test_windows_stand_in_large_figures_on_home_and_beside_the_policy(frozen: Policy) -> None:
    for macro in ("home", "policy_text", "outcomes"):
        [drawn] = render_macro(frozen, macro).select(".windows")
        assert [visible_text(window) for window in drawn.select(".window")] == [
            "15 days for standard products",
            "7 days for factory special products",
        ]
        assert drawn["data-clause"] == "how_long"


def test_pages_without_windows_have_no_part_for_them(frozen: Policy) -> None:
    without = dataclasses.replace(
        frozen, clauses={id_: dataclasses.replace(clause, rules=()) for id_, clause in frozen.clauses.items()}
    )
    assert render_macro(without, "home").select(".limits") == []
    assert render_macro(without, "policy_text").select(".leaf") == []


def test_condition_stands_below_what_it_is_for(frozen: Policy) -> None:
    page = render_macro(frozen, "rules")
    for clause in frozen.clauses.values():
        for name, note in clause.interpretations.items():
            alternatives = Conditions(frozen).alternatives(note.when) if note.when is not None else ()
            named = page.select(f"ul[data-kind=interpretations] > li > p:first-child > [data-id={name}]")
            assert [visible_text(line) for each in named for line in each.parent.parent.select(".cases")] == [  # type: ignore[union-attr]
                " ".join(sentence.striptags() for sentence in sentences) for sentences in alternatives
            ]


def test_alternative_conditions_are_all_listed(frozen: Policy) -> None:
    (id_, clause), *_ = frozen.clauses.items()
    when = ({"problem": "shortage", "outcome": "eligible"}, {"outcome": "carrier"})
    item = ProofItem(title="A thing", when=when)
    policy = dataclasses.replace(frozen, clauses={id_: dataclasses.replace(clause, proof={"thing": item})})
    [shown_item] = render_macro(policy, "rules").select("ul[data-kind=proof] > li")
    eligible, carrier = (say("pages.quote", text=frozen.outcomes[id_].title) for id_ in ("eligible", "carrier"))
    assert [visible_text(each) for each in shown_item.select(".cases__any > li")] == [
        f"{say('pages.only', answers='a shortage')} {say('pages.outcomes', outcomes=eligible)}",
        say("pages.outcomes", outcomes=carrier),
    ]


# ---- in plain words


def readable(page: BeautifulSoup) -> str:
    """The text that a reader meets, one sentence a line: a heading or an entry of a list is a sentence too."""
    article = content(copy(page))
    for unread in article.select("script, template, [hidden], pre, .error"):
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
            carries_answers = path == "check/" and "=" in anchor  # tested with the home page
            assert not anchor or carries_answers or anchor in anchors[path], f"{name}: {href}"


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


def test_proof_page_names_every_invariant_and_overlap(policy: Policy) -> None:
    page = visible_text(render_macro(policy, "proof_report"))
    proof = prove(CompiledPolicy(policy))
    assert str(proof.cases) in page
    assert all(words(policy.invariants[name].text) in page for name in proof.invariants)
    assert all(policy.clauses[overlap.wins].title in page for overlap in proof.overlaps)
