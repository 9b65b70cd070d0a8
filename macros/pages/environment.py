"""The Jinja environment of the page templates, with the functions that they call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import CodeType
from urllib.parse import urlencode

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from checker import Policy
from macros.pages.markdown import heading, markup, paragraphs, prose

TEMPLATES = Path(__file__).parent / "templates"
POLICY_PAGE = "policy/"
CASES_PAGE = "cases/"
UNCLEAR_FORM = "unclear.yml"
"""In .github/ISSUE_TEMPLATE; one of its fields is called clause."""


class TemplateCache(BytecodeCache):
    """Compiled templates, shared by the environments of all policies."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Sets the code of a template that was compiled with the same source."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Stores the code of a template."""
        self._code[bucket.key, bucket.checksum] = bucket.code


_CACHE = TemplateCache()


def environment(policy: Policy, root: Callable[[], str]) -> Environment:
    """The environment for one policy, whose texts are escaped values and never templates.

    ``root`` returns the relative path from the present page to the root of the site.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_CACHE,
    )

    def clause_link(id_: str) -> str:
        if id_ not in policy.clauses:
            raise KeyError(id_)
        return f"{root()}{POLICY_PAGE}#{id_}"

    def unclear_link(id_: str) -> str | None:
        """The link to report an unclear clause; None if the policy names no repository."""
        if not policy.shop.repository:
            return None
        query = urlencode({"template": UNCLEAR_FORM, "clause": f"{POLICY_PAGE}#{id_}"})
        return f"{policy.shop.repository.rstrip('/')}/issues/new?{query}"

    environment.globals |= {
        "policy": policy,
        "say": policy.messages.say,
        "join": policy.messages.join,
        "in_words": policy.messages.date,
        "paragraphs": paragraphs,
        "markup": markup,
        "prose": prose(clause_link),
        "heading": lambda level, title, id_: Markup(heading(level, title, id_)),
        "clause_link": clause_link,
        "unclear_link": unclear_link,
        "outcome_link": lambda id_: f"{root()}{CASES_PAGE}#outcome-{id_}",
        "topic_clauses": lambda topic: {id_: clause for id_, clause in policy.clauses.items() if clause.topic == topic},
    }
    return environment
