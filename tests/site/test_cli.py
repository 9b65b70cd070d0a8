"""The `policy` command."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from macros.analysis.load import check, load
from macros.analysis.proof import proof_lines
from macros.cli import THEME_NOTICE, main
from macros.policyfile.schema import schema_text
from macros.project import ROOT
from macros.site.provenance import Provenance
from tests.support.paths import POLICIES

LIBRARY = POLICIES / "library.yaml"
LATE = {"medium": "film", "borrowed_on": "2026-01-06", "trouble": "nothing"}


class Run:
    """Runs the command in this process and returns its output."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys = capsys
        self.monkeypatch = monkeypatch

    def __call__(self, *arguments: object, typed: bytes = b"") -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"))
        code = main([str(argument) for argument in arguments])
        return code, *self.capsys.readouterr()

    def decide(self, *arguments: object, typed: bytes) -> tuple[int, list[dict[str, Any]]]:
        code, out, err = self("decide", "--policy", LIBRARY, "--today", "2026-01-15", *arguments, "-", typed=typed)
        assert err == ""
        return code, [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(capsys, monkeypatch)


def test_check_prints_proofs_and_counts(run: Run) -> None:
    file = POLICIES / "bicycles.yaml"
    nothing = (
        "113:9: clauses › at_the_start › rules › 1: decides we_pay, and no grant gives anything in this case: today: "
        "2026-03-01, answers: {damage: frame, bike: city, noticed_on: 2026-03-01, helmet: insured}. Add a grant, if "
        "customers are to get something there."
    )
    lines = [*proof_lines(load(file)), "5 clauses, 9 questions, 3 examples: all right."]
    assert run("check", file) == (0, "".join([f"{file}:{nothing}\n", *(f"{file}: {line}\n" for line in lines)]), "")


def test_check_prints_hints_and_succeeds(run: Run) -> None:
    code, out, _ = run("check", LIBRARY)
    assert code == 0
    first, *_, last = out.splitlines()
    assert first == str(check(LIBRARY.read_bytes(), str(LIBRARY))[1][0])
    assert last == f"{LIBRARY}: 5 clauses, 8 questions, 2 examples: all right."


def test_check_without_a_file_reads_the_project_policy(run: Run) -> None:
    code, out, _ = run("check")
    assert code == 0
    assert out.splitlines()[-1].startswith("policy.yaml: ")


def test_check_prints_every_mistake_and_fails(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    text = LIBRARY.read_text(encoding="utf-8")
    file.write_text(text.replace("365 days", "a year").replace("outcome: dropped\n", "outcome: droped\n"))
    assert run("check", file) == (
        1,
        "",
        f'{file}:19:14: values › long_gone: is a year, and "lost" compares it with a date: that takes one figure in '
        "calendar days, such as 10 days.\n"
        f'{file}:83:18: clauses › never_had › rules › 1 › outcome: there is no outcome "droped". '
        'Did you mean "dropped"?\n'
        "2 mistakes in the policy. How the cases are decided is looked at after that, so there may be more.\n",
    )


def test_unreadable_file_gives_one_error_line(run: Run, tmp_path: Path) -> None:
    gone = tmp_path / "gone.yaml"
    assert run("check", gone) == (1, "", f"policy: {gone}: No such file or directory\n")
    assert run("check", tmp_path) == (1, "", f"policy: {tmp_path}: Is a directory\n")
    assert run("decide", "--policy", LIBRARY, gone) == (1, "", f"policy: {gone}: No such file or directory\n")


def test_schema_write_option_writes_the_printed_text(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("schema") == (0, schema_text(), "")
    monkeypatch.setattr("macros.cli.SCHEMA_FILE", tmp_path / "policy.schema.json")
    assert run("schema", "--write") == (0, "", "")
    assert (tmp_path / "policy.schema.json").read_text(encoding="utf-8") == schema_text()


def test_decide_prints_the_verdict_of_one_case(run: Run) -> None:
    code, [verdict] = run.decide(typed=json.dumps(LATE, indent=2).encode())
    assert code == 0
    assert verdict["outcome"] == "late_fee"
    assert verdict["reasons"] == [{"clause": "late"}]


def test_decide_reads_answers_from_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(LATE))
    code, out, _ = run("decide", "--policy", LIBRARY, "--today", "2026-01-10", file)
    assert (code, json.loads(out)["outcome"]) == (0, "fine")


def test_decide_names_the_question_of_an_invalid_answer_and_fails(run: Run) -> None:
    code, [errors] = run.decide(typed=b'{"medium": "vase", "price": "much"}')
    assert code == 1
    assert [error["question"] for error in errors["errors"]] == ["medium", "price"]


NOT_ANSWERS = [
    b"",
    b"nothing",
    b"[]",
    b"7",
    b"\xff",
    b'{"medium":',
    b"[" * 100_000,
    b"9" * 10_000,
    b"NaN",
    "{}".encode("utf-16"),
]


@pytest.mark.parametrize("typed", NOT_ANSWERS, ids=lambda typed: repr(typed[:9]))
def test_decide_prints_an_error_object_for_malformed_input(run: Run, typed: bytes) -> None:
    code, [errors] = run.decide(typed=typed)
    assert code == 1
    assert errors["errors"] == [
        {"question": None, "message": "The answers must be one JSON object: question names and answers."}
    ]


def test_decide_lines_continues_after_an_invalid_line(run: Run) -> None:
    lines = [json.dumps(LATE).encode(), b"", b"  ", b"\xff\xfe", b"{}", b'{"colour": "red"}', b'{"medium": "\\ud800"}']
    code, answers = run.decide("--lines", typed=b"\n".join(lines) + b"\r\n")
    assert code == 1
    assert ["errors" in answer for answer in answers] == [False, True, False, True, True]


def test_decide_lines_succeeds_without_an_invalid_line(run: Run) -> None:
    line = json.dumps(LATE).encode()
    code, answers = run.decide("--lines", typed=line + b"\n" + line)
    assert code == 0
    assert answers[0] == answers[1]


def test_decide_takes_today_from_the_clock_by_default(run: Run) -> None:
    code, out, _ = run("decide", "--policy", LIBRARY, "-", typed=b'{"medium": "film", "borrowed_on": "2020-01-01"}')
    assert code == 0
    assert json.loads(out)["possible"] == ["replace"]


@pytest.mark.parametrize(
    "wrong",
    [["decide", "-", "--today", "2026-13-01"], ["decide", "-", "--today", "now"], ["serve"],
     [], ["frobnicate"]],
)  # fmt: skip
def test_invalid_arguments_print_the_usage(run: Run, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        run(*wrong)
    assert raised.value.code == 2


@pytest.mark.parametrize("options", [(), ("--input", LIBRARY), ("-", "--input", LIBRARY, "--output", "decided.csv")])
def test_decide_without_a_case_or_with_two_kinds_of_input_says_what_goes_together(
    run: Run, options: tuple[object, ...]
) -> None:
    code, out, err = run("decide", *options)
    assert (code, out) == (2, "")
    assert "--input and --output" in err


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "macros.cli", *map(str, arguments)]


def test_decide_lines_flushes_after_each_line() -> None:
    arguments = command("decide", "--lines", "--policy", LIBRARY, "-")
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, cwd=ROOT, env=buffered, stdin=pipe, stdout=pipe) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(2):
            process.stdin.write(b"{}\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["outcome"] is None
        process.stdin.close()
    assert process.returncode == 0


def test_decide_lines_ignores_a_broken_pipe() -> None:
    many = b"{}\n" * 2000
    arguments = command("decide", "--lines", "--policy", LIBRARY, "-")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(arguments, cwd=ROOT, input=many, stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_build_with_policy_mistakes_keeps_the_old_site(run: Run, tmp_path: Path) -> None:
    shutil.copy(LIBRARY, file := tmp_path / "policy.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace("outcome: dropped\n", "outcome: droped\n"))
    site = tmp_path / "site"
    site.mkdir()
    (site / "404.html").write_text("as it was")
    code, out, err = run("build", "--policy", file, "--site", site)
    assert (code, out) == (1, "")
    assert err.startswith("policy.yaml:83:18: clauses › never_had › rules › 1 › outcome: there is no outcome")
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["policy.yaml", "site"]
    assert (site / "404.html").read_text() == "as it was"


def test_build_prints_when_theme_support_ends(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = load(LIBRARY)
    monkeypatch.setattr("macros.site.build.build", lambda *_, **__: (policy, Provenance(None, "it is a draft.")))
    ready = f"{tmp_path}: the site of version {policy.version} ({policy.digest}) is ready."
    expected = f"{ready}\nIt names no commit: it is a draft.\n{THEME_NOTICE}\n"
    assert run("build", "--policy", LIBRARY, "--site", tmp_path) == (0, expected, "")
    notice = Path(str(metadata.distribution("mkdocs-material").locate_file("material/templates/__init__.py")))
    [day] = re.findall(r"Material for MkDocs reaches end of life on (.+?)\.\{", notice.read_text(encoding="utf-8"))
    until = datetime.strptime(day, "%B %d, %Y")
    assert f"is supported until {until:%B %Y}. " in THEME_NOTICE
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"## {THEME_NOTICE.split('"')[1]}\n" in contributing
    assert f"until {until.day} {until:%B %Y}" in contributing


def test_diff_all_option_prints_every_change(run: Run) -> None:
    late = json.dumps(LATE).encode()
    _, [plain] = run.decide(typed=late)
    _, [verdict] = run.decide("--changes", typed=late)
    assert "all_changes" not in plain
    assert {change["outcome"] for change in verdict["all_changes"]} == {*load(LIBRARY).outcomes} - {plain["outcome"]}
    assert plain == {key: value for key, value in verdict.items() if key != "all_changes"}
