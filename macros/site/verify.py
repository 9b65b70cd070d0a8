"""Makes a site again from the commit that it names, and compares all of it: anyone can check what is on the web.

Nothing that the site says is trusted. Its commit must be on a branch that the caller trusts; how and for which address
it was built comes from the caller.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from macros.git import GitError, Repository
from macros.project import ROOT
from macros.site import deployment
from macros.site.http_client import VerifyError, Web
from macros.site.provenance import FILE, is_commit

__all__ = ["Folder", "Verified", "VerifyError", "Web", "compare", "verify"]

BRANCHES = ("origin/main", "main")
"""The branch of what is published; the first that exists is taken."""
OPTIONS = {"--compressed": "--uncompressed", "--without-offline": "--without-offline"}
"""The options of `policy build`; with the option of `policy verify` for a site that was not built by `make build`."""

_ADDRESS = re.compile(r"[\w.:/~%-]*", re.ASCII)
"""Nothing in it has a meaning for a shell, into which somebody may paste it."""
_LONGEST_LIST = 10_000_000
"""Bytes: a list of files is much shorter."""
_PASSED = re.compile(
    r"PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TMPDIR|TERM|XDG_CACHE_HOME|XDG_DATA_HOME"
    r"|(?i:https?_proxy|all_proxy|no_proxy)"
    r"|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|UV_NATIVE_TLS|UV_SYSTEM_CERTS"
    r"|PIP_\w+|UV_INDEX\w*|UV_DEFAULT_INDEX|UV_FIND_LINKS|UV_NO_INDEX|UV_CONFIG_FILE|UV_CACHE_DIR|UV_HTTP_TIMEOUT"
    r"|UV_PYTHON_INSTALL_DIR|UV_PYTHON_INSTALL_MIRROR|(?i:npm_config_(registry|cache|cafile))"
)
"""The only variables that a build sees. They say where programs and packages are; which packages, the commit locks."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A site beside the one that its commit makes."""

    commit: str
    files: int
    """How many files were compared."""
    problems: tuple[str, ...]
    """One line for each file or address that is not what the commit makes."""
    addresses: int = 0
    """How many addresses of pages were compared besides; none for a folder."""
    headers: tuple[str, ...] = ()
    """One line for each answer of a host that lacks headers, or has others."""
    hint: str = ""
    """A sentence on what may be behind the problems, if they tell."""


def verify(
    where: str,
    *,
    branch: str | None = None,
    address: str | None = None,
    compressed: bool = True,
    offline: bool = True,
) -> Verified:
    """Compares a site with what the commit that it names makes, which takes some minutes.

    Args:
        where: The address of a site, or a folder that holds one.
        branch: The branch that must hold the commit; else origin/main, or main where there is none.
        address: The SITE_URL that the site was built with; else `where` if that is an address, and none for a folder.
        compressed: It was built with --compressed, as `make build` does.
        offline: It was built without --without-offline.

    Raises:
        VerifyError: It names no commit of that branch, was built in another way, or cannot be made or read.
    """
    site = Web(where) if "://" in where else Folder(Path(where))
    if address is None:
        address = site.address if isinstance(site, Web) else ""
    options = [name for name, given in zip(OPTIONS, (compressed, not offline), strict=True) if given]
    listed = _listed(site)
    _refuse_another_way(listed, options, address)
    _refuse_another_branch(listed["commit"], branch)
    with TemporaryDirectory(prefix="policy-verify-") as temporary:
        return compare(site, _made(listed["commit"], options, address, Path(temporary)), listed)


def compare(site: Folder | Web, made: Path, listed: dict[str, Any]) -> Verified:
    """Compares a site with one that was made again; ``listed`` is what the first says of itself."""
    names = sorted(file.relative_to(made).as_posix() for file in made.rglob("*") if file.is_file())
    present = {*listed["files"]} if isinstance(site, Web) else {*listed["files"], *site.names()}
    more = sorted(present - {*names})
    unknown = [f"{name!a}: is nothing that the commit makes." for name in more]
    commit, files = listed["commit"], len(names) + len(more)
    if isinstance(site, Folder):
        return Verified(commit, files, (*_problems(site, made, names), *unknown))
    found = deployment.compare(site, made, names)
    problems = (*found.problems, *unknown)
    return Verified(commit, files, problems, found.addresses, found.headers, "" if more else found.hint)


@dataclass(frozen=True, slots=True)
class Folder:
    """A site in a folder."""

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


def _problems(site: Folder, made: Path, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        expected = (made / name).read_bytes()
        found = site.read(name, len(expected) + 1)
        if found != expected:
            yield f"{name}: {deployment.MISSING if found is None else deployment.DIFFERS}."


def _listed(site: Folder | Web) -> dict[str, Any]:
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
    if not (isinstance(files, dict) and all(isinstance(text, str) for text in texts)):
        raise VerifyError(f"{FILE} is not the list of a site.")
    if not is_commit(commit):
        raise VerifyError(f"{FILE} names {commit[:99]!a}, which is not the full hash of a commit.")
    return {"files": files, "commit": commit, "options": options, "address": address}


def _refuse_another_way(listed: dict[str, Any], options: Collection[str], address: str) -> None:
    """Says at once that a site was built in another way than the caller says: little in it would be the same."""
    said = "The site says that it was built"
    for option, ours in OPTIONS.items():
        claimed, wanted = option in listed["options"], option in options
        if claimed != wanted:
            is_ours_used = wanted == (option == ours)
            advice = f"{'leave out' if is_ours_used else 'add'} {ours}"
            raise VerifyError(f"{said} {'with' if claimed else 'without'} {option}. If that is meant, {advice}.")
    for option in {*listed["options"]} - OPTIONS.keys():
        raise VerifyError(f"{said} with {option[:99]!a}, which is no option of `policy build`.")
    if listed["address"] != address:
        claimed = listed["address"]
        if not _ADDRESS.fullmatch(claimed):
            raise VerifyError(f"{said} for {claimed[:99]!a}, which is no address of a site.")
        raise VerifyError(f"{said} with SITE_URL={claimed}. If that is meant, add --address={claimed or "''"}.")


def _refuse_another_branch(commit: str, branch: str | None) -> None:
    """Sees that a commit is on the branch that the caller trusts."""
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
    """The name of the trusted branch and its last commit. A tag of the same name does not stand for the branch."""
    for name in [branch] if branch else BRANCHES:
        for revision in (f"refs/remotes/{name}", f"refs/heads/{name}", *([branch] if branch else [])):
            if tip := repository.commit(revision):
                return name, tip
    names = branch or " or ".join(BRANCHES)
    raise VerifyError(f"There is no branch {names} here. Run `git fetch`, or name the published branch with --branch.")


def _made(commit: str, options: Iterable[str], address: str, folder: Path) -> Path:
    """Makes the site of a commit in an empty folder, with the packages that the commit locks; the folder it is in."""
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
    """Runs a command in an environment of its own; its output goes to the errors, so that ours stays alone."""
    environment = {name: value for name, value in os.environ.items() if _PASSED.fullmatch(name)}
    if subprocess.run(command, cwd=folder, env=environment | {"SITE_URL": address}, stdout=2).returncode:
        raise VerifyError(fails)
