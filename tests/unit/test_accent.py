"""The accent and the colours of the customers' pages: contrasts of WCAG 2.2 on every ground, light and dark."""

from __future__ import annotations

import colorsys
import re
from itertools import product

import pytest

from macros.accent import (
    CONTRAST,
    DARK_CONTRAST,
    DARK_GROUND,
    DEFAULT,
    LIGHT_GROUNDS,
    Colour,
    contrast,
    lowest_contrast,
    parse,
    stylesheet,
)
from macros.project import ROOT

# From the documentation of WebAIM's and of W3C's own contrast tools, with two decimals, cut off.
KNOWN = [
    ("#000000", "#ffffff", 21.0),
    ("#777777", "#ffffff", 4.47),
    ("#767676", "#ffffff", 4.54),
    ("#ff0000", "#ffffff", 3.99),
    ("#0000ff", "#ffffff", 8.59),
    ("#008000", "#ffffff", 5.13),
    ("#ffff00", "#000000", 19.55),
]
HUES = [(hue / 24, lightness / 10) for hue in range(24) for lightness in (1, 2, 3)]
GROUNDS = ("paper", "card", "sunken", "accent-soft")
MOODS = ("calm", "soon", "help", "over")
TEXTS = [
    *product(("ink", "soft", "accent", "alarm"), GROUNDS),
    *product(("ink", "soft"), (f"{mood}-soft" for mood in MOODS)),
    *((mood, f"{mood}-soft") for mood in MOODS),
    *product(("calm", "help", "over"), ("paper", "card")),
    ("on-accent", "accent"),
    ("white", "today"),
]
"""The texts and the grounds on which they stand."""
BORDERS = [*product(("edge", "accent"), ("paper", "card", "sunken"))]
"""The borders of controls: WCAG 2.2, 1.4.11."""


def of(text: str) -> Colour:
    colour = parse(text)
    assert colour
    return colour


def tokens(css: str) -> dict[str, Colour]:
    """The colours that a stylesheet sets outside its media queries."""
    pairs = re.findall(r"--([\w-]+): #([0-9a-f]{6}|[0-9a-f]{3})\b", css.partition("@media print")[0])
    return {name: of(f"#{value if len(value) == 6 else ''.join(2 * sign for sign in value)}") for name, value in pairs}


def colours(scheme: str, accent: str = DEFAULT) -> dict[str, Colour]:
    """All colours of the pages in a scheme, by the name of their token."""
    names = ("site", "dark") if scheme == "dark" else ("site",)
    sheets = [(ROOT / "docs" / "assets" / f"{name}.css").read_text(encoding="utf-8") for name in names]
    own = {name: colour for sheet in sheets for name, colour in tokens(sheet).items()}
    shop = tokens(stylesheet(accent))
    mine = {name.removesuffix(f"-{scheme}"): colour for name, colour in shop.items() if name.endswith(scheme)}
    return {"white": (255, 255, 255)} | own | mine


@pytest.mark.parametrize(("one", "other", "expected"), KNOWN)
def test_contrast_equals_that_of_known_pairs(one: str, other: str, expected: float) -> None:
    assert contrast(of(one), of(other)) == contrast(of(other), of(one)) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("text", "expected"), [("#0F6b62", (15, 107, 98)), ("", None), ("teal", None), ("#fff", None), ("#0f6b62a", None)]
)
def test_accent_is_read_from_six_digits_alone(text: str, expected: Colour | None) -> None:
    assert parse(text) == expected


def test_grounds_equal_those_of_the_stylesheets() -> None:
    light, dark = colours("light"), colours("dark")
    assert tuple(light[name] for name in ("paper", "card", "sunken")) == LIGHT_GROUNDS
    assert dark["card"] == DARK_GROUND
    assert min(("paper", "card", "sunken"), key=lambda name: contrast(dark[name], dark["ink"])) == "card"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_and_border_contrasts_with_its_ground(scheme: str) -> None:
    colour = colours(scheme)
    measured = {(text, ground): contrast(colour[text], colour[ground]) for text, ground in TEXTS}
    assert {pair: ratio for pair, ratio in measured.items() if ratio < CONTRAST} == {}
    measured = {(border, ground): contrast(colour[border], colour[ground]) for border, ground in BORDERS}
    assert {pair: ratio for pair, ratio in measured.items() if ratio < 3} == {}


@pytest.mark.parametrize(("hue", "lightness"), HUES)
def test_accent_of_any_hue_is_readable_in_both_schemes(hue: float, lightness: float) -> None:
    red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, lightness, 0.9))
    accent = f"#{red:02x}{green:02x}{blue:02x}"
    dark, light = colours("dark", accent), colours("light", accent)
    assert contrast(dark["accent"], dark["card"]) >= DARK_CONTRAST
    pairs = [pair for pair in TEXTS if "accent" in " ".join(pair)]
    assert [pair for pair in pairs if contrast(*(dark[name] for name in pair)) < CONTRAST] == []
    expected = min(contrast(light["accent"], light[ground]) for ground in (*GROUNDS, "on-accent"))
    assert lowest_contrast(of(accent)) == pytest.approx(expected)
