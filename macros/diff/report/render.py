"""The formats of a report: text for a terminal, Markdown for a comment, JSON for other programs."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from macros.diff.difference import Difference
from macros.diff.report.report import as_json, report

_SIGNS = re.compile(r"([\\`*_\[\]<>&#|~!])")
"""Characters with a meaning in Markdown at any place."""
_AT_START = re.compile(r"\A(\d*)([-+=:.)])")
"""The beginning of a list, a table or the underline of a heading."""
_JOINER = "\u2060"
"""Invisible."""
_EFFECTS = re.compile(
    r"""
      @                           # a mention, an e-mail address
    | :(?=[\w/+-])                # a web address, an emoji
    | (?<=www)(?=\.)              # a web address
    | \#(?=\d) | (?<=GH-)(?=\d)   # an issue
    | [0-9a-f]{6}(?=[0-9a-f])     # a commit
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Text that GitHub turns into a link or a picture even outside Markdown; a joiner behind it prevents that."""


def one_line(text: str) -> str:
    """A text with one space for all white space between words, so that it starts no line of a report."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """A text on one line, escaped for Markdown: a change of the policy may come from anybody."""
    signs = _SIGNS.sub(r"\\\1", _without_effects(text))
    return _without_math(_AT_START.sub(r"\1\\\2", signs))


def quiet(text: str) -> str:
    """A text on one line, escaped for HTML in Markdown."""
    return _without_math(escape(_without_effects(text), quote=False))


def _without_effects(text: str) -> str:
    return _EFFECTS.sub(lambda match: match[0] + _JOINER, one_line(text))


def _without_math(text: str) -> str:
    """Puts each dollar sign into an element of its own: GitHub takes text between two of them for a formula."""
    return text.replace("$", "<span>$</span>")


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {"one_line": one_line, "plain": plain, "quiet": quiet}
_TEMPLATES = {"terminal": "report.txt", "markdown": "report.md"}


def render(difference: Difference, format_: str) -> str:
    """The report as ``terminal``, ``markdown`` or ``json``."""
    if format_ == "json":
        return json.dumps(as_json(difference), ensure_ascii=False, indent=2)
    return _ENVIRONMENT.get_template(_TEMPLATES[format_]).render(report=report(difference))
