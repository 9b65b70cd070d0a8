"""The shop's accent colour, checked for contrast, and the stylesheet that sets it on the customers' pages."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator

type Colour = tuple[int, int, int]
"""Red, green and blue, each from 0 to 255."""

DEFAULT = "#0f6b62"
CONTRAST = 4.5
"""The least contrast of text, WCAG 2.2, 1.4.3."""
_WHITE: Colour = (255, 255, 255)
LIGHT_GROUNDS: tuple[Colour, ...] = ((251, 250, 247), (255, 255, 255), (242, 239, 232))
DARK_GROUND: Colour = (27, 34, 32)
_ON_DARK: Colour = (6, 32, 29)
"""The grounds of docs/assets/site.css (--paper, --card, --sunken) and dark.css (--card); the text on a dark accent."""
DARK_CONTRAST = 8
"""The contrast of the accent on dark pages. It has the same hue there, and is as much lighter as it needs to be."""


def parse(text: str) -> Colour | None:
    """A colour of six hexadecimal digits behind a #; None if the text is none."""
    match = re.fullmatch(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", text, re.IGNORECASE)
    return (int(match[1], 16), int(match[2], 16), int(match[3], 16)) if match else None


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, as WCAG 2.2 defines it: from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lowest_contrast(accent: Colour) -> float:
    """The lowest contrast that an accent has on light pages, as text and under white text."""
    return min(contrast(accent, ground) for ground in (*LIGHT_GROUNDS, _soft(accent, _WHITE)))


def stylesheet(text: str) -> str:
    """The stylesheet of an accent, which `parse` can read; the default one for an empty text."""
    accent = parse(text or DEFAULT)
    assert accent is not None
    dark = next(colour for colour in _lighter(accent) if contrast(colour, DARK_GROUND) >= DARK_CONTRAST)
    colours = {
        "accent-light": accent,
        "on-accent-light": _WHITE,
        "accent-soft-light": _soft(accent, _WHITE),
        "accent-dark": dark,
        "on-accent-dark": _ON_DARK,
        "accent-soft-dark": _soft(dark, DARK_GROUND),
    }
    lines = (f"  --{name}: #{bytes(colour).hex()};" for name, colour in colours.items())
    return "\n".join([":root {", *lines, "}", ""])


def _lighter(colour: Colour) -> Iterator[Colour]:
    """Colours of the same hue, less saturated, from the lightness of this one to white."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    for step in range(101):
        parts = colorsys.hls_to_rgb(hue, lightness + (1 - lightness) * step / 100, 0.7 * saturation)
        red, green, blue = (round(part * 255) for part in parts)
        yield red, green, blue


def _soft(colour: Colour, ground: Colour) -> Colour:
    """A ground with a touch of a colour."""
    red, green, blue = (round(0.09 * part + 0.91 * under) for part, under in zip(colour, ground, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    """The relative luminance, as WCAG 2.2 defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
