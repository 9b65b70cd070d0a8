"""Protects the server of `mkdocs serve` against DNS rebinding.

Any web page can let its host name resolve to this computer; browsers then let it read what the server sends. Such a
name is never an IP address, nor the name of the computer itself.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_ALWAYS = ("localhost", "127.0.0.1", "::1")
_REFUSED = """This server answers only under its own name: {own}

If this computer shall answer under another name, say so when you start it: mkdocs serve -a NAME:PORT
"""


def own_names_only(application: WSGIApplication, host: str) -> WSGIApplication:
    """The same application, with status 403 for a request whose Host header is no name of this server.

    ``host`` is the name or address that it listens on. For an unspecified address such as 0.0.0.0, every IP address
    and the computer's own name are names of the server, with any port.
    """

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        port = int(environ["SERVER_PORT"])
        if is_own_name(environ.get("HTTP_HOST", ""), host, port):
            return application(environ, start_response)
        own = "localhost" if _is_unspecified(host) else f"[{host}]" if ":" in host else host
        start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
        return [_REFUSED.format(own=f"http://{own}:{port}/").encode()]

    return guarded


def is_own_name(header: str, host: str, port: int) -> bool:
    """Whether a Host header names a server that listens on this host and port."""
    try:
        url = urlsplit(f"//{header}")
        name, url_port = url.hostname, url.port or 80
    except ValueError:
        return False
    if name is None or url.netloc != header or url.username is not None:
        return False
    if _is_unspecified(host):
        return name in ("localhost", socket.gethostname().lower()) or _is_address(name)
    return name in (*_ALWAYS, host.lower()) and url_port == port


def _is_unspecified(host: str) -> bool:
    return _is_address(host) and ip_address(host).is_unspecified


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
