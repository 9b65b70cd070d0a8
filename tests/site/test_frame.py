"""The frame of all pages: the shop's name, contact and links, and nothing of the theme on customers' pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from macros.analysis.load import load
from macros.site.offline import WEB_MANIFEST
from tests.support.lighthouse import all_pages, file_of, public_pages
from tests.support.markup import soup
from tests.support.paths import POLICIES
from tests.support.words import say

NOTHING = 'contact: ""\n  apply at: ""'
EVERYTHING = """contact: help@tea.example
  apply at: https://tea.example/returns
  brand: Tea & <Co
  logo: icon-512.png
  accent: "#7a1f1f"
  legal notice: https://tea.example/imprint
  privacy: https://tea.example/privacy"""


@pytest.fixture(scope="module")
def bare_site(build_site: Callable[..., Path]) -> Path:
    """The site of a shop that has entered nothing but its name."""
    return build_site(POLICIES / "tea.yaml", draft=True)


@pytest.fixture(scope="module")
def full_policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy of a shop that has entered all that it can."""
    text = (POLICIES / "tea.yaml").read_text(encoding="utf-8")
    assert NOTHING in text
    file = tmp_path_factory.mktemp("shop") / "tea.yaml"
    file.write_text(text.replace(NOTHING, EVERYTHING), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def full_site(full_policy: Path, build_site: Callable[..., Path]) -> Path:
    return build_site(full_policy, draft=True)


def pages(site: Path) -> dict[str, BeautifulSoup]:
    return {name: soup(file_of(site, name)) for name in all_pages(site)}


def texts(page: BeautifulSoup, selector: str) -> list[str]:
    return [tag.get_text(" ", strip=True) for tag in page.select(selector)]


def foot_links(page: BeautifulSoup) -> dict[str, str]:
    return {tag.get_text(strip=True): str(tag["href"]) for tag in page.select(".foot a")}


def test_head_shows_the_brand_and_the_title(bare_site: Path, full_site: Path) -> None:
    title = load(POLICIES / "tea.yaml").title
    for name, page in pages(bare_site).items():
        assert texts(page, ".brand span") == [title], name
    for name, page in pages(full_site).items():
        assert texts(page, ".brand span") == ["Tea & <Co", title], name
        [logo] = page.select(".brand img")
        assert (file_of(full_site, name).parent / str(logo["src"])).resolve().name == "icon-512.png"
    assert texts(pages(full_site)["about/"], "title") == [f"{say('title.about')} – {title} – Tea & <Co"]


def test_contact_stands_on_every_page_or_its_absence_does(bare_site: Path, full_site: Path) -> None:
    for name, page in pages(bare_site).items():
        assert texts(page, ".foot .notice") == [say("frame.no_address")], name
    for name, page in pages(full_site).items():
        links = foot_links(page)
        assert links["help@tea.example"] == "mailto:help@tea.example", name
        assert links["https://tea.example/returns"] == "https://tea.example/returns", name
        assert texts(page, ".foot .notice") == [], name


def test_legal_notice_and_privacy_are_linked_where_entered(bare_site: Path, full_site: Path) -> None:
    labels = {say("frame.legal_notice"), say("frame.privacy")}
    for page in pages(bare_site).values():
        assert not labels & {*foot_links(page)}
    for page in pages(full_site).values():
        assert labels <= {*foot_links(page)}
        assert foot_links(page)[say("frame.privacy")] == "https://tea.example/privacy"
    assert say("frame.privacy") in texts(pages(full_site)["about/"], "main a")


def test_customers_page_has_nothing_of_the_theme_and_one_link_to_editors(bare_site: Path) -> None:
    names = public_pages(bare_site)
    assert {"", "check/", "policy/", "cases/", "rules/", "about/", "404.html"} <= {*names}
    for name in names:
        page = soup(file_of(bare_site, name))
        files = [str(tag.get("href") or tag.get("src")) for tag in page.select("link, script[src]")]
        assert [file for file in files if "stylesheets/" in file or "javascripts/" in file] == [], name
        assert page.select("[class*='md-'], [data-md-component]") == [], name
        addresses = [str(tag["href"]) for tag in page.select("a[href]")]
        assert (
            len([each for each in addresses if any(part in each for part in ("editors", "editing", "data/", "proof/"))])
            == 1
        )


def test_menu_marks_its_own_page(bare_site: Path) -> None:
    current = {name: texts(page, ".top [aria-current=page]") for name, page in pages(bare_site).items()}
    assert {current[name] == [say(f"frame.{name[:-1]}")] for name in ("check/", "policy/", "cases/")} == {True}
    assert current[""] == current["about/"] == []
    assert all(len(current[name]) == 1 for name in ("editors/", "editing/", "data/", "proof/"))


def test_page_without_content_is_neither_built_nor_linked(tmp_path: Path, build_site: Callable[..., Path]) -> None:
    text = (POLICIES / "tea.yaml").read_text(encoding="utf-8")
    before = text.partition("\nexamples:\n")[0]
    (tmp_path / "tea.yaml").write_text(f"{before}\nexamples: {{}}\n", encoding="utf-8")
    site = build_site(tmp_path / "tea.yaml", draft=True)
    assert not (site / "examples").exists()
    for name, page in pages(site).items():
        assert say("title.examples") not in foot_links(page), name


def test_web_manifest_names_the_shop_and_its_logo(full_site: Path) -> None:
    manifest = json.loads((full_site / WEB_MANIFEST).read_text(encoding="utf-8"))
    assert manifest["name"] == f"Tea & <Co – {load(POLICIES / 'tea.yaml').title}"
    [icon] = manifest["icons"]
    assert "purpose" not in icon
    assert (full_site / icon["src"]).is_file()
    [touch] = pages(full_site)[""].select("link[rel=apple-touch-icon]")
    assert Path(str(touch["href"])).name == Path(icon["src"]).name == "icon-512.png"
