"""Builds the site from the policy. `define_env` registers the macros that the pages in docs/ may call."""

from __future__ import annotations

from functools import partial
from typing import Any


def define_env(env: Any) -> None:
    """Registers the macros; mkdocs-macros calls it once for each build, after hooks.py has set `extra.source`."""
    # Imported here, so that `import macros.analysis.load` stays cheap.
    from macros.pages.macros import MACROS, Pages

    policy, text = env.conf["extra"]["source"]
    pages = Pages(policy, text, lambda: "../" * str(env.page.url).count("/"))
    for name in MACROS:
        env.macro(partial(pages.render, name), name)
