"""Amounts of money as customers type them: exact to the hundredth, never guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations

from checker.values.currencies import differ, is_currency
from checker.values.normalize import LONGEST, InvalidInputError, is_blank, normalize, short

MOST = 100
"""The most amounts in one list."""

HUNDREDTH = Decimal("0.01")

_LARGEST = 12
"""The most figures before the decimal point."""

_FIGURES = re.compile(r"\d+(?:[.,]\d{1,2})?")
_IN_GROUPS = re.compile(
    r"""\d{1,3} (?: (?:[ ]\d{3})+ (?:[.,]\d{1,2})?  # spaces or apostrophes between thousands
                  | (?:'\d{3})+ (?:[.,]\d{1,2})?
                  | (?:,\d{3})+ [.]\d{1,2}          # two signs: the second one is the point
                  | (?:[.]\d{3})+ ,\d{1,2}
                  | (?:,\d{3}){2,}                  # one sign that comes twice is no point
                  | (?:[.]\d{3}){2,} )
      | \d{1,2} (?:,\d{2})+ ,\d{3} (?:[.]\d{1,2})?  # as in India""",
    re.VERBOSE,
)
_TWO_READINGS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_SIGNS = str.maketrans({"٫": ".", "٬": "'", "،": ",", "⹁": ",", "’": "'", "‘": "'", "ʼ": "'"})
"""Decimal signs and signs between thousands of other scripts."""
_AROUND = re.compile(r"(\D*)(.*?)(\D*)", re.DOTALL)
_NO_HUNDREDTHS = re.compile(r"[.,] ?--?")


def read_amount(raw: object) -> Decimal:
    """Reads an amount of zero or more, with at most two decimal places; a currency beside it is dropped.

    Thousands may be separated where that has one reading only. Raises InvalidInputError for anything else, also for a
    JSON number: it may be rounded.
    """
    if not isinstance(raw, str):
        raise InvalidInputError("amount_text")
    _, text = _split(raw)
    if _TWO_READINGS.fullmatch(text):
        raise InvalidInputError("amount_readings", given=short(text), whole=re.sub(r"\D", "", text))
    if not (_FIGURES.fullmatch(text) or _IN_GROUPS.fullmatch(text)):
        raise InvalidInputError("amount", given=short(normalize(raw[:LONGEST])))
    whole, places = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", text).groups(default="")  # type: ignore[union-attr]
    whole = re.sub(r"\D", "", whole)
    if len(whole) > _LARGEST:
        raise InvalidInputError("amount_large", given=short(text))
    return Decimal(f"{whole}.{places}" if places else whole)


def read_amounts(answer: object) -> tuple[Decimal, ...]:
    """Reads one amount or a list of amounts, without its empty entries.

    Raises InvalidInputError, which names the entry, or two currencies in one list: amounts are never converted.
    """
    entries = list(answer) if isinstance(answer, (list, tuple)) else [answer]
    if len(entries) > MOST:
        raise InvalidInputError("amounts_many", most=MOST)
    amounts: list[Decimal] = []
    for number, entry in enumerate(entries, 1):
        if is_blank(entry):
            continue
        try:
            amounts.append(read_amount(entry))
        except InvalidInputError as error:
            if len(entries) == 1:
                raise
            raise InvalidInputError("amount_item", number=number, message=error) from None
    currencies = dict.fromkeys(_split(str(entry))[0] for entry in entries)
    for one, other in combinations(filter(None, currencies), 2):
        if differ(one, other):
            raise InvalidInputError("amounts_currencies", one=one, other=other)
    return tuple(amounts)


def in_figures(amount: Decimal) -> str:
    """The amount with two decimal places."""
    return str(amount.quantize(HUNDREDTH))


def _split(raw: str) -> tuple[str, str]:
    """The currency, which stands before or after the figures or is missing, and the figures; empty for other texts.

    A dash in place of the hundredths, as in “20.–”, is two zeros.
    """
    if len(raw) > LONGEST:
        return "", ""
    before, text, after = _AROUND.fullmatch(normalize(raw).translate(_SIGNS)).groups()  # type: ignore[union-attr]
    if dash := _NO_HUNDREDTHS.match(after):
        text, after = f"{text}{after[0]}00", after[dash.end() :]
    before, after = before.strip(), after.removeprefix("/-").strip()
    if (before and after) or not (before + after == "" or is_currency(before + after)):
        return "", ""
    return before + after, text
