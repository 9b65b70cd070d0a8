"""Versions of the policy to compare: from a file, or from the git history."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checker.policy import Policy
from macros.analysis.load import check_source, decidable_policy, read, written_policy
from macros.git import GitError, Repository
from macros.policyfile.errors import PolicyError, PolicyErrors
from macros.policyfile.yaml_reader import parse

MAIN_BRANCHES = ("main", "origin/main", "master", "origin/master")
"""Names of the published branch; the first that exists is taken."""


class VersionError(Exception):
    """There is no such version. The message is one sentence on what was looked for, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """A version of the policy, as far as it could be read."""

    name: str
    """Its source in words: the file, and the revision if any."""
    written: Policy
    """The policy with its texts as they are written, values not filled in."""
    policy: Policy | None
    """The policy as customers read it; None if it cannot be decided because of its mistakes."""
    mistakes: tuple[PolicyError, ...] = ()
    """Its mistakes by the present rules of the language."""


def version(source: bytes | str, name: str) -> Version:
    """Reads a version, which may have mistakes. Raises PolicyErrors if not even its texts can be read."""
    parsed = parse(source, name)
    written = written_policy(parsed)
    try:
        return Version(name=name, written=written, policy=check_source(parsed)[0])
    except PolicyErrors as errors:
        return Version(name=name, written=written, policy=decidable_policy(parsed), mistakes=errors.errors)


def versions(base: str | None, head: str | None, policy: Path) -> tuple[Version, Version]:
    """The two versions to compare; by default the start of this branch, and the policy file as it is.

    Without a base, the head is compared with the commit where it left the main branch, so that later commits of the
    main branch do not count as its change. Raises VersionError if there is no such version, PolicyErrors if the new
    version has mistakes or nothing can be read of the old one, and OSError if a file cannot be read.
    """
    try:
        new = version(*read_source(head, policy)) if head else version(read(policy), policy.name)
        if new.mistakes:
            raise PolicyErrors(new.mistakes)
        return version(*(read_source(base, policy) if base is not None else base_source(head, policy))), new
    except GitError as error:
        raise VersionError(f"{error} Name two files to compare them without git.") from error


def read_source(name: str, policy: Path) -> tuple[bytes, str]:
    """The text of a version, and its source in words.

    Its name is a file, a revision in git, of which the file ``policy`` is read, or ``revision:path``. Raises
    VersionError if there is no such version, and GitError.
    """
    if Path(name).is_file():
        return read(Path(name)), name
    git = Repository(policy.parent)
    revision, _, path = name.partition(":")
    commit = git.commit(revision)
    if commit is None:
        raise VersionError(f'there is no file and no revision of git that is called "{revision}".')
    file = git.object(f"{commit}:{path or f'./{policy.name}'}")
    text = git.run("cat-file", "blob", file) if file and git.run("cat-file", "-t", file) == b"blob\n" else None
    if text is None:
        raise VersionError(f'the revision "{revision}" has no file {path or policy.name}.')
    known = revision if commit.startswith(revision) else f"{revision} ({commit[:7]})"
    return text, f"{path or policy.name} of {known}"


def base_source(head: str | None, policy: Path) -> tuple[bytes, str]:
    """The text at the commit where a revision left the main branch, and its source in words.

    Raises VersionError if there is no main branch, or it has no such file; and GitError.
    """
    git = Repository(policy.parent)
    main = next((name for name in MAIN_BRANCHES if git.commit(name)), None)
    if main is None:
        raise VersionError("there is no main branch to compare with. Name a file or a revision of git instead.")
    left = git.run("merge-base", main, git.commit((head or "").partition(":")[0]) or "HEAD")
    if left is None or left.decode().strip() == git.commit(main):
        return read_source(main, policy)
    text, name = read_source(left.decode().strip()[:7], policy)
    return text, f"{name}, where this left {main}"
