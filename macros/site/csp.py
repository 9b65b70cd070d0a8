"""The Content-Security-Policy of every page: it allows our own files, and the inline scripts of the build.

It stands first in the head of each page, for hosts that send no headers; macros/site/hosting.py has the headers of the
others. Our workers are made of blobs, and so inherit the policy of the page.
"""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from macros.hashes import integrity

CHECK_PAGE = "check/index.html"
"""The page that runs the checker."""

_HEAD = "<head>"
_CHARSET = '<meta charset="utf-8">'
_META = '<meta http-equiv="Content-Security-Policy" content="{}">'
_FORBIDDEN = ("style", "srcdoc")


class CspViolationError(Exception):
    """A page contains something that its security policy would block; the message names it."""


def write_csp(site: Path) -> None:
    """Writes the security policy into each page of a built site. Raises CspViolationError as `inline_scripts`."""
    for page in sorted(site.rglob("*.html")):
        name = page.relative_to(site).as_posix()
        text = page.read_text(encoding="utf-8")
        policy = escape(page_policy(inline_scripts(text, name), checks=name == CHECK_PAGE), quote=False)
        # Browsers look for the charset in the first 1024 bytes only.
        head = f'{_HEAD}{_CHARSET}{_META.format(policy)}<meta name="referrer" content="no-referrer">'
        text = text.replace(_CHARSET, "", 1).replace(_HEAD, head, 1)
        page.write_text(text, encoding="utf-8", newline="\n")


def page_policy(scripts: Collection[str], *, checks: bool) -> str:
    """The security policy of a page with inline scripts of these hashes.

    ``checks`` is whether the page runs the checker, which needs WebAssembly and blobs as pictures.
    """
    sources = ["'self'", *(f"'{script}'" for script in sorted(scripts)), *(["'wasm-unsafe-eval'"] if checks else [])]
    directives = {
        "default-src": "'self'",  # Firefox has no directive for prefetches
        **dict.fromkeys(("font-src", "frame-src", "media-src", "object-src"), "'none'"),
        "script-src": " ".join(sources),
        "style-src": "'self'",
        "img-src": "'self' data: blob:" if checks else "'self' data:",  # the theme's icons are data
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "checker",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def inline_scripts(html: str, name: str) -> set[str]:
    """The hashes of the inline scripts of a page.

    Raises CspViolationError, which calls the page `name`, if it contains something that the policy blocks, such as an
    inline style.
    """
    reader = _Reader(name)
    reader.feed(html)
    reader.close()
    return {integrity(text.encode()) for text in reader.scripts}


class _Reader(HTMLParser):
    """Collects the inline scripts of a page, and rejects what the policy blocks."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        by_name = dict(attributes)
        for attribute, value in by_name.items():
            address = (value or "").strip().lower()
            if attribute in _FORBIDDEN or attribute.startswith("on") or address.startswith("javascript:"):
                raise CspViolationError(f"{self.name}: <{tag}> has {attribute}={value!r}, which no browser may follow.")
        if tag == "style":
            raise CspViolationError(f"{self.name}: <style> stands in the page. Styles belong into files.")
        self._inside = tag == "script" and "src" not in by_name and by_name.get("type") != "application/json"
        if self._inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = False
