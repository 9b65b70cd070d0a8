"""Overrides for `SiteServer`: replacements of a file on its way to a browser, among them the faults of a network."""

from __future__ import annotations

import threading

from tests.support.servers import Override, Reply


def record_request(requests: list[str], name: str) -> Override:
    """Send the file unchanged, and append its name to `requests`."""

    def override(reply: Reply) -> Reply:
        requests.append(name)
        return reply

    return override


def replace_body(body: bytes) -> Override:
    """Send other bytes with the same media type."""
    return lambda reply: Reply(type=reply.type, body=body)


def replace_text(old: str, new: str) -> Override:
    """Send the file with another text in one place, which must be there."""

    def override(reply: Reply) -> Reply:
        assert old.encode() in reply.body
        return Reply(type=reply.type, body=reply.body.replace(old.encode(), new.encode()))

    return override


def prepend(text: str) -> Override:
    """Send the file with a text before it."""
    return lambda reply: Reply(type=reply.type, body=text.encode() + reply.body)


def hold(released: threading.Event) -> Override:
    """Send the file once the event is set; drop the connection after a minute."""
    return lambda reply: reply if released.wait(60) else None


def stub_worker(response: str) -> Override:
    """Send a worker that starts at once and answers each request.

    Args:
        response: A JavaScript expression for the response; `argument` is the request's argument.
    """
    return replace_body(
        f"""onmessage = ({{ data: {{ id, name, argument }} }}) =>
            postMessage({{ id, value: name === "started" || ({response}) }});
        postMessage({{}});""".encode()
    )


# ---- faults of a network or a host


def not_found(_: Reply) -> Reply:
    return Reply(status=404, type="text/plain", body=b"Not found")


def server_error(_: Reply) -> Reply:
    return Reply(status=500, type="text/plain", body=b"Internal error")


def truncated(reply: Reply) -> Reply:
    """Send the first half as if it were the whole file."""
    return Reply(type=reply.type, body=reply.body[: len(reply.body) // 2])


def wrong_type(reply: Reply) -> Reply:
    return Reply(type="text/plain", body=reply.body)


def of_type(type_: str) -> Override:
    """Send the file with another media type; with none if that is empty."""
    return lambda reply: Reply(type=type_, body=reply.body)


def redirected(_: Reply) -> Reply:
    """Redirect to another origin, as a network does whose guests have not signed in."""
    return Reply(status=302, type="text/html", body=b"", location="http://portal.invalid/sign-in")


def gone(_: Reply) -> Reply:
    return Reply(status=410, type="text/plain", body=b"Gone")


def unavailable(_: Reply) -> Reply:
    return Reply(status=503, type="text/html", body=b"<!doctype html><title>Try later</title>")


def flipped_bit(reply: Reply) -> Reply:
    """Send a file that differs in one bit."""
    middle = len(reply.body) // 2
    return Reply(type=reply.type, body=reply.body[:middle] + bytes([reply.body[middle] ^ 1]) + reply.body[middle + 1 :])


def captive_portal(_: Reply) -> Reply:
    """Send the page with which a network asks its guests to sign in."""
    return Reply(type="text/html", body=b"<!doctype html><title>Sign in to the network</title>")


def connection_dropped(_: Reply) -> None:
    return None


FAULTS: dict[str, Override] = {
    "404": not_found,
    "500": server_error,
    "truncated": truncated,
    "wrong MIME": wrong_type,
    "another bit": flipped_bit,
    "captive portal": captive_portal,
    "hung up": connection_dropped,
}
