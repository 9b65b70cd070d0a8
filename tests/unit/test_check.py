"""`policy check`: all errors at once, what they leave unchecked, and annotations in pull requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from watchfiles import Change

from macros.analysis.load import check
from macros.check_report import workflow_command
from macros.policyfile.errors import PolicyError
from tests.site.test_cli import LIBRARY, Run, run

__all__ = ["run"]

GOOD = LIBRARY.read_text(encoding="utf-8")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "policy.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "hidden"),
    [
        (
            "title: Lost\n",
            "title: [Lost\n",
            "1 mistake in the policy. The rest is looked at when YAML can read the file, so there may be more.",
        ),
        (
            "outcome: dropped\n",
            "outcome: droped\n",
            "1 mistake in the policy. How the cases are decided is looked at after that, so there may be more.",
        ),
        ("when: {outcome: replace}", "when: {outcome: replace, borrowed_on: never_had}", "1 mistake in the policy."),
    ],
    ids=["of syntax", "of names", "of decisions"],
)
def test_syntax_error_says_what_remains_unchecked(run: Run, file: Path, old: str, new: str, hidden: str) -> None:
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    code, out, err = run("check", file)
    assert (code, out, err.splitlines()[1:]) == (1, "", [hidden])


# ---- in a pull request


def read_back(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner reads it."""
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert match, line
    level, place, message = match.groups()
    properties = dict(part.split("=", 1) for part in place.split(","))
    codes = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}

    def plain(text: str) -> str:
        return re.sub("|".join(codes), lambda code: codes[code[0]], text)

    return level, {name: plain(value) for name, value in properties.items()}, plain(message)


def test_errors_are_annotations_at_their_lines(run: Run, file: Path) -> None:
    file.write_text(GOOD.replace("365 days", "a year").replace("outcome: dropped\n", "outcome: droped\n"))
    code, out, err = run("check", "--format", "github", file)
    assert code == 1
    assert [read_back(line) for line in out.splitlines()] == [
        (
            "error",
            {"file": str(file), "line": "19", "col": "14"},
            'values › long_gone: is a year, and "lost" compares it with a date: that takes one figure in calendar '
            "days, such as 10 days.",
        ),
        (
            "error",
            {"file": str(file), "line": "83", "col": "18"},
            'clauses › never_had › rules › 1 › outcome: there is no outcome "droped". Did you mean "dropped"?',
        ),
    ]
    assert err.startswith("2 mistakes in the policy. ")


def test_hints_are_warning_annotations(run: Run, file: Path) -> None:
    _, hints = check(GOOD)
    code, out, err = run("check", "--format", "github", file)
    warnings = [read_back(line) for line in out.splitlines() if line.startswith("::")]
    assert (code, err) == (0, "")
    assert warnings == [
        ("warning", {"file": str(file), "line": str(hint.line), "col": str(hint.column)}, hint.text) for hint in hints
    ]
    assert out.splitlines()[-1].endswith(": all right.")


def test_summary_leads_with_the_addresses_that_are_missing(run: Run, file: Path, tmp_path: Path) -> None:
    file.write_text(GOOD.replace("valid from: 2025-09-01", "valid from: 2026-01-01"))
    _, hints = check(file.read_text(), str(file), date(2025, 12, 31))
    assert [hint.path[0] for hint in hints][:2] == ["valid from", "shop"]
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    run("check", "--today", "2025-12-31", "--summary", summary, file)
    [shop, *others] = [line for line in summary.read_text().splitlines() if line.startswith(str(file))]
    assert shop == next(str(hint) for hint in hints if hint.path[0] == "shop")
    assert sorted([shop, *others]) == sorted(map(str, hints))
    assert summary.read_text().startswith("before\n## ")


@pytest.mark.parametrize("count", [10, 11, 24])
def test_last_annotation_counts_the_errors_beyond_the_limit(run: Run, file: Path, tmp_path: Path, count: int) -> None:
    file.write_text(GOOD + "".join(f"more_{number}: x\n" for number in range(count)), encoding="utf-8")
    code, out, err = run("check", "--format", "github", "--report", tmp_path / "report.md", file)
    assert (code, err) == (
        1,
        f"{count} mistakes in the policy. How the cases are decided is looked at after that, so there may be more.\n",
    )
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    lines = out.splitlines()
    annotations = [read_back(line) for line in lines if line.startswith("::")]
    assert len(annotations) == 10
    assert [place["line"] for _, place, _ in annotations] == [str(160 + number) for number in range(10)]
    if count == 10:
        assert report == (
            "The policy has 10 mistakes, so nothing can be said of what the change does. “Files changed” shows where, "
            "and what to do.\n"
        )
        assert len(lines) == 10
        return
    left = count - 9
    summary = (
        f"{left} of the {count} mistakes stand in the log of this step alone: GitHub shows at most 10 at their lines."
    )
    assert (annotations[-1][0], annotations[-1][2]) == ("error", summary)
    assert [line.split()[1] for line in lines[10:]] == [f"more_{number}:" for number in range(9, count)]
    assert report == (
        f"The policy has {count} mistakes, so nothing can be said of what the change does. “Files changed” shows 9 of "
        "them at their lines, for the host shows no more. The log of the step that checks the policy names the other "
        f"{left}, too.\n"
    )


def test_last_annotation_counts_the_warnings_beyond_the_limit(run: Run, file: Path) -> None:
    idle = "".join(f"\n  idle_{number}: {number + 2} days" for number in range(12))
    file.write_text(GOOD.replace("  long_gone: 365 days", f"  long_gone: 365 days{idle}"), encoding="utf-8")
    code, out, err = run("check", "--format", "github", file)
    lines = out.splitlines()
    annotations = [read_back(line) for line in lines if line.startswith("::")]
    _, hints = check(file.read_bytes(), str(file))
    assert len(hints) > 12
    summary = (
        f"{len(hints) - 9} of the {len(hints)} warnings stand in the log of this step alone: GitHub shows at most 10 "
        "at their lines."
    )
    assert (code, err, len(annotations)) == (0, "", 10)
    assert annotations[-1] == (
        "warning",
        {"file": str(file), "line": str(hints[9].line), "col": str(hints[9].column)},
        summary,
    )
    assert lines[10 : len(hints) + 1] == [str(hint) for hint in hints[9:]]


def test_error_beyond_the_limit_is_no_workflow_command(run: Run, file: Path) -> None:
    wrong = "".join(f'more_{number}: x\n"::error::{number}\\n::error::{number}": x\n' for number in range(12))
    file.write_text(GOOD + wrong, encoding="utf-8")
    _, out, _ = run("check", "--format", "github", file)
    assert [line for line in out.splitlines() if line.startswith("::error::")] == []
    assert len([line for line in out.splitlines() if line.startswith("::")]) == 10


def test_unformatted_policy_is_a_warning_and_passes(run: Run, file: Path) -> None:
    file.write_text(GOOD.replace("language: en-GB", "language:  en-GB"), encoding="utf-8", newline="\r\n")
    code, out, err = run("check", file)
    assert (code, err) == (0, "")
    assert out.splitlines()[:3] == [
        f"{file}:1:110: this line ends with a carriage return, as on Windows, as do 158 more. Run `make format`, which "
        "mends the file.",
        f"{file}:6:11: the standard layout has `language: en-GB` here. Run `make format`, which puts the whole file in "
        "order.",
        *[str(hint) for hint in check(GOOD, str(file))[1] if hint.path[0] == "shop"],
    ]
    code, out, err = run("check", "--format", "github", file)
    assert (code, err) == (0, "")
    assert [read_back(line)[:2] for line in out.splitlines()[:2]] == [
        ("warning", {"file": str(file), "line": "1", "col": "110"}),
        ("warning", {"file": str(file), "line": "6", "col": "11"}),
    ]


@pytest.mark.parametrize("name", ["policy.yaml", "a,b:c=100%.yaml"])
@pytest.mark.parametrize("text", ["100 % of a, b: c", "two\nlines\r\n::error::x", "%0A stays", "colour → Farbe"])
def test_special_characters_in_workflow_commands_are_escaped(name: str, text: str) -> None:
    line = workflow_command("error", PolicyError(name, 3, 4, (), text))
    assert "\n" not in line
    assert "\r" not in line
    assert read_back(line) == ("error", {"file": name, "line": "3", "col": "4"}, text)


def test_policy_text_never_becomes_a_workflow_command(run: Run, file: Path) -> None:
    text = GOOD.replace(
        "  returning_early:\n    text: ", "  returning_early:\n    text: |\n      One.\n\n      ::error::Two.\n    #"
    )
    assert text != GOOD
    file.write_text(text)
    code, out, _ = run("check", "--format", "github", file)
    assert code == 0
    assert "One. ::error::Two." in out
    assert [line for line in out.splitlines() if line.startswith("::error")] == []


# ---- on every save


def test_watch_checks_the_policy_after_each_save(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor saves a mistake, takes the file away, mends it, and then stops."""

    def saves(folder: Path, *, watch_filter: object, recursive: bool) -> Iterator[set[tuple[Change, str]]]:
        assert (folder, recursive) == (file.parent, False)
        assert callable(watch_filter)
        assert watch_filter(Change.added, str(file))
        assert not watch_filter(Change.modified, str(file.with_name("other.yaml")))
        file.write_text(GOOD.replace("365 days", "a year"))
        yield set()
        file.unlink()
        yield set()
        file.write_text(GOOD)
        yield set()
        raise KeyboardInterrupt

    monkeypatch.setattr("watchfiles.watch", saves)
    code, out, err = run("check", "--watch", file)
    again = f"{file}: is checked again when you save it. Stop with Ctrl+C."
    good = f"{file}: 5 clauses, 8 questions, 2 examples: all right."
    annotations = [line for line in out.splitlines() if line in (again, good)]
    assert (code, annotations) == (0, [good, again, again, again, good, again])
    assert [line.partition(": ")[2] for line in err.splitlines()] == [
        'values › long_gone: is a year, and "lost" compares it with a date: that takes one figure in calendar days, '
        "such as 10 days.",
        "",
        f"{file}: No such file or directory",
    ]
