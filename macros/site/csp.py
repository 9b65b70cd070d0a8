"""Closes the doors of every page: its security policy lets in our own files, and the scripts that it was built with.

The policy stands in each page, first in its head, for hosts that send no headers; macros/site/hosting.py has the
headers of the others. A worker takes over the policy of the page that made it out of a blob, and so do all of ours.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from html import escape
from html.parser import HTMLParser
from pathlib import Path

CHECK_PAGE = "check/index.html"
"""The page that runs the checker."""

_DATA = "application/json"
_HEAD = "<head>"
_CHARSET = '<meta charset="utf-8">'
_META = '<meta http-equiv="Content-Security-Policy" content="{}">'
_FORBIDDEN = ("style", "srcdoc")


class CspViolationError(Exception):
    """A page has something in it that its security policy must refuse; the message says what."""


def write_csp(site: Path) -> None:
    """Writes its security policy into each page of a built site.

    Raises:
        OpenDoorError: A page has what no policy of ours lets through, as a script from elsewhere.
    """
    for page in sorted(site.rglob("*.html")):
        name = page.relative_to(site).as_posix()
        text = page.read_text(encoding="utf-8")
        policy = escape(page_policy(inline_scripts(text, name), checks=name == CHECK_PAGE), quote=False)
        # Browsers look for the charset in the first 1024 bytes alone.
        head = f'{_HEAD}{_CHARSET}{_META.format(policy)}<meta name="referrer" content="no-referrer">'
        closed = text.replace(_CHARSET, "", 1).replace(_HEAD, head, 1)
        page.write_text(closed, encoding="utf-8", newline="\n")


def page_policy(scripts: Collection[str], *, checks: bool) -> str:
    """The security policy of a page.

    Args:
        scripts: The hashes of the scripts that stand in the page itself.
        checks: Whether it runs the checker: in WebAssembly, and with pictures of the customer's own.
    """
    run = ["'self'", *(f"'{each}'" for each in sorted(scripts)), *(["'wasm-unsafe-eval'"] if checks else [])]
    directives = {
        "default-src": "'self'",  # what Firefox fetches ahead has no directive of its own
        **dict.fromkeys(("font-src", "frame-src", "media-src", "object-src"), "'none'"),
        "script-src": " ".join(run),
        "style-src": "'self'",
        "img-src": "'self' data: blob:" if checks else "'self' data:",  # the theme's icons are data
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "checker default",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def inline_scripts(html: str, name: str) -> set[str]:
    """The hashes of the scripts that stand in a page.

    Raises:
        OpenDoorError: The page has what no policy of ours lets through.
    """
    reader = _Reader(name)
    reader.feed(html)
    reader.close()
    return {f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}" for text in reader.scripts}


class _Reader(HTMLParser):
    """Collects the scripts of a page."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        for attribute, value in given.items():
            address = (value or "").strip().lower()
            if attribute in _FORBIDDEN or attribute.startswith("on") or address.startswith("javascript:"):
                raise CspViolationError(f"{self.name}: <{tag}> has {attribute}={value!r}, which no browser may follow.")
        if tag == "style":
            raise CspViolationError(f"{self.name}: <style> stands in the page. Styles belong into files.")
        self._inside = tag == "script" and "src" not in given and given.get("type") != _DATA
        if self._inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = False
