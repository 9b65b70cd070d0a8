"""Builds the complete static site: what MkDocs builds, all at once or not at all, with compressed files if wanted."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from checker.policy import Policy
from macros.compress import compress
from macros.load import load
from macros.origin import named_commit, write_files
from macros.project import ROOT

MARK = "404.html"
"""A file that every built site has: a folder without it is not a site, and is not replaced."""


class BuildError(Exception):
    """The site cannot be built; the message says what to do about it."""


def build(
    policy_file: Path, site: Path, *, draft: bool = False, compressed: bool = False, offline: bool = True
) -> Policy:
    """Builds the site of a policy. Until all is done, the folder `site` stays as it was.

    Args:
        policy_file: The policy.
        site: The folder to build into.
        draft: Leave out the snapshot that a browser starts the checker from. It saves seconds; the page works without.
            No browser keeps a draft.
        compressed: Write .br and .zst files beside the others, for hosts that send them.
        offline: Let browsers keep the site, so that it works without a network; else they drop what they have kept.

    Raises:
        PolicyErrors: The policy has mistakes.
        BuildError: The pages have mistakes, `site` holds something else than a site, or the browser's Python runtime
            is not installed.
        OSError: A file cannot be read or written.
    """
    policy = load(policy_file)
    site = site.absolute()
    _refuse_to_replace(site)
    site.parent.mkdir(parents=True, exist_ok=True)
    with _beside(site, "new") as new:
        _run_mkdocs(new, {"policy_file": str(policy_file.absolute()), "snapshot": not draft, "offline": offline})
        options = {"--compressed": compressed, "--without-offline": not offline}
        if compressed:
            compress(new)
        if any(options.values()):
            write_files(new, named_commit(new), [option for option, given in options.items() if given])
        _swap(new, site)
    return policy


def _run_mkdocs(folder: Path, extra: dict[str, object]) -> None:
    """Lets MkDocs build the site, with settings in place of those in `extra` of mkdocs.yml."""
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
    except MkDocsException as error:
        raise BuildError(f"The pages cannot be built: {error}") from error
    except SystemExit as error:  # MkDocs and mkdocs-macros end the process
        raise BuildError("The pages cannot be built. The lines above say why.") from error
    finally:
        log.removeHandler(warnings)


def _refuse_to_replace(site: Path) -> None:
    if ROOT.is_relative_to(site):
        raise BuildError(f"{site} holds this project. Name another folder for the site.")
    if site.is_dir() and any(site.iterdir()) and not (site / MARK).is_file():
        raise BuildError(f"{site} holds something else than a site. Name another folder, or empty it.")


@contextlib.contextmanager
def _beside(site: Path, what: str) -> Iterator[Path]:
    """A folder on the same disk as the site, so that it can take its place in one step."""
    folder = site.with_name(f".{site.name}-{what}-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _swap(new: Path, site: Path) -> None:
    """Puts the new folder in the place of the site; when that fails the old one comes back."""
    with _beside(site, "old") as attic:
        old = attic / site.name
        if site.exists():
            site.rename(old)
        try:
            new.rename(site)
        except OSError:
            if old.exists():
                old.rename(site)
            raise
