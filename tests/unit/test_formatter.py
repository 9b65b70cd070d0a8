"""`policy format`: one layout for every policy, the same meaning, and not a comment less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.analysis.load import loads
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.formatter import LayoutError, format_policy, layout_warnings
from tests.site.test_cli import LIBRARY, Run, run
from tests.support.fuzzing import random_inputs
from tests.support.paths import POLICIES

__all__ = ["run"]

FILES = sorted(POLICIES.glob("*.yaml"))
GOOD = LIBRARY.read_text(encoding="utf-8")

UNTIDY = [
    ('version: "7"', 'version:   "7"', 'version: "7"'),
    ("title: Lost\n", "title:    Lost   \n", "title: Lost\n"),
    ("shop:\n  name: the library\n  contact: https://library.example/desk\n  apply at: \"\"\n",
     "shop:\n      name: the library\n      contact: https://library.example/desk\n      apply at: \"\"\n", None),
    ("    rules:\n      - when: {borrowed_on: never_had}\n        outcome: dropped",
     "    rules:\n    -   when: {borrowed_on:  never_had }\n        outcome: dropped", None),
    ("{by: medium, book: 28 days,", "{ by: medium ,  book: 28 days,", None),
    ("\n", "\r\n", "\n"),
]  # fmt: skip


def comments(text: str) -> list[str]:
    return [comment.rstrip() for comment in re.findall("#.*", text)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_test_policies_have_the_standard_layout(file: Path) -> None:
    assert format_policy(file.read_bytes()) == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("good", "untidy", "tidy"), UNTIDY, ids=lambda text: repr(text)[:12])
def test_untidy_policy_gets_the_standard_layout(good: str, untidy: str, tidy: str | None) -> None:
    assert good in GOOD
    assert format_policy(GOOD.replace(good, untidy).encode()) == GOOD.replace(good, tidy or good)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version: "7"', 'version:   "7"     # the seventh'),
        ("# Another domain", "# One\n#\n\n# Another domain"),
        ("    text: >\n      {medium.book}", "    text: >  # folded\n      {medium.book}"),
        ("  late:\n    title: Late\n", "  # about\n\n  late:\n      # deep\n    # not so deep\n    title:  Late\n"),
        ("remedies: [longer]", "remedies:\n          # one\n          - longer # two\n          # three"),
        ("invariants:\n", "# before\ninvariants: # beside\n"),
    ],
)
def test_comments_survive_formatting(old: str, new: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    done = format_policy(text.encode())
    assert comments(done) == comments(text)
    assert loads(done) == loads(GOOD)


@pytest.mark.deep
@random_inputs(50)
@given(data=st.data())
def test_formatting_is_idempotent_and_keeps_the_content(data: st.DataObject) -> None:
    """Positions at which a space, a blank line or a comment changes nothing."""
    lines = GOOD.splitlines()
    for number in data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=4)):
        indent = re.match(" *", lines[number])
        assert indent
        lines[number] = data.draw(
            st.sampled_from([
                f"{lines[number]}  ", f"\n{lines[number]}", f"{indent[0]}# A comment.\n{lines[number]}",
                lines[number].replace(": ", ":   ", 1), lines[number].replace(", ", " ,  "),
            ])
        )  # fmt: skip
    text = "\n".join(lines) + "\n"
    try:
        policy = loads(text)
    except PolicyErrors:
        return
    try:
        done = format_policy(text.encode())
    except LayoutError:
        return  # a refusal, and nothing is lost
    assert loads(done) == policy
    assert format_policy(done.encode()) == done
    assert comments(done) == comments(text)


@pytest.mark.parametrize("damage", ["# the seventh", "# folded", "Lost and late books", "outcomes"])
def test_lossy_formatting_is_refused(damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = GOOD.replace('version: "7"', 'version: "7" # the seventh').replace("text: >\n", "text: > # folded\n")
    spoilt = {
        "# the seventh": text.replace(damage, ""),
        "# folded": text.replace(damage, ""),
        "Lost and late books": text.replace(damage, "Lost books"),
        "outcomes": re.sub(r"(  replace: .*\n)(.*\n)", r"\2\1", text),
    }[damage]
    assert spoilt != text
    monkeypatch.setattr("macros.policyfile.formatter._dump", lambda text: spoilt)
    with pytest.raises(LayoutError, match=r"^cannot be laid out without a change of what it says"):
        format_policy(text.encode())


def test_unstable_formatting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macros.policyfile.formatter._dump", lambda text: f"{text}\n")
    with pytest.raises(LayoutError):
        format_policy(GOOD.encode())


REST = "Run `make format`, which puts the whole file in order."
ENDS = "this line ends with a carriage return, as on Windows"
ALL_LINES = f"policy.yaml:1:110: {ENDS}, as do {GOOD.count('\n') - 1} more. Run `make format`, which mends the file."
REFUSED = "cannot be laid out without a change of what it says, or of its comments. It stays as it was. Most often a"
UNUSUAL = {
    "two spaces": (
        GOOD.replace('version: "7"', 'version:   "7"').replace("title: Lost\n", "title:  Lost\n"),
        [f'policy.yaml:4:10: the standard layout has `version: "7"` here. {REST}'],
    ),
    "spaces at the end of a line": (
        GOOD.replace("title: Lost\n", "title: Lost  \n"),
        [f"policy.yaml:85:16: the standard layout has `    title: Lost` here. {REST}"],
    ),
    "no line end at the end": (
        GOOD.removesuffix("\n"),
        [f"policy.yaml:160:1: the standard layout has an empty line here. {REST}"],
    ),
    "line ends of Windows": (GOOD.replace("\n", "\r\n"), [ALL_LINES]),
    "line ends of old": (GOOD.replace("\n", "\r"), [ALL_LINES]),
    "one line end of Windows, in a badly laid out line": (
        GOOD.replace("title: Lost\n", "title:  Lost\r\n"),
        [
            f"policy.yaml:85:17: {ENDS}. Run `make format`, which mends the file.",
            f"policy.yaml:85:12: the standard layout has `    title: Lost` here. {REST}",
        ],
    ),
    "a byte order mark": (
        f"\ufeff{GOOD}",
        ["policy.yaml:1:1: the file begins with a byte order mark. Run `make format`, which mends the file."],
    ),
    "a comment in an odd place": (
        GOOD.replace("book: 28 days, film", "book: 28 days, # so long\n   film"),
        [f"policy.yaml:18:1: {REFUSED} comment stands in an odd place: give it a line of its own, above a key."],
    ),
    "a version like a date that there is not": (
        GOOD.replace('version: "7"', "version: 2025-02-30"),
        [f"policy.yaml:1:1: {REFUSED} text looks like a date, and is none: put it in quotes."],
    ),
    "nothing": (GOOD, []),
}


@pytest.mark.parametrize("case", UNUSUAL)
def test_unusual_layout_is_a_warning_at_its_first_line(case: str) -> None:
    text, expected = UNUSUAL[case]
    source = text.encode()
    loads(source)
    assert [str(warning) for warning in layout_warnings(source, "policy.yaml")] == expected


def test_format_writes_the_file_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace('version: "7"', 'version:   "7"').encode())
    assert run("format", file) == (0, f"{file}: has the standard layout now.\n", "")
    assert file.read_bytes() == GOOD.encode()
    assert run("format", file) == (0, f"{file}: has the standard layout.\n", "")
    assert run("format", "--check", file) == (0, f"{file}: has the standard layout.\n", "")


def test_format_check_shows_what_would_change_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(untidy := GOOD.replace('version: "7"', 'version:   "7"'))
    code, out, err = run("format", "--check", file)
    assert (code, err) == (1, f"{file}: does not have the standard layout. Run `policy format`.\n")
    assert [line for line in out.splitlines() if line[:2] in ("-v", "+v")] == ['-version:   "7"', '+version: "7"']
    assert file.read_text() == untidy


def test_format_names_mistakes_and_leaves_the_file_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(wrong := GOOD.replace("365 days", "a  year"))
    code, out, err = run("format", file)
    assert (code, out) == (1, "")
    assert err.startswith(f"{file}:19:14: values › long_gone: is a  year, and ")
    assert file.read_text() == wrong


def test_format_says_when_it_cannot_keep_a_comment(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    odd = GOOD.replace("book: 28 days, film", "book: 28 days, # so long\n   film")
    file.write_text(odd)
    code, out, err = run("format", file)
    assert (code, out, file.read_text()) == (1, "", odd)
    assert err.startswith(f"{file}: cannot be laid out without a change of what it says, or of its comments.")
