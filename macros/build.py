"""Builds the complete static site: pages, bundle and schema, all at once or not at all."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

import checker.policy
from checker.policy import Policy
from macros.bundle import write_bundle
from macros.compress import compress
from macros.doors import OpenDoorError, close_doors
from macros.hosting import write_hosting
from macros.load import ROOT, load
from macros.manifest import write_manifest
from macros.offline import write_ended, write_service_worker, write_web_manifest
from macros.origin import commit, write_files
from macros.schema import schema_text
from macros.snapshot import write_snapshot

POLICY = ROOT / "policy.yaml"
"""The policy of the project. The site of any other is no commit's."""

# Every build of the same sources gives the same bytes: no clock of this machine is read.
ENVIRONMENT = {"SOURCE_DATE_EPOCH": "1577836800", "NO_MKDOCS_2_WARNING": "1"}

MARK = "404.html"
"""A file that every built site has: a folder without it is not a site, and is not replaced."""


class BuildError(Exception):
    """The site cannot be built; the message says what to do about it."""


def build(
    policy_file: Path,
    site: Path,
    *,
    draft: bool = False,
    compressed: bool = False,
    offline: bool = True,
) -> Policy:
    """Builds the site of a policy. Until all is done, the folder `site` stays as it was.

    Args:
        policy_file: The policy.
        site: The folder to build into.
        draft: Leave out the memory that a browser starts the checker from. It saves seconds; the page works without.
            No browser keeps a draft.
        compressed: Write .br and .zst files beside the others, for hosts that send them.
        offline: Let browsers keep the site, so that it works without a network; else they drop what they have kept.

    Raises:
        PolicyErrors: The policy has mistakes.
        BuildError: The pages have mistakes, or `site` holds something else than a site.
        BundleError: The browser's Python runtime is not installed.
        OSError: A file cannot be read or written.
    """
    policy = load(policy_file)
    offline = offline and not draft
    site = site.absolute()
    _refuse_to_replace(site)
    site.parent.mkdir(parents=True, exist_ok=True)
    with _beside(site, "new") as new:
        told = {
            "POLICY_FILE": str(policy_file.absolute()),
            "OFFLINE": str(offline).lower(),
        }
        with _environment(ENVIRONMENT | told):
            _write_pages(new)
            bundle = write_bundle(published(policy), policy.digest, new)
            if not draft:
                write_snapshot(new / bundle.checker / bundle.wheel, policy.digest, new)
        write_manifest(policy.digest, new)
        (new / "policy.schema.json").write_text(schema_text(), encoding="utf-8")
        write_web_manifest(policy, new)
        if offline:
            write_service_worker(new)
        else:
            write_ended(new)
        write_hosting(new)
        if compressed:
            compress(new)
        options = {"--compressed": compressed, "--without-offline": not offline}
        named = None if draft or policy_file.absolute() != POLICY else commit()
        write_files(new, named, [option for option, given in options.items() if given])
        _swap(new, site)
    return policy


def published(policy: Policy) -> str:
    """The source of the module `checker.published`, which brings the policy into the bundle."""
    names = ", ".join(name for name, part in vars(checker.policy).items() if dataclasses.is_dataclass(part))
    return (
        '"""The policy that this checker answers by. The build writes this module."""\n\n'
        "import datetime\n\n"
        f"from checker.policy import {names}\n\n"
        f"POLICY = {policy!r}\n"
    )


def _write_pages(folder: Path) -> None:
    """Lets MkDocs write the pages, and closes their doors. It is strict: a warning ends the build."""
    log = logging.getLogger("mkdocs")
    warnings = logging.StreamHandler()
    warnings.setLevel(logging.WARNING)
    log.addHandler(warnings)
    try:
        config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True)
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build.build(config)
        config.plugins.on_shutdown()
        close_doors(folder)
    except (MkDocsException, OpenDoorError) as error:
        raise BuildError(f"The pages cannot be built: {error}") from error
    except SystemExit as error:  # mkdocs-macros ends the process where a macro fails
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


@contextlib.contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Sets variables of the environment, for MkDocs, and puts back what was there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
