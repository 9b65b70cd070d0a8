"""Looks at pages: their text without its layout, and where a text of the policy stands."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from jinja2 import Environment
from markdown import markdown

from checker import Policy
from macros.pages.macros import MACROS, Pages
from macros.project import ROOT

SITE_PAGES = (
    *("", "check/", "policy/", "cases/", "examples/", "rules/", "about/"),
    *("proof/", "editors/", "editing/", "data/"),
)
IDLE = {"about", "editing", "exported_cases", "exported_expression", "exported_query", "sample_error"}
"""Macros that show nothing of the policy, of outcomes no more than their names, or ids alone."""


@functools.lru_cache(32)
def soup(file: Path) -> BeautifulSoup:
    """A page of a built site. Many tests look at the same one: who changes it takes a copy."""
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def content(page: BeautifulSoup) -> Tag:
    main = page.select_one("main")
    assert main
    return main


def words(text: str) -> str:
    """A text without its layout and its Markdown, so that two can be compared."""
    return " ".join(re.sub(r"[*_\\]|^- ", "", text, flags=re.MULTILINE).split())


def visible_text(tag: Tag) -> str:
    """The text of a part of a page, with a space between its elements; a name in a sentence is none of them."""
    copy = BeautifulSoup(str(tag), "html.parser")
    for named in copy.select("span[data-id]:not(.mark *)"):
        named.unwrap()
    copy.smooth()
    return words(copy.get_text(" "))


def pages_of(policy: Policy, source: str = "") -> Pages:
    return Pages(policy, source, lambda: "../")


def check_form(policy: Policy) -> str:
    """The views of the check page."""
    return pages_of(policy).render("form")


def render_macro(policy: Policy, macro: str) -> BeautifulSoup:
    """A part of a page as MkDocs makes it."""
    html = markdown(pages_of(policy).render(macro), extensions=["attr_list", "toc"])
    return BeautifulSoup(html, "html.parser")


def render_pages(policy: Policy, source: str = "") -> dict[str, str]:
    """All pages by name, as MkDocs makes what is in them, without its frame: it takes no site."""
    pages = pages_of(policy, source)
    macros = {name: functools.partial(pages.render, name) for name in MACROS}
    html = {}
    for file in sorted((ROOT / "docs").glob("*.md")):
        _, _, text = file.read_text(encoding="utf-8").split("---\n", 2)
        html[file.stem] = markdown(Environment().from_string(text).render(macros), extensions=["attr_list", "toc"])
    return html


def texts_of(policy: Policy, place: str) -> list[str]:
    """The texts that stand at a place: a clause, or a part of it."""
    clause_id, _, part = place.partition(".")
    clause = policy.clauses[clause_id]
    if not part:
        return [clause.text]
    kinds = (clause.interpretations, clause.reminders, clause.proof, clause.steps, clause.estimates)
    [part_of_clause] = [kind[part] for kind in kinds if part in kind]
    return [text for name in ("title", "text", "help") if (text := getattr(part_of_clause, name, None))]
