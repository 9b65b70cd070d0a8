"""Looks at pages: their text without its layout, and where a text of the policy stands."""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from markdown import markdown

from checker import Policy
from macros.pages import Pages

SITE_PAGES = ("", "check/", "policy/", "prepare/", "cases/", "examples/", "proof/", "speed/", "editors/", "editing/")


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
