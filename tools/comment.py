"""Posts what a pull request does to the policy as one comment in it, and keeps that comment up to date.

It runs with the right to write comments, after a run that has no rights. All that comes from that run is hostile until
it is cleaned: the report is read as data, and the pull request is looked up by what the host itself says of the run.
It needs `gh`, which the host's machines have, and nothing of this project, so that nothing else need be fetched.
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
"""Asks the host: `gh api` with these arguments, and with `send` as JSON."""

MARK = "<!-- what this change of the policy does -->"
"""Begins our comment, so that it is found again."""
AUTHOR = "github-actions[bot]"

LONGEST = 65_536
"""Characters that the host takes in a comment."""
LARGEST = 1_000_000
"""Bytes of a packed report. None that an honest run makes comes near it."""

CUT = "_The report is too long for a comment, so its end is missing here. The whole of it is in `report`, on {run}._"
MISSING = "There is no report: the run ended before it. Look at {run}."
OTHER_FILES = (
    "_This pull request changes more than `policy.yaml`. The report was made with its own code: read that code before "
    "you believe the report._"
)

_JOINER = "\u2060"
"""Shows as nothing, and parts what would otherwise have an effect."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_EFFECTS = re.compile(
    r"""
      @(?!\u2060)                                   # calls somebody
    | <(?!/?(?:details|summary|code|br)>)           # a tag; these few fold a worked case, and do nothing else
    | &(?!(?:amp|lt|gt|quot|\#34|\#39);)            # a sign in disguise
    | \](?=[(\[:])                                  # a link or a picture
    | :(?=[/\\])                                    # an address
    | (?<=www)(?=\.)
    | \#(?=\d)(?!(?<=&\#)3[49];)                    # shows up in an issue
    | (?<=\bGH-)(?=\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def clean(text: str) -> str:
    """A report whose words and lists show as they are, but that calls nobody, links nowhere and holds no markup."""
    seen = _UNSEEN.sub("", text.replace("\r\n", "\n"))
    return _EFFECTS.sub(lambda effect: effect[0] + _JOINER, seen)


def body(report: str | None, *, commit: str, run: str, alone: bool) -> str:
    """The comment, no longer than the host takes.

    Args:
        report: What the run without rights says; None where it says nothing.
        commit: The last commit of the pull request, in full.
        run: The web address of that run.
        alone: Whether the pull request changes the policy alone.
    """
    link = f"[the page of its run]({run})"
    above = [MARK, f"For {commit[:12]}. The built site is in `preview`, on {link}."]
    if report is None:
        return "\n\n".join([*above, MISSING.format(run=link)])
    if not alone:
        above.append(OTHER_FILES)
    cleaned = clean(report)
    if len("\n\n".join([*above, cleaned])) > LONGEST:
        above.append(CUT.format(run=link))
        cleaned = cleaned[: LONGEST - len("\n\n".join([*above, ""]))]
        cleaned = cleaned.rpartition("\n")[0] or cleaned
    return "\n\n".join([*above, cleaned])


def post(event: dict[str, Any], host: Host) -> str:
    """Writes the comment for a run that ended, anew or over the old one. Says what it did."""
    repository, run = f"repos/{event['repository']['full_name']}", event["workflow_run"]
    number = _pull_request(repository, event, host)
    if number is None:
        return "No open pull request ends with this commit: it has newer ones, or was closed."
    files = _pages(f"{repository}/pulls/{number}/files", host)
    text = body(
        _report(repository, run["id"], host),
        commit=run["head_sha"],
        run=run["html_url"],
        alone=all(file["filename"] == "policy.yaml" for file in files),
    )
    for comment in _pages(f"{repository}/issues/{number}/comments", host):
        if comment["user"]["login"] == AUTHOR and comment["body"].startswith(MARK):
            host("--method", "PATCH", f"{repository}/issues/comments/{comment['id']}", send={"body": text})
            return f"The comment in pull request {number} is up to date."
    host("--method", "POST", f"{repository}/issues/{number}/comments", send={"body": text})
    return f"Pull request {number} has its comment."


def _pull_request(repository: str, event: dict[str, Any], host: Host) -> int | None:
    """The number of the pull request that the run was for: the host tells its branch and its last commit."""
    run = event["workflow_run"]
    if run["head_repository"] is None:  # the fork is gone
        return None
    head = f"head={run['head_repository']['owner']['login']}:{run['head_branch']}"
    base = f"base={event['repository']['default_branch']}"
    found = json.loads(host("--method", "GET", f"{repository}/pulls", "-f", "state=open", "-f", head, "-f", base))
    return next((pull["number"] for pull in found if pull["head"]["sha"] == run["head_sha"]), None)


def _report(repository: str, run: int, host: Host) -> str | None:
    """The newest report of a run; None where it left none, or one that is too large. Nothing is unpacked onto disk."""
    found = json.loads(host(f"{repository}/actions/runs/{run}/artifacts?name=report"))["artifacts"]
    newest = max(found, key=lambda artifact: artifact["id"], default=None)
    if newest is None or newest["size_in_bytes"] > LARGEST:
        return None
    packed = host(f"{repository}/actions/artifacts/{newest['id']}/zip")
    with zipfile.ZipFile(io.BytesIO(packed)) as files, files.open("report.md") as report:
        return report.read(LARGEST).decode(errors="replace")


def _pages(path: str, host: Host) -> list[dict[str, Any]]:
    pages = json.loads(host("--paginate", "--slurp", f"{path}?per_page=100"))
    return [each for page in pages for each in page]


def gh(*arguments: str, send: object = None) -> bytes:
    """Asks the host with its own program, which takes its token from the environment."""
    given = () if send is None else ("--input", "-")
    command = ["gh", "api", *arguments, *given]
    return subprocess.run(command, input=json.dumps(send).encode(), stdout=subprocess.PIPE, check=True).stdout


if __name__ == "__main__":
    print(post(json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes()), gh))
