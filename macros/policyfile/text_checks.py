"""Checks of the policy's texts: unknown placeholders, figures spelled out, and misplaced Markdown or HTML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from checker.engine.parts import COSTS, REMEDIES
from checker.policy import Policy
from macros.policyfile.conditions import DECIDED
from macros.policyfile.errors import KeyPath, Problem, shorten
from macros.policyfile.figure_checks import FigureChecks
from macros.policyfile.rendered_text import MAX_NESTING, RenderedText, render
from macros.policyfile.suggestions import suggestion, unknown_answer_message
from macros.policyfile.texts import PLACEHOLDER, all_texts, replacements, value_texts

MAX_CHARACTERS = 5_000
"""Of one text. Nobody reads a longer one, and Markdown may need minutes for it."""

_TEMPLATE = re.compile(r"\{[{%#]")
_LINKS = re.compile(r"https://[^\s/]+|mailto:[^\s@]+@[^\s@]+|clause:")
_ESCAPED = re.compile(r"\\[\\`*_{}\[\]()>#+.!-]|&#?\w+;")
_NESTED = f"holds lists or quotations more than {MAX_NESTING} deep. Take signs away at the beginning of its lines."

_ELEMENT_NAMES = {"strong": "bold", "em": "emphasis", "code": "code", "a": "a link", "img": "a picture", "ul": "a list"}
_ELEMENT_NAMES |= {"ol": "a numbered list", "blockquote": "a quotation", "hr": "a line across", "pre": "code"}
_ELEMENT_NAMES |= {f"h{level}": "a heading" for level in range(1, 7)}
"""The name of each HTML element that Markdown may make of a text by mistake."""


def problems(policy: Policy) -> list[Problem]:
    """The problems of the policy's texts."""
    names = replacements(policy)
    values = value_texts(policy)
    figure_checks = FigureChecks(policy)
    problems: list[Problem] = []
    for path, text, is_markdown in all_texts(policy):
        if len(text) > MAX_CHARACTERS:
            problems.append(Problem(path, f"has more than {MAX_CHARACTERS:,} characters. Make several texts of it."))
            continue
        is_named = path[0] in (REMEDIES, COSTS) or (path[0] == "questions" and len(path) > 3)
        problems += _placeholder_problems(path, text, values if is_named else names, policy)
        if rendered := render(PLACEHOLDER.sub("\ufffc", text)):
            if is_markdown:
                problems += _markdown_problems(path, text, rendered, policy)
            else:
                problems += _plain_text_problems(path, text, rendered)
            problems += figure_checks.problems(path, text, rendered.text if is_markdown else text)
        else:
            problems.append(Problem(path, _NESTED))
        if not text.strip() and path not in (("editors note",), ("shop", "brand")):
            problems.append(Problem(path, "is empty. Write a text."))
    return problems


def _placeholder_problems(path: KeyPath, text: str, names: Mapping[str, str], policy: Policy) -> Iterator[Problem]:
    if template := _TEMPLATE.search(text):
        message = f'holds "{template[0]}". A name stands in single braces, such as {{name}}.'
        yield Problem(path, message, inside=template[0])
        return
    for placeholder in PLACEHOLDER.finditer(text):
        if placeholder[1] not in names:
            yield Problem(path, _unknown_placeholder_message(placeholder[1], names, policy), inside=placeholder[0])
    for brace in dict.fromkeys(re.findall(r"[{}]", PLACEHOLDER.sub("", text))):
        yield Problem(path, f"holds a single {brace} . Braces stand in pairs round a name.", inside=brace)


def _unknown_placeholder_message(name: str, names: Collection[str], policy: Policy) -> str:
    first, _, rest = name.partition(".")
    group = [other for other in names if other.startswith(f"{first}.")]
    answer = rest.partition(".")[0]
    if group and first in policy.questions and answer not in policy.questions[first].offered:
        return unknown_answer_message(policy, first, answer)
    if group and first in (REMEDIES, COSTS):
        return f'there is no {DECIDED[first]} "{rest}". {suggestion(rest, getattr(policy, first))}'
    return f'there is no value or answer "{name}". {suggestion(name, group or names)}'


def _markdown_problems(path: KeyPath, text: str, rendered: RenderedText, policy: Policy) -> Iterator[Problem]:
    if "<" in text:
        yield Problem(path, 'holds "<". Tags are not used here: say it in words, or in Markdown.', inside="<")
        return
    for picture in rendered.pictures:
        yield Problem(path, "holds a picture. Texts of the policy are words only.", inside=picture)
    for tag, words in rendered.elements:
        if _ELEMENT_NAMES.get(tag) == "a heading":
            message = (
                f'makes a heading of "{shorten(words)}". The title is the only heading: write it in bold, or in words.'
            )
            yield Problem(path, message, inside=words)
    for link in rendered.links:
        clause = link.removeprefix("clause:")
        if not _LINKS.match(link):
            yield Problem(path, f'the link "{link}" must begin with https://, mailto: or clause:.', inside=link)
        elif clause != link and clause not in policy.clauses:
            yield Problem(path, f'there is no clause "{clause}". {suggestion(clause, policy.clauses)}', inside=link)


def _plain_text_problems(path: KeyPath, text: str, rendered: RenderedText) -> Iterator[Problem]:
    """Problems of a text that is shown as it is typed, and so may hold no Markdown or HTML."""
    one_item = [tag for tag, _ in rendered.elements].count("li") == 1  # "1. How to apply" is no list
    plain = {"p", "ol", "li"} if one_item else {"p"}
    for tag, words in rendered.elements:
        if tag not in plain and tag != "li":
            what = f"{_ELEMENT_NAMES.get(tag, 'a tag')} in {'Markdown' if tag in _ELEMENT_NAMES else 'HTML'}"
            sample = f': "{shorten(words)}"' if words else ""
            message = (
                f"holds {what}{sample}. This text is shown as it is typed, signs and all: write it without. "
                "Only the text of a clause or of a card takes Markdown."
            )
            yield Problem(path, message, inside=words)
            return
    if (escaped := _ESCAPED.search(text)) and "".join(rendered.text.split()) != "".join(text.split()):
        message = f'holds "{escaped[0]}", which customers would read as it is typed. Write the sign itself.'
        yield Problem(path, message, inside=escaped[0])
