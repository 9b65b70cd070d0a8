"""The local server answers under its own names only, which prevents DNS rebinding."""

from __future__ import annotations

import socket

import pytest

from macros.site.local_server import is_own_name

OWN = socket.gethostname()


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("127.0.0.1:8000", "127.0.0.1"),
        ("localhost:8000", "127.0.0.1"),
        ("LOCALHOST:8000", "127.0.0.1"),
        ("[::1]:8000", "127.0.0.1"),
        ("policy.test:8000", "policy.test"),
        ("192.0.2.7:8000", "127.0.0.1"),
        ("localhost:8000", "0.0.0.0"),
        ("localhost:9000", "0.0.0.0"),
        ("192.0.2.7:8000", "0.0.0.0"),
        ("[2001:db8::7]:8000", "::"),
        (f"{OWN}:8000", "0.0.0.0"),
    ],
)
def test_server_answers_under_each_of_its_names(header: str, host: str) -> None:
    assert is_own_name(header, host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "::"])
@pytest.mark.parametrize(
    "header",
    [
        "",
        "shop.example",
        "shop.example:8000",
        "localhost.shop.example:8000",
        "127.0.0.1.shop.example:8000",
        "localhost:8000@shop.example",
        "shop.example@localhost:8000",
        "localhost:8000/shop.example",
        "localhost:eighty",
        "[localhost:8000",
        "[::1:8000",
        "localhost:8000, shop.example",
        f"{OWN}.shop.example:8000",
    ],
)
def test_server_answers_under_no_other_name(header: str, host: str) -> None:
    assert not is_own_name(header, host)
