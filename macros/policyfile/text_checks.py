"""Checks of the policy's texts: unknown placeholders, figures spelled out, and misplaced Markdown or HTML."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from html.parser import HTMLParser
from itertools import chain, combinations

from markdown import Markdown

from checker.policy import Clause, Example, Policy
from macros.policyfile import figures
from macros.policyfile.conditions import compared_values
from macros.policyfile.errors import KeyPath, Problem
from macros.policyfile.figures import Occurrence
from macros.policyfile.suggestions import suggestion, unknown_answer_message
from macros.policyfile.texts import PLACEHOLDER, all_texts, replacements, value_texts

MAX_CHARACTERS = 5_000
"""Of one text. Nobody reads a longer one, and Markdown may need minutes for it."""
MAX_NESTING = 10
"""Of lists and quotations. Markdown cannot render some hundreds."""

_TEMPLATE = re.compile(r"\{[{%#]")
_LINKS = re.compile(r"https://[^\s/]+|mailto:[^\s@]+@[^\s@]+|clause:")
_ESCAPED = re.compile(r"\\[\\`*_{}\[\]()>#+.!-]|&#?\w+;")
_NESTED = f"holds lists or quotations more than {MAX_NESTING} deep. Take signs away at the beginning of its lines."

_ELEMENT_NAMES = {"strong": "bold", "em": "emphasis", "code": "code", "a": "a link", "img": "a picture", "ul": "a list"}
_ELEMENT_NAMES |= {"ol": "a numbered list", "blockquote": "a quotation", "hr": "a line across", "pre": "code"}
_ELEMENT_NAMES |= {f"h{level}": "a heading" for level in range(1, 7)}
"""The name of each HTML element that Markdown may make of a text by mistake."""
_BLOCKS = frozenset(["p", "li", "pre", "blockquote", *(f"h{level}" for level in range(1, 7))])


def problems(policy: Policy) -> list[Problem]:
    """The problems of the policy's texts."""
    names = replacements(policy)
    names_in_answers = value_texts(policy)
    figure_checks = _FigureChecks(policy)
    problems: list[Problem] = []
    for path, text, is_markdown in all_texts(policy):
        if len(text) > MAX_CHARACTERS:
            problems.append(Problem(path, f"has more than {MAX_CHARACTERS:,} characters. Make several texts of it."))
            continue
        in_answer = path[0] == "questions" and len(path) > 3
        problems += _placeholder_problems(path, text, names_in_answers if in_answer else names, policy)
        if rendered := _render(PLACEHOLDER.sub("\ufffc", text)):
            if is_markdown:
                problems += _markdown_problems(path, text, rendered, policy)
            else:
                problems += _plain_text_problems(path, text, rendered)
            problems += figure_checks.problems(path, text, rendered.text if is_markdown else text)
        else:
            problems.append(Problem(path, _NESTED))
        if not text.strip() and path != ("editors note",):
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
    question, _, rest = name.partition(".")
    group = [other for other in names if other.startswith(f"{question}.")]
    answer = rest.partition(".")[0]
    if group and question in policy.questions and answer not in policy.questions[question].offered:
        return unknown_answer_message(policy, question, answer)
    return f'there is no value or answer "{name}". {suggestion(name, group or names)}'


# ---- figures


class _FigureChecks:
    """Checks that texts spell out no figure: figures stand in `values` alone."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._values = {name: figure for name, text in value_texts(policy).items() if (figure := figures.read(text))}

    def problems(self, path: KeyPath, written: str, read: str) -> Iterator[Problem]:
        """The problems of a text as it is read, each with its place in the text as it is written."""
        example = self._policy.examples[str(path[1])] if path[0] == "examples" else None
        for occurrence in figures.find(PLACEHOLDER.sub("\ufffc", read)):
            inside = _written_piece(occurrence.text, written)
            if example is None:
                yield Problem(path, self._message(path, occurrence), inside=inside)
            elif not _is_in_answers(occurrence, example):
                message = f'says "{_short(occurrence.text)}", which no answer of this example says. Let the two agree.'
                yield Problem(path, message, inside=inside)

    def _message(self, path: KeyPath, occurrence: Occurrence) -> str:
        related = self._values_of_clause(path)
        text, figure = occurrence.text, occurrence.figure
        equal = [name for name, value in self._values.items() if figure and value.in_days == figure.in_days]
        if equal:
            name = min(equal, key=lambda name: name.partition(".")[0] not in related)
            return f'spells out "{_short(text)}". Write {{{name}}}, so that it stands in one place.'
        same_kind = [name.partition(".")[0] for name, value in self._values.items() if value.kind == occurrence.kind]
        same_kind.sort(key=lambda name: name not in related)
        change = f'change "{same_kind[0]}", or ' if same_kind else ""
        new_value = str(figure) if figure and len(str(figure)) <= len(text) else text
        return (
            f'spells out "{_short(text)}", and {_short(new_value)} is no value: {change}enter it under "values" '
            "and write its name in braces."
        )

    def _values_of_clause(self, path: KeyPath) -> set[str]:
        """The values that are named or compared in the clause that a text belongs to."""
        name = str(path[1]) if path[0] == "clauses" else ""
        if path[0] == "summary":
            name = self._policy.summary[str(path[1])].clause
        clause = self._policy.clauses.get(name)
        return set(values_of(clause)) if clause else set()


def values_of(clause: Clause) -> Iterator[str]:
    """The values that a clause compares with a date, waits for, or names in its text."""
    for when in (*(rule.when for rule in clause.rules), *(grant.when for grant in clause.grants)):
        yield from compared_values(when)
    yield from (expectation.wait for step in clause.steps.values() for expectation in step.expect.values())
    yield from (name.partition(".")[0] for name in PLACEHOLDER.findall(clause.text))


def _is_in_answers(occurrence: Occurrence, example: Example) -> bool:
    """Whether a figure is an amount or date of the example, or the number of days between two of its dates."""
    amounts: set[Decimal] = set()
    dates = {example.today}
    for answer in chain.from_iterable([item] if isinstance(item, str) else item for item in example.answers.values()):
        try:
            dates.add(date.fromisoformat(answer))
        except ValueError:
            with contextlib.suppress(InvalidOperation):
                amounts.add(Decimal(answer))
    between = {Decimal(abs((one - other).days)) for one, other in combinations(dates, 2)}
    figure = occurrence.figure.in_days if occurrence.figure else None
    possible: dict[str, Collection[object]] = {"amount": amounts, "date": dates, "duration": between}
    return (
        figure is not None
        and figure.unit not in ("working_day", "night")
        and {figure.least, figure.most} <= {*possible.get(occurrence.kind, ())}
    )


def _written_piece(piece: str, written: str) -> str:
    """The piece as it is written, with the Markdown signs inside; empty if it is not there."""
    if piece in written:
        return piece
    match = re.search(r"[\W_]*?".join(map(re.escape, re.findall(r"\w+", piece))), written)
    return match[0] if match else ""


def _short(piece: str) -> str:
    return piece if len(piece) <= 60 else f"{piece[:60]}…"


# ---- Markdown


@dataclass
class _Rendered(HTMLParser):
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
def _render(text: str) -> _Rendered | None:
    """The text as rendered by Markdown; None if it is nested too deep."""
    rendered = _Rendered()
    try:
        rendered.feed(_markdown().reset().convert(text))
    except RecursionError:
        _markdown.cache_clear()  # its state is that of the unfinished text, which reset() does not clear
        return None
    rendered.close()
    return rendered if rendered.depth <= 2 * MAX_NESTING else None  # a list and its item are two elements


def _markdown_problems(path: KeyPath, text: str, rendered: _Rendered, policy: Policy) -> Iterator[Problem]:
    if "<" in text:
        yield Problem(path, 'holds "<". Tags are not used here: say it in words, or in Markdown.', inside="<")
        return
    for picture in rendered.pictures:
        yield Problem(path, "holds a picture. Texts of the policy are words only.", inside=picture)
    for tag, words in rendered.elements:
        if _ELEMENT_NAMES.get(tag) == "a heading":
            message = (
                f'makes a heading of "{_short(words)}". The title is the only heading: write it in bold, or in words.'
            )
            yield Problem(path, message, inside=words)
    for link in rendered.links:
        clause = link.removeprefix("clause:")
        if not _LINKS.match(link):
            yield Problem(path, f'the link "{link}" must begin with https://, mailto: or clause:.', inside=link)
        elif clause != link and clause not in policy.clauses:
            yield Problem(path, f'there is no clause "{clause}". {suggestion(clause, policy.clauses)}', inside=link)


def _plain_text_problems(path: KeyPath, text: str, rendered: _Rendered) -> Iterator[Problem]:
    """Problems of a text that is shown as it is typed, and so may hold no Markdown or HTML."""
    one_item = [tag for tag, _ in rendered.elements].count("li") == 1  # "1. How to apply" is no list
    plain = {"p", "ol", "li"} if one_item else {"p"}
    for tag, words in rendered.elements:
        if tag not in plain and tag != "li":
            what = f"{_ELEMENT_NAMES.get(tag, 'a tag')} in {'Markdown' if tag in _ELEMENT_NAMES else 'HTML'}"
            sample = f': "{_short(words)}"' if words else ""
            message = (
                f"holds {what}{sample}. This text is shown as it is typed, signs and all: write it without. "
                "Only the text of a clause or of a card takes Markdown."
            )
            yield Problem(path, message, inside=words)
            return
    if (escaped := _ESCAPED.search(text)) and "".join(rendered.text.split()) != "".join(text.split()):
        message = f'holds "{escaped[0]}", which customers would read as it is typed. Write the sign itself.'
        yield Problem(path, message, inside=escaped[0])
