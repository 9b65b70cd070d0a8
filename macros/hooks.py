"""MkDocs' events: all that is made around the pages, and where it is made. mkdocs.yml names this file under `hooks`.

`mkdocs build` calls the functions in this order: `on_startup`, `on_config`, `on_files`, `on_post_build`. `mkdocs serve`
calls all but the first again after each change. What `extra` in mkdocs.yml may hold:

`policy_file`  the policy, from the folder of mkdocs.yml
`offline`      whether browsers keep the site, so that it works without a network
`snapshot`     whether browsers start the checker from a snapshot; without it, it starts slowly
`site`         the folder that the site will stand in, if it is another than the one that MkDocs builds into
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files

from checker.policy import Policy
from macros.analysis.load import PolicyErrors, loads, read
from macros.policyfile.completion import write_completion
from macros.policyfile.schema import schema_text
from macros.project import ROOT
from macros.runtime.bundle import BundleError, folders, published, write_bundle
from macros.runtime.snapshot import folder, is_cached, make_snapshot, write_snapshot
from macros.site.asset_hashing import FOLDER, addressed, rename
from macros.site.asset_manifest import write_manifest
from macros.site.csp import CspViolationError, write_csp
from macros.site.hosting import write_hosting
from macros.site.licenses import write_licenses
from macros.site.local_server import own_names_only
from macros.site.offline import write_ended, write_service_worker, write_web_manifest
from macros.site.provenance import Provenance, provenance, write_files

EPOCH = "1577836800"
"""The time of each build, so that the same sources make the same bytes. MkDocs reads SOURCE_DATE_EPOCH itself."""
SEARCHES = "assets/javascripts/lunr/"
"""The theme's scripts to search in other languages than English, in which no site is written."""
ALONE = {"main.js", "worker.js"}
"""The scripts of the check page that it names itself, or that run elsewhere."""

log = logging.getLogger(f"mkdocs.plugins.{__name__}")
_serving = False
"""Whether MkDocs shows the site while somebody works on it. MkDocs loads this module once for all its builds."""
_epoch: str | None = None
"""What SOURCE_DATE_EPOCH was before."""
_last: dict[Path, tuple[Policy, str]] = {}
"""What was last read of a policy file without mistakes, and its text."""
_making: set[str] = set()
"""The wheels whose snapshots are being made."""
MADE = ROOT / "build" / "snapshot-made"
"""A file that is touched when a snapshot has been made, so that `mkdocs serve` builds again."""


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Prepares for all builds of the command. No clock of this machine is read, not even one that somebody set."""
    global _serving, _epoch
    _serving = command == "serve"
    _epoch = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH


def on_shutdown() -> None:
    """Leaves the environment as it was."""
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    if _epoch is not None:
        os.environ["SOURCE_DATE_EPOCH"] = _epoch


@event_priority(100)  # before the plugins: what is wrong with the policy is said first
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Reads the policy, and tells the theme what it says on every page."""
    extra = config.extra
    extra["source"] = policy, _ = read_policy(policy_file(config))
    config.site_name = Markup.escape(policy.title)  # the theme writes it into pages as it is
    config.theme["language"] = _known_language(config, policy.language)
    messages = policy.messages
    extra["not_found"] = {name: messages.say(f"pages.not_found_{name}") for name in ("title", "text", "link")}
    extra["newer"] = {name: messages.say(f"update_notice.{name}") for name in ("text", "show")}
    extra["framed"] = {name: messages.say(f"framed.{name}") for name in ("text", "link")}
    extra["about"] = {
        "title": messages.say("pages.about_site"),
        "pages": {
            "proof/": messages.say("pages.proved"),
            "editors/": messages.say("pages.for_editors"),
        },
    }
    try:
        runtime, checker = folders(policy.digest)
        snapshot = folder(policy.digest)
    except BundleError as error:
        raise PluginError(str(error)) from error
    scripts = (file.name for file in Path(config.docs_dir, "assets", "check").glob("*.js"))
    extra["start"] = {
        "folders": {"runtime": runtime, "checker": checker, "memory": snapshot},
        "modules": [addressed(f"assets/check/{name}") for name in sorted(scripts) if name not in ALONE],
    }
    # What may become a worker: see overrides/partials/doors.html.
    extra["workers"] = [f"{place}worker.js" for place in (snapshot, addressed("assets/check/"))]
    extra["policy"] = {
        "digest": policy.digest,
        "version": policy.version,
        "valid_from": policy.valid_from.isoformat(),
        "not_yet": messages.say("result.not_yet", date=policy.valid_from),
        "line": messages.say("pages.version", version=policy.version, date=policy.valid_from),
    }
    config.extra_css = [addressed(path) for path in config.extra_css]
    for name in ("logo", "favicon"):
        config.theme[name] = addressed(config.theme[name])
    extra["assets"] = addressed(FOLDER)
    extra["offline"] = extra["offline"] and extra["snapshot"] and not _serving
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Gives each of our assets the address that names its content, and leaves out what no page asks for."""
    rename(files, config)
    for file in list(files):
        if file.src_uri.startswith(SEARCHES):
            files.remove(file)
    return files


@event_priority(-100)  # after the plugins, which write files too
def on_post_build(config: MkDocsConfig) -> None:
    """Makes what stands beside the pages: the checker, its snapshot, and what browsers and hosts are told."""
    site, extra = Path(config.site_dir), config.extra
    policy, _ = extra["source"]
    try:
        if not _serving:  # its live reload is a script inside the page, which the security policy would refuse
            write_csp(site)
        bundle = write_bundle(published(policy), policy.digest, site)
        wheel = site / bundle.checker / bundle.wheel
        if extra["snapshot"] and (not _serving or is_cached(wheel)):
            write_snapshot(wheel, policy.digest, site)
        elif extra["snapshot"]:
            _make_snapshot_in_background(wheel)
    except (CspViolationError, BundleError) as error:
        raise PluginError(str(error)) from error
    write_manifest(policy.digest, site)
    (site / "policy.schema.json").write_text(schema_text(), encoding="utf-8")
    write_web_manifest(policy, site)
    if extra["offline"]:
        write_service_worker(site)
    else:
        write_ended(site)
    write_hosting(site)
    write_licenses(policy, site)
    extra["origin"] = made_of(policy_file(config), Path(extra.get("site", site)), snapshot=extra["snapshot"])
    write_files(site, extra["origin"].commit, [])
    log.info(str(extra["origin"]))


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: object) -> LiveReloadServer:
    """Lets the site follow the policy, and the snapshot that is made in the background; guards it from other names."""
    server.set_app(own_names_only(server.serve_request, config.dev_addr.host))
    MADE.parent.mkdir(exist_ok=True)
    MADE.touch()
    for path in (policy_file(config), ROOT / "overrides", MADE):
        server.watch(str(path))
    return server


def _make_snapshot_in_background(wheel: Path) -> None:
    """Makes the snapshot for a later build: it takes seconds, and the checker starts without it, only slower."""
    content = wheel.read_bytes()
    name = hashlib.sha256(content).hexdigest()
    if name in _making:
        return
    _making.add(name)

    def make() -> None:
        try:
            with TemporaryDirectory() as temporary:
                copy = Path(temporary, wheel.name)
                copy.write_bytes(content)
                make_snapshot(copy)
            MADE.touch()
        except BundleError as error:
            log.error(str(error))
        finally:
            _making.discard(name)

    threading.Thread(target=make, daemon=True).start()


def made_of(policy_file: Path, site: Path, *, snapshot: bool) -> Provenance:
    """The commit that a site is made of; none for one without a snapshot, which is a draft, and for other policies."""
    if not snapshot:
        return Provenance(None, "it is a draft.")
    if policy_file != ROOT / "policy.yaml":
        return Provenance(None, "it is made of another policy than policy.yaml of this project.")
    return provenance(site)


def policy_file(config: MkDocsConfig) -> Path:
    """The policy that the site is made of."""
    return ROOT / str(config.extra["policy_file"])


def read_policy(file: Path) -> tuple[Policy, str]:
    """A policy and its text. With mistakes in it, `mkdocs serve` goes on showing what it said before."""
    try:
        source = read(file)
        policy = loads(source, file.name)
    except (PolicyErrors, OSError) as error:
        said = f"The policy has mistakes.\n{error}" if isinstance(error, PolicyErrors) else f"{file}: {error.strerror}"
        if not (_serving and file in _last):
            raise PluginError(said) from error
        print(f"{said}\nThe site stays as it was.", file=sys.stderr, flush=True)  # in the log it would end the build
        return _last[file]
    if _serving:
        write_completion(file, source, policy)
    _last[file] = policy, source.decode("utf-8-sig")
    return _last[file]


def _known_language(config: MkDocsConfig, language: str) -> str:
    """The language of the theme's own words and of the pages' `lang`: the nearest that the theme speaks."""
    for name in (language, language.partition("-")[0]):
        if any((Path(folder) / "partials" / "languages" / f"{name}.html").is_file() for folder in config.theme.dirs):
            return name
    return str(config.theme["language"])
