"""The comment in a pull request: whose report it shows, where, and what is left of a hostile one."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.diff import difference, render, version
from macros.diff.report import cases, items
from macros.diff.report.model import ReportItem
from macros.diff.report.report import report
from tests.support.fuzzing import fuzz
from tests.support.paths import POLICIES
from tools.comment import (
    COMMENT_MARK,
    HEADINGS,
    MAX_CHARACTERS,
    MAX_REPORT_BYTES,
    MissingError,
    clean,
    comment_body,
    gh,
    post,
    unpack_report,
)

COMMIT = "1234567890abcdef1234567890abcdef12345678"
NEWER = "fedcba0987654321fedcba0987654321fedcba09"
PAGE = "https://host.example/shop/policy/actions/runs/7"
LINK = f"[the page of its run]({PAGE})"
RUN = {
    "id": 7,
    "html_url": PAGE,
    "head_sha": COMMIT,
    "head_branch": "a longer window",
    "head_repository": {"owner": {"login": "someone"}},
    "status": "completed",
    "conclusion": "success",
}
NEWER_PAGE = "https://host.example/shop/policy/actions/runs/9"
NEWER_RUN = {**RUN, "id": 9, "html_url": NEWER_PAGE, "head_sha": NEWER, "status": "in_progress", "conclusion": None}
EVENT: dict[str, Any] = {
    "repository": {"full_name": "shop/policy", "default_branch": "main"},
    "workflow_run": RUN,
}
BUILT = f"For commit 1234567890ab. The built site is in `preview`, on {LINK}."
ABOVE = f"{COMMENT_MARK}\n\n{BUILT}"
OLD = f"{COMMENT_MARK}\n\nFor commit 000000000000. The built site is in `preview`.\n\nAll is better."


def after(**changed: Any) -> dict[str, Any]:
    """The event with other fields of its run."""
    return {**EVENT, "workflow_run": {**RUN, **changed}}


def packed(text: bytes, name: str = "report.md", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as files:
        files.writestr(name, text)
    return file.getvalue()


class Host:
    """A code host with one open pull request, number 3; it records requests."""

    def __init__(self, report: bytes | None = packed(b"All is better.\n"), **changed: Any) -> None:
        self.report = report
        self.head = changed.get("head", COMMIT)
        self.files = changed.get("files", ["policy.yaml"])
        self.comments = changed.get("comments", [])
        self.size = changed.get("size", 1000)
        self.expired = changed.get("expired", False)
        self.runs = changed.get("runs", [RUN])
        self.asked: list[tuple[str, ...]] = []
        self.sent: list[tuple[str, str, str]] = []

    def __call__(self, *arguments: str, send: Any = None) -> bytes:
        if send is not None:
            _, method, path = arguments
            self.sent.append((method, path, send["body"]))
            return b"{}"
        self.asked.append(arguments)
        path = next(argument for argument in arguments if argument.startswith("repos/")).removeprefix(
            "repos/shop/policy/"
        )
        if path == "actions/artifacts/20/zip":
            assert self.report is not None
            return self.report
        remaining = [
            {"id": 20, "size_in_bytes": self.size, "expired": self.expired},
            {"id": 19, "size_in_bytes": 5, "expired": False},
        ]
        answers: dict[str, Any] = {
            "pulls": [{"number": 3, "head": {"sha": self.head}}] if self.head else [],
            "pulls/3/files?per_page=100": [[{"filename": name} for name in self.files]],
            "issues/3/comments?per_page=100": [[comment] for comment in self.comments],
            "actions/runs/7/artifacts?name=report": {"artifacts": remaining if self.report else []},
            "actions/workflows/pull-request.yml/runs": {
                "workflow_runs": [run for run in self.runs if f"head_sha={run['head_sha']}" in arguments]
            },
        }
        answers |= {f"actions/runs/{run['id']}": run for run in self.runs}
        return json.dumps(answers[path]).encode()


def comment(id_: int, login: str, text: str) -> dict[str, Any]:
    return {"id": id_, "user": {"login": login}, "body": text}


def test_later_report_replaces_the_first_comment() -> None:
    host = Host(comments=[comment(1, "github-actions[bot]", "Something else."), comment(2, "someone", COMMENT_MARK)])
    assert post(EVENT, host) == "Pull request 3 has its comment."
    text = f"{ABOVE}\n\nAll is better.\n"
    assert host.sent == [("POST", "repos/shop/policy/issues/3/comments", text)]

    host = Host(comments=[comment(2, "someone", COMMENT_MARK), comment(5, "github-actions[bot]", text)])
    assert post(EVENT, host) == "The comment in pull request 3 is up to date."
    assert host.sent == [("PATCH", "repos/shop/policy/issues/comments/5", text)]


def test_pull_request_is_found_by_branch_and_last_commit() -> None:
    host = Host()
    post(EVENT, host)
    query = ("-f", "state=open", "-f", "head=someone:a longer window", "-f", "base=main")
    assert host.asked[0] == ("--method", "GET", "repos/shop/policy/pulls", *query)


@pytest.mark.parametrize(
    ("host", "changed"), [(Host(head=None), {}), (Host(), {"head_repository": None})], ids=["closed", "fork gone"]
)
def test_no_comment_without_an_open_pull_request(host: Host, changed: dict[str, Any]) -> None:
    assert post(after(**changed), host) == "No open pull request comes from this branch any more."
    assert host.sent == []


def test_requested_run_of_a_new_commit_replaces_the_old_report() -> None:
    queued = {**RUN, "status": "queued", "conclusion": None}
    host = Host(comments=[comment(5, "github-actions[bot]", OLD)], runs=[queued])
    post({**EVENT, "workflow_run": {**queued, "status": "requested"}}, host)
    text = f"{COMMENT_MARK}\n\nCommit 1234567890ab is being compared. Look at {LINK}."
    assert host.sent == [("PATCH", "repos/shop/policy/issues/comments/5", text)]


def test_late_event_of_a_completed_run_writes_its_report_again() -> None:
    host = Host(runs=[RUN])
    post(after(status="requested", conclusion=None), host)
    assert host.sent[0][2] == f"{ABOVE}\n\nAll is better.\n"


@pytest.mark.parametrize("conclusion", ["success", "cancelled"])
def test_event_of_an_older_commit_writes_the_report_of_the_newer_one(conclusion: str) -> None:
    older = {**NEWER_RUN, "id": 8, "status": "completed", "conclusion": "failure"}
    host = Host(head=NEWER, runs=[RUN, NEWER_RUN, older])
    post(after(conclusion=conclusion), host)
    assert [text for *_, text in host.sent] == [
        f"{COMMENT_MARK}\n\nCommit fedcba098765 is being compared. Look at [the page of its run]({NEWER_PAGE})."
    ]


def test_event_of_an_older_commit_writes_nothing_before_the_newer_run() -> None:
    host = Host(head=NEWER)
    assert post(EVENT, host) == "Pull request 3 has a newer commit, whose run has not begun."
    assert host.sent == []


@pytest.mark.parametrize(
    ("conclusion", "reason"),
    [
        ("success", "the run left none"),
        ("failure", "the run failed"),
        ("cancelled", "the run was cancelled"),
        ("timed_out", "the run took too long"),
        ("action_required", "the run waits for somebody to approve it"),
        ("startup_failure", "the run could not start"),
        ("stale", "the run ended as `stale`"),
    ],
)
def test_run_without_a_report_replaces_the_old_comment(conclusion: str, reason: str) -> None:
    host = Host(report=None, comments=[comment(5, "github-actions[bot]", OLD)])
    post(after(conclusion=conclusion), host)
    text = f"{COMMENT_MARK}\n\nThere is no report for commit 1234567890ab: {reason}. Look at {LINK}."
    assert host.sent == [("PATCH", "repos/shop/policy/issues/comments/5", text)]


def encrypted() -> bytes:
    """An archive whose only file says that it is encrypted."""
    archive = bytearray(packed(b"All is better."))
    archive[6] |= 1
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    return bytes(archive)


UNREADABLE = "what the run left holds no `report.md` that can be unpacked"
TOO_LARGE = "what the run left is too large"


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        (Host(report=b"All is better."), UNREADABLE),
        (Host(report=packed(b"All is better.")[:-30]), UNREADABLE),
        (Host(report=encrypted()), UNREADABLE),
        (Host(report=packed(b"All is better.", "another.md")), UNREADABLE),
        (Host(report=packed(b"\0" * (MAX_REPORT_BYTES + 1))), TOO_LARGE),
        (Host(size=MAX_REPORT_BYTES + 1), TOO_LARGE),
        (Host(expired=True), "the host has deleted what the run left"),
    ],
    ids=["no zip", "no end", "encrypted", "another file", "a bomb", "too large", "expired"],
)
def test_unreadable_report_replaces_the_old_comment_with_its_reason(host: Host, reason: str) -> None:
    host.comments = [comment(5, "github-actions[bot]", OLD)]
    assert post(EVENT, host) == "The comment in pull request 3 is up to date."
    text = f"{COMMENT_MARK}\n\nThere is no report for commit 1234567890ab: {reason}. Look at {LINK}."
    assert [sent for *_, sent in host.sent] == [text]


@given(
    places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
    size=st.integers(0, 10**6),
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
)
@fuzz(few=100)
def test_any_artifact_bytes_give_a_report_or_a_reason(places: list[tuple[int, int]], size: int, method: int) -> None:
    archive = bytearray(packed(b"All is better.\n" * 20, method=method))
    for place, byte in places:
        archive[place % len(archive)] = byte
    with contextlib.suppress(MissingError):
        assert isinstance(unpack_report(bytes(archive[: size % (2 * len(archive))])), str)


def test_report_of_a_failed_run_says_so() -> None:
    host = Host()
    post(after(conclusion="failure"), host)
    assert host.sent[0][2] == (
        f"{COMMENT_MARK}\n\nFor commit 1234567890ab. The run failed: look at {LINK}.\n\nAll is better.\n"
    )


def test_report_warns_when_other_files_changed() -> None:
    host = Host(files=["policy.yaml", "macros/diff/report/render.py"])
    post(EVENT, host)
    assert "read that code before you believe the report" in host.sent[0][2]


def test_report_with_invalid_utf8_is_shown_with_replacements() -> None:
    host = Host(report=packed(b"All is \xff better."))
    post(EVENT, host)
    assert host.sent[0][2] == f"{ABOVE}\n\nAll is � better."


def test_refused_request_fails_the_script() -> None:
    def refuse(*arguments: str, send: object = None) -> bytes:
        raise subprocess.CalledProcessError(1, ["gh", "api", *arguments])

    with pytest.raises(subprocess.CalledProcessError):
        post(EVENT, refuse)


@pytest.mark.parametrize("spare", [-1, 0, 1])
@pytest.mark.parametrize("sign", [".", "€", "🌈"], ids=["one byte", "three bytes", "four bytes"])
def test_comment_over_the_limit_is_cut_at_a_line(spare: int, sign: str) -> None:
    room = MAX_CHARACTERS - len(comment_body(BUILT, ".", run=LINK)) + 1
    lines = "a line of the report\n" * (room // 21)
    report = lines + sign * (room - len(lines) - spare)
    text = comment_body(BUILT, report, run=LINK)
    assert len(text.encode()) <= 4 * MAX_CHARACTERS
    if spare >= 0:
        assert text == f"{ABOVE}\n\n{report}"
        assert len(text) == MAX_CHARACTERS - spare
    else:
        above, _, rest = text.partition(f"on {LINK}._\n\n")
        assert above.startswith(f"{ABOVE}\n\n_The report is too long for a comment")
        assert set(rest.split("\n")) == {"a line of the report"}
        assert MAX_CHARACTERS - 50 <= len(text) <= MAX_CHARACTERS


def test_cut_report_keeps_its_lead_and_closes_open_blocks() -> None:
    lead = "## What this change does\n\n**All is worse.**\n\n### Values\n\n<details><summary>All 9</summary>\n\n"
    text = comment_body(
        BUILT, f"{lead}- **A value**\n\n  text:\n\n  ```diff\n" + "  + a line\n" * MAX_CHARACTERS, run=LINK
    )
    assert text.index("The report is too long") < text.index(lead)
    assert text.endswith("\n  + a line\n  ```\n\n</details>")
    assert len(text) <= MAX_CHARACTERS


def test_lead_over_the_limit_is_cut() -> None:
    text = comment_body(BUILT, "## What this change does\n\n**All is worse: " + "x" * MAX_CHARACTERS, run=LINK)
    assert "_\n\n## What this change does\n\n**All is worse: xxx" in text
    assert MAX_CHARACTERS - 50 <= len(text) <= MAX_CHARACTERS


def test_comment_allows_every_report_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, names in {
        cases: ("change_items", "unshared_answer_items"),
        items: ("invariant_items", "clause_items", "link_items", "value_items", "text_items", "structure_items"),
    }.items():
        for name in names:
            monkeypatch.setattr(module, name, lambda *_, **__: [ReportItem(text="Something")])
    source = (POLICIES / "library.yaml").read_text(encoding="utf-8")
    diff = difference(version(source, "old.yaml"), version(source, "new.yaml"), date(2026, 11, 22))
    assert tuple(section.heading for section in report(diff).sections) == HEADINGS
    text = render(diff, "markdown")
    assert clean(text) == text


def test_report_of_texts_and_lists_is_unchanged() -> None:
    report = (
        "## What this change does\n\n### Values\n\n- **15 days → 20 days** (4 of 120 cases)\n"
        "  - <details><summary>A case to try</summary>"
        "<code>{&#34;problem&#34;: &quot;quality&quot;}</code><br><code>check/#a=b&amp;c=d</code></details>\n\n"
        "  ```diff\n  - 15 days\n  + 20 days: [see] above\n  ```\n"
    )
    assert clean(report) == report


@pytest.mark.parametrize(
    ("hostile", "cleaned"),
    [
        ("@shop/developers", "@|shop/developers"),
        ("&commat;shop &#64;shop &#x40;shop", "&|commat;shop &|#|64;shop &|#x40;shop"),
        ("<img src=x> <!-- </details > <DETAILS open>", "<|img src=x> <|!-- <|/details > <|DETAILS open>"),
        ("[here](//a.example) ![x][y]", "[here]|(//a.example) ![x]|[y]"),
        ("[y]: //a.example", "[y]|: //a.example"),
        ("https://a.example http:\\/\\/a www.a.example", "https:|//a.example http:|\\/\\/a www|.a.example"),
        ("#12 other/project#12 GH-12", "#|12 other/project#|12 GH-|12"),
        ("a@b.example mailto:a@b.example :tada:", "a@|b.example mailto:a@|b.example :|tada:"),
        ("0123abc <code>0123abc</code>", "0123ab|c <code>0123abc</code>"),
        ("[^1] [^1]: a note", "[^1] [^1]|: a note"),
        ("a\x00b\x1bc\u202ed\r\ne\rf", "abcd\nef"),
        ("a\u2028b\x85c\vd\u200be\ufeff", "a b c de"),
        ("# It is approved\n## What this change does, too", "|# It is approved\n|## What this change does, too"),
        ("- 1. ### Values\n ### Values", "- 1. |### Values\n |### Values"),
        ("It is approved\n===\n---\n* * *\n- ---", "It is approved\n===|\n---|\n* * *|\n- ---|"),
        ("> [!NOTE]\n- > a", "|> [!NOTE]\n- |> a"),
        ("~~~\n```python\n````\n  ```", "|~~~\n|```python\n|````\n  ```"),
    ],
)
def test_active_markdown_is_disarmed_by_an_invisible_character(hostile: str, cleaned: str) -> None:
    assert clean(hostile) == cleaned.replace("|", "\u2060")


def test_host_is_called_through_gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "gh"
    program.write_text('#!/bin/sh\necho "$@"\n[ "$4" != --input ] || cat\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert gh("repos/shop/policy/pulls", "-f", "head=a b") == b"api repos/shop/policy/pulls -f head=a b\n"
    assert gh("--method=POST", "a/b", send={"body": "é"}) == b'api --method=POST a/b --input -\n{"body": "\\u00e9"}'
