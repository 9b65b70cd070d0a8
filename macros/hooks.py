"""MkDocs event hooks: everything that is built around the pages. mkdocs.yml names this file under `hooks`.

`mkdocs build` calls `on_startup`, `on_config`, `on_files`, `on_env` and `on_post_build`, in this order. `mkdocs serve`
calls all but the first again after each change. Settings under `extra` in mkdocs.yml:

`policy_file`  the policy, relative to the folder of mkdocs.yml
`offline`      whether browsers cache the site for use without a network
`snapshot`     whether browsers start the checker from a snapshot; it starts slower without, as under `mkdocs serve`
`site`         the folder of the finished site, if MkDocs builds into another one
"""

from __future__ import annotations

import logging
import os
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

from checker.explain.tasks import href
from checker.policy import Policy
from macros.accent import stylesheet
from macros.analysis.load import loads, read
from macros.hashes import fingerprint
from macros.pages.icons import icon
from macros.policyfile.completion import write_completion
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.schema import schema_text
from macros.project import ROOT
from macros.runtime.bundle import BundleError, bundle_folders, published, write_bundle
from macros.runtime.snapshot import snapshot_folder, write_snapshot
from macros.site.asset_hashing import ASSETS, content, hashed_path, move_assets
from macros.site.asset_manifest import write_manifest
from macros.site.csp import CspViolationError, write_csp
from macros.site.hosting import write_hosting
from macros.site.licenses import write_licenses
from macros.site.local_server import own_names_only
from macros.site.offline import write_retired_worker, write_service_worker, write_web_manifest
from macros.site.provenance import Provenance, provenance, write_files

EPOCH = "1577836800"
"""SOURCE_DATE_EPOCH of each build, so that equal sources give equal bytes. MkDocs reads it."""
THEME_FILES = "assets/stylesheets/main.*.css"
"""The files of the theme that ship with the site: the styles of the editors' pages, and none of its scripts."""
NOT_PRELOADED = frozenset(
    f"{name}.js"
    for name in (
        "main",
        "worker",
        "errors",
        "cause",
        "result",
        "prepare",
        "pictures",
        "picture_store",
        "redraw",
        "keep",
        "refund",
    )
)
"""The scripts of the check page that its HTML names, that only a fault, an error or a result needs, or of a worker."""

MENU_PAGES = ("check", "policy", "cases")
FOOT_PAGES = ("examples", "about")
"""The customers' pages that the head and the foot link to."""

OVERRIDES = ROOT / "overrides"
"""Our templates in front of the theme's."""

log = logging.getLogger(f"mkdocs.plugins.{__name__}")
_serving = False
"""Whether the command is `mkdocs serve`. MkDocs loads this module once for all its builds."""
_last: dict[Path, tuple[Policy, str]] = {}
"""The last valid policy of each file, and its text."""


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Prepares all builds of the command: a fixed time replaces the clock and the user's SOURCE_DATE_EPOCH."""
    global _serving
    _serving = command == "serve"
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH


@event_priority(100)  # before the plugins: mistakes in the policy are reported first
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Reads the policy, and sets what the theme's templates show of it on every page."""
    extra = config.extra
    extra["source"] = policy, _ = read_policy(policy_file(config))
    config.site_name = Markup.escape(policy.title)  # the theme writes it into pages as it is
    config.theme["language"] = policy.language.partition("-")[0]  # the theme has most languages without a country only
    messages = policy.messages
    extra |= {"policy": policy, "say": messages.say, "href": href, "icon": icon}
    try:
        runtime, checker = bundle_folders(policy.digest)
        snapshot = snapshot_folder(policy.digest)
    except BundleError as error:
        raise PluginError(str(error)) from error
    scripts = (file.name for file in Path(config.docs_dir, "assets", "check").glob("*.js"))
    extra["start"] = {
        "folders": {"runtime": runtime, "checker": checker, "snapshot": snapshot},
        "modules": [hashed_path(f"assets/check/{name}") for name in sorted(scripts) if name not in NOT_PRELOADED],
    }
    extra["inline"] = lambda name: Markup(content(Path(config.docs_dir, ASSETS, "inline", f"{name}.js")).decode())
    # The scripts that may become a worker: see docs/assets/inline/trusted_types.js.
    extra["workers"] = [f"{path}worker.js" for path in (snapshot, hashed_path("assets/check/"))]
    for place, pages in {"menu": MENU_PAGES, "foot": FOOT_PAGES}.items():
        extra[place] = [name for name in pages if name not in empty_pages(policy)]
    colours = stylesheet(policy.shop.accent).encode()
    extra["accent"] = f"accent/{fingerprint([('', colours)])}.css"
    for name in ("logo", "favicon"):
        config.theme[name] = hashed_path(ASSETS + policy.shop.logo if policy.shop.logo else config.theme[name])
    extra["assets"] = hashed_path(ASSETS)
    extra["snapshot"] = extra["snapshot"] and not _serving  # to take one would hold up each edit for seconds
    extra["offline"] = extra["offline"] and extra["snapshot"]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Moves our assets to their hashed paths, adds the accent, and leaves out files and pages that nobody needs."""
    policy = config.extra["policy"]
    for file in list(files):
        is_unused = file.src_dir != config.docs_dir and not fnmatch(file.src_uri, THEME_FILES)
        if is_unused or file.src_uri.removesuffix(".md") in empty_pages(policy):
            files.remove(file)
    move_assets(files, config)
    files.append(File.generated(config, config.extra["accent"], content=stylesheet(policy.shop.accent)))
    return files


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Lets our own templates escape what they show. The theme's escape nothing."""
    own = {template.relative_to(OVERRIDES).as_posix() for template in OVERRIDES.rglob("*.html")}
    env.autoescape = lambda name: name in own
    return env


def empty_pages(policy: Policy) -> set[str]:
    """The pages that have no content with this policy, by the name of their file without its suffix."""
    return set() if policy.examples else {"examples"}


@event_priority(-100)  # after the plugins, which write files too
def on_post_build(config: MkDocsConfig) -> None:
    """Writes the files besides the pages: bundle, snapshot, manifests, service worker, and configuration for hosts."""
    site, extra = Path(config.site_dir), config.extra
    policy, _ = extra["source"]
    try:
        if not _serving:  # its live reload is an inline script, which the security policy would block
            write_csp(site)
        wheel = write_bundle(published(policy), policy.digest, site)
        if extra["snapshot"]:
            write_snapshot(wheel, policy.digest, site)
    except (CspViolationError, BundleError) as error:
        raise PluginError(str(error)) from error
    write_manifest(policy.digest, site)
    (site / "policy.schema.json").write_text(schema_text(), encoding="utf-8")
    write_web_manifest(policy, site)
    if extra["offline"]:
        write_service_worker(site)
    else:
        write_retired_worker(site)
    write_hosting(site)
    write_licenses(policy, site)
    extra["provenance"] = site_provenance(
        policy_file(config), Path(extra.get("site", site)), snapshot=extra["snapshot"]
    )
    write_files(site, extra["provenance"].commit, [])
    log.info(str(extra["provenance"]))


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: object) -> LiveReloadServer:
    """Watches the policy and the templates; refuses requests under other host names."""
    server.set_app(own_names_only(server.serve_request, config.dev_addr.host))
    for path in (policy_file(config), OVERRIDES):
        server.watch(str(path))
    return server


def site_provenance(policy_file: Path, site: Path, *, snapshot: bool) -> Provenance:
    """The commit that a site is built from; none for drafts, which have no snapshot, and for other policies."""
    if not snapshot:
        return Provenance(None, "it is a draft.")
    if policy_file != ROOT / "policy.yaml":
        return Provenance(None, "it is made of another policy than policy.yaml of this project.")
    return provenance(site)


def policy_file(config: MkDocsConfig) -> Path:
    """The policy file of the site."""
    return ROOT / str(config.extra["policy_file"])


def read_policy(file: Path) -> tuple[Policy, str]:
    """A policy and its text. If it has mistakes, `mkdocs serve` goes on with the last valid one.

    Raises PluginError if the policy has mistakes, or cannot be read.
    """
    try:
        source = read(file)
        policy = loads(source, file.name)
    except (PolicyErrors, OSError) as error:
        text = f"{file}: {error.strerror}" if isinstance(error, OSError) else f"The policy has mistakes.\n{error}"
        if not (_serving and file in _last):
            raise PluginError(text) from error
        print(f"{text}\nThe site stays as it was.", file=sys.stderr, flush=True)  # the log would fail the build
        return _last[file]
    if _serving:
        write_completion(file, source, policy)
    _last[file] = policy, source.decode("utf-8-sig")
    return _last[file]
