"""Builds the complete static site: what MkDocs builds, all at once or not at all, with compressed files if wanted."""

from __future__ import annotations

import errno
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from checker.policy import Policy
from macros.analysis.load import load
from macros.project import ROOT
from macros.runtime.bundle import BundleError
from macros.site.compress import compress
from macros.site.provenance import FILE as LIST
from macros.site.provenance import Provenance, write_files
from macros.site.staging import BusyError, replacing

MARK = "404.html"
"""A file that every built site has: a folder without it is not a site, and is not replaced."""


class BuildError(Exception):
    """The site cannot be built; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Built:
    """A site that was built: of which policy, and of which commit."""

    policy: Policy
    provenance: Provenance


def build(
    policy_file: Path, site: Path, *, draft: bool = False, compressed: bool = False, offline: bool = True
) -> Built:
    """Builds the site of a policy. Until all is done and on the disk, the folder `site` stays as it was.

    Args:
        policy_file: The policy.
        site: The folder to build into.
        draft: Leave out the snapshot that a browser starts the checker from. It saves seconds; the page works without.
            No browser keeps a draft.
        compressed: Write .br and .zst files beside the others, for hosts that send them.
        offline: Let browsers keep the site, so that it works without a network; else they drop what they have kept.

    Raises:
        PolicyErrors: The policy has mistakes.
        BuildError: The pages have mistakes, `site` holds something else than a site or is being built by another
            process, or a disk is full.
        BundleError: The browser's Python runtime is not installed.
        OSError: A file cannot be read or written.
    """
    policy = load(policy_file)
    site = site.resolve()  # where it is a symbolic link, the link stays
    _refuse_to_replace(site)
    site.parent.mkdir(parents=True, exist_ok=True)
    extra = {
        "policy_file": str(policy_file.absolute()),
        "site": str(site),
        "snapshot": not draft,
        "offline": offline,
    }
    options = {"--compressed": compressed, "--without-offline": not offline}
    try:
        with replacing(site) as new:
            provenance = _run_mkdocs(new, extra)
            if compressed:
                (new / LIST).unlink()  # it is written anew, and must not stand there compressed as it was
                compress(new)
            if any(options.values()):
                write_files(new, provenance.commit, [option for option, given in options.items() if given])
    except BusyError as error:
        raise BuildError(str(error)) from error
    except (BuildError, BundleError, OSError) as error:
        if _is_of_a_full_disk(error):
            raise BuildError(_full_disk(site)) from error
        raise
    return Built(policy, provenance)


def _run_mkdocs(folder: Path, extra: dict[str, object]) -> Provenance:
    """Lets MkDocs build the site, with settings in place of those in `extra` of mkdocs.yml; what it is made of."""
    log = logging.getLogger("mkdocs")
    warnings = logging.StreamHandler()
    warnings.setLevel(logging.WARNING)
    log.addHandler(warnings)
    try:
        config = load_config("mkdocs.yml", site_dir=str(folder))
        config.extra |= extra
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build.build(config)
        finally:
            config.plugins.on_shutdown()
        provenance: Provenance = config.extra["origin"]
        return provenance
    except MkDocsException as error:
        raise BuildError(f"The pages cannot be built: {error}") from error
    except SystemExit as error:  # MkDocs and mkdocs-macros end the process
        raise BuildError("The pages cannot be built. The lines above say why.") from error
    finally:
        log.removeHandler(warnings)


def _refuse_to_replace(site: Path) -> None:
    if ROOT.is_relative_to(site):
        raise BuildError(f"{site} holds this project. Name another folder for the site.")
    if site.exists() and not site.is_dir():
        raise BuildError(f"{site} is a file. Name a folder for the site.")
    if site.is_dir() and any(site.iterdir()) and not (site / MARK).is_file():
        raise BuildError(f"{site} holds something else than a site. Name another folder, or empty it.")


def _is_of_a_full_disk(error: BaseException | None) -> bool:
    """Whether a full disk is behind an error. Node says so in its text."""
    while error:
        if "ENOSPC" in str(error) or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _full_disk(site: Path) -> str:
    """A sentence with the folder that has the least space, of those that a build writes into."""
    space = {folder: shutil.disk_usage(folder).free for folder in (site.parent, ROOT, Path(gettempdir()))}
    folder = min(space, key=space.__getitem__)
    free = f"{space[folder] / 1e6:.1f} MB are free there now, or a quota is used up"
    return f"No space left for the build on the disk of {folder}: {free}. {site} is as it was."
