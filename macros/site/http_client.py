"""A site on the web: asks its host, as a tool and as a browser does."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

_TOOL = {"User-Agent": "policy-verify", "Accept-Encoding": "identity"}
_BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, br, zstd",
}
_PATIENCE = 30
"""Seconds that a host may take to begin with an answer, and between two parts of one."""
_NOT_NOW = (408, 429)
"""Like those from 500 on, statuses that say nothing of the site."""


class VerifyError(Exception):
    """The site cannot be compared; the message says why."""


class ElsewhereError(VerifyError):
    """An address leads to another host."""

    def __init__(self, url: str, host: str) -> None:
        super().__init__(f"{url}: leads to another host, {host}. Verify that instead.")
        self.host = host


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answers."""

    status: int
    headers: Message
    content: bytes
    """As it was sent, in its encoding."""

    @property
    def encoding(self) -> str:
        """The content's encoding, in small letters; empty if it has none."""
        said = ", ".join(self.headers.get_all("Content-Encoding", [])).strip().lower()
        return {"identity": "", "x-gzip": "gzip"}.get(said, said)


class Web:
    """A site on the web. Nothing is asked of another host than the one that was named."""

    def __init__(self, address: str) -> None:
        if urlsplit(address).scheme not in ("https", "http"):
            raise VerifyError(f"{address}: must begin with https:// or http://.")
        self.address = address if address.endswith("/") else f"{address}/"
        self._opener = build_opener(_Stay(self.address))

    def url(self, name: str) -> str:
        """The address of a file."""
        return urljoin(self.address, quote(name))

    def read(self, name: str, most: int) -> bytes | None:
        """A file's first bytes; None where there is none. Raises VerifyError."""
        answer = self.ask(self.url(name), most)
        return answer.content if answer.status == 200 else None

    def ask(self, url: str, most: int, *, browser: bool = False) -> Answer:
        """What the host answers to a tool, or to a browser: the first `most` bytes of it.

        Raises:
            ElsewhereError: The address leads to another host.
            VerifyError: The host cannot be reached, or says that it fails.
        """
        request = Request(url, headers=_BROWSER if browser else _TOOL)
        try:
            with self._opener.open(request, timeout=_PATIENCE) as answer:
                return Answer(answer.status, answer.headers, answer.read(most))
        except HTTPError as error:
            if error.code >= 500 or error.code in _NOT_NOW:
                raise VerifyError(f"{url}: {error}.") from error
            with error:
                return Answer(error.code, error.headers, error.read(most))
        except (URLError, OSError, HTTPException) as error:
            raise VerifyError(f"{url}: {getattr(error, 'reason', error)}.") from error


class _Stay(HTTPRedirectHandler):
    """Follows a redirection on the same host, and no other."""

    def __init__(self, address: str) -> None:
        self._origin = urlsplit(address)[:2]

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        if urlsplit(newurl)[:2] != self._origin:
            raise ElsewhereError(req.full_url, urlsplit(newurl).netloc)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
