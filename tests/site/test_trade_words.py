"""The customers' pages of a policy of another trade hold no word of the trades that they were first written for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
import yamlcore
from bs4 import BeautifulSoup

from macros.analysis.load import load
from tests.support.markup import soup
from tests.support.paths import POLICIES
from tests.support.words import say
from tests.unit.test_trade_words import trade_words

ROOM = POLICIES / "room.yaml"
SPOKEN = ("alt", "aria-label", "content", "data-dark", "data-done", "data-light", "data-text", "data-title")
"""Attributes whose text is shown or read aloud."""


@pytest.fixture(scope="module")
def pages(build_site: Callable[..., Path]) -> dict[str, BeautifulSoup]:
    """The customers' pages by their place in the site."""
    site = build_site(ROOM, draft=True)
    pages = {file.relative_to(site).as_posix(): soup(file) for file in sorted(site.rglob("*.html"))}
    return {name: page for name, page in pages.items() if not page.select_one("link[href*=stylesheets]")}


def spoken(page: BeautifulSoup) -> Iterator[str]:
    yield from page.stripped_strings
    for tag in page.find_all(True):
        yield from (str(tag[name]) for name in SPOKEN if tag.has_attr(name))


def test_public_pages_name_no_other_trade(pages: dict[str, BeautifulSoup]) -> None:
    assert {"index.html", "check/index.html", "policy/index.html", "cases/index.html"} <= pages.keys()
    found = {name: trade_words(" ".join(spoken(page))) for name, page in pages.items()}
    assert {name: words for name, words in found.items() if words} == {}


def test_public_pages_speak_of_the_policys_own_trade(pages: dict[str, BeautifulSoup]) -> None:
    words = load(ROOM).words
    home, check = (" ".join(spoken(pages[name])) for name in ("index.html", "check/index.html"))
    assert words.order in home
    assert words.request in check


def test_parts_that_a_policy_leaves_out_are_on_no_page(build_site: Callable[..., Path], tmp_path: Path) -> None:
    whole = yaml.load(ROOM.read_text(encoding="utf-8"), Loader=yamlcore.CoreLoader)
    for part in ("remedies", "costs", "examples"):
        del whole[part]
    for name in ("papers", "rent", "paid_rent", "nights_off"):
        del whole["questions"][name]
    for part in ("grants", "proof", "steps", "reminders", "interpretations", "estimates"):
        del whole["clauses"]["free_time"][part]
    file = tmp_path / "bare.yaml"
    file.write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    site = build_site(file, draft=True)
    assert not (site / "examples").exists()
    home, check = (set(spoken(soup(site / name))) for name in ("index.html", "check/index.html"))
    assert home.isdisjoint({say("home.short"), say("home.how"), say("title.examples")})
    assert not soup(site / "check/index.html").select("[data-view=check-prepare], [data-view=check-refund]")
    assert not soup(site / "policy/index.html").find(string=say("policy_page.notes"))
    assert say("home.policy") in home
    assert say("form.next") in check
