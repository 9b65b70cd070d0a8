"""A version of the policy to compare: from a file, or from the project's history in git."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checker.policy import Policy
from macros.analysis.load import decidable_policy, loads, parse_policy, read
from macros.git import GitError, Repository
from macros.policyfile.errors import PolicyError, PolicyErrors

MAIN = ("main", "origin/main", "master", "origin/master")
"""Names of the branch that holds what is published; the first that exists is taken."""


class VersionError(Exception):
    """There is no such version. Says in one sentence what was looked for, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of the policy, with as much of it as could be read."""

    name: str
    """Where it was read from, in words."""
    written: Policy
    """With its texts as they are written."""
    policy: Policy | None
    """As customers read it; None where its mistakes leave open how a case is decided."""
    mistakes: tuple[PolicyError, ...] = ()
    """What is wrong with it by today's rules."""


def version(source: bytes | str, name: str) -> Version:
    """A version from its text, which may have mistakes.

    Raises:
        PolicyErrors: Not even its texts could be read.
    """
    written = parse_policy(source, name)
    try:
        return Version(name=name, written=written, policy=loads(source, name))
    except PolicyErrors as errors:
        return Version(name=name, written=written, policy=decidable_policy(source, name), mistakes=errors.errors)


def versions(base: str | None, head: str | None, policy: Path) -> tuple[Version, Version]:
    """The two versions to compare: else what the main branch had before, and the policy file as it is.

    Without a base, the head is compared with where it left the main branch: what others did there since is not its
    change.

    Raises:
        VersionError: There is no such version.
        PolicyErrors: The new version has mistakes, or nothing can be read of the old one.
        OSError: A file cannot be read.
    """
    try:
        new = version(*find(head, policy)) if head else version(read(policy), policy.name)
        if new.mistakes:
            raise PolicyErrors(new.mistakes)
        return version(*(find(base, policy) if base is not None else before(head, policy))), new
    except GitError as error:
        raise VersionError(f"{error} Name two files to compare them without git.") from error


def find(wanted: str, policy: Path) -> tuple[bytes, str]:
    """The text of a version, and where it was read from.

    Args:
        wanted: A file, a revision in git, or ``revision:path``.
        policy: The file that a revision is asked for, and whose project is asked.

    Raises:
        VersionError: There is no such version.
        GitError: Git gives no answer.
    """
    if Path(wanted).is_file():
        return read(Path(wanted)), wanted
    git = Repository(policy.parent)
    revision, _, path = wanted.partition(":")
    commit = git.commit(revision)
    if commit is None:
        raise VersionError(f'there is no file and no revision of git that is called "{revision}".')
    file = git.object(f"{commit}:{path or f'./{policy.name}'}")
    source = git.run("cat-file", "blob", file) if file and git.run("cat-file", "-t", file) == b"blob\n" else None
    if source is None:
        raise VersionError(f'the revision "{revision}" has no file {path or policy.name}.')
    known = revision if commit.startswith(revision) else f"{revision} ({commit[:7]})"
    return source, f"{path or policy.name} of {known}"


def before(head: str | None, policy: Path) -> tuple[bytes, str]:
    """The text from which a version set out, and where it was read from: where its history left the main branch.

    Raises:
        VersionError: There is no main branch, or it has no such file.
        GitError: Git gives no answer.
    """
    git = Repository(policy.parent)
    main = next((name for name in MAIN if git.commit(name)), None)
    if main is None:
        raise VersionError("there is no main branch to compare with. Name a file or a revision of git instead.")
    left = git.run("merge-base", main, git.commit((head or "").partition(":")[0]) or "HEAD")
    if left is None or left.decode().strip() == git.commit(main):
        return find(main, policy)
    source, name = find(left.decode().strip()[:7], policy)
    return source, f"{name}, where this left {main}"
