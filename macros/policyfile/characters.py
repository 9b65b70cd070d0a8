"""Characters that show as nothing, or look like others: which they are, and what an editor is told of them."""

from __future__ import annotations

import re
import unicodedata

_SPELLING = "\u00ad\u200c\u200d"
"""Soft hyphens and joiners, which belong to the spelling of some languages: prose may hold them, a name may not."""
_UNSEEN = re.compile("FILLER|PATTERN BLANK|VARIATION SELECTOR|GRAPHEME JOINER")
"""In the names of characters of other categories that show as nothing."""
_QUOTATION = re.compile("QUOTATION MARK|PRIME|CORNER BRACKET|ACUTE ACCENT")
"""In the names of characters that are taken for quotation marks."""

SPECIAL_SPACE = r"[^\S \t\r\n]"
"""Any space but those of YAML, as a regular expression."""


def invisible(text: str) -> set[str]:
    """Control and direction characters, which can make a text look different from what it is."""
    return {
        character
        for character in set(text) - set(f"\n\r\t{_SPELLING}")
        if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") or ord(character) & 0xFFFE == 0xFFFE
    }


def called(character: str) -> str:
    """What to do about a character that shows as nothing, or as a space that is not the keyboard's."""
    name = f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character')})"
    if unicodedata.category(character) == "Zs":
        return f"holds a special space, {name}. Write an ordinary space in its place."
    return f"holds an invisible character, {name}. Delete it."


def misplaced(name: str) -> str | None:
    """The first character that shows as nothing, or as another space, where a key, an id or a figure stands."""
    for character in name:
        if _is_unseen(character) or (unicodedata.category(character) == "Zs" and character != " "):
            return character
    return None


def _is_unseen(character: str) -> bool:
    return character in _SPELLING or bool(_UNSEEN.search(unicodedata.name(character, "")))


def is_typographic_quote(character: str) -> bool:
    """Whether it is one of the quotation marks that mean nothing to YAML, or is taken for one."""
    category = unicodedata.category(character)
    if character.isascii() or category[0] not in "PSL":  # an accent above a letter is of another category
        return False
    return category in ("Pi", "Pf") or bool(_QUOTATION.search(unicodedata.name(character, "")))


def typographic(text: str) -> str | None:
    """What to write in place of a text that stands in typographic quotation marks."""
    bare = text.strip()
    if not bare or not (is_typographic_quote(bare[0]) or is_typographic_quote(bare[-1])):
        return None
    while bare and is_typographic_quote(bare[0]):
        bare = bare[1:]
    while bare and is_typographic_quote(bare[-1]):
        bare = bare[:-1]
    return f'stands in typographic quotation marks, which YAML takes for a part of it. Write straight ones: "{bare}".'


def appearance(title: str) -> str:
    """A title as it meets the eye: the same for two that nobody could tell apart.

    Case, spaces, soft hyphens and the punctuation at both ends do not count, and letters of different scripts that look
    the same do not differ.
    """
    text = "".join(character for character in unicodedata.normalize("NFKC", title) if not _is_unseen(character))
    if not text.isascii():
        text = "".join(map(_latin, text))
    words = " ".join(text.casefold().split())
    return words.strip("".join(sign for sign in words if unicodedata.category(sign)[0] == "P") + " ") or words


def _latin(character: str) -> str:
    """The ASCII letter or figure that a character looks like, or the character itself."""
    from confusable_homoglyphs.confusables import is_confusable  # only here: it reads a large table

    if character.isascii():
        return character
    found = is_confusable(character)
    alike = [each["c"] for each in found[0]["homoglyphs"]] if found else []
    return next((other for other in alike if other.isascii()), character)
