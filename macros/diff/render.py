"""A difference as a text: for a terminal, for a comment in Markdown, or as JSON for other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from macros.diff.difference import Difference
from macros.diff.report import as_json, report

_TEMPLATES = Path(__file__).parent.parent / "templates"
_SIGNS = re.compile(r"([\\`*_\[\]<>&#|~!])")
_MENTION = re.compile("@(?=\\w)")


def render(difference: Difference, wanted: str) -> str:
    """The text in one of the formats."""
    return FORMATS[wanted](difference)


def plain(text: str) -> str:
    """A text in Markdown that shows as it is, and calls nobody: a change of the policy may come from anybody."""
    return _MENTION.sub("@\u2060", _SIGNS.sub(r"\\\1", text))


def quiet(text: str) -> str:
    """A text in HTML that shows as it is, and calls nobody."""
    return escape(_MENTION.sub("@\u2060", text))


def _json(difference: Difference) -> str:
    return json.dumps(as_json(difference), ensure_ascii=False, indent=2)


def _filled(template: str) -> Callable[[Difference], str]:
    def fill(difference: Difference) -> str:
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        environment.filters |= {"plain": plain, "quiet": quiet}
        return environment.get_template(template).render(report=report(difference))

    return fill


FORMATS: Mapping[str, Callable[[Difference], str]] = {
    "terminal": _filled("diff.txt"),
    "markdown": _filled("diff.md"),
    "json": _json,
}
