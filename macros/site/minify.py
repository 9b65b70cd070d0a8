"""Scripts and styles without comments, indentation and empty lines, which are a quarter of their bytes.

Names and lines of scripts stay as they are, so that what a browser reports can be read.
"""

from __future__ import annotations

import re

COMMENTS = {
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    ".js": re.compile(r"^[ \t]*/\*.*?\*/|(?:^|[ \t]+)//[ \t].*?$", re.DOTALL | re.MULTILINE),
}
"""The comments of each kind of file. In scripts, a `//` inside a string has no blank after it."""
MINIFIED = frozenset(COMMENTS)
_BLANKS = re.compile(r"^\s+|[ \t]+$", re.MULTILINE)
_STYLE_BLANKS = re.compile(r"\s*([{};])\s*|([:,]) ")
"""Blanks that no style sheet needs. Its strings have none of them."""


def minify(text: str, suffix: str) -> str:
    """A script or a style sheet as it is sent; `suffix` is that of its file, one of MINIFIED."""
    short = _BLANKS.sub("", COMMENTS[suffix].sub("", text))
    return _STYLE_BLANKS.sub(r"\1\2", short) if suffix == ".css" else short
