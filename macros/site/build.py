"""Builds the static site with MkDocs: replaces the old one as a whole, with compressed files on request."""

from __future__ import annotations

import logging
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from checker.policy import Policy
from macros.analysis.load import load
from macros.project import ROOT
from macros.site.compress import compress
from macros.site.provenance import FILE_LIST, Provenance, write_files
from macros.site.staging import BusyError, replacing

NOT_FOUND_PAGE = "404.html"
"""Every built site has this file: a folder without it is not a site, and is not replaced."""


class BuildError(Exception):
    """The site cannot be built; the message says what to do about it."""


def build(
    policy_file: Path, site: Path, *, draft: bool = False, compressed: bool = False, offline: bool = True
) -> tuple[Policy, Provenance]:
    """Builds the site of a policy; returns that, and the commit of the site.

    Args:
        policy_file: The policy.
        site: The folder to build into, which is replaced when the new one is complete and on the disk.
        draft: Leave out the snapshot and the offline cache. Saves seconds of the build; the checker starts slower.
        compressed: Write .br and .zst files beside the others.
        offline: Let browsers cache the site for use without a network; else they delete what they cached.

    Raises:
        PolicyErrors: The policy has mistakes.
        BuildError: The pages have mistakes, or `site` holds something other than a site or is being built by another
            process.
        BundleError: The browser's Python runtime is not installed.
        OSError: A file cannot be read or written.
    """
    policy = load(policy_file)
    site = site.resolve()  # where it is a symbolic link, the link stays
    _refuse_to_replace(site)
    site.parent.mkdir(parents=True, exist_ok=True)
    extra = {"policy_file": str(policy_file.absolute()), "site": str(site), "snapshot": not draft, "offline": offline}
    options = {"--compressed": compressed, "--without-offline": not offline}
    try:
        with replacing(site) as new:
            provenance = _run_mkdocs(new, extra)
            if compressed:
                (new / FILE_LIST).unlink()  # it is written again below; the old one must not be compressed
                compress(new)
            if any(options.values()):
                write_files(new, provenance.commit, [option for option, is_set in options.items() if is_set])
    except BusyError as error:
        raise BuildError(str(error)) from error
    return policy, provenance


def _run_mkdocs(folder: Path, extra: dict[str, object]) -> Provenance:
    """Builds the site with MkDocs; `extra` overrides the settings of that name in mkdocs.yml."""
    log = logging.getLogger("mkdocs")
    warnings = logging.StreamHandler()
    warnings.setLevel(logging.WARNING)
    log.addHandler(warnings)
    try:
        config = load_config("mkdocs.yml", site_dir=str(folder))
        config.extra |= extra
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build.build(config)
        provenance: Provenance = config.extra["provenance"]
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
    if site.is_dir() and any(site.iterdir()) and not (site / NOT_FOUND_PAGE).is_file():
        raise BuildError(f"{site} holds something else than a site. Name another folder, or empty it.")
