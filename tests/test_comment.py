"""The comment in a pull request: whose report it shows, where, and what is left of a hostile one."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tools.comment import LARGEST, LONGEST, MARK, body, clean, gh, post

COMMIT = "1234567890abcdef1234567890abcdef12345678"
PAGE = "https://host.example/shop/policy/actions/runs/7"
RUN = {
    "id": 7,
    "html_url": PAGE,
    "head_sha": COMMIT,
    "head_branch": "a longer window",
    "head_repository": {"owner": {"login": "someone"}},
}
EVENT: dict[str, Any] = {
    "repository": {"full_name": "shop/policy", "default_branch": "main"},
    "workflow_run": RUN,
}
ABOVE = f"{MARK}\n\nFor 1234567890ab. The built site is in `preview`, on [the page of its run]({PAGE})."


def packed(text: bytes, name: str = "report.md") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr(name, text)
    return file.getvalue()


class Host:
    """A code host with one open pull request, number 3; it keeps what is sent to it."""

    def __init__(self, report: bytes | None = packed(b"All is better.\n"), **changed: Any) -> None:
        self.report = report
        self.head = changed.get("head", COMMIT)
        self.files = changed.get("files", ["policy.yaml"])
        self.comments = changed.get("comments", [])
        self.size = changed.get("size", 1000)
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
        kept = [{"id": 20, "size_in_bytes": self.size}, {"id": 19, "size_in_bytes": 5}]
        return json.dumps(
            {
                "pulls": [{"number": 3, "head": {"sha": self.head}}],
                "pulls/3/files?per_page=100": [[{"filename": name} for name in self.files]],
                "issues/3/comments?per_page=100": [[comment] for comment in self.comments],
                "actions/runs/7/artifacts?name=report": {"artifacts": kept if self.report else []},
            }[path]
        ).encode()


def comment(id_: int, login: str, text: str) -> dict[str, Any]:
    return {"id": id_, "user": {"login": login}, "body": text}


def test_the_first_report_makes_a_comment_and_every_later_one_changes_it() -> None:
    host = Host(comments=[comment(1, "github-actions[bot]", "Something else."), comment(2, "someone", MARK)])
    assert post(EVENT, host) == "Pull request 3 has its comment."
    text = f"{ABOVE}\n\nAll is better.\n"
    assert host.sent == [("POST", "repos/shop/policy/issues/3/comments", text)]

    host = Host(comments=[comment(2, "someone", MARK), comment(5, "github-actions[bot]", text)])
    assert post(EVENT, host) == "The comment in pull request 3 is up to date."
    assert host.sent == [("PATCH", "repos/shop/policy/issues/comments/5", text)]


def test_the_pull_request_is_the_one_that_the_host_knows_by_its_branch_and_last_commit() -> None:
    host = Host()
    post(EVENT, host)
    query = ("-f", "state=open", "-f", "head=someone:a longer window", "-f", "base=main")
    assert host.asked[0] == ("--method", "GET", "repos/shop/policy/pulls", *query)


@pytest.mark.parametrize(
    ("host", "run"), [(Host(head="f" * 40), RUN), (Host(), {**RUN, "head_repository": None})], ids=["newer", "gone"]
)
def test_nothing_is_written_where_the_run_is_not_of_the_last_commit(host: Host, run: dict[str, Any]) -> None:
    said = post({**EVENT, "workflow_run": run}, host)
    assert said == "No open pull request ends with this commit: it has newer ones, or was closed."
    assert host.sent == []


@pytest.mark.parametrize("host", [Host(report=None), Host(size=LARGEST + 1)], ids=["none", "too large"])
def test_a_run_without_a_report_says_so_in_place_of_an_old_one(host: Host) -> None:
    post(EVENT, host)
    assert host.sent[0][2] == (
        f"{ABOVE}\n\nThere is no report: the run ended before it. Look at [the page of its run]({PAGE})."
    )


def test_who_changes_more_than_the_policy_may_have_changed_the_report_too() -> None:
    host = Host(files=["policy.yaml", "macros/diff/render.py"])
    post(EVENT, host)
    assert "read that code before you believe the report" in host.sent[0][2]


def test_a_report_that_unpacks_to_more_than_the_limit_is_read_no_further() -> None:
    host = Host(report=packed(b"All is better." + b"\0" * LARGEST + b"What is behind the limit."))
    post(EVENT, host)
    assert host.sent[0][2] == f"{ABOVE}\n\nAll is better."


def test_a_report_that_is_no_text_is_shown_as_far_as_it_is_one() -> None:
    host = Host(report=packed(b"All is \xff better."))
    post(EVENT, host)
    assert host.sent[0][2] == f"{ABOVE}\n\nAll is � better."


@pytest.mark.parametrize("spare", [-1, 0, 1])
def test_a_comment_is_cut_at_a_line_as_soon_as_it_is_longer_than_the_host_takes(spare: int) -> None:
    said = {"commit": COMMIT, "run": PAGE, "alone": True}
    room = LONGEST - len(body("", **said))  # type: ignore[arg-type]
    lines = "a line of the report\n" * (room // 21)
    report = lines + "." * (room - len(lines) - spare)
    text = body(report, **said)  # type: ignore[arg-type]
    if spare >= 0:
        assert text == f"{ABOVE}\n\n{report}"
        assert len(text) == LONGEST - spare
    else:
        above, _, rest = text.partition(f"on [the page of its run]({PAGE})._\n\n")
        assert above.startswith(f"{ABOVE}\n\n_The report is too long for a comment")
        assert set(rest.split("\n")) == {"a line of the report"}
        assert LONGEST - 21 <= len(text) <= LONGEST


def test_a_report_that_only_shows_words_and_lists_stays_as_it_is() -> None:
    report = (
        "## What this does\n\n- **15 days → 20 days** (4 of 120 cases)\n  - <details><summary>A case to try</summary>"
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
        ("a\x00b\x1bc\u202ed\r\ne\rf", "abcd\nef"),
    ],
)
def test_what_would_act_in_a_comment_is_parted_by_a_sign_that_nobody_sees(hostile: str, cleaned: str) -> None:
    assert clean(hostile) == cleaned.replace("|", "\u2060")


def test_the_host_is_asked_by_its_own_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "gh"
    program.write_text('#!/bin/sh\necho "$@"\n[ "$4" != --input ] || cat\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert gh("repos/shop/policy/pulls", "-f", "head=a b") == b"api repos/shop/policy/pulls -f head=a b\n"
    assert gh("--method=POST", "a/b", send={"body": "é"}) == b'api --method=POST a/b --input -\n{"body": "\\u00e9"}'
