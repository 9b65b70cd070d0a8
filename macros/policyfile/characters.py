"""Invisible and lookalike characters: their detection, and the messages to editors about them."""

from __future__ import annotations

import re
import unicodedata

_SPELLING_MARKS = "\u00ad\u200c\u200d"
"""Soft hyphens and joiners, part of the spelling of some languages: allowed in prose, not in names."""
_INVISIBLE = re.compile("FILLER|PATTERN BLANK|VARIATION SELECTOR|GRAPHEME JOINER")
"""Matches the Unicode names of invisible characters of other categories."""
_QUOTATION_MARK = re.compile("QUOTATION MARK|PRIME|CORNER BRACKET|ACUTE ACCENT")
"""Matches the Unicode names of characters that are taken for quotation marks."""

SPECIAL_SPACE = r"[^\S \t\r\n]"
"""Regular expression for any space but those of YAML."""


def invisible_characters(text: str) -> set[str]:
    """The control, direction, private and unassigned characters of a text, which can disguise its content."""
    return {
        character
        for character in set(text) - set(f"\n\r\t{_SPELLING_MARKS}")
        if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") or ord(character) & 0xFFFE == 0xFFFE
    }


def character_message(character: str) -> str:
    """The message about an invisible character or a special space."""
    name = f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character')})"
    if unicodedata.category(character) == "Zs":
        return f"holds a special space, {name}. Write an ordinary space in its place."
    return f"holds an invisible character, {name}. Delete it."


def misplaced_character(name: str) -> str | None:
    """The first invisible character or special space in a key, an id or a figure."""
    odd = (sign for sign in name if _is_invisible(sign) or (unicodedata.category(sign) == "Zs" and sign != " "))
    return next(odd, None)


def _is_invisible(character: str) -> bool:
    return character in _SPELLING_MARKS or bool(_INVISIBLE.search(unicodedata.name(character, "")))


def is_typographic_quote(character: str) -> bool:
    """Whether a character is, or looks like, a quotation mark that means nothing to YAML."""
    category = unicodedata.category(character)
    if character.isascii() or category[0] not in "PSL":  # an accent above a letter is of another category
        return False
    return category in ("Pi", "Pf") or bool(_QUOTATION_MARK.search(unicodedata.name(character, "")))


def typographic_quotes_message(text: str) -> str | None:
    """The message about a text in typographic quotation marks; None if it has none."""
    bare = text.strip().strip("".join(filter(is_typographic_quote, text)))
    if bare == text.strip():
        return None
    return f'stands in typographic quotation marks, which YAML takes for a part of it. Write straight ones: "{bare}".'


def appearance(title: str) -> str:
    """A normal form of a title, equal for titles that look alike.

    Ignores case, spaces, invisible characters and punctuation at both ends; maps letters of other scripts to the
    ASCII letters that they look like.
    """
    text = "".join(character for character in unicodedata.normalize("NFKC", title) if not _is_invisible(character))
    if not text.isascii():
        text = "".join(map(_latin_lookalike, text))
    words = " ".join(text.casefold().split())
    return words.strip("".join(sign for sign in words if unicodedata.category(sign)[0] == "P") + " ") or words


def _latin_lookalike(character: str) -> str:
    """The ASCII letter or digit that a character looks like, or the character itself."""
    from confusable_homoglyphs.confusables import is_confusable  # only here: it reads a large table

    if character.isascii():
        return character
    entries = is_confusable(character) or []
    lookalikes = (homoglyph["c"] for entry in entries[:1] for homoglyph in entry["homoglyphs"])
    return next((letter for letter in lookalikes if letter.isascii()), character)
