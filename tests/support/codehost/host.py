"""The code host: a repository with pull requests, comments, issues and pages, and a `gh` for them."""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import threading
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml
import yamlcore

from tests.support.codehost.runs import Job, PermissionDeniedError, Run

GH = """\
#!/usr/bin/env -S python3 -I
import json, os, sys, urllib.request
body = sys.stdin.read() if "--input" in sys.argv else ""
call = {{"arguments": sys.argv[1:], "token": os.environ["GH_TOKEN"], "input": body}}
request = urllib.request.Request("{address}", json.dumps(call).encode())
try:
    sys.stdout.buffer.write(urllib.request.urlopen(request).read())
except urllib.error.HTTPError as error:
    sys.exit(f"gh: {{error.read().decode()}} (HTTP {{error.code}})")
"""
BOT = "github-actions[bot]"


@dataclass
class CodeHost:
    """A code host for one repository; `with` starts its server."""

    folder: Path
    """The folder of all its files."""
    address: str
    """The web address of the published site."""
    name: str = "shop/policy"
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The open pull requests: `head`, a commit, and the names of the `files` that it changes."""
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[int, Run] = field(default_factory=dict)
    states: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The API object of each run of a pull request."""
    signed: dict[str, str] = field(default_factory=dict)
    """The hash of each signed file, with the commit of the run that made it."""

    @property
    def repository(self) -> Path:
        """The repository, without a working tree."""
        return self.folder / "policy.git"

    @property
    def published(self) -> Path:
        """The folder of the site on the web."""
        return self.folder / "on the web"

    @property
    def programs(self) -> Path:
        """The folder with `gh`."""
        return self.folder / "bin"

    def __enter__(self) -> CodeHost:
        """Start the server of `gh`."""
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                try:
                    status, body = 200, host.answer(request["arguments"], request["token"], request["input"])
                except (PermissionDeniedError, LookupError, subprocess.CalledProcessError) as error:
                    status, body = 404, repr(error).encode()
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.programs.mkdir(parents=True)
        program = self.programs / "gh"
        where = f"http://127.0.0.1:{self._server.server_port}/"
        program.write_text(GH.format(address=where), encoding="utf-8")
        program.chmod(0o755)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()

    # ---- events

    def push(self, **options: Any) -> Run:
        """Run the workflow of a new commit of the main branch."""
        return self._run("publish", "push", self.head("main"), "origin/main", {}, **options)

    def republish(self, commit: str, **options: Any) -> Run:
        """Run the workflow that publishes an older commit."""
        request = {"commit": commit}
        return self._run(
            "publish", "workflow_dispatch", self.head("main"), "origin/main", {}, inputs=request, **options
        )

    def run_weekly(self, **options: Any) -> Run:
        """Run the weekly workflow."""
        return self._run("weekly", "schedule", self.head("main"), "origin/main", {}, **options)

    def check(self, number: int, **options: Any) -> Run:
        """Run the workflow of a commit of a pull request."""
        event = {"pull_request": {"number": number}}
        merge = f"pull/{number}/merge"
        return self._run("pull-request", "pull_request", self.head(f"refs/{merge}"), merge, event, **options)

    def comment_on(self, run: Run, conclusion: str | None = None, action: str = "completed") -> Run:
        """Run the workflow that follows the end of another run, or its beginning, which is `requested`."""
        number = run.event["pull_request"]["number"]
        ended = action == "completed"
        self.states[run.number] = {
            "id": run.number,
            "event": run.kind,
            "status": "completed" if ended else "queued",
            "conclusion": (conclusion or run.conclusion) if ended else None,
            "html_url": f"https://host.example/{self.name}/actions/runs/{run.number}",
            "head_sha": self.pulls[number]["head"],
            "head_branch": "a change",
            "head_repository": {"full_name": "stranger/policy", "owner": {"login": "stranger"}},
        }
        event = {
            "action": action,
            "repository": {"full_name": self.name, "default_branch": "main"},
            "workflow_run": self.states[run.number],
        }
        return self._run("comment", "workflow_run", self.head("main"), "origin/main", event)

    def head(self, ref: str) -> str:
        """The commit of a ref."""
        return self._git("rev-parse", "--verify", f"{ref}^{{commit}}").decode().strip()

    def _run(self, workflow: str, kind: str, commit: str, branch: str, event: Mapping[str, Any], **options: Any) -> Run:
        text = self._git("cat-file", "blob", f"{commit}:.github/workflows/{workflow}.yml").decode()
        flow = yaml.load(text, yamlcore.CoreLoader)
        number = len(self.runs) + 1
        run = Run(host=self, number=number, flow=flow, event=event, kind=kind, commit=commit, branch=branch, **options)
        self.runs[number] = run
        run.folder.mkdir()
        return run.go()

    def write_event(self, run: Run) -> Path:
        """Write the event to the file that jobs read."""
        file = run.folder / "event.json"
        file.write_text(json.dumps(run.event), encoding="utf-8")
        return file

    # ---- the API of `gh`

    def answer(self, arguments: Sequence[str], token: str, body: str) -> bytes:
        """The output of `gh`. Raises LookupError for unknown paths, PermissionDeniedError for missing permissions."""
        number, _, name = token.partition(" ")
        job = self.runs[int(number)].jobs[name]
        if arguments[0] == "issue":
            job.require_permission("issues")
            return self._issue(arguments[1], arguments[2:])
        parser = argparse.ArgumentParser(exit_on_error=False)
        parser.add_argument("path")
        parser.add_argument("--method", default="GET")
        parser.add_argument("--input")
        parser.add_argument("--jq")
        parser.add_argument("--header")
        parser.add_argument("-f", action="append", default=[])
        parser.add_argument("--paginate", action="store_true")
        parser.add_argument("--slurp", action="store_true")
        request = parser.parse_args(arguments[1:])
        path = urlsplit(request.path)
        queries = {name: values[0] for name, values in parse_qs(path.query).items()}
        queries |= dict(field.split("=", 1) for field in request.f)
        within = path.path.removeprefix(f"repos/{self.name}/")
        if request.method == "GET":
            result = self._get(within, queries, job)
        else:
            job.require_permission("pull-requests")
            result = self._write(request.method, within, json.loads(body)["body"])
        if isinstance(result, bytes):
            return result
        if request.jq:
            return f"{result[request.jq.removeprefix('.')]}\n".encode()
        return json.dumps([result] if request.slurp else result).encode()

    def _get(self, path: str, queries: Mapping[str, str], job: Job) -> Any:
        match path.split("/"):
            case ["pages"]:
                job.require_permission("pages", to="read")
                return {"html_url": self.address.rstrip("/")}
            case ["contents", *parts]:
                job.require_permission("contents", to="read")
                return self._git("cat-file", "blob", f"{queries['ref']}:{'/'.join(parts)}")
            case ["pulls"]:
                job.require_permission("pull-requests", to="read")
                return [{"number": number, "head": {"sha": pull["head"]}} for number, pull in self.pulls.items()]
            case ["pulls", number, "files"]:
                return [{"filename": name} for name in self.pulls[int(number)]["files"]]
            case ["issues", _, "comments"]:
                return self.comments
            case ["actions", "runs", number]:
                job.require_permission("actions", to="read")
                return self.states[int(number)]
            case ["actions", "runs", number, "artifacts"]:
                job.require_permission("actions", to="read")
                artifact = self.runs[int(number)].artifacts.get(queries["name"])
                sized = {"id": int(number), "size_in_bytes": 1000, "expired": False}
                return {"artifacts": [sized] if artifact else []}
            case ["actions", "artifacts", number, "zip"]:
                return _zip(self.runs[int(number)].artifacts["report"])
        raise LookupError(path)

    def _write(self, method: str, path: str, body: str) -> Any:
        match [method, *path.split("/")]:
            case ["POST", "issues", _, "comments"]:
                self.comments.append({"id": len(self.comments) + 1, "user": {"login": BOT}, "body": body})
            case ["PATCH", "issues", "comments", number]:
                self.comments[int(number) - 1]["body"] = body
            case _:
                raise LookupError(path)
        return {}

    def _issue(self, verb: str, arguments: Sequence[str]) -> bytes:
        options = dict(zip(arguments[verb == "comment" :: 2], arguments[1 + (verb == "comment") :: 2], strict=True))
        match verb:
            case "list":
                title = options["--search"].split('"')[1]
                numbers = [number for number, issue in enumerate(self.issues, 1) if issue["title"] == title]
                return f"{numbers[0]}\n".encode() if numbers else b"\n"
            case "create":
                self.issues.append({"title": options["--title"], "texts": [options["--body"]]})
            case "comment":
                self.issues[int(arguments[0]) - 1]["texts"].append(options["--body"])
            case _:
                raise LookupError(verb)
        return b""

    def _git(self, *arguments: str) -> bytes:
        return subprocess.run(["git", *arguments], cwd=self.repository, stdout=subprocess.PIPE, check=True).stdout


def _zip(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as files:
        for file in folder.rglob("*"):
            files.write(file, file.relative_to(folder))
    return content.getvalue()
