"""Figures as people write them: lengths of time, percentages, amounts of money and calendar dates, in digits or words.

`find` looks for figures in a running text, `read` reads a single one. The words are English, as the interface is;
digits may be of any script.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies

from macros.policyfile.errors import ENGLISH

type Kind = Literal["length of time", "percentage", "amount of money", "date"]
type Span = tuple[int, int]
"""The first token of something, and the one behind its last."""

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _set(section: str, name: str) -> frozenset[str]:
    return frozenset(_WORDS[section][name].split())


_NUMBERS = (
    {word: Decimal(number) for number, word in enumerate(_WORDS["numbers"]["small"].split())}
    | {word: Decimal(10 * number) for number, word in enumerate(_WORDS["numbers"]["tens"].split(), 2)}
    | {word: Decimal(number) for word, number in _WORDS["numbers"]["other"].items()}
)
_TIMES: Mapping[str, int] = _WORDS["numbers"]["times"]
_ARTICLES, _SUFFIXES, _TO = (_set("numbers", name) for name in ("articles", "suffixes", "to"))
_ORDINALS = _set("numbers", "ordinals")
_UNIT_OF = {word: unit for unit, words in _WORDS["units"].items() for word in words.split()}
_LARGE: Mapping[str, tuple[int, str]] = _WORDS["lengths"]["large"]
_SHORT, _WORKING, _LASTING, _OFTEN, _APART = (
    _set("lengths", name) for name in ("abbreviations", "working", "lasting", "often", "apart")
)
_BETWEEN = _WORKING | _set("lengths", "between")
_PERCENT, _PARTS, _JOINING, _WHOLES = (_set("percentages", name) for name in ("percent", "parts", "joining", "wholes"))
_CODES_THAT_ARE_WORDS = _set("money", "codes_that_are_words")
_MONTHS = {name: int(number) for name, _, number in (month.partition("=") for month in _set("dates", "months"))}
_MONTHS_THAT_ARE_WORDS, _OF_MONTHS, _OF_YEARS = (
    _set("dates", name) for name in ("months_that_are_words", "of_months", "of_years")
)
_QUIET = frozenset("-+*_~\\`\"'“”‘’«»[]")
"""Signs that do not part a number from its unit."""

_TOKEN = re.compile(r"\d+(?:[.,']\d{3}(?!\d))*(?:[.,]\d+)?|[^\W\d_]+|\S")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+|\S+@\S+")
_ISO_DATE = re.compile(r"(?<![\d./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-])")
_SHORT_DATE = re.compile(r"(?<![\d./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_REST = re.compile(r"[-/.]\d")
"""Behind a year: the rest of a date."""
_MONEY = re.compile(r"(?:[A-Z]{3}|\D) ?[\d.,]+(?:[–-][\d.,]+)?|[\d.,]+(?:[–-][\d.,]+)? ?(?:[A-Z]{3}|\D)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure says. Two figures are equal where they say the same in other words."""

    kind: Kind
    unit: str
    """Of a length of time ``day``, ``working_day`` and so on; else the percent sign, or the currency as written."""
    least: Decimal | date
    most: Decimal | date

    def __str__(self) -> str:
        """The figure as the policy writes it: a number or a range, then the unit, the percent sign or the currency."""
        ends = [str(end) if isinstance(end, date) else f"{end:f}" for end in (self.least, self.most)]
        text = ends[0] if self.least == self.most else "–".join(ends)
        if self.kind == "length of time":
            return ENGLISH.say(f"duration.{self.unit}", count=1 if self.most == 1 else 2, figure=text)
        return f"{text} {self.unit}".rstrip()

    @property
    def shown(self) -> str:
        """The figure as customers read it: a date has the name of its month."""
        return ENGLISH.date(self.least) if isinstance(self.least, date) else str(self)

    @property
    def is_backwards(self) -> bool:
        """Whether it goes from the larger figure to the smaller."""
        return isinstance(self.least, Decimal) and isinstance(self.most, Decimal) and self.most < self.least

    @property
    def counts_days(self) -> bool:
        """Whether dates can be worked out with it, from calendar days or working days."""
        return self.unit in ("day", "working_day")

    @property
    def days(self) -> Figure:
        """The same in days, where it is in weeks."""
        if self.unit != "week" or isinstance(self.least, date) or isinstance(self.most, date):
            return self
        return Figure(self.kind, "day", 7 * self.least, 7 * self.most)


@dataclass(frozen=True, slots=True)
class Found:
    """A figure in a text."""

    text: str
    """As it stands there."""
    kind: Kind
    figure: Figure | None
    """None where it is not whole, such as a date without its year."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return self.text.casefold()

    @property
    def is_digits(self) -> bool:
        return self.text[:1].isdecimal()


@lru_cache(2000)  # of a policy that is read again and again, most texts are the same
def find(text: str) -> tuple[Found, ...]:
    """All figures that a text spells out, in their order. Names in braces must have been taken out before."""
    signs = [*_plain(text)]
    plain = "".join(sign for sign, _ in signs)
    tokens = [_Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(plain)]
    spans: list[tuple[int, int, Kind, Figure | None]] = []
    for (first, end), kind, figure in (*_lengths(tokens), *_percentages(tokens), *_money(tokens), *_months(tokens)):
        spans.append((tokens[first].start, tokens[end - 1].end, kind, figure))
    for start, end, day in _dates(plain):
        spans.append((start, end, "date", Figure("date", "", day, day) if day else None))
    spans.sort(key=lambda span: (span[0], -span[1]))
    found: list[Found] = []
    reached = 0
    for start, end, kind, figure in spans:
        if end > reached:
            piece = text[signs[start][1] : signs[end - 1][1] + 1]
            found.append(Found(piece, kind, figure))
            reached = end
    return tuple(found)


def read(text: str) -> Figure | None:
    """The figure that a text is, however it is written; None if it is more than one, or less."""
    found = find(text)
    if len(found) != 1 or found[0].text != text.strip():
        return None
    return found[0].figure


def is_standard(text: str, figure: Figure) -> bool:
    """Whether a figure is written as `values` takes it."""
    if figure.kind == "amount of money":
        return _MONEY.fullmatch(text) is not None
    return text.replace("-", "–") in (str(figure).replace("-", "–"), str(figure).replace(" %", "%"))


def _plain(text: str) -> Iterator[tuple[str, int]]:
    """The text in plain signs, each with its place in the original: ASCII digits, hyphens and spaces."""
    text = _ADDRESS.sub(lambda address: "\ufffc" * len(address[0]), text)
    text = re.sub(r"\n[^\S\n]*\n", lambda blank: "¶" + "\n" * (len(blank[0]) - 1), text)
    for place, sign in enumerate(text):
        category = unicodedata.category(sign)
        number = unicodedata.numeric(sign, None)
        if number is not None:
            for digit in str(int(number)) if number == int(number) else " half ":
                yield digit, place
        elif category == "Pd" or sign == "\N{MINUS SIGN}":
            yield "-", place
        elif category == "Zs" or sign.isspace():
            yield " ", place
        elif category != "Cf":
            for plain in unicodedata.normalize("NFKC", sign):
                yield plain, place


def _number(tokens: Sequence[_Token], end: int) -> tuple[int, Decimal] | None:
    """The number whose last token stands before `end`: where it begins, and what it is."""
    if end > 2 and tokens[end - 1].text == ")" and tokens[end - 3].text == "(":
        inner = _number(tokens, end - 1)
        outer = _number(tokens, end - 3)
        return outer if inner and outer else (end - 3, inner[1]) if inner else None
    if end and tokens[end - 1].is_digits:
        return end - 1, _decimal(tokens[end - 1].text)
    first = end
    while (
        first
        and (word := tokens[first - 1].word)
        and (
            word in _NUMBERS
            or word in _TIMES
            or (first < end and (word in _ARTICLES or word == "-" or (word == "and" and first > 1)))
        )
    ):
        first -= 1
    while first < end and _is_no_number_at(tokens, first):
        first += 1
    words = [token.word for token in tokens[first:end]]
    if not set(words) & (_NUMBERS.keys() | _TIMES.keys()):
        return None
    total = current = Decimal()
    for word in words:
        if word in _TIMES:
            current = (current or Decimal(1)) * _TIMES[word]
            if word in ("thousand", "million"):
                total, current = total + current, Decimal()
        elif word in _NUMBERS:
            current += _NUMBERS[word]
    return first, total + current


def _pair(tokens: Sequence[_Token], here: int) -> str:
    """The word here with the one behind it."""
    return " ".join(token.word for token in tokens[here : here + 2])


def _is_no_number_at(tokens: Sequence[_Token], first: int) -> bool:
    """Whether no number begins here, though words of numbers follow: "a hundred" is one, "a fifteen" is not."""
    word, after = tokens[first].word, tokens[first + 1].word if first + 1 < len(tokens) else ""
    is_article = word in _ARTICLES and after not in {*_TIMES, "couple", "half", "single"}
    return is_article or word in ("-", "and")


def _decimal(digits: str) -> Decimal:
    """Digits with separators: what stands before three digits parts thousands, else the places after the point."""
    whole, point, places = digits.rpartition(".") if digits.rfind(".") > digits.rfind(",") else digits.rpartition(",")
    if not point or (len(places) == 3 and whole != "0"):
        whole, places = digits, ""
    return Decimal(re.sub(r"\D", "", whole) + (f".{places}" if places else ""))


def _counted(tokens: Sequence[_Token], end: int) -> tuple[int, Decimal, Decimal, set[str]] | None:
    """The number or range that counts what stands at `end`: its first token, both ends, and the words between."""
    between: set[str] = set()
    last = end
    while last and (tokens[last - 1].word in _BETWEEN or tokens[last - 1].text in _QUIET) and end - last < 6:
        last -= 1
        between.add(tokens[last].word)
    if last > 1 and tokens[last - 1].word == "of" and tokens[last - 2].word in ("couple", "dozen"):
        last -= 1
    most = _number(tokens, last)
    if most is None:
        return None
    first, least = most[0], most[1]
    if first and tokens[first - 1].word in _TO and (other := _number(tokens, first - 1)):
        first, least = other
    return first, least, most[1], between


def _lengths(tokens: Sequence[_Token]) -> Iterator[tuple[Span, Kind, Figure | None]]:
    for here, token in enumerate(tokens):
        times, unit = _LARGE.get(token.word, (1, _UNIT_OF.get(token.word, "")))
        if not unit and token.word == "second" and here and tokens[here - 1].is_digits:
            unit = "second"
        if not unit:
            continue
        counted = _counted(tokens, here)
        if counted and token.word in _SHORT:
            attached = tokens[here - 1].end == token.start and tokens[here - 1].text in ("2", "3")
            counted = None if not tokens[here - 1].is_digits or (token.word == "d" and attached) else counted
        if counted:
            first, least, most, between = counted
            if unit == "day" and between & _WORKING:
                unit = "working_day"
            yield (first, here + 1), "length of time", Figure("length of time", unit, times * least, times * most)
        elif token.word in _SHORT:
            continue
        elif found := _with_article(tokens, here):
            first, number = found
            yield (first, here + 1), "length of time", Figure("length of time", unit, times * number, times * number)
        elif (nth := _ordinal(tokens, here)) is not None:
            yield (nth, here + 1), "length of time", None
        elif (end := _numbered(tokens, here)) is not None:
            kind: Kind = "date" if unit == "year" and _YEAR.fullmatch(tokens[end - 1].text) else "length of time"
            yield (here, end), kind, None


def _with_article(tokens: Sequence[_Token], here: int) -> tuple[int, Decimal] | None:
    """Where "a week" or "half a week" begins, if it is a length of time, and how many it is; a fortnight always is."""
    first = here
    while first and tokens[first - 1].word in _BETWEEN:
        first -= 1
    before = tokens[first - 2].word if first > 1 else ""
    if not first or tokens[first - 1].word not in _ARTICLES:
        return (here, Decimal(1)) if tokens[here].word.startswith("fortnight") else None
    if before == "half":
        return first - 2, _NUMBERS["half"]
    is_on_a_day = tokens[here].word in ("day", "night") and before not in _LASTING
    is_day_to_day = [token.word for token in tokens[here + 1 : here + 3]] == ["-", "to"]
    return None if before in _OFTEN or is_on_a_day or is_day_to_day else (first - 1, Decimal(1))


def _ordinal(tokens: Sequence[_Token], here: int) -> int | None:
    """Where "the 15th day" begins, without its article."""
    first = here
    while first and (tokens[first - 1].word in _BETWEEN or tokens[first - 1].text == "-"):
        first -= 1
    if first and tokens[first - 1].word in _ORDINALS:
        tens = first > 2 and tokens[first - 2].text == "-" and tokens[first - 3].word in _NUMBERS
        return first - 3 if tens else first - 1
    return first - 2 if first > 1 and tokens[first - 1].word in _SUFFIXES and tokens[first - 2].is_digits else None


def _numbered(tokens: Sequence[_Token], here: int) -> int | None:
    """Behind "day 15", where it ends; "day zero" is no figure, and "the day one of you came" neither."""
    end = here + 1
    while end < len(tokens) and tokens[end].word in _set("numbers", "named"):
        end += 1
    if end == len(tokens):
        return None
    number = tokens[end]
    if number.is_digits:
        is_range = end + 2 < len(tokens) and tokens[end + 1].word in _TO and tokens[end + 2].is_digits
        return (end + 3 if is_range else end + 1) if is_range or _decimal(number.text) else None
    apart = here and tokens[here - 1].word in _APART
    return end + 1 if _NUMBERS.get(number.word) and number.word not in ("half", "single") and not apart else None


def _percentages(tokens: Sequence[_Token]) -> Iterator[tuple[Span, Kind, Figure | None]]:
    for here, token in enumerate(tokens):
        is_two_words = _pair(tokens, here) in _WORDS["percentages"]["two_words"]
        if (token.word in _PERCENT or is_two_words) and (counted := _counted(tokens, here)):
            first, least, most, _ = counted
            unit = "‰" if token.text == "‰" else "%"
            yield (first, here + 1 + is_two_words), "percentage", Figure("percentage", unit, least, most)
        elif token.word in _PARTS:
            end = here + 1
            while end < len(tokens) and tokens[end].word in _JOINING:
                end += 1
            if end < len(tokens) and (tokens[end].word in _WHOLES or tokens[end - 1].word == "what"):
                yield (here, end + (tokens[end].word in _WHOLES)), "percentage", None


def _money(tokens: Sequence[_Token]) -> Iterator[tuple[Span, Kind, Figure | None]]:
    for here, token in enumerate(tokens):
        is_weight = _pair(tokens, here) in _WORDS["money"]["weights"]
        is_sign = unicodedata.category(token.text[0]) == "Sc"
        if is_sign or token.text in _codes() or (token.word in _currency_words() and not is_weight):
            if (counted := _counted(tokens, here)) and not (here > 1 and tokens[here - 1].word == "per"):
                first, least, most, _ = counted
                yield (first, here + 1), "amount of money", Figure("amount of money", token.text, least, most)
            elif token.word in _currency_words() and here and tokens[here - 1].word in _ARTICLES:
                yield (here - 1, here + 1), "amount of money", None
            elif token.word in _currency_words() or token.text in _CODES_THAT_ARE_WORDS or here + 1 == len(tokens):
                continue
            elif tokens[here + 1].is_digits:
                number = _decimal(tokens[here + 1].text)
                yield (here, here + 2), "amount of money", Figure("amount of money", token.text, number, number)


@cache
def _codes() -> frozenset[str]:
    """The codes of the currencies that are in use, such as USD."""
    territories = map(str, Locale("en").territories)
    return frozenset(code for territory in territories for code in get_territory_currencies(territory))


@cache
def _currency_words() -> frozenset[str]:
    """What currencies are called behind a number: dollars, euros, pence."""
    names = (get_currency_name(code, count, "en") for code in _codes() for count in (1, 2))
    return (frozenset(name.split()[-1].casefold() for name in names) | _set("money", "coins")) - _set(
        "money", "no_coins"
    )


def _months(tokens: Sequence[_Token]) -> Iterator[tuple[Span, Kind, Figure | None]]:
    """Dates with the name of their month, and years."""
    for here, token in enumerate(tokens):
        behind = "".join(each.text[:1] for each in tokens[here + 1 : here + 3])
        if _YEAR.fullmatch(token.text) and here and tokens[here - 1].word in _OF_YEARS and not _REST.match(behind):
            yield (here - 1, here + 1), "date", None
        month = _MONTHS.get(token.word)
        if month is None or (token.word in _MONTHS_THAT_ARE_WORDS and not token.text[0].isupper()):
            continue
        first, day, end = here, None, here + 1
        before = here - 1 if here and tokens[here - 1].word in ("of", ".", "-") else here
        if before and (found := _day(tokens, before)):
            first, day = found
        else:
            while end < len(tokens) and tokens[end].word in (".", "the"):
                end += 1
            year = end + (end < len(tokens) and tokens[end].text == ",")
            if year < len(tokens) and _YEAR.fullmatch(tokens[year].text):
                yield (here, year + 1), "date", None
                continue
            if end < len(tokens) and (tokens[end].is_digits or tokens[end].word in _ORDINALS | {"first"}):
                day = _decimal(tokens[end].text) if tokens[end].is_digits else None
                end += 1 + (end + 1 < len(tokens) and tokens[end + 1].word in _SUFFIXES)
            elif here and tokens[here - 1].word in _OF_MONTHS:
                yield (here - 1, here + 1), "date", None
                continue
            elif here > 1 and tokens[here - 1].word in ("of", "in") and tokens[here - 2].word in _OF_MONTHS:
                yield (here - 2, here + 1), "date", None
                continue
            else:
                continue
        year = end + (end < len(tokens) and tokens[end].text == ",")
        if year < len(tokens) and _YEAR.fullmatch(tokens[year].text):
            yield (first, year + 1), "date", _date(tokens[year].text, month, day)
        else:
            yield (first, end), "date", None


def _day(tokens: Sequence[_Token], end: int) -> tuple[int, Decimal | None] | None:
    """The day of a month that ends before `end`: "22", "22nd" or "first"."""
    last = tokens[end - 1]
    if last.word in _SUFFIXES and end > 1 and tokens[end - 2].is_digits:
        return end - 2, _decimal(tokens[end - 2].text)
    if last.is_digits:
        return end - 1, _decimal(last.text)
    return (end - 1, None) if last.word in _ORDINALS | {"first"} else None


def _dates(plain: str) -> Iterator[tuple[int, int, date | None]]:
    """Dates in figures alone."""
    for match in _ISO_DATE.finditer(plain):
        year, _, month, day = match.groups()
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            figure = _date(year, int(month), Decimal(day))
            yield match.start(), match.end(), figure.least if figure and isinstance(figure.least, date) else None
    for match in _SHORT_DATE.finditer(plain):
        one, _, other, _ = match.groups()
        if 1 <= min(int(one), int(other)) <= 12 and max(int(one), int(other)) <= 31:
            yield match.start(), match.end(), None


def _date(year: str, month: int, day: Decimal | None) -> Figure | None:
    try:
        found = date(int(year), month, int(day or 0))
    except ValueError:
        return None
    return Figure("date", "", found, found)
