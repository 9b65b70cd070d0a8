"""Hostile texts of the policy stay text on every page, or are refused."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
import yamlcore
from bs4 import BeautifulSoup

from checker.policy import key
from macros.analysis.load import load, loads, written_policy
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.texts import map_texts, without_texts
from macros.policyfile.yaml_reader import parse
from macros.site.build import build
from tests.support.browser_session import BrowserSession
from tests.support.check_page import CheckPage
from tests.support.markup import IDLE, SITE_PAGES, render_macro, render_pages
from tests.support.paths import POLICIES

type Place = tuple[str | int, ...]

MARK = "x-ran"
"""No element, attribute, address or script with this name may result from a text."""
# Browsers accept tags with /@, but Markdown does not, so the policy accepts such texts.
PAYLOADS = {
    "markup": f"<{MARK}/@ data-{MARK} onmouseover='ran=1'></{MARK}/@><img/@ src={MARK} onerror=ran=1>",
    "a script": f"<script/@>ran='{MARK}'</script/@><style/@>.{MARK}</style/@><svg/@ onload=ran=1><!--",
    "an end": f'</script/@></textarea/@></title/@></template/@></option/@>"\'><{MARK}/@ onclick="ran=1">',
    "a cell": f"| <{MARK}/@> | <{MARK}/@> ||",
    "a tag": f"<{MARK}>",
    "entities": f"&lt;{MARK}&gt; &#60;{MARK}&#62; &amp;lt;{MARK}&amp;gt;",
    "a link": f"[a link](javascript:ran='{MARK}')",
    "a link with signs in it": f"[a link](java\tscript:ran='{MARK}') [a link](data:text/html,{MARK})",
    "an address": f"<javascript:ran='{MARK}'> javascript:ran='{MARK}'",
    "a reference": f"[a link][{MARK}] ![a picture]({MARK})",
    "a picture": f"![a picture](https://{MARK}.example/)",
    "attributes of a list": "{: onclick='ran=1' .x-ran }",
    "a template": "{{ 7 * 191 }}",
    "a statement": "{% set ran = 1 %}",
    "a remark": "{# a remark #}",
    "another template": "${7 * 191} #{7 * 191} <%= 7 * 191 %>",
}
REFUSED = {
    *("attributes of a list", "a template", "a statement", "a remark", "another template"),
    *("a tag", "a link", "a link with signs in it", "a reference", "a picture"),
}
"""The payloads that are refused in every text, with or without Markdown."""

# Elements, attributes, addresses and scripts on the page that result from a payload.
INJECTED = """(mark) => {
    const more = (node) => (node.localName === "template" ? inside(node.content) : []);
    const inside = (root) => [...root.querySelectorAll("*")].flatMap((node) => [node, ...more(node)]);
    const data = (node) => node.type === "application/json";
    const holdsWords = (node) => !["script", "style"].includes(node.localName) || data(node);
    const found = [];
    for (const node of inside(document)) {
        if (node.localName.includes(mark)) found.push(node.localName);
        if (!holdsWords(node) && node.textContent.includes(mark)) found.push(node.textContent);
        for (const { name, value } of node.attributes) {
            const leads = name === "href" && new URL(value, document.baseURI).protocol;
            if (name.startsWith("on") || name.includes(mark)) found.push(`${node.localName} ${name}`);
            if (["src", "action", "formaction", "srcdoc"].includes(name) && value.includes(mark)) found.push(value);
            if (leads && !["http:", "https:", "mailto:", "blob:"].includes(leads)) found.push(value);
        }
    }
    return [found, globalThis.ran ?? null];
}"""


@pytest.fixture(scope="module")
def source() -> str:
    return (POLICIES / "frozen.yaml").read_text(encoding="utf-8")


def strings(part: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text of the data, with its path."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, item in items:
        if isinstance(item, str):
            yield (*place, name), item
        yield from strings(item, (*place, name))


def put(data: Any, place: Place, text: str) -> None:
    for step in place[:-1]:
        data = data[step]
    data[place[-1]] = text


def parsed(source: str) -> Any:
    return yaml.load(source, Loader=yamlcore.CoreLoader)


def text_places(source: str) -> list[Place]:
    """The paths of texts for readers: those that `wordless` empties."""
    bare = without_texts(written_policy(parse(source, "")))

    def at(place: Place) -> Any:
        part: Any = bare
        for step in place:
            if dataclasses.is_dataclass(part):
                [part] = [getattr(part, field.name) for field in dataclasses.fields(part) if key(field.name) == step]
            else:
                part = part[step]
        return part

    return [place for place, text in strings(parsed(source)) if text and at(place) == ""]


def hostile(source: str, payloads: dict[str, str], places: list[Place]) -> tuple[str, dict[str, set[Place]]]:
    """The policy with each payload at the end of each text that accepts it, and the paths that refuse each payload."""
    data = parsed(source)
    taken: dict[Place, list[str]] = {place: [] for place in places}
    refused: dict[str, set[Place]] = {}
    for name, payload in payloads.items():
        refused[name] = set()
        while True:
            tried = parsed(source)
            for place, text in strings(data):
                if place in taken and place not in refused[name]:
                    put(tried, place, f"{text} {payload}")
            try:
                loads(yaml.safe_dump(tried, sort_keys=False))
            except PolicyErrors as errors:
                more = {error.path for error in errors.errors} & {*places} - refused[name]
                if not more:
                    raise
                refused[name] |= more
            else:
                break
        for place in taken:
            if place not in refused[name]:
                taken[place].append(payload)
    for place, text in strings(parsed(source)):
        if taken.get(place):
            put(data, place, " ".join([text, *taken[place]]))
    return yaml.safe_dump(data, sort_keys=False), refused


@pytest.mark.deep
@pytest.mark.browser
def test_hostile_policy_text_stays_text_or_is_refused(
    source: str, tmp_path: Path, open_session: Callable[..., BrowserSession]
) -> None:
    places = text_places(source)
    written, refused = hostile(source, PAYLOADS, places)
    assert {name for name, where in refused.items() if where == {*places}} == REFUSED
    file = tmp_path / "policy.yaml"
    file.write_text(written, encoding="utf-8")
    build(file, tmp_path / "site", draft=True)
    session = open_session("chromium", tmp_path / "site")
    for name in (*SITE_PAGES, "404.html"):
        session.open(name)
        assert session.evaluate(INJECTED, MARK) == [[], None], name
        assert f"<{MARK}" in session.evaluate("() => document.documentElement.textContent"), name
    policy = load(file)
    case = next(iter(policy.examples.values()))
    check_page = CheckPage(session, policy, case.today)
    check_page.open()
    check_page.follow_link(check_page.link(case.answers))
    assert f"<{MARK}" in session.expect_visible(".check-outcome h1")
    assert session.evaluate(INJECTED, MARK) == [[], None]


@pytest.mark.parametrize("file", sorted(POLICIES.glob("*.yaml")), ids=lambda file: file.stem)
def test_page_shows_no_double_escaped_text(file: Path) -> None:
    policy = map_texts(load(file), lambda path, text, is_markdown: f'{text} It\'s "so" & so.')
    pages = render_pages(policy, file.read_text(encoding="utf-8"))
    texts = {name: BeautifulSoup(html, "html.parser").get_text() for name, html in pages.items() if name not in IDLE}
    assert 'It\'s "so" & so.' in texts["proof"]
    assert {name: escaped for name, text in texts.items() if (escaped := re.findall(r"data-id=|&#?\w+;", text))} == {}


@pytest.mark.parametrize(
    "sign", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\u2028\x00\x1b"
)
def test_invisible_or_reordering_character_is_refused(sign: str, source: str) -> None:
    place = text_places(source)[0]
    data = parsed(source)
    put(data, place, f"one {sign} two")
    for dumped in (yaml.safe_dump(data), yaml.safe_dump(data, allow_unicode=True)):
        with pytest.raises(PolicyErrors, match=f"U\\+{ord(sign):04X}"):
            loads(dumped)


@pytest.mark.parametrize(
    "confusable",
    [
        lambda name: name.replace("o", "\u043e", 1).replace("e", "\u0435", 1).replace("a", "\u0430", 1),
        lambda name: name[:1] + "\u200d" + name[1:],
        lambda name: name.translate({ord(sign): ord(sign) + 0xFEE0 for sign in name if sign != "_"}),
        lambda name: name + "\u0301",
        str.upper,
    ],
    ids=["another script", "a joiner", "wide", "an accent", "large"],
)
def test_confusable_name_is_refused(confusable: Callable[[str], str], source: str) -> None:
    data = parsed(source)
    for part in ("questions", "outcomes", "clauses", "values", "examples"):
        name = next(iter(data[part]))
        assert confusable(name) != name
        changed = parsed(source)
        changed[part][confusable(name)] = changed[part].pop(name)
        with pytest.raises(PolicyErrors) as refused:
            loads(yaml.safe_dump(changed, allow_unicode=True))
        refusals = ("cannot be a name", "holds an invisible character, U+200D (ZERO WIDTH JOINER). Delete it.")
        paths = [error.path for error in refused.value.errors if any(refusal in error.message for refusal in refusals)]
        assert (part, confusable(name)) in paths


@pytest.mark.parametrize(
    "payload", ["javascript:ran=1", "data:text/html,x-ran", "//x-ran.example", f"<{MARK}>", "'\"> x"]
)
def test_hostile_shop_address_is_a_safe_link_or_text(payload: str, source: str) -> None:
    for entry in ("contact", "apply at", "repository"):
        data = parsed(source)
        data["shop"][entry] = payload
        try:
            policy = loads(yaml.safe_dump(data))
        except PolicyErrors:
            continue
        for macro in ("home", "policy_text"):
            page = render_macro(policy, macro)
            assert page.find(MARK) is None
            assert [a["href"] for a in page.find_all("a", href=True) if "ran" in a["href"]] == []
