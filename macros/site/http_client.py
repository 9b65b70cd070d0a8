"""HTTP requests to the host of a site, with the headers of a tool or of a browser."""

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
_TIMEOUT = 30
"""Seconds to the start of a response, and between two parts of it."""
_UNAVAILABLE = (408, 429)
"""Statuses that, like those from 500 on, say nothing about the site."""


class VerifyError(Exception):
    """The site cannot be compared; the message says why."""


class OtherHostError(VerifyError):
    """An address leads to another host."""

    def __init__(self, url: str, host: str) -> None:
        super().__init__(f"{url}: leads to another host, {host}. Verify that instead.")
        self.host = host


@dataclass(frozen=True, slots=True)
class Response:
    """The response of a host."""

    status: int
    headers: Message
    content: bytes
    """The body as sent, in its encoding."""

    @property
    def encoding(self) -> str:
        """The Content-Encoding in small letters; empty if there is none."""
        encoding = ", ".join(self.headers.get_all("Content-Encoding", [])).strip().lower()
        return {"identity": "", "x-gzip": "gzip"}.get(encoding, encoding)


class Web:
    """A site on the web. Sends requests to its own host only."""

    def __init__(self, address: str) -> None:
        if urlsplit(address).scheme not in ("https", "http"):
            raise VerifyError(f"{address}: must begin with https:// or http://.")
        self.address = address if address.endswith("/") else f"{address}/"
        self._opener = build_opener(_SameHost(self.address))

    def url(self, name: str) -> str:
        """The URL of a file."""
        return urljoin(self.address, quote(name))

    def read(self, name: str, size: int) -> bytes | None:
        """The first `size` bytes of a file; None if it is missing. Raises VerifyError."""
        response = self.get(self.url(name), size)
        return response.content if response.status == 200 else None

    def get(self, url: str, size: int, *, browser: bool = False) -> Response:
        """The response to a tool, or to a browser, with the first `size` bytes of the content.

        Raises OtherHostError for an address on another host, and VerifyError for a host that fails or is not reached.
        """
        request = Request(url, headers=_BROWSER if browser else _TOOL)
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as response:
                return Response(response.status, response.headers, response.read(size))
        except HTTPError as error:
            if error.code >= 500 or error.code in _UNAVAILABLE:
                raise VerifyError(f"{url}: {error}.") from error
            with error:
                return Response(error.code, error.headers, error.read(size))
        except (URLError, OSError, HTTPException) as error:
            raise VerifyError(f"{url}: {getattr(error, 'reason', error)}.") from error


class _SameHost(HTTPRedirectHandler):
    """Follows redirections on the same host only."""

    def __init__(self, address: str) -> None:
        self._web_origin = urlsplit(address)[:2]

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        if urlsplit(newurl)[:2] != self._web_origin:
            raise OtherHostError(req.full_url, urlsplit(newurl).netloc)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
