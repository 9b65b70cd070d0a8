"""The policy's texts: puts values and answers into them, and names what a text may not hold.

``{review_time}`` and ``{window.standard}`` put in values, ``{problem.quality}`` puts in an answer and
``{problem.quality.examples}`` its examples.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from markdown import Markdown

from checker.calendar import Duration
from checker.policy import Clause, Policy, Summary, key
from checker.words import join
from macros.errors import Path, Problem, suggestion
from macros.renamed import no_answer

_PROSE = frozenset(
    ["ask", "editors_note", "examples", "help", "if_unsure", "in_words", "name", "next", "story", "text", "title"]
)
"""Fields that hold texts, wherever they are. In all others are ids and values."""
_LISTS_OF_TEXTS = frozenset(["remedies", "costs", "topics"])
"""Keys of the policy itself that hold texts by id."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_AT_START = re.compile(r"(?:^|[.!?]\s+)\Z")
_TEMPLATE = re.compile(r"\{[{%#]")
_DAYS = re.compile(r"\b(\d{1,6})(?:\s*[–-]\s*(\d{1,6}))?(?:\s+|-)(working[\s-]+)?days?\b", re.IGNORECASE)
_MARKDOWN = Markdown()
_LINKS = re.compile(r"https://[^\s/]+|mailto:[^\s@]+@[^\s@]+|clause:")

LONGEST = 5_000
"""Characters of one text: nobody reads a longer one, and some take Markdown for ever."""

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
            words = names[found[1]]
            starts = _AT_START.search(text, 0, found.start())
            return words[:1].upper() + words[1:] if starts else words

        # An answer's own words may hold values, so what was put in is looked at once more.
        return _PLACEHOLDER.sub(put_in, _PLACEHOLDER.sub(put_in, text)).strip()

    filled: Policy = _mapped(policy, (), finished)
    return filled


def problems(policy: Policy) -> list[Problem]:
    """All that the policy's texts may not hold."""
    names = placeholders(policy)
    values = lengths(policy)
    durations = {duration: name for name, text in reversed(values.items()) if (duration := _parsed(text))}
    found: list[Problem] = []

    def look(path: Path, text: str, is_markdown: bool) -> str:
        if len(text) > LONGEST:
            found.append(Problem(path, f"has more than {LONGEST:,} characters. Make several texts of it."))
            return text
        in_answer = path[0] == "questions" and len(path) > 3
        found.extend(_in_braces(path, text, values if in_answer else names, policy))
        found.extend(_spelled_out(path, text, durations))
        if is_markdown:
            found.extend(_in_markdown(path, text, policy))
        if not text.strip() and path != ("editors note",):
            found.append(Problem(path, "is empty. Write a text."))
        return text

    _mapped(policy, (), look)
    return found


def cut_short(policy: Policy, commented: Collection[Path]) -> list[Problem]:
    """Texts without quotes that have a comment behind them: it may have been meant as a part of the text."""
    found: list[Problem] = []

    def look(path: Path, text: str, is_markdown: bool) -> str:
        if path in commented:
            found.append(Problem(path, _CUT_SHORT))
        return text

    _mapped(policy, (), look)
    return found


def used(policy: Policy) -> set[str]:
    """The names in braces that the texts use."""
    names: set[str] = set()

    def look(path: Path, text: str, is_markdown: bool) -> str:
        names.update(_PLACEHOLDER.findall(text))
        return text

    _mapped(policy, (), look)
    return names


def wordless(policy: Policy) -> Policy:
    """The same policy with all texts empty: what is left decides."""
    bare: Policy = _mapped(policy, (), lambda path, text, is_markdown: "")
    return bare


def placeholders(policy: Policy) -> dict[str, str]:
    """Every name that a text may put in braces, and what it puts in."""
    names: dict[str, str] = {}
    for name, question in policy.questions.items():
        for choice, words in question.offered.items():
            names[f"{name}.{choice}"] = words.phrase
            if words.examples:
                names[f"{name}.{choice}.examples"] = join(words.examples)
    # As customers read it, however it was typed: an editor's hyphen becomes a dash.
    return names | {name: str(_parsed(text) or text) for name, text in lengths(policy).items()}


def lengths(policy: Policy) -> dict[str, str]:
    """Every length of time by the name that puts it into a text."""
    names: dict[str, str] = {}
    for name, length in policy.values.items():
        if isinstance(length, str):
            names[name] = length
        else:
            names |= {f"{name}.{choice}": text for choice, text in length.items() if choice != "by"}
    return names


def _mapped(part: Any, path: Path, change: Change, is_prose: bool = False, is_markdown: bool = False) -> Any:
    """The same part of the policy with its texts changed. Ids and values are no texts."""
    if isinstance(part, str):
        return change(path, part, is_markdown) if is_prose else part
    if isinstance(part, Mapping):
        return {name: _mapped(item, (*path, name), change, is_prose) for name, item in part.items()}
    if isinstance(part, tuple):
        return tuple(_mapped(item, (*path, number), change, is_prose) for number, item in enumerate(part))
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    changed = {
        name: _mapped(
            getattr(part, name),
            (*path, entry),
            change,
            name in _PROSE or (not path and name in _LISTS_OF_TEXTS),
            name == "text" and isinstance(part, Clause | Summary),
        )
        for name, entry in _fields(type(part))
    }
    return dataclasses.replace(part, **changed)


@functools.cache
def _fields(kind: type[Any]) -> list[tuple[str, str]]:
    """The fields of a part of a policy, each with its key in the file."""
    return [(field.name, key(field.name)) for field in dataclasses.fields(kind)]


def _in_braces(path: Path, text: str, names: Mapping[str, str], policy: Policy) -> Iterator[Problem]:
    if template := _TEMPLATE.search(text):
        message = f'holds "{template[0]}". A name stands in single braces, such as {{name}}.'
        yield Problem(path, message, inside=template[0])
        return
    for found in _PLACEHOLDER.finditer(text):
        if found[1] not in names:
            yield Problem(path, _nowhere(found[1], names, policy), inside=found[0])
    for brace in dict.fromkeys(re.findall(r"[{}]", _PLACEHOLDER.sub("", text))):
        yield Problem(path, f"holds a single {brace} . Braces stand in pairs round a name.", inside=brace)


def _nowhere(name: str, names: Iterable[str], policy: Policy) -> str:
    """What is said of a name in braces that leads nowhere."""
    question, _, rest = name.partition(".")
    group = [each for each in names if each.startswith(f"{question}.")]
    answer = rest.partition(".")[0]
    if group and question in policy.questions and answer not in policy.questions[question].offered:
        return no_answer(policy, question, answer)
    return f'there is no value or answer "{name}". {suggestion(name, group or names)}'


def _spelled_out(path: Path, text: str, durations: Mapping[Duration, str]) -> Iterator[Problem]:
    for found in _DAYS.finditer(text):
        least, most, working = found.groups()
        duration = _parsed(f"{least}–{most or least}{' working' if working else ''} days")
        if duration and duration in durations:
            message = f'spells out "{found[0]}". Write {{{durations[duration]}}}, so that it stands in one place.'
            yield Problem(path, message, inside=found[0])


def _parsed(text: str) -> Duration | None:
    try:
        return Duration.parse(text)
    except ValueError:
        return None


def _in_markdown(path: Path, text: str, policy: Policy) -> Iterator[Problem]:
    if "<" in text:
        yield Problem(path, 'holds "<". Tags are not used here: say it in words, or in Markdown.', inside="<")
        return
    links, pictures = _addresses(text)
    for picture in pictures:
        yield Problem(path, "holds a picture. Texts of the policy are words only.", inside=picture)
    for link in links:
        clause = link.removeprefix("clause:")
        if not _LINKS.match(link):
            yield Problem(path, f'the link "{link}" must begin with https://, mailto: or clause:.', inside=link)
        elif clause != link and clause not in policy.clauses:
            yield Problem(path, f'there is no clause "{clause}". {suggestion(clause, policy.clauses)}', inside=link)


@functools.lru_cache(1000)  # of a policy that is read again and again, most texts are the same
def _addresses(text: str) -> tuple[list[str], list[str]]:
    """Where the links of a text in Markdown go, and where its pictures come from."""
    rendered = _Rendered()
    rendered.feed(_MARKDOWN.reset().convert(text))
    return rendered.links, rendered.pictures


class _Rendered(HTMLParser):
    """Collects the links and pictures of a text, as a browser would understand them."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes where a link goes, and where a picture comes from."""
        self.links += (value or "" for name, value in attrs if name == "href")
        self.pictures += (value or "" for name, value in attrs if name == "src")
