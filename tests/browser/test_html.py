"""The HTML of every page is valid, as the Nu HTML checker says."""

from __future__ import annotations

from pathlib import Path

from tests.support.nu import html_errors

THEMES_OWN = "Attribute “autocomplete” is only allowed when the input type is"
"""On editors' pages the theme keeps browsers from restoring its two check boxes, by an attribute that does it."""


def test_no_page_has_an_html_error(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    errors = html_errors(pages)
    for page, lines in errors.items():
        if "md-toggle" in page.read_text(encoding="utf-8"):
            errors[page] = [line for line in lines if THEMES_OWN not in line or "md-toggle" not in line]
    assert {page.relative_to(site).as_posix(): lines for page, lines in errors.items() if lines} == {}
    assert site / "index.html" in pages


def test_errors_planted_in_a_page_are_found(site: Path, tmp_path: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    whole, faulty = tmp_path / "whole.html", tmp_path / "faulty.html"
    whole.write_text("<!doctype html><html lang=en><title>Whole</title><p>Yes</p>", encoding="utf-8")
    faulty.write_text(html.replace("</main>", "<p role=nothing><p></div></main>"), encoding="utf-8")
    errors = html_errors([whole, faulty])
    assert [*errors] == [faulty]
    assert "Bad value “nothing” for attribute “role”" in errors[faulty][0]
