"""Rebuilds a site from the commit that it names, and compares all files: anyone can verify a published site.

The site is not trusted. Its commit must be on a branch that the caller trusts; the caller gives options and address.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter, ValidationError

from macros.git import GitError, Repository
from macros.project import ROOT
from macros.site import deployment
from macros.site.http_client import VerifyError, Web
from macros.site.provenance import FILE_LIST, FileList, is_commit

__all__ = ["Folder", "Verification", "VerifyError", "Web", "compare", "verify"]

BRANCHES = ("origin/main", "main")
"""The published branch: the first of these that exists."""
OPTIONS = {"--compressed": "--uncompressed", "--without-offline": "--without-offline"}
"""The options of `policy build`, each with the option of `policy verify` for sites that `make build` did not build."""

_ADDRESS = re.compile(r"[\w.:/~%-]*", re.ASCII)
"""No character has a meaning in a shell, into which somebody may paste the address."""
_MAX_FILE_LIST = 10_000_000
"""Bytes: a real list of files is much shorter."""
_ENVIRONMENT = re.compile(
    r"PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TMPDIR|TERM|XDG_CACHE_HOME|XDG_DATA_HOME"
    r"|(?i:https?_proxy|all_proxy|no_proxy)"
    r"|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|UV_NATIVE_TLS|UV_SYSTEM_CERTS"
    r"|PIP_\w+|UV_INDEX\w*|UV_DEFAULT_INDEX|UV_FIND_LINKS|UV_NO_INDEX|UV_CONFIG_FILE|UV_CACHE_DIR|UV_HTTP_TIMEOUT"
    r"|UV_PYTHON_INSTALL_DIR|UV_PYTHON_INSTALL_MIRROR|(?i:npm_config_(registry|cache|cafile))"
)
"""The environment variables of a rebuild: where programs and packages are. The commit locks which packages."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of comparing a site with its rebuilt commit."""

    commit: str
    files: int
    """The number of files compared."""
    problems: tuple[str, ...]
    """One line for each file or address that differs from the rebuilt site."""
    addresses: int = 0
    """The number of page addresses compared; 0 for a folder."""
    headers: tuple[str, ...] = ()
    """One line for each response with missing or different headers."""
    hint: str = ""
    """A likely cause of the problems; may be empty."""


def verify(
    where: str, *, branch: str | None = None, address: str | None = None, compressed: bool = True, offline: bool = True
) -> Verification:
    """Rebuilds the commit that a site names, and compares the two; takes some minutes.

    Args:
        where: The address or the folder of a site.
        branch: The branch that must hold the commit; by default origin/main, or else main.
        address: The SITE_URL of the build; by default `where` if that is an address, and none for a folder.
        compressed: Whether the site was built with --compressed, as by `make build`.
        offline: Whether it was built without --without-offline.

    Raises:
        VerifyError: The site names no commit of that branch, was built with other options, or cannot be read or built.
    """
    site = Web(where) if "://" in where else Folder(Path(where))
    if address is None:
        address = site.address if isinstance(site, Web) else ""
    options = [name for name, is_set in zip(OPTIONS, (compressed, not offline), strict=True) if is_set]
    commit, file_list = _read_file_list(site)
    _require_options(file_list, options, address)
    _require_branch(commit, branch)
    with TemporaryDirectory(prefix="policy-verify-") as temporary:
        return compare(site, _rebuild(commit, options, address, Path(temporary)), commit, file_list.files)


def compare(site: Folder | Web, rebuilt: Path, commit: str, listed: Iterable[str]) -> Verification:
    """Compares a site with its rebuilt commit; `listed` are the files that the site says it has."""
    names = sorted(file.relative_to(rebuilt).as_posix() for file in rebuilt.rglob("*") if file.is_file())
    present = {*listed} if isinstance(site, Web) else {*listed, *site.names()}
    more = sorted(present - {*names})
    unknown = [f"{name!a}: is nothing that the commit makes." for name in more]
    files = len(names) + len(more)
    if isinstance(site, Folder):
        return Verification(commit, files, (*_problems(site, rebuilt, names), *unknown))
    problems, addresses, headers, hint = deployment.compare(site, rebuilt, names)
    return Verification(commit, files, (*problems, *unknown), addresses, headers, "" if more else hint)


@dataclass(frozen=True, slots=True)
class Folder:
    """A site in a folder."""

    path: Path

    def read(self, name: str, size: int) -> bytes | None:
        """The first `size` bytes of a file; None if it is missing."""
        try:
            with (self.path / name).open("rb") as file:
                return file.read(size)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self) -> Iterator[str]:
        """The names of all files, including the list of files."""
        return (file.relative_to(self.path).as_posix() for file in self.path.rglob("*") if file.is_file())


def _problems(site: Folder, rebuilt: Path, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        expected = (rebuilt / name).read_bytes()
        content = site.read(name, len(expected) + 1)
        if content != expected:
            yield f"{name}: {deployment.MISSING if content is None else deployment.DIFFERS}."


def _read_file_list(site: Folder | Web) -> tuple[str, FileList]:
    """The commit that a site names, and its list of files."""
    content = site.read(FILE_LIST, _MAX_FILE_LIST)
    if content is None:
        raise VerifyError(f"There is no {FILE_LIST}, in which a site says what it is made of.")
    try:
        file_list = TypeAdapter(FileList).validate_json(content)
    except ValidationError:
        raise VerifyError(f"{FILE_LIST} is not the list of a site.") from None
    commit = file_list.commit
    if commit is None:
        raise VerifyError(f"{FILE_LIST} names no commit: it was built of files that no commit holds, or it is a draft.")
    if not is_commit(commit):
        raise VerifyError(f"{FILE_LIST} names {commit[:99]!a}, which is not the full hash of a commit.")
    return commit, file_list


def _require_options(file_list: FileList, options: Collection[str], address: str) -> None:
    """Raises VerifyError if a site names other options or another address than the caller."""
    claim = "The site says that it was built"
    for option, ours in OPTIONS.items():
        is_claimed, is_expected = option in file_list.options, option in options
        if is_claimed != is_expected:
            is_ours_used = is_expected == (option == ours)
            advice = f"{'leave out' if is_ours_used else 'add'} {ours}"
            raise VerifyError(f"{claim} {'with' if is_claimed else 'without'} {option}. If that is meant, {advice}.")
    for option in {*file_list.options} - OPTIONS.keys():
        raise VerifyError(f"{claim} with {option[:99]!a}, which is no option of `policy build`.")
    if (claimed := file_list.address) != address:
        if not _ADDRESS.fullmatch(claimed):
            raise VerifyError(f"{claim} for {claimed[:99]!a}, which is no address of a site.")
        raise VerifyError(f"{claim} with SITE_URL={claimed}. If that is meant, add --address={claimed or "''"}.")


def _require_branch(commit: str, branch: str | None) -> None:
    """Raises VerifyError if a commit is not on the branch that the caller trusts."""
    repository = Repository(ROOT)
    try:
        name, tip = _tip(repository, branch)
        is_here = repository.commit(commit) == commit
        if is_here and repository.holds(tip, commit):
            return
        if repository.is_shallow():
            raise VerifyError(
                f"Whether the branch {name} holds the commit {commit} cannot be told, because this clone has a part of"
                " the history alone. Run `git fetch --unshallow` first."
            )
    except GitError as error:
        raise VerifyError(str(error)) from error
    if not is_here:
        raise VerifyError(f"The commit {commit} is not in this project. Run `git fetch` first.")
    raise VerifyError(
        f"The commit {commit} is not on the branch {name}. Run `git fetch` if it is new there. If it is on another"
        " branch that you trust, name that with --branch."
    )


def _tip(repository: Repository, branch: str | None) -> tuple[str, str]:
    """The name of the trusted branch and its last commit; a tag of that name does not count."""
    for name in [branch] if branch else BRANCHES:
        for revision in (f"refs/remotes/{name}", f"refs/heads/{name}", *([branch] if branch else [])):
            if tip := repository.commit(revision):
                return name, tip
    names = branch or " or ".join(BRANCHES)
    raise VerifyError(f"There is no branch {names} here. Run `git fetch`, or name the published branch with --branch.")


def _rebuild(commit: str, options: Iterable[str], address: str, folder: Path) -> Path:
    """Builds the site of a commit in an empty folder, with its locked packages; returns the site's folder."""
    _run(folder, "git", "init", "--quiet", fails="git cannot make a folder for the commit.")
    failed = f"git cannot take the commit {commit} out of this project. The lines above say why."
    _run(folder, "git", "fetch", "--quiet", "--depth=1", str(ROOT), commit, fails=failed)
    _run(folder, "git", "checkout", "--quiet", "--detach", "FETCH_HEAD", fails=failed)
    ready = "What the commit needs cannot be installed. The lines above say why."
    _run(folder, "make", ".venv/.ready", "node_modules/.ready", fails=ready)
    failed = "The site of the commit cannot be built. The lines above say why."
    _run(folder, ".venv/bin/policy", "build", *options, address=address, fails=failed)
    return folder / "site"


def _run(folder: Path, *command: str, fails: str, address: str = "") -> None:
    """Runs a command in a clean environment, with its output on stderr. Raises VerifyError with the text `fails`."""
    environment = {name: value for name, value in os.environ.items() if _ENVIRONMENT.fullmatch(name)}
    if subprocess.run(command, cwd=folder, env=environment | {"SITE_URL": address}, stdout=2).returncode:
        raise VerifyError(fails)
