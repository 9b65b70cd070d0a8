"""The policy's texts as HTML. Nothing in them can become a tag, a script or an image."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

SCHEMES = ("https://", "mailto:")
CLAUSE = "clause:"

type ClauseLink = Callable[[str], str]
"""The address of a clause by its id. Raises KeyError if there is no such clause."""


def prose(clause_link: ClauseLink) -> Callable[[str], Markup]:
    """A function that renders the Markdown of clauses and summaries, with its tags escaped and links to clauses."""
    markdown = Markdown(output_format="html")
    for unsafe in ("html", "image_link", "image_reference", "short_image_ref"):
        markdown.inlinePatterns.deregister(unsafe)
    markdown.preprocessors.deregister("html_block")
    for heading in ("hashheader", "setextheader"):  # the page owns its outline
        markdown.parser.blockprocessors.deregister(heading)
    markdown.treeprocessors.register(_Links(clause_link), "links", 0)
    return lambda text: Markup(markdown.reset().convert(text))


class _Links(Treeprocessor):
    """Leaves links to https, mailto and clauses; any other link becomes plain text."""

    def __init__(self, clause_link: ClauseLink) -> None:
        super().__init__()
        self._clause_link = clause_link

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            href = self.href(link.get("href", ""))
            link.attrib.clear()
            if href is None:
                link.tag = "span"
            else:
                link.set("href", href)

    def href(self, target: str) -> str | None:
        if target.startswith(CLAUSE):
            try:
                return self._clause_link(target.removeprefix(CLAUSE))
            except KeyError:
                return None
        return target if target.startswith(SCHEMES) else None


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text; policy.yaml separates them by an empty line."""
    return [part.strip() for part in text.split("\n") if part.strip()]


def heading(level: int, title: str, id_: str) -> Markup:
    """A heading in Markdown, for the page's table of contents; the title is plain text."""
    plain = re.sub(r"[^\w\s]", lambda sign: f"&#{ord(sign[0])};", " ".join(title.split()))
    return Markup(f"{'#' * level} {plain.replace('_', '&#95;')} {{: #{escape(id_)} }}")
