"""What the policy's texts may not hold: names that lead nowhere, figures that stand under no name, and stray signs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from html.parser import HTMLParser
from itertools import combinations

from markdown import Markdown

from checker.policy import Clause, Example, Policy
from macros.policyfile import figures
from macros.policyfile.conditions import compared_values
from macros.policyfile.errors import Path, Problem
from macros.policyfile.figures import Found
from macros.policyfile.suggestions import suggestion, unknown_answer_message
from macros.policyfile.texts import PLACEHOLDER, map_texts, replacements, value_texts

MAX_CHARACTERS = 5_000
"""Characters of one text: nobody reads a longer one, and some take Markdown for ever."""
MAX_NESTING = 10
"""How deep lists and quotations may stand inside each other: Markdown cannot render some hundreds."""

_TEMPLATE = re.compile(r"\{[{%#]")
_LINKS = re.compile(r"https://[^\s/]+|mailto:[^\s@]+@[^\s@]+|clause:")
_ESCAPED = re.compile(r"\\[\\`*_{}\[\]()>#+.!-]|&#?\w+;")
_NESTED = f"holds lists or quotations more than {MAX_NESTING} deep. Take signs away at the beginning of its lines."

_SIGNS = {"strong": "bold", "em": "emphasis", "code": "code", "a": "a link", "img": "a picture", "ul": "a list"}
_SIGNS |= {"ol": "a numbered list", "blockquote": "a quotation", "hr": "a line across", "pre": "code"}
_SIGNS |= {f"h{variable}": "a heading" for variable in range(1, 7)}
"""What Markdown makes of a plain text that was not meant so, by the HTML element."""
_BLOCKS = frozenset(["p", "li", "pre", "blockquote", *(f"h{variable}" for variable in range(1, 7))])


def problems(policy: Policy) -> list[Problem]:
    """All that the policy's texts may not hold."""
    names = replacements(policy)
    in_answers = value_texts(policy)
    spelled_out = _SpelledOut(policy)
    found: list[Problem] = []

    def look(path: Path, text: str, is_markdown: bool) -> str:
        if len(text) > MAX_CHARACTERS:
            found.append(Problem(path, f"has more than {MAX_CHARACTERS:,} characters. Make several texts of it."))
            return text
        in_answer = path[0] == "questions" and len(path) > 3
        found.extend(_in_braces(path, text, in_answers if in_answer else names, policy))
        if rendered := _rendered(PLACEHOLDER.sub("\ufffc", text)):
            found.extend(_in_markdown(path, text, rendered, policy) if is_markdown else _in_plain(path, text, rendered))
            found.extend(spelled_out.problems(path, text, rendered.text if is_markdown else text))
        else:
            found.append(Problem(path, _NESTED))
        if not text.strip() and path != ("editors note",):
            found.append(Problem(path, "is empty. Write a text."))
        return text

    map_texts(policy, look)
    return found


def _in_braces(path: Path, text: str, names: Mapping[str, str], policy: Policy) -> Iterator[Problem]:
    if template := _TEMPLATE.search(text):
        message = f'holds "{template[0]}". A name stands in single braces, such as {{name}}.'
        yield Problem(path, message, inside=template[0])
        return
    for found in PLACEHOLDER.finditer(text):
        if found[1] not in names:
            yield Problem(path, _nowhere(found[1], names, policy), inside=found[0])
    for brace in dict.fromkeys(re.findall(r"[{}]", PLACEHOLDER.sub("", text))):
        yield Problem(path, f"holds a single {brace} . Braces stand in pairs round a name.", inside=brace)


def _nowhere(name: str, names: Collection[str], policy: Policy) -> str:
    """What is said of a name in braces that leads nowhere."""
    question, _, rest = name.partition(".")
    group = [each for each in names if each.startswith(f"{question}.")]
    answer = rest.partition(".")[0]
    if group and question in policy.questions and answer not in policy.questions[question].offered:
        return unknown_answer_message(policy, question, answer)
    return f'there is no value or answer "{name}". {suggestion(name, group or names)}'


# ---- figures


class _SpelledOut:
    """Names figures in texts: each stands in `values` alone."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._values = {name: figure for name, text in value_texts(policy).items() if (figure := figures.read(text))}

    def problems(self, path: Path, written: str, read: str) -> Iterator[Problem]:
        """The figures in a text as it is read, each with its place in the text as it is written."""
        story = self._policy.examples[str(path[1])] if path[0] == "examples" else None
        for found in figures.find(PLACEHOLDER.sub("\ufffc", read)):
            inside = _place(found.text, written)
            if story is None:
                yield Problem(path, self._message(path, found), inside=inside)
            elif not _is_answered(found, story):
                message = f'says "{_short(found.text)}", which no answer of this example says. Let the two agree.'
                yield Problem(path, message, inside=inside)

    def _message(self, path: Path, found: Found) -> str:
        near = self._near(path)
        equal = [name for name, figure in self._values.items() if found.figure and figure.days == found.figure.days]
        if equal:
            name = min(equal, key=lambda name: name.partition(".")[0] not in near)
            return f'spells out "{_short(found.text)}". Write {{{name}}}, so that it stands in one place.'
        like = [name.partition(".")[0] for name, figure in self._values.items() if figure.kind == found.kind]
        like.sort(key=lambda name: name not in near)
        change = f'change "{like[0]}", or ' if like else ""
        said = found.figure if found.figure and len(str(found.figure)) <= len(found.text) else found.text
        return (
            f'spells out "{_short(found.text)}", and {_short(str(said))} is no value: {change}enter it under "values" '
            "and write its name in braces."
        )

    def _near(self, path: Path) -> set[str]:
        """The values that the clause of a text names or compares."""
        name = str(path[1]) if path[0] == "clauses" else ""
        if path[0] == "summary":
            name = self._policy.summary[str(path[1])].clause
        clause = self._policy.clauses.get(name)
        return set(values_of(clause)) if clause else set()


def values_of(clause: Clause) -> Iterator[str]:
    """The values that a clause compares with a date, waits for, or names in its text."""
    for when in (*(rule.when for rule in clause.rules), *(grant.when for grant in clause.grants)):
        yield from compared_values(when)
    yield from (each.wait for step in clause.steps.values() for each in step.expect.values())
    yield from (name.partition(".")[0] for name in PLACEHOLDER.findall(clause.text))


def _is_answered(found: Found, example: Example) -> bool:
    """Whether the answers of an example, or its day, say the figure: an amount, a date, or the days between two."""
    given = [each for answer in example.answers.values() for each in ([answer] if isinstance(answer, str) else answer)]
    amounts: set[Decimal] = set()
    days = {example.today}
    for answer in given:
        try:
            days.add(date.fromisoformat(answer))
        except ValueError:
            try:
                amounts.add(Decimal(answer))
            except InvalidOperation:
                continue
    between = {Decimal(abs((one - other).days)) for one, other in combinations(days, 2)}
    figure = found.figure.days if found.figure else None
    said: dict[str, Collection[object]] = {"amount of money": amounts, "date": days, "length of time": between}
    return (
        figure is not None
        and figure.unit not in ("working_day", "night")
        and {figure.least, figure.most} <= {*said.get(found.kind, ())}
    )


def _place(piece: str, written: str) -> str:
    """The piece of a text as it is written, where Markdown has signs in between."""
    if piece in written:
        return piece
    words = re.findall(r"\w+", piece)
    found = re.search(r"[\W_]*?".join(map(re.escape, words)), written)
    return found[0] if found else ""


def _short(piece: str) -> str:
    return piece if len(piece) <= 60 else f"{piece[:60]}…"


# ---- Markdown


@dataclass
class _Rendered(HTMLParser):
    """A text in Markdown, as a browser would understand it."""

    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    elements: list[tuple[str, str]] = field(default_factory=list)
    """Each element with its text, in the order of their ends."""
    text: str = ""
    """The text without signs; blank lines part its blocks."""
    deepest: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes where a link goes, and where a picture comes from."""
        self.links += (value or "" for name, value in attrs if name == "href")
        self.pictures += (value or "" for name, value in attrs if name == "src")
        if tag in ("img", "br", "hr"):
            self.elements.append((tag, ""))
        else:
            self._open.append((tag, len(self.text)))
            self.deepest = max(self.deepest, len(self._open))

    def handle_endtag(self, tag: str) -> None:
        """Notes the element that ends."""
        while self._open and self._end() != tag:
            pass
        if tag in _BLOCKS:
            self.text += "\n\n"

    def _end(self) -> str:
        tag, start = self._open.pop()
        self.elements.append((tag, self.text[start:].strip()))
        return tag

    def close(self) -> None:
        """Ends all that is open."""
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
def _rendered(text: str) -> _Rendered | None:
    """A text as Markdown renders it; None where it is nested too deep."""
    rendered = _Rendered()
    try:
        rendered.feed(_markdown().reset().convert(text))
    except RecursionError:
        _markdown.cache_clear()  # it is still inside of the text, and reset() does not lead out
        return None
    rendered.close()
    return rendered if rendered.deepest <= 2 * MAX_NESTING else None  # a list and its item are two elements


def _in_markdown(path: Path, text: str, rendered: _Rendered, policy: Policy) -> Iterator[Problem]:
    if "<" in text:
        yield Problem(path, 'holds "<". Tags are not used here: say it in words, or in Markdown.', inside="<")
        return
    for picture in rendered.pictures:
        yield Problem(path, "holds a picture. Texts of the policy are words only.", inside=picture)
    for tag, words in rendered.elements:
        if _SIGNS.get(tag) == "a heading":
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


def _in_plain(path: Path, text: str, rendered: _Rendered) -> Iterator[Problem]:
    """Signs of Markdown in a text that is shown as it is typed."""
    one_item = [tag for tag, _ in rendered.elements].count("li") == 1  # "1. How to apply" is no list
    plain = {"p", "ol", "li"} if one_item else {"p"}
    for tag, words in rendered.elements:
        if tag not in plain and tag != "li":
            what = f"{_SIGNS.get(tag, 'a tag')} in {'Markdown' if tag in _SIGNS else 'HTML'}"
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
