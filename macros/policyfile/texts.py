"""The policy's texts: where they are, and how values and answers are put into them.

``{review_time}`` and ``{window.standard}`` put in values, ``{problem.quality}`` puts in an answer and
``{problem.quality.examples}`` its examples.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, get_args, get_type_hints

from checker.policy import Policy, TextType, key
from macros.policyfile import figures
from macros.policyfile.errors import Path, Problem

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_AT_START = re.compile(r"(?:^|[.!?]\s+)\Z")

_CUT_SHORT = (
    "this text ends before the # , for a comment begins there. Put the text in quotes, or on the next line after >. "
    "If it is a comment, give it a line of its own."
)

type Change = Callable[[Path, str, bool], str]
"""Given the path of a text, the text, and whether it is Markdown: what is to stand there instead."""


def fill(policy: Policy) -> Policy:
    """The same policy with finished texts: every placeholder replaced, no white space round them."""
    names = placeholders(policy)

    def finished(path: Path, text: str, is_markdown: bool) -> str:
        def put_in(found: re.Match[str]) -> str:
            words = names.get(found[1], found[0])  # an old version is read with its mistakes
            starts = _AT_START.search(text, 0, found.start())
            return words[:1].upper() + words[1:] if starts else words

        # An answer's own words may hold values, so what was put in is looked at once more.
        return PLACEHOLDER.sub(put_in, PLACEHOLDER.sub(put_in, text)).strip()

    return mapped(policy, finished)


def cut_short(policy: Policy, commented: Collection[Path]) -> list[Problem]:
    """Texts without quotes that have a comment behind them: it may have been meant as a part of the text."""
    found: list[Problem] = []

    def look(path: Path, text: str, is_markdown: bool) -> str:
        if path in commented:
            found.append(Problem(path, _CUT_SHORT))
        return text

    mapped(policy, look)
    return found


def used(policy: Policy, leave_out: Collection[str] = ()) -> set[str]:
    """The names in braces that the texts use, in all parts of the policy but those that are left out."""
    names: set[str] = set()

    def look(path: Path, text: str, is_markdown: bool) -> str:
        if path[0] not in leave_out:
            names.update(PLACEHOLDER.findall(text))
        return text

    mapped(policy, look)
    return names


def paths(policy: Policy) -> set[Path]:
    """Where the texts stand: what is elsewhere is an id, a value or a word of the language."""
    found: set[Path] = set()

    def look(path: Path, text: str, is_markdown: bool) -> str:
        found.add(path)
        return text

    mapped(policy, look)
    return found


def wordless(policy: Policy) -> Policy:
    """The same policy with all texts empty: what is left decides."""
    return mapped(policy, lambda path, text, is_markdown: "")


def placeholders(policy: Policy) -> dict[str, str]:
    """Every name that a text may put in braces, and what it puts in."""
    names: dict[str, str] = {}
    for name, question in policy.questions.items():
        for choice, words in question.offered.items():
            names[f"{name}.{choice}"] = words.phrase
            if words.examples:
                names[f"{name}.{choice}.examples"] = policy.messages.join(words.examples)
    # As customers read it, however it was typed: an editor's hyphen becomes a dash.
    for name, text in values(policy).items():
        figure = figures.read(text)
        names[name] = text if figure is None or figure.kind == "amount of money" else figure.shown
    return names


def values(policy: Policy) -> dict[str, str]:
    """Every value by the name that puts it into a text, as it is written."""
    names: dict[str, str] = {}
    for name, value in policy.values.items():
        if isinstance(value, str):
            names[name] = value
        else:
            names |= {f"{name}.{choice}": text for choice, text in value.items() if choice != "by"}
    return names


def mapped(policy: Policy, change: Change) -> Policy:
    """The same policy with its texts changed. Ids and values are no texts."""
    changed: Policy = _mapped(policy, (), change)
    return changed


def _mapped(part: Any, path: Path, change: Change, kind: TextType | None = None) -> Any:
    if isinstance(part, str):
        return change(path, part, kind.media == "text/markdown") if kind else part
    if isinstance(part, Mapping):
        return {name: _mapped(item, (*path, name), change, kind) for name, item in part.items()}
    if isinstance(part, tuple):
        return tuple(_mapped(item, (*path, number), change, kind) for number, item in enumerate(part))
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    changed = {
        name: _mapped(getattr(part, name), (*path, entry), change, inner) for name, entry, inner in fields(type(part))
    }
    return dataclasses.replace(part, **changed)


@functools.cache
def fields(kind: type[Any]) -> list[tuple[str, str, TextType | None]]:
    """The fields of a part of a policy, each with its key in the file, and what kind of text it holds, if any."""
    hints = get_type_hints(kind, include_extras=True)
    return [(field.name, key(field.name), _text_type(hints[field.name])) for field in dataclasses.fields(kind)]


def _text_type(hint: Any) -> TextType | None:
    """The mark that a field's type carries, also inside a list or a mapping."""
    marks = (mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, TextType))
    return next(marks, None) or next(filter(None, map(_text_type, get_args(hint))), None)
