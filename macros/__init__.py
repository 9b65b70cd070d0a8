"""Policy to pages: `define_env` names the macros that the pages in docs/ may call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ALONE = {"main.js", "worker.js"}
"""The scripts of the check page that it names itself, or that run elsewhere."""


def define_env(env: Any) -> None:
    """Reads the policy and gives its macros to the pages; mkdocs-macros calls this once for each build.

    Args:
        env: The plugin. Its `conf` is MkDocs' configuration, where `extra.policy_file` names the policy.
    """
    # Imported here, because `import macros.load` must not need all that the pages need.
    from markupsafe import Markup

    from checker.calendar import in_words
    from checker.words import say
    from macros.addresses import addressed
    from macros.bundle import folders
    from macros.form import check_form, follows
    from macros.load import load
    from macros.pages import MACROS, Pages
    from macros.snapshot import folder

    extra = env.conf["extra"]
    file = Path(env.project_dir) / extra["policy_file"]
    policy = load(file)
    pages = Pages(policy, file.read_text(encoding="utf-8"), lambda: "../" * str(env.page.url).count("/"))
    for name in MACROS:
        env.macro(getattr(pages, name), name)
    env.macro(lambda: check_form(policy, follows=follows(policy)), "check_form")
    # What the theme's templates in overrides/ say on every page.
    env.conf["site_name"] = Markup.escape(policy.title)  # the theme writes it into pages as it is
    env.conf["theme"]["language"] = _known_language(env.conf["theme"], policy.language)
    extra["not_found"] = {name: say(f"pages.not_found_{name}") for name in ("title", "text", "link")}
    extra["newer"] = {name: say(f"newer.{name}") for name in ("text", "show")}
    extra["about"] = {
        "title": say("pages.about_site"),
        "pages": {
            "proof/": say("pages.proved"),
            "editors/": say("pages.for_editors"),
        },
    }
    runtime, checker = folders(policy.digest)
    scripts = (file.name for file in Path(env.conf["docs_dir"], "assets", "check").glob("*.js"))
    extra["start"] = {
        "folders": {"runtime": runtime, "checker": checker, "memory": folder(policy.digest)},
        "modules": [addressed(f"assets/check/{name}") for name in sorted(scripts) if name not in ALONE],
    }
    # What may become a worker: see overrides/partials/doors.html.
    extra["workers"] = [f"{place}worker.js" for place in (folder(policy.digest), addressed("assets/check/"))]
    extra["policy"] = {
        "digest": policy.digest,
        "version": policy.version,
        "valid_from": policy.valid_from.isoformat(),
        "not_yet": say("result.not_yet", date=in_words(policy.valid_from)),
        "line": say("pages.version", version=policy.version, date=in_words(policy.valid_from)),
    }


def _known_language(theme: Any, language: str) -> str:
    """The language of the theme's own words and of the pages' `lang`: the nearest that the theme speaks."""
    for name in (language, language.partition("-")[0]):
        if any((Path(folder) / "partials" / "languages" / f"{name}.html").is_file() for folder in theme.dirs):
            return name
    return str(theme["language"])
