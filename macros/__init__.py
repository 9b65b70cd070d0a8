"""Policy to pages: `define_env` names the macros that the pages in docs/ may call."""

from __future__ import annotations

from typing import Any


def define_env(env: Any) -> None:
    """Gives the policy's macros to the pages; mkdocs-macros calls this once for each build.

    Args:
        env: The plugin. Its `conf` is MkDocs' configuration, where `extra.source` is what macros/hooks.py has read.
    """
    # Imported here, because `import macros.analysis.load` must not need all that the pages need.
    from macros.pages.check_form import check_form, next_questions
    from macros.pages.macros import MACROS, Pages

    policy, text = env.conf["extra"]["source"]
    pages = Pages(policy, text, lambda: "../" * str(env.page.url).count("/"))
    for name in MACROS:
        env.macro(getattr(pages, name), name)
    env.macro(lambda: check_form(policy, follows=next_questions(policy)), "check_form")
