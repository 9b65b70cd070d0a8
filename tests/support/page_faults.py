"""What can go wrong with a file on its way to a browser."""

from __future__ import annotations

from tests.support.servers import Play, Reply

type Fault = Play


def missing(_: Reply) -> Reply:
    """Play that there is no such file."""
    return Reply(status=404, type="text/plain", body=b"Not found")


def broken(_: Reply) -> Reply:
    """Play a host that fails."""
    return Reply(status=500, type="text/plain", body=b"Internal error")


def cut_off(reply: Reply) -> Reply:
    """Send the first half, as if it were all."""
    return Reply(type=reply.type, body=reply.body[: len(reply.body) // 2])


def mistyped(reply: Reply) -> Reply:
    """Send the file as something else."""
    return Reply(type="text/plain", body=reply.body)


def another_bit(reply: Reply) -> Reply:
    """Send a file that differs in one bit."""
    middle = len(reply.body) // 2
    return Reply(type=reply.type, body=reply.body[:middle] + bytes([reply.body[middle] ^ 1]) + reply.body[middle + 1 :])


def as_a_page(_: Reply) -> Reply:
    """Answer as a network does that wants its guests to sign in first."""
    return Reply(type="text/html", body=b"<!doctype html><title>Sign in to the network</title>")


def hung_up(_: Reply) -> None:
    """Hang up without a word."""
    return None


FAULTS: dict[str, Fault] = {
    "404": missing,
    "500": broken,
    "truncated": cut_off,
    "wrong MIME": mistyped,
    "another bit": another_bit,
    "captive portal": as_a_page,
    "hung up": hung_up,
}
