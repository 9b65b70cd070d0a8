"""The signs beside headings and links, as SVG that takes the colour of its text."""

from __future__ import annotations

from markupsafe import Markup

_SHAPES = {
    "good": '<path d="M4 12.5 9.5 18 20 6.5"/>',
    "bad": '<circle cx="12" cy="12" r="9.2"/><path d="M7.5 12h9"/>',
    "neutral": '<circle cx="12" cy="12" r="9.2"/><path d="M12 11v5.5M12 7.4v.2"/>',
    "time": '<circle cx="12" cy="12" r="9.2"/><path d="M12 6.5V12l3.5 2"/>',
    "calendar": '<path d="M4 5.5h16v15H4zM4 10h16M8.5 3v4M15.5 3v4"/>',
    "add": '<path d="M12 5v14M5 12h14"/>',
    "download": '<path d="M12 4v11m-5-4.5 5 5 5-5M4.5 20h15"/>',
    "print": '<path d="M7 9V3.5h10V9M7 17H3.5V9h17v8H17M7 14h10v6.5H7z"/>',
    "link": (
        '<path d="M10 14a4 4 0 0 0 6 .4l3-3a4.2 4.2 0 0 0-6-6l-1.2 1.2'
        'M14 10a4 4 0 0 0-6-.4l-3 3a4.2 4.2 0 0 0 6 6l1.2-1.2"/>'
    ),
    "share": '<path d="M12 15V3.5M7.5 8 12 3.5 16.5 8M5 12.5v8h14v-8"/>',
    "next": '<path d="m9 5 7 7-7 7"/>',
    "back": '<path d="m15 5-7 7 7 7"/>',
}
_DIRECTED = ("next", "back")
"""Arrows point the other way on pages that are read from right to left."""


def icon(name: str) -> Markup:
    """A sign by its name; screen readers skip it. `good`, `neutral` and `bad` are the tones of outcomes."""
    turn = Markup(' class="turn"') if name in _DIRECTED else ""
    return Markup('<svg{} viewBox="0 0 24 24" aria-hidden="true">{}</svg>').format(turn, Markup(_SHAPES[name]))
