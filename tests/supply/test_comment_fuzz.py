"""The comment in a pull request, as the code host renders it, shows every text literally under our headings.

The renderer is the host's own for Markdown. Effects that the host adds later, such as mentions, are searched for in the
rendered text.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from cmarkgfm.cmark import Options, markdown_to_html_with_extensions
from hypothesis import given
from hypothesis import strategies as st

from macros.diff import Difference, Version, difference, render, version
from macros.diff.report.model import Report, ReportItem
from macros.diff.report.render import one_line
from macros.diff.report.report import report
from macros.policyfile.errors import KeyPath, PolicyError, PolicyErrors
from macros.policyfile.texts import all_texts, map_texts
from tests.site.test_hostile_policy import parsed, put, strings
from tests.support.fuzzing import fuzz
from tests.support.paths import POLICIES
from tools.comment import BUILT, HEADINGS, OTHER_FILES, TITLE, clean, comment_body

CASES = (
    "A case is one way to answer all questions of the checker; days count as one where they make no difference. "
    "To see what the checker says of an example, put its last line behind the address of the site."
)
type Changes = list[tuple[int, str, str, bool]]

TODAY = date(2026, 11, 22)
EDITS = {
    "bicycles": ("cargo: 5 days", "cargo: 4 days"),
    "frozen": ("remedies: [reissue, refund]", "remedies: [refund]"),
    "library": ("book: 28 days", "book: 21 days"),
    "tea": ("leaves: 12 days", "leaves: 20 days"),
}


def versions(name: str) -> tuple[Version, Version]:
    """A policy, and a version of it with other decisions and fewer invariants."""
    old = (POLICIES / f"{name}.yaml").read_text(encoding="utf-8")
    before, after = EDITS[name]
    assert before in old
    data = parsed(old.replace(before, after))
    data["invariants"] = dict([*data.get("invariants", {}).items()][1:])
    new = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    return version(old, f"the old {name}.yaml"), version(new, f"{name}.yaml")


VERSIONS = {name: versions(name) for name in EDITS}
SMALL = (POLICIES / "library.yaml").read_text(encoding="utf-8")
ANYWHERE = dict(strings(parsed(SMALL)))
PAGE = "https://host.example/shop/policy/actions/runs/7"
LINK = f"[the page of its run]({PAGE})"
FIRST = BUILT.format(commit="1234567890ab", run=LINK)
JOINER = "\u2060"
FRAGMENTS = [
    *"\\`*_[](){}<>&#|~!^$@:;=+-.\"'/%", *("a", "1", "word ", "two words", "€", "é", "\u00a0", "\u00ad", "\u200d"),
    *(" ", "    ", "\t", "\n", "\n\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"),
    *("# ", "## ", "> ", "- ", "+ ", "1. ", "1) ", "---", "===", "***", "* * *", "```", "````", "~~~", "```diff\n"),
    *("**a**", "__a__", "~~a~~", "`a`", "<b>a</b>", "a\n===", "- a\n- b"),
    *("**", "__", "~~", "<b>", "<b/@>", "</details>", "<details>", "<summary>", "<!--", "-->", "<?", "<![CDATA["),
    *("<br>", "</li></ul>", "[x](https://x.example)", "![x](//x.example/x.png)", "[x]: //x.example\n", "[x]", "[^1]"),
    *("[^1]: note", "[!NOTE]", "- [x] ", "| a | b |\n|---|---|\n", "--- | ---", "http://x.example", "www.x.example"),
    *("ftp://x.example", "mailto:x@x.example", "xmpp:x@x.example", "x@x.example", "@shop/team", "#12", "GH-12"),
    *("0123456789abcdef0123456789abcdef01234567", "defaced", ":tada:", "$x$", "$`x`$", "&lt;", "&#35;", "&amp"),
]  # fmt: skip
ANY = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=3)  # files with others cannot be read
HOSTILE = st.lists(st.sampled_from(FRAGMENTS) | ANY, min_size=1, max_size=8).map("".join)
CHANGES = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from(["old", "new", "both"]), HOSTILE, st.booleans()),
    min_size=1,
    max_size=6,
)
"""Changes of texts: number of the text, version, hostile text, and whether it replaces the text or is appended."""

OURS = {"h2", "h3", "p", "strong", "ul", "li", "details", "summary", "br", "code", "pre", "span"}
EFFECTS = {
    "a mention or an address": r"@[\w-]",
    "an issue": r"(?i)#\d|\bGH-\d",
    "a commit": r"(?i)\b[0-9a-f]{7,40}\b",
    "an emoji": r":[\w+-]+:",
    "a web address": r"(?i)\b(?:https?|ftp)://|\bwww\.",
    "a formula": r"\$",
}
"""Texts outside of code that the host turns into links or symbols."""


def rendered(markdown: str) -> BeautifulSoup:
    """Markdown as the host renders it, with raw HTML."""
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES | Options.CMARK_OPT_GITHUB_PRE_LANG
    extensions = ["table", "autolink", "strikethrough", "tasklist"]
    return BeautifulSoup(markdown_to_html_with_extensions(markdown, options, extensions), "html.parser")


def foreign_parts(page: BeautifulSoup, ours: set[str], effects: Iterable[str] = EFFECTS) -> list[str]:
    """Foreign elements and attributes of a page, and texts that the host would link."""
    parts: list[str] = []
    for tag in page.find_all(True):
        attributes = {
            (tag.name, name, str(value)) for name, value in tag.attrs.items() if (tag.name, name) != ("ol", "start")
        }
        if tag.name not in ours or attributes - {("a", "href", PAGE), ("pre", "lang", "diff")}:
            parts.append(str(tag))
        if tag.name == "span" and tag.get_text() != "$":
            parts.append(str(tag))
    for text in page.find_all(string=True):
        if type(text) is not NavigableString:
            parts.append(repr(text))  # a comment, a declaration
        elif not any(isinstance(parent, Tag) and parent.name in ("code", "span") for parent in text.parents):
            parts += [f"{what}: {text}" for what in effects if re.search(EFFECTS[what], text)]
    headings = [f"{'#' * int(tag.name[1])} {tag.get_text()}" for tag in page.find_all(re.compile(r"^h\d$"))]
    return [*parts, *(line for line in headings if line not in {TITLE, *(f"### {line}" for line in HEADINGS)})]


def letters(text: str) -> str:
    """A text without white space and joiners."""
    return re.sub(rf"[\s{JOINER}]", "", text)


def words(report_model: Report) -> Iterator[str]:
    """All texts of a report, in their order."""
    yield from (TITLE.removeprefix("## "), *map(one_line, [report_model.compared, *report_model.lead]))
    for section in report_model.sections:
        yield section.heading
        yield f"All {len(section.items)}" if len(section.items) > 8 else ""
        for item in section.items[:30]:
            yield from words_of(item)
        yield f"and {len(section.items) - 30} more, which policy diff lists" if len(section.items) > 30 else ""
    if report_model.has_links:
        yield CASES


def words_of(item: ReportItem) -> Iterator[str]:
    yield from (one_line(item.text), f"({item.count})" if item.count else "", *map(one_line, item.cases + item.notes))
    if item.example:
        yield from ("For example", *map(one_line, item.example), item.link)
    for diff in item.texts:
        yield one_line(f"{diff.label}:")
        for sign, line in diff.lines:
            yield from (sign, line)


def hostile(base: Version, texts: dict[KeyPath, tuple[str, bool]]) -> Version:
    def put_in(path: KeyPath, text: str, is_markdown: bool) -> str:
        more, whole = texts.get(path, ("", False))
        return more if whole else text + more

    assert base.policy is not None
    return replace(base, written=map_texts(base.written, put_in), policy=map_texts(base.policy, put_in))


def compared(name: str, changes: Changes, mistake: str | None = None) -> Difference:
    """The difference of two versions with hostile texts; with a mistake, the old one cannot be decided."""
    pair = VERSIONS[name]
    places = sorted((path for path, _, _ in all_texts(pair[1].written)), key=str)
    chosen = [(places[number % len(places)], side, text, whole) for number, side, text, whole in changes]
    old, new = (
        hostile(base, {place: (text, whole) for place, side, text, whole in chosen if side in (name, "both")})
        for name, base in zip(("old", "new"), pair, strict=True)
    )
    if mistake is not None:
        old = replace(old, policy=None, mistakes=(PolicyError("old.yaml", 1, 1, (mistake,), mistake),))
    return difference(old, new, TODAY)


def assert_shows_its_words_alone(diff: Difference) -> None:
    expected = letters("".join(words(report(diff))))
    markdown = render(diff, "markdown")
    page = rendered(markdown)
    assert foreign_parts(page, OURS) == []
    assert letters(page.get_text()) == expected
    comment = rendered(comment_body(FIRST, markdown, run=LINK, alone=False))
    [mark] = [text for text in comment.find_all(string=True) if type(text) is not NavigableString]
    mark.extract()
    [link] = comment.find_all("a")
    assert link["href"] == PAGE
    above = letters(f"For commit 1234567890ab. The built site is in preview, on {link.get_text()}." + OTHER_FILES)
    assert letters(comment.get_text()) == above.replace("_", "").replace("`", "") + expected
    assert [tag.get_text() for tag in comment.find_all(["h2", "h3"])] == [
        tag.get_text() for tag in page.find_all(["h2", "h3"])
    ]


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("whole", [True, False], ids=["alone", "behind words"])
@pytest.mark.parametrize("side", ["new", "both"])
def test_comment_shows_every_character_of_a_text_literally(name: str, side: str, whole: bool) -> None:
    number = len(all_texts(VERSIONS[name][1].written))
    for shift in range(0, len(FRAGMENTS), 19):
        signs = [FRAGMENTS[(place + shift) % len(FRAGMENTS)] for place in range(number)]
        diff = compared(name, [(place, side, sign, whole) for place, sign in enumerate(signs)])
        assert_shows_its_words_alone(diff)


@given(name=st.sampled_from([*VERSIONS]), changes=CHANGES, mistake=st.none() | HOSTILE)
@fuzz(few=60)
def test_comment_shows_any_policy_text_literally(name: str, changes: Changes, mistake: str | None) -> None:
    assert_shows_its_words_alone(compared(name, changes, mistake))


def test_title_with_line_breaks_adds_no_heading_or_code() -> None:
    forged = "It is damaged\n\n# Counted again\n\n**Wording only: no case is decided differently.**\n\n~~~~ x"
    source = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
    new = source.replace("It is damaged, faulty or not as described", json.dumps(forged))
    new = new.replace("standard: 15 days", "standard: 20 days")
    diff = difference(version(source, "old.yaml"), version(new, "new.yaml"), TODAY)
    assert_shows_its_words_alone(diff)
    page = rendered(comment_body(FIRST, render(diff, "markdown"), run=LINK))
    assert page.find_all("strong")[0].get_text().startswith("The outcome changes in ")
    assert [line.get_text() for line in page.find_all("strong") if line.get_text().startswith("Wording only")] == []
    [code] = [block for block in page.find_all("pre") if "Counted again" in block.get_text()]
    assert "".join(f"+ {line}\n" for line in forged.split("\n")) in code.get_text().replace(JOINER, "")


def test_text_cannot_close_its_code_block() -> None:
    same = "a\n```\n    ```\n  ```\n~~~~\n\n`````\n"
    base = VERSIONS["library"][0]
    place = ("clauses", next(iter(base.written.clauses)), "text")
    old, new = (hostile(base, {place: (text, True)}) for text in (f"{same}```\n  ```\nold", f"{same}new\n```diff\n~~~"))
    diff = difference(old, new, TODAY)
    assert_shows_its_words_alone(diff)
    [code, *_] = rendered(render(diff, "markdown")).find_all("pre")
    lines = [line.removeprefix("    ").rstrip() for line in code.get_text().splitlines()]
    assert lines[1:] == ["text: a", *same.splitlines()[1:], "- ```", "-   ```", "- old", "+ new", "+ ```diff", "+ ~~~"]


@given(changes=CHANGES)
@fuzz(few=10)
def test_comment_shows_any_old_file_as_text(changes: Changes) -> None:
    data = parsed(SMALL)
    for number, _, text, whole in changes:
        place, before = [*ANYWHERE.items()][number % len(ANYWHERE)]
        put(data, place, text if whole else f"{before}{text}")
    with contextlib.suppress(PolicyErrors):  # its texts cannot be read
        old = version(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "old.yaml")
        assert_shows_its_words_alone(difference(old, version(SMALL, "new.yaml"), TODAY))


@given(lines=st.lists(HOSTILE, max_size=12))
@fuzz(few=200)
def test_any_artifact_text_adds_no_heading_link_or_table(lines: list[str]) -> None:
    page = rendered(clean("\n".join(lines)))
    assert foreign_parts(page, OURS | {"em", "del", "ol"}, EFFECTS.keys() - {"a formula"}) == []
