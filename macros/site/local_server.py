"""Protects the server of `mkdocs serve` against DNS rebinding.

Any web page can let its host name resolve to this computer; browsers then let it read what the server sends. Such a
name is never an IP address, nor the name of the computer itself.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_HOST = re.compile(r"(\[[\da-f:.]+\]|[\w.-]+)(?::\d+)?", re.ASCII | re.IGNORECASE)
_REFUSED = """This server answers only under its own name: http://localhost:{port}/

If this computer shall answer under another name, say so when you start it: mkdocs serve -a NAME:PORT
"""


def own_names_only(application: WSGIApplication, host: str) -> WSGIApplication:
    """The same application, with status 403 for a request whose Host header is no name of this server.

    ``host`` is the name or address that it listens on.
    """

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if is_own_name(environ.get("HTTP_HOST", ""), host):
            return application(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
        return [_REFUSED.format(port=environ["SERVER_PORT"]).encode()]

    return guarded


def is_own_name(header: str, host: str) -> bool:
    """Whether a Host header names a server that listens on this host: an IP address always does, with any port."""
    match = _HOST.fullmatch(header)
    name = match[1].strip("[]").lower() if match else ""
    return name in ("localhost", host.lower(), socket.gethostname().lower()) or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
