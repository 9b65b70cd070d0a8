"""Builds the site from the policy. `define_env` registers the macros that the pages in docs/ may call."""

from __future__ import annotations

from typing import Any


def define_env(env: Any) -> None:
    """Registers the macros; mkdocs-macros calls it once for each build, after hooks.py has set `extra.source`."""
    # Imported here, so that `import macros.analysis.load` stays cheap.
    from macros.pages.check_form import check_form, next_questions
    from macros.pages.macros import MACROS, Pages

    policy, text = env.conf["extra"]["source"]
    pages = Pages(policy, text, lambda: "../" * str(env.page.url).count("/"))
    for name in MACROS:
        env.macro(getattr(pages, name), name)
    env.macro(lambda: check_form(policy, follows=next_questions(policy)), "check_form")
