"""Texts of the policy are data: nothing in them becomes a tag, a script or a picture."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from checker import Policy
from macros.pages.macros import MACROS
from tests.support.markup import IDLE, render_macro

HOSTILE = """<script>alert(1)</script> <img src=x onerror=alert(1)> {{ 7 * 7 }} {% raw %} a | b

[bad](javascript:alert(1)) [worse](data:text/html,x) ![picture](https://elsewhere.example/x.png)
[good](https://example.org) <javascript:alert(1)>

# not a heading
"""

WITHOUT_TEXTS = {"version_line", "not_entered", "order_link", "exported_run", "exported_replay"}
"""Macros that show ids, figures and addresses alone."""


def with_texts(policy: Policy, text: str) -> Policy:
    """The policy with the same text wherever a customer reads one."""

    def changed(part: Any) -> Any:
        if isinstance(part, Mapping):
            return {key: changed(value) for key, value in part.items()}
        if isinstance(part, tuple):
            return tuple(map(changed, part))
        if dataclasses.is_dataclass(part) and not isinstance(part, type):
            names = {"title", "text", "ask", "help", "in_words", "story", "next", "name", "contact", "apply_at"}
            return dataclasses.replace(
                part,
                **{
                    field.name: text if field.name in names else changed(getattr(part, field.name))
                    for field in dataclasses.fields(part)
                },
            )
        return part

    result: Policy = changed(dataclasses.replace(policy, remedies=dict.fromkeys(policy.remedies, text)))
    return dataclasses.replace(result, topics=dict.fromkeys(policy.topics, text), editors_note=text)


@pytest.mark.parametrize("macro", [macro for macro in MACROS if macro not in {*IDLE, "form"}])
def test_policy_text_never_becomes_a_tag_or_a_script(macro: str, frozen: Policy) -> None:
    page = render_macro(with_texts(frozen, HOSTILE), macro)
    assert not page.find_all(["script", "img", "iframe", "style"])
    assert not [tag for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    for link in page.find_all("a"):
        assert str(link["href"]).startswith(("https://example.org", "../", "#"))
    text = page.get_text()
    assert "49" not in text
    if macro not in WITHOUT_TEXTS:
        assert "<script>alert(1)</script>" in text


def test_text_may_link_to_a_clause(frozen: Policy) -> None:
    [(id_, clause), *others] = frozen.clauses.items()
    target = others[-1][0]
    linked = dataclasses.replace(clause, text=f"See [there](clause:{target}), not [nowhere](clause:no_such_clause).")
    page = render_macro(dataclasses.replace(frozen, clauses={**frozen.clauses, id_: linked}), "policy_text")
    body = page.select_one(".clause__text")
    assert body
    assert [(a["href"], a.get_text()) for a in body.find_all("a")] == [(f"../policy/#{target}", "there")]
