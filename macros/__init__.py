"""Policy to pages: `define_env` names the macros that the pages in docs/ may call."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def define_env(env: Any) -> None:
    """Reads the policy and gives its macros to the pages; mkdocs-macros calls this once for each build.

    Args:
        env: The plugin. Its `conf` is MkDocs' configuration, where `extra.policy_file` names the policy.
    """
    # Imported here, because `import macros.load` must not need all that the pages need.
    from checker.calendar import in_words
    from checker.words import say
    from macros.form import check_form
    from macros.load import load
    from macros.pages import MACROS, Pages

    extra = env.conf["extra"]
    file = Path(env.project_dir) / extra["policy_file"]
    policy = load(file)
    pages = Pages(policy, file.read_text(encoding="utf-8"), lambda: "../" * str(env.page.url).count("/"))
    for name in MACROS:
        env.macro(getattr(pages, name), name)
    env.macro(lambda: check_form(policy), "check_form")
    # What the theme's templates in overrides/ say on every page.
    env.conf["site_name"] = policy.title
    extra["not_found"] = {name: say(f"pages.not_found_{name}") for name in ("title", "text", "link")}
    extra["policy"] = {
        "digest": policy.digest,
        "version": policy.version,
        "line": say("pages.version", version=policy.version, date=in_words(policy.valid_from)),
    }
