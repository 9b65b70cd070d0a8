"""Texts as rendered by Markdown: their elements, links and plain text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache
from html.parser import HTMLParser

from markdown import Markdown

MAX_NESTING = 10
"""Of lists and quotations. Markdown cannot render some hundreds."""
_BLOCKS = frozenset(["p", "li", "pre", "blockquote", *(f"h{level}" for level in range(1, 7))])


@dataclass
class RenderedText(HTMLParser):
    """The elements, links and plain text of a rendered text."""

    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    elements: list[tuple[str, str]] = field(default_factory=list)
    """Tag and text of each element, in the order of their ends."""
    text: str = ""
    """The text without Markdown signs, with blank lines between its blocks."""
    depth: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Records links, pictures and open elements."""
        self.links += (value or "" for name, value in attrs if name == "href")
        self.pictures += (value or "" for name, value in attrs if name == "src")
        if tag in ("img", "br", "hr"):
            self.elements.append((tag, ""))
        else:
            self._open.append((tag, len(self.text)))
            self.depth = max(self.depth, len(self._open))

    def handle_endtag(self, tag: str) -> None:
        """Records the element, and those inside that have no end tag."""
        while self._open and self._end() != tag:
            pass
        if tag in _BLOCKS:
            self.text += "\n\n"

    def _end(self) -> str:
        tag, start = self._open.pop()
        self.elements.append((tag, self.text[start:].strip()))
        return tag

    def close(self) -> None:
        """Ends all open elements."""
        super().close()
        while self._open:
            self._end()

    def handle_data(self, data: str) -> None:
        """Adds to the text."""
        self.text += data


@cache
def _markdown() -> Markdown:
    return Markdown()


@lru_cache(1000)  # of a policy that is read again and again, most texts are the same
def render(text: str) -> RenderedText | None:
    """The text as rendered by Markdown; None if it is nested too deep."""
    rendered = RenderedText()
    try:
        rendered.feed(_markdown().reset().convert(text))
    except RecursionError:
        _markdown.cache_clear()  # its state is that of the unfinished text, which reset() does not clear
        return None
    rendered.close()
    return rendered if rendered.depth <= 2 * MAX_NESTING else None  # a list and its item are two elements
