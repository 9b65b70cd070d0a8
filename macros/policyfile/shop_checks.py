"""Checks of the shop's frame, its addresses, colour and logo, and of the words of its trade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

from checker.policy import Policy, Words, key
from macros import accent
from macros.policyfile.errors import KeyPath, Problem
from macros.policyfile.suggestions import suggestion
from macros.project import ROOT

ASSETS = ROOT / "docs" / "assets"
LOGO_TYPES = (".png", ".svg")

_WEB = re.compile(r"https://[^\s/@<>\"']+(/[^\s<>\"']*)?")
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_VERBS = ("apply", "arrive")
"""The words that are verbs. The others are nouns."""
_BEFORE_NOUN = re.compile(r"(an?|the|your|my|our|this|that)\s", re.IGNORECASE)
_BEFORE_VERB = re.compile(r"(to|you can|can|you)\s", re.IGNORECASE)
_NOUN_ENDING = re.compile(r"\w+(tion|sion|ment|ing|ed)", re.IGNORECASE)


def problems(policy: Policy) -> Iterator[Problem]:
    """The mistakes in `shop` and `words`."""
    shop = policy.shop
    if shop.contact and not (_WEB.fullmatch(shop.contact) or _E_MAIL.fullmatch(shop.contact)):
        yield Problem(("shop", "contact"), "must be an e-mail address, or a web address that begins with https://.")
    for field in ("apply_at", "legal_notice", "privacy", "repository"):
        if (address := getattr(shop, field)) and not _WEB.fullmatch(address):
            yield Problem(("shop", key(field)), "must be a web address that begins with https://.")
    if shop.accent:
        yield from _accent_problems(shop.accent)
    if shop.logo:
        yield from _logo_problems(shop.logo)
    for name, text in _words(policy):
        before, rest = (_BEFORE_VERB, "you can") if name in _VERBS else (_BEFORE_NOUN, "your")
        path: KeyPath = ("words", name)
        if match := before.match(text):
            yield Problem(path, f'stands after "{rest}" in sentences: write it without "{match[0].strip()}".')
        elif text.rstrip(".,;:!?") != text:
            yield Problem(path, f'stands inside sentences: write it without "{text[-1]}" at its end.')


def hints(policy: Policy) -> Iterator[Problem]:
    """Words of the trade that may read wrong in a sentence."""
    for name, text in _words(policy):
        path: KeyPath = ("words", name)
        subject = "You can" if name == "apply" else "When does it"
        if name in _VERBS and _NOUN_ENDING.fullmatch(text.partition(" ")[0]):
            yield Problem(path, f'is read as "{subject} {text}". If that is no verb, write what is done.')
        elif text[:1].isupper() and text[1:].islower():
            yield Problem(path, f'stands inside sentences. If it is no name, write "{text[:1].lower()}{text[1:]}".')


def _words(policy: Policy) -> Iterator[tuple[str, str]]:
    """The words of the trade by name, on one line each."""
    return ((field.name, " ".join(getattr(policy.words, field.name).split())) for field in fields(Words))


def _accent_problems(text: str) -> Iterator[Problem]:
    path: KeyPath = ("shop", "accent")
    colour = accent.parse(text)
    if colour is None:
        yield Problem(path, f'must be six hexadecimal digits behind a #, in quotes, such as "{accent.DEFAULT}".')
    elif (lowest := accent.lowest_contrast(colour)) < accent.CONTRAST:
        message = (
            f"has a contrast of {lowest:.1f} to the pages, and text needs {accent.CONTRAST}. "
            f'Take a darker colour, such as "{_darker(colour)}".'
        )
        yield Problem(path, message)


def _darker(colour: accent.Colour) -> str:
    """The lightest shade of a colour that has enough contrast."""
    red, green, blue = colour
    shades = ((red * share // 100, green * share // 100, blue * share // 100) for share in range(100, -1, -1))
    return f"#{bytes(next(shade for shade in shades if accent.lowest_contrast(shade) >= accent.CONTRAST)).hex()}"


def _logo_problems(name: str) -> Iterator[Problem]:
    path: KeyPath = ("shop", "logo")
    pictures = sorted(file.name for file in ASSETS.iterdir() if file.suffix in LOGO_TYPES)
    if "/" in name or "\\" in name or not name.endswith(LOGO_TYPES):
        message = f'must be the name of an .svg or a .png file in docs/assets, without a path. It says "{name}".'
        yield Problem(path, message)
    elif name not in pictures:
        yield Problem(path, f'there is no file "{name}" in docs/assets. Put it there. {suggestion(name, pictures)}')
