"""Compares a rebuilt site with what a host sends: each file and each page address, as a tool and as a browser."""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from macros.node import NodeError, run_node
from macros.site.asset_manifest import MANIFEST
from macros.site.hosting import HOST_FILES, read_headers
from macros.site.http_client import OtherHostError, VerifyError, Web

DIFFERS = "is not what the commit makes"
MISSING = "is missing"
REWRITTEN = (
    "Only pages differ. That is so where a host or a CDN rewrites them: to count visitors, to hide e-mail addresses, to"
    " shorten them. Turn that off: no browser keeps a site that was changed, and its checker may not start."
)

_PAGE = "index.html"
_NOT_FOUND = "404.html"
_PRECOMPRESSED = {"br": ".br", "zstd": ".zst"}
"""The encodings of the compressed files of a site, with their extensions."""
_DECODE = Path(__file__).with_name("decode.mjs")
_THREADS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expectation:
    """A URL, and the response that it must have."""

    label: str
    """Its name in a problem."""
    url: str
    name: str
    """The file that must be sent."""
    status: int = 200
    browser: bool = False
    headers: bool = False
    """Whether the headers are compared."""


@dataclass(frozen=True, slots=True)
class _Result:
    """The result of comparing one response."""

    problem: str = ""
    encoded: Path | None = None
    """The content, if only node can decode it."""
    headers: str = ""
    """A line if headers are missing or different."""


def compare(web: Web, rebuilt: Path, names: Sequence[str]) -> tuple[Collection[str], int, tuple[str, ...], str]:
    """Compares a site on the web with a rebuilt one, whose files are `names`.

    Returns problems, number of page addresses, headers and hint, as in `macros.site.verify.Verification`. Raises
    VerifyError if the host fails.
    """
    expectations = [*_expectations(web, names)]
    headers = read_headers(rebuilt)
    with TemporaryDirectory(prefix="policy-verify-") as temporary:
        folder = Path(temporary)
        with ThreadPoolExecutor(_THREADS) as pool:
            results = [*pool.map(lambda expected: _request(web, expected, rebuilt, headers, folder), expectations)]
        _decode(folder, max_size=max((rebuilt / name).stat().st_size for name in names) + 1)
        problems: dict[str, str] = {}
        for expected, result in zip(expectations, results, strict=True):
            same = result.encoded is None or _is_same(result.encoded, rebuilt / expected.name)
            if problem := result.problem or ("" if same else DIFFERS):
                how = ", as a browser asks for it" if expected.browser else ""
                problems.setdefault(expected.label, f"{expected.label}{how}: {problem}.")
    pages = {expected.label for expected in expectations if expected.name.endswith(".html")}
    rewritten = bool(problems) and problems.keys() <= pages and all(DIFFERS in line for line in problems.values())
    return (
        problems.values(),
        len({expected.label for expected in expectations} - {*names}),
        tuple(result.headers for result in results if result.headers),
        REWRITTEN if rewritten else "",
    )


def _expectations(web: Web, names: Sequence[str]) -> Iterator[_Expectation]:
    """All requests: each file as a tool asks for it, and all that browsers load as a browser asks for it."""
    # A host may send other headers with files of another type.
    samples = {MANIFEST, *{PurePosixPath(name).suffix: name for name in reversed(names)}.values()}
    for name in names:
        url = web.url(name)
        yield _Expectation(label=name, url=url, name=name)
        if name not in HOST_FILES and PurePosixPath(name).suffix not in _PRECOMPRESSED.values():
            yield _Expectation(label=name, url=url, name=name, browser=True, headers=name in samples)
    for label, url, name, status in _addresses(web, names):
        yield _Expectation(label=label, url=url, name=name, status=status)
        yield _Expectation(label=label, url=url, name=name, status=status, browser=True, headers=True)


def _addresses(web: Web, names: Collection[str]) -> Iterator[tuple[str, str, str, int]]:
    """The addresses of pages: label, URL, file and status of each."""
    folders = [name.removesuffix(_PAGE) for name in names if PurePosixPath(name).name == _PAGE]
    for folder in folders:
        url = web.url(folder)
        yield url, url, f"{folder}{_PAGE}", 200
        if urlsplit(url).path != "/":
            yield url[:-1], url[:-1], f"{folder}{_PAGE}", 200
    for folder in folders[:2] if _NOT_FOUND in names else ():  # 404.html cannot know how deep it is
        url = web.url(f"{folder}{secrets.token_hex(8)}/")
        yield f"an address that does not exist, {url}", url, _NOT_FOUND, 404


def _request(web: Web, expected: _Expectation, rebuilt: Path, headers: Mapping[str, str], folder: Path) -> _Result:
    """Sends a request and compares the response; writes content that only node can decode into the folder."""
    content = (rebuilt / expected.name).read_bytes()
    try:
        response = web.get(expected.url, len(content) + len(content) // 64 + 4096, browser=expected.browser)
    except OtherHostError as error:
        return _Result(f"leads to another host, {error.host}")
    line = _header_line(expected.url, headers, response.headers) if expected.headers else ""
    if response.status != expected.status:
        missing = response.status in (404, 410)
        if missing and expected.name in HOST_FILES:  # hosts that read the file do not publish it
            return _Result()
        return _Result(MISSING if missing else f"is answered with the status {response.status}", headers=line)
    if not response.encoding or PurePosixPath(expected.name).suffix in _PRECOMPRESSED.values():
        return _Result("" if response.content == content else DIFFERS, headers=line)
    if response.encoding == "gzip":
        return _Result("" if _is_gzip(response.content, content) else DIFFERS, headers=line)
    if response.encoding not in _PRECOMPRESSED:
        return _Result(f"comes in the encoding {response.encoding!a}, which no browser was said to take", headers=line)
    encoded = folder / f"{sha256(response.content).hexdigest()}.{response.encoding}"
    encoded.write_bytes(response.content)
    return _Result(encoded=encoded, headers=line)


def _is_gzip(content: bytes, expected: bytes) -> bool:
    """Whether a content is exactly these bytes in gzip."""
    decoder = zlib.decompressobj(wbits=31)
    try:
        return decoder.decompress(content, len(expected) + 1) == expected and decoder.eof
    except zlib.error:
        return False


def _decode(folder: Path, max_size: int) -> None:
    """Decodes all files of a folder in one process, because node takes a moment to start."""
    if any(folder.iterdir()):
        try:
            run_node(_DECODE, folder, str(max_size))
        except NodeError as error:
            raise VerifyError(f"The answers cannot be decoded: {error}") from error


def _is_same(encoded: Path, file: Path) -> bool:
    decoded = encoded.with_suffix("")
    return decoded.is_file() and decoded.read_bytes() == file.read_bytes()


def _header_line(url: str, expected: Mapping[str, str], sent: Message) -> str:
    """The differences between the expected headers and those that were sent; empty if there are none."""
    actual = {name: ", ".join(sent.get_all(name, [])) for name in expected}
    missing = ", ".join(name for name, value in actual.items() if not value)
    differences = [f"is sent without {missing}"] if missing else []
    for name, value in actual.items():
        if value and value != expected[name]:
            differences.append(f"is sent with {name} {value!a} in place of {expected[name]!a}")
    return f"{url}: {', and '.join(differences)}." if differences else ""
