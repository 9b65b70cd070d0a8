"""Posts the report on a policy change as one comment of its pull request, and keeps that comment up to date.

This script may write comments; the run that made the report has no rights. Data from that run are hostile until
cleaned: the report is read as data only, and the pull request is looked up by the host's own data.
After any event it reads the last commit of the pull request and the state of that commit's run, so events may be late,
out of order or lost, and no report is shown for a newer commit than its own.
It needs `gh`, which the host's machines have, and nothing else of this project.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Host = Callable[..., bytes]
"""A function that calls `gh api` with its arguments, and with `send` as JSON."""

WORKFLOW = "pull-request.yml"
"""The file of the workflow that makes the report."""
COMMENT_MARK = "<!-- what this change of the policy does -->"
"""The beginning of our comment, by which it is recognised."""
AUTHOR = "github-actions[bot]"

MAX_CHARACTERS = 65_536
"""Of a comment, by the host's error message. Its limit in bytes is four times as large, so it never counts."""
MAX_REPORT_BYTES = 1_000_000
"""Of a report, packed or not. Honest reports are far smaller."""

WAITING = "Commit {commit} is being compared. Look at {run}."
MISSING = "There is no report for commit {commit}: {reason}. Look at {run}."
BUILT = "For commit {commit}. The built site is in `preview`, on {run}."
ENDED = "For commit {commit}. {reason}: look at {run}."
CUT = "_The report is too long for a comment, so its end is missing here. The whole of it is in `report`, on {run}._"
OTHER_FILES = (
    "_This pull request changes more than `policy.yaml`. The report was made with its own code: read that code before "
    "you believe the report._"
)

_CONCLUSIONS = {
    "success": "the run left none",
    "failure": "the run failed",
    "cancelled": "the run was cancelled",
    "timed_out": "the run took too long",
    "action_required": "the run waits for somebody to approve it",
    "startup_failure": "the run could not start",
}
"""The reason for each conclusion of a run, as the host names it."""

TITLE = "## What this change does"
HEADINGS = (
    "Rules that must always hold",
    "Worse for customers",
    "Better for customers",
    "Different for customers",
    "Cases that are new",
    "Cases that are gone",
    "Rules that changed under the same words",
    "Words that changed over the same rules",
    "Links and examples",
    "Values",
    "Words and settings",
    "New, gone, renamed and moved",
)
"""The sections of a report. Other headings are disarmed."""

_JOINER = "\u2060"
"""An invisible character, inserted to disarm markup."""
_SPACES = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\x00-\x08\r\x0e-\x1b\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_EFFECTS = re.compile(
    r"""
      @(?!\u2060)                                   # a mention
    | <(?!/?(?:details|summary|code|br|span)>)      # a tag; these few fold a worked case, and do nothing else
    | &(?!(?:amp|lt|gt|quot|\#34|\#39);)            # a character reference
    | \](?=[(\[:])                                  # a link, a picture or a footnote
    | :(?=[/\\]|[\w+-]+:)                           # an address, an emoji
    | (?<=www)(?=\.)
    | \#(?=\d)(?!(?<=&\#)3[49];)                    # a reference to an issue
    | (?<=GH-)(?=\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COMMITS = re.compile(r"(<code>[^<\n]*</code>)|[0-9a-f]{6}(?=[0-9a-f])", re.IGNORECASE)
"""Digits that may name a commit. In code they do not, and a customer's link stands there to be copied."""
_BLOCKS = re.compile(
    rf"""
    ^(?!{re.escape(TITLE)}$ | \#\#\#[ ](?:{"|".join(map(re.escape, HEADINGS))})$ | [ ][ ]```(?:diff)?$)
    ([ \t]*(?:(?:[-+*]|\d{{1,9}}[.)])[ \t]+)*)      # it may stand in a list
    (?= \#{{1,6}}(?:[ \t]|$) | > | ```|~~~ | \[[ xX]\] )
    """,
    re.VERBOSE | re.MULTILINE,
)
"""The beginning of a heading, quotation, code block or checkbox where no honest report has one."""
_LINES = re.compile(r"^[-=_*:|+ \t\d.)]*[-=_*:|][ \t]*$", re.MULTILINE)
"""A horizontal rule, heading underline or table line. In code blocks of honest reports a joiner does no harm."""
_FENCE = re.compile(r"  ```(?:diff)?")


class MissingError(Exception):
    """A run has no readable report. The message is the reason."""


def clean(text: str) -> str:
    """The report with its words and lists, but without mentions, links and other markup."""
    visible = _INVISIBLE.sub("", _SPACES.sub(" ", text.replace("\r\n", "\n")))
    text = _EFFECTS.sub(lambda effect: effect[0] + _JOINER, visible)
    text = _COMMITS.sub(lambda match: match[1] or match[0] + _JOINER, text)
    return _LINES.sub(rf"\g<0>{_JOINER}", _BLOCKS.sub(rf"\1{_JOINER}", text))


def comment_body(first: str, report: str = "", *, run: str, alone: bool = True) -> str:
    """The text of the comment, truncated to the host's limit.

    Args:
        first: The first line, which names the commit.
        report: The uncleaned report.
        run: A link to the run that made it.
        alone: Whether the pull request changes the policy alone.
    """
    above = [COMMENT_MARK, first, *([] if alone else [OTHER_FILES])]
    parts = [*above, clean(report)] if report else above
    if len("\n\n".join(parts)) > MAX_CHARACTERS:
        above.append(CUT.format(run=run))
        parts = [*above, _truncate(parts[-1], MAX_CHARACTERS - len("\n\n".join([*above, ""])))]
    return "\n\n".join(parts)


def _truncate(report: str, room: int) -> str:
    """The first lines of a report, as many as there is room for, with open blocks closed."""
    ends = "\n  ```", "\n\n</details>"
    start = report[: room - len("".join(ends))]
    whole = start.rpartition("\n")[0]
    start = whole if len(whole) > len(start) // 2 else start  # a line may be longer than a comment
    fenced, folded = False, 0
    for line in start.split("\n"):
        if _FENCE.fullmatch(line):
            fenced = not fenced
        elif not fenced:
            folded += line.count("<details>") - line.count("</details>")
    return start + ends[0] * fenced + ends[1] * (folded > 0)


def post(event: dict[str, Any], host: Host) -> str:
    """Updates the comment of a pull request after an event of a run. Returns a sentence for the log."""
    repository, run = f"repos/{event['repository']['full_name']}", event["workflow_run"]
    pull = _pull_request(repository, event, host)
    if pull is None:
        return "No open pull request comes from this branch any more."
    number, commit = pull["number"], pull["head"]["sha"]
    if run["head_sha"] != commit:
        run = _last_run(repository, commit, host)
        if run is None:
            return f"Pull request {number} has a newer commit, whose run has not begun."
    if run["status"] != "completed":  # it may be by now
        run = json.loads(host(f"{repository}/actions/runs/{run['id']}"))
    text = _comment(repository, number, run, host)
    for comment in _pages(f"{repository}/issues/{number}/comments", host):
        if comment["user"]["login"] == AUTHOR and comment["body"].startswith(COMMENT_MARK):
            host("--method", "PATCH", f"{repository}/issues/comments/{comment['id']}", send={"body": text})
            return f"The comment in pull request {number} is up to date."
    host("--method", "POST", f"{repository}/issues/{number}/comments", send={"body": text})
    return f"Pull request {number} has its comment."


def _comment(repository: str, number: int, run: dict[str, Any], host: Host) -> str:
    """The comment on a run, for its state."""
    link, commit, conclusion = f"[the page of its run]({run['html_url']})", run["head_sha"][:12], run["conclusion"]
    if run["status"] != "completed":
        return comment_body(WAITING.format(commit=commit, run=link), run=link)
    reason = _CONCLUSIONS.get(conclusion, f"the run ended as `{conclusion}`")
    try:
        report = _report(repository, run["id"], host)
    except MissingError as missing:
        return comment_body(MISSING.format(commit=commit, reason=str(missing) or reason, run=link), run=link)
    files = _pages(f"{repository}/pulls/{number}/files", host)
    first = BUILT if conclusion == "success" else ENDED
    return comment_body(
        first.format(commit=commit, reason=reason[:1].upper() + reason[1:], run=link),
        report,
        run=link,
        alone=all(file["filename"] == "policy.yaml" for file in files),
    )


def _pull_request(repository: str, event: dict[str, Any], host: Host) -> dict[str, Any] | None:
    """The open pull request from the branch of a run; None if there is none any more."""
    run = event["workflow_run"]
    if run["head_repository"] is None:  # the fork is gone
        return None
    head = f"head={run['head_repository']['owner']['login']}:{run['head_branch']}"
    base = f"base={event['repository']['default_branch']}"
    pulls = json.loads(host("--method", "GET", f"{repository}/pulls", "-f", "state=open", "-f", head, "-f", base))
    of_commit = (pull for pull in pulls if pull["head"]["sha"] == run["head_sha"])
    return next(of_commit, next(iter(pulls), None))


def _last_run(repository: str, commit: str, host: Host) -> dict[str, Any] | None:
    """The last run for a commit. Its state may be some seconds old."""
    path = f"{repository}/actions/workflows/{WORKFLOW}/runs"
    runs = json.loads(host("--method", "GET", path, "-f", "event=pull_request", "-f", f"head_sha={commit}"))
    return max(runs["workflow_runs"], key=lambda run: run["id"], default=None)


def _report(repository: str, run: int, host: Host) -> str:
    """The newest report of a run, unpacked in memory only.

    Raises:
        MissingError: There is none, or it cannot be read.
    """
    artifacts = json.loads(host(f"{repository}/actions/runs/{run}/artifacts?name=report"))["artifacts"]
    newest = max(artifacts, key=lambda artifact: artifact["id"], default=None)
    if newest is None:
        raise MissingError
    if newest.get("expired"):
        raise MissingError("the host has deleted what the run left")
    if newest["size_in_bytes"] > MAX_REPORT_BYTES:
        raise MissingError("what the run left is too large")
    return unpack_report(host(f"{repository}/actions/artifacts/{newest['id']}/zip"))


def unpack_report(packed: bytes) -> str:
    """The report in an archive.

    Raises:
        MissingError: It cannot be unpacked, holds no report, or one that is too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as files, files.open("report.md") as file:
            report = file.read(MAX_REPORT_BYTES + 1)
    except Exception as error:  # a hostile archive raises whatever its decoders raise
        raise MissingError("what the run left holds no `report.md` that can be unpacked") from error
    if len(report) > MAX_REPORT_BYTES:
        raise MissingError("what the run left is too large")
    return report.decode(errors="replace")


def _pages(path: str, host: Host) -> list[dict[str, Any]]:
    pages = json.loads(host("--paginate", "--slurp", f"{path}?per_page=100"))
    return [item for page in pages for item in page]


def gh(*arguments: str, send: object = None) -> bytes:
    """The response of the host to `gh api`, which takes its token from the environment."""
    command = ["gh", "api", *arguments, *([] if send is None else ["--input", "-"])]
    return subprocess.run(command, input=json.dumps(send).encode(), stdout=subprocess.PIPE, check=True).stdout


if __name__ == "__main__":
    print(post(json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes()), gh))
