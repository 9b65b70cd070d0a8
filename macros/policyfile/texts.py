"""The policy's texts, and the placeholders in them.

``{review_time}`` and ``{window.standard}`` stand for values, ``{problem.quality}`` for an answer and
``{problem.quality.examples}`` for its examples, ``{remedies.refund}`` and ``{costs.platform}`` for what is granted.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, get_args, get_type_hints

from checker.engine.parts import COSTS, REMEDIES
from checker.policy import Policy, TextType, key
from macros.policyfile import figures
from macros.policyfile.errors import KeyPath, Problem

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SENTENCE_START = re.compile(r"(?:^|[.!?]\s+)\Z")

_COMMENT_MESSAGE = (
    "this text ends before the # , for a comment begins there. Put the text in quotes, or on the next line after >. "
    "If it is a comment, give it a line of its own."
)

type Change = Callable[[KeyPath, str, bool], str]
"""A function that gets the path of a text, the text, and whether it is Markdown, and returns the new text."""


def fill(policy: Policy) -> Policy:
    """The policy with every placeholder in its texts replaced, and white space round the texts removed."""
    names = replacements(policy)

    def filled(path: KeyPath, text: str, is_markdown: bool) -> str:
        def replacement(placeholder: re.Match[str]) -> str:
            words = names.get(placeholder[1], placeholder[0])  # an old version may have unknown names
            starts = _SENTENCE_START.search(text, 0, placeholder.start())
            return words[:1].upper() + words[1:] if starts else words

        # Twice, because the words of an answer, a remedy or costs may hold placeholders of values.
        return PLACEHOLDER.sub(replacement, PLACEHOLDER.sub(replacement, text)).strip()

    return map_texts(policy, filled)


def all_texts(policy: Policy) -> list[tuple[KeyPath, str, bool]]:
    """Every text of the policy with its path, and whether it is Markdown. Ids and values are no texts."""
    items: list[tuple[KeyPath, str, bool]] = []

    def append(path: KeyPath, text: str, is_markdown: bool) -> str:
        items.append((path, text, is_markdown))
        return text

    map_texts(policy, append)
    return items


def comment_problems(policy: Policy, comment_paths: Collection[KeyPath]) -> list[Problem]:
    """A problem for each text without quotes before a comment, which may be meant as a part of the text."""
    return [Problem(path, _COMMENT_MESSAGE) for path, _, _ in all_texts(policy) if path in comment_paths]


def names_in_texts(policy: Policy, leave_out: Collection[str] = ()) -> set[str]:
    """The names in braces in all texts, except in the parts of the policy that are left out."""
    return {
        name for path, text, _ in all_texts(policy) if path[0] not in leave_out for name in PLACEHOLDER.findall(text)
    }


def without_texts(policy: Policy) -> Policy:
    """The policy with all texts empty, so that only what decides is left."""
    return map_texts(policy, lambda path, text, is_markdown: "")


def replacements(policy: Policy) -> dict[str, str]:
    """The text to put in for each name that may stand in braces."""
    names: dict[str, str] = {}
    for name, question in policy.questions.items():
        for choice, words in question.offered.items():
            names[f"{name}.{choice}"] = words.phrase
            if words.examples:
                names[f"{name}.{choice}.examples"] = policy.messages.join(words.examples)
    for part in (REMEDIES, COSTS):
        names |= {f"{part}.{name}": text for name, text in getattr(policy, part).items()}
    # In words for customers, whatever the editor typed: a hyphen becomes a dash.
    for name, text in value_texts(policy).items():
        figure = figures.read(text)
        names[name] = text if figure is None or figure.kind == "amount" else figure.in_words
    return names


def value_texts(policy: Policy) -> dict[str, str]:
    """The written text of every value, by its name in braces."""
    texts: dict[str, str] = {}
    for name, value in policy.values.items():
        by_answer = {"": value} if isinstance(value, str) else value
        texts |= {f"{name}.{answer}" if answer else name: text for answer, text in by_answer.items() if answer != "by"}
    return texts


def map_texts(policy: Policy, change: Change) -> Policy:
    """The policy with its texts changed. Ids and values are no texts."""
    changed: Policy = _map_texts(policy, (), change)
    return changed


def _map_texts(part: Any, path: KeyPath, change: Change, kind: TextType | None = None) -> Any:
    if isinstance(part, str):
        return change(path, part, kind.media == "text/markdown") if kind else part
    if isinstance(part, Mapping):
        return {name: _map_texts(item, (*path, name), change, kind) for name, item in part.items()}
    if isinstance(part, tuple):
        return tuple(_map_texts(item, (*path, number), change, kind) for number, item in enumerate(part))
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    changed = {
        name: _map_texts(getattr(part, name), (*path, entry), change, inner)
        for name, entry, inner in fields(type(part))
    }
    return dataclasses.replace(part, **changed)


@functools.cache
def fields(kind: type[Any]) -> list[tuple[str, str, TextType | None]]:
    """Name, key in the file and text type, if any, of each field of a part of the policy."""
    hints = get_type_hints(kind, include_extras=True)
    return [(field.name, key(field.name), _text_type(hints[field.name])) for field in dataclasses.fields(kind)]


def _text_type(hint: Any) -> TextType | None:
    """The text type in the annotation of a field, also inside a list or a mapping."""
    text_types = (item for item in getattr(hint, "__metadata__", ()) if isinstance(item, TextType))
    return next(text_types, None) or next(filter(None, map(_text_type, get_args(hint))), None)
