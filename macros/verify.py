"""Makes a site again from the commit that it names, and compares every file: anyone can check what is on the web."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from macros.hosting import HEADERS
from macros.origin import FILE
from macros.project import ROOT

OPTIONS = ("--compressed", "--without-offline")
"""How a site may have been built; anything else that it says of that is not listened to."""

_PATIENCE = 30
"""Seconds that a host may take to begin with an answer, and between two parts of one."""
_AT_ONCE = 8
_LONGEST_LIST = 10_000_000
"""Bytes: a list of files is much shorter."""


class VerifyError(Exception):
    """The site cannot be compared; the message says why."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A site beside the one that its commit makes."""

    commit: str
    compared: int
    """How many files were compared."""
    problems: tuple[str, ...]
    """One line for each file that is not what the commit makes."""


class Site(Protocol):
    """A built site, wherever it stands."""

    hidden: ClassVar[Collection[str]]
    """Files that may be there though nobody can read them."""

    def read(self, name: str, most: int) -> bytes | None:
        """A file's first bytes, at most so many; None where there is no such file. Raises VerifyError."""


def verify(where: str) -> Verified:
    """Compares a site with what the commit that it names makes, which takes some minutes.

    Args:
        where: The address of a site, or a folder that holds one.

    Raises:
        VerifyError: It names no commit, or one that is not here, or it cannot be made or read.
    """
    site = Web(where) if "://" in where else Folder(Path(where))
    listed = _listed(site)
    with TemporaryDirectory(prefix="policy-verify-") as temporary:
        return compare(site, _made(listed, Path(temporary)), listed)


def compare(site: Site, made: Path, listed: dict[str, Any]) -> Verified:
    """Compares a site with one that was made again; ``listed`` is what the first says of itself."""
    names = sorted(file.relative_to(made).as_posix() for file in made.rglob("*") if file.is_file())

    def compared(name: str) -> str | None:
        expected = (made / name).read_bytes()
        found = site.read(name, len(expected) + 1)
        if found is None:
            return None if name in site.hidden else f"{name}: is missing."
        return None if found == expected else f"{name}: is not what the commit makes."

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        problems = [*filter(None, pool.map(compared, names))]
    present = {*listed["files"], *site.names()} if isinstance(site, Folder) else {*listed["files"]}
    more = sorted(present - {*names})
    problems += [f"{name!a}: is nothing that the commit makes." for name in more]
    return Verified(listed["commit"], len(names) + len(more), tuple(problems))


@dataclass(frozen=True, slots=True)
class Folder:
    """A site in a folder."""

    hidden: ClassVar[Collection[str]] = ()

    path: Path

    def read(self, name: str, most: int) -> bytes | None:
        """A file's first bytes; None where there is none."""
        try:
            with (self.path / name).open("rb") as file:
                return file.read(most)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self) -> Iterator[str]:
        """All files, the list of files too."""
        return (file.relative_to(self.path).as_posix() for file in self.path.rglob("*") if file.is_file())


class Web:
    """A site on the web. Nothing is asked of another host than the one that was named."""

    hidden: ClassVar[Collection[str]] = (HEADERS,)  # hosts that read it by themselves show it to nobody

    def __init__(self, address: str) -> None:
        if urlsplit(address).scheme not in ("https", "http"):
            raise VerifyError(f"{address}: must begin with https:// or http://.")
        self.address = address if address.endswith("/") else f"{address}/"
        self._opener = build_opener(_Stay(self.address))

    def read(self, name: str, most: int) -> bytes | None:
        """A file's first bytes as they are stored, not as they are packed for the way; None where there is none."""
        request = Request(urljoin(self.address, quote(name)), headers={"Accept-Encoding": "identity"})
        try:
            with self._opener.open(request, timeout=_PATIENCE) as answer:
                content: bytes = answer.read(most)
                return content
        except HTTPError as error:
            if error.code in (404, 410):
                return None
            raise VerifyError(f"{request.full_url}: {error}.") from error
        except (URLError, OSError) as error:
            raise VerifyError(f"{request.full_url}: {getattr(error, 'reason', error)}.") from error


class _Stay(HTTPRedirectHandler):
    """Follows a redirection on the same host, and no other."""

    def __init__(self, address: str) -> None:
        self._origin = urlsplit(address)[:2]

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        if urlsplit(newurl)[:2] != self._origin:
            raise VerifyError(f"{req.full_url}: leads to another host, {urlsplit(newurl).netloc}. Verify that instead.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _listed(site: Site) -> dict[str, Any]:
    """What a site says of itself."""
    content = site.read(FILE, _LONGEST_LIST)
    if content is None:
        raise VerifyError(f"There is no {FILE}, in which a site says what it is made of.")
    try:
        listed = json.loads(content)
        files, commit, options, address = (listed[part] for part in ("files", "commit", "options", "address"))
    except (ValueError, RecursionError, LookupError, TypeError):
        raise VerifyError(f"{FILE} is not the list of a site.") from None
    if commit is None:
        raise VerifyError(f"{FILE} names no commit: it was built of files that no commit holds, or it is a draft.")
    texts = [commit, address, *(options if isinstance(options, list) else [None])]
    if not (isinstance(files, dict) and all(isinstance(text, str) for text in texts) and commit.isalnum()):
        raise VerifyError(f"{FILE} is not the list of a site.")
    return {"files": files, "commit": commit, "options": options, "address": address}


def _made(listed: dict[str, Any], folder: Path) -> Path:
    """Makes the site of a commit in an empty folder, with the packages that the commit locks; the folder it is in."""
    commit = listed["commit"]
    _run(folder, "git", "init", "--quiet", fails="git cannot make a folder for the commit.")
    here = f"The commit {commit} is not in this project. Run `git fetch` first."
    _run(folder, "git", "fetch", "--quiet", "--depth=1", str(ROOT), commit, fails=here)
    _run(folder, "git", "checkout", "--quiet", "--detach", "FETCH_HEAD", fails=here)
    ready = "What the commit needs cannot be installed. The lines above say why."
    _run(folder, "make", ".venv/.ready", "node_modules/.ready", fails=ready)
    build = [".venv/bin/policy", "build", *(option for option in OPTIONS if option in listed["options"])]
    failed = "The site of the commit cannot be built. The lines above say why."
    _run(folder, *build, address=listed["address"], fails=failed)
    return folder / "site"


def _run(folder: Path, *command: str, fails: str, address: str = "") -> None:
    """Runs a command as in a fresh shell; what it says goes to the errors, so that our own output stays alone."""
    dropped = ("GIT_", "MAKE", "PYTHON", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    environment |= {"SITE_URL": address, "PATH": f"{environment['PATH']}{os.pathsep}{ROOT / '.tools' / 'bin'}"}
    if subprocess.run(command, cwd=folder, env=environment, stdout=2).returncode:
        raise VerifyError(fails)
