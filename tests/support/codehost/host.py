"""The code host: a repository, its pull requests, comments, issues and pages; and a `gh` that asks for them."""

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

from tests.support.codehost.runs import Job, RightError, Run

GH = """\
#!/usr/bin/env -S python3 -I
import json, os, sys, urllib.request
given = sys.stdin.read() if "--input" in sys.argv else ""
asked = {{"arguments": sys.argv[1:], "token": os.environ["GH_TOKEN"], "input": given}}
asked = urllib.request.Request("{address}", json.dumps(asked).encode())
try:
    sys.stdout.buffer.write(urllib.request.urlopen(asked).read())
except urllib.error.HTTPError as error:
    sys.exit(f"gh: {{error.read().decode()}} (HTTP {{error.code}})")
"""
BOT = "github-actions[bot]"


@dataclass
class CodeHost:
    """A code host for one repository; `with` makes its programs answer."""

    folder: Path
    """Where it keeps all."""
    address: str
    """The web address of the published site."""
    name: str = "shop/policy"
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The open pull requests: `head`, a commit, and the names of the `files` that it changes."""
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[int, Run] = field(default_factory=dict)
    states: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What is told of each run of a pull request."""
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
        """Answer `gh`."""
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                try:
                    status, body = 200, host.answer(asked["arguments"], asked["token"], asked["input"])
                except (RightError, LookupError, subprocess.CalledProcessError) as error:
                    status, body = 404, repr(error).encode()
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.programs.mkdir(parents=True)
        program = self.programs / "gh"
        where = f"http://127.0.0.1:{self._server.server_port}/"
        program.write_text(GH.format(address=where), encoding="utf-8")
        program.chmod(0o755)
        return self

    def __exit__(self, *_: object) -> None:
        """Answer no longer."""
        self._server.shutdown()
        self._server.server_close()

    # ---- what happens

    def push(self, **given: Any) -> Run:
        """Run what a new commit of the main branch starts."""
        return self._run("publish", "push", self.head("main"), "origin/main", {}, **given)

    def publish_again(self, commit: str, **given: Any) -> Run:
        """Run what somebody starts who wants an older commit published."""
        asked = {"commit": commit}
        return self._run("publish", "workflow_dispatch", self.head("main"), "origin/main", {}, inputs=asked, **given)

    def look(self, **given: Any) -> Run:
        """Run what each week starts."""
        return self._run("weekly", "schedule", self.head("main"), "origin/main", {}, **given)

    def check(self, number: int, **given: Any) -> Run:
        """Run what a commit of a pull request starts."""
        event = {"pull_request": {"number": number}}
        merge = f"pull/{number}/merge"
        return self._run("pull-request", "pull_request", self.head(f"refs/{merge}"), merge, event, **given)

    def comment_on(self, run: Run, conclusion: str | None = None, action: str = "completed") -> Run:
        """Run what the end of another run starts, or its beginning, which is `requested`."""
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
        """The commit that a name stands for."""
        return self._git("rev-parse", "--verify", f"{ref}^{{commit}}").decode().strip()

    def _run(self, workflow: str, kind: str, commit: str, branch: str, event: Mapping[str, Any], **given: Any) -> Run:
        text = self._git("cat-file", "blob", f"{commit}:.github/workflows/{workflow}.yml").decode()
        flow = yaml.load(text, yamlcore.CoreLoader)
        number = len(self.runs) + 1
        run = Run(host=self, number=number, flow=flow, event=event, kind=kind, commit=commit, branch=branch, **given)
        self.runs[number] = run
        run.folder.mkdir()
        return run.go()

    def written_event(self, run: Run) -> Path:
        """The file in which a job reads what happened."""
        file = run.folder / "event.json"
        file.write_text(json.dumps(run.event), encoding="utf-8")
        return file

    # ---- what `gh` says

    def answer(self, arguments: Sequence[str], token: str, given: str) -> bytes:
        """What `gh` prints. Raises LookupError for what the host does not know, RightError for what it forbids."""
        number, _, name = token.partition(" ")
        job = self.runs[int(number)].jobs[name]
        if arguments[0] == "issue":
            job.needs_right("issues")
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
        asked = parser.parse_args(arguments[1:])
        path = urlsplit(asked.path)
        queries = {name: values[0] for name, values in parse_qs(path.query).items()}
        queries |= dict(each.split("=", 1) for each in asked.f)
        within = path.path.removeprefix(f"repos/{self.name}/")
        if asked.method == "GET":
            found = self._get(within, queries, job)
        else:
            job.needs_right("pull-requests")
            found = self._write(asked.method, within, json.loads(given)["body"])
        if isinstance(found, bytes):
            return found
        if asked.jq:
            return f"{found[asked.jq.removeprefix('.')]}\n".encode()
        return json.dumps([found] if asked.slurp else found).encode()

    def _get(self, path: str, queries: Mapping[str, str], job: Job) -> Any:
        match path.split("/"):
            case ["pages"]:
                job.needs_right("pages", to="read")
                return {"html_url": self.address.rstrip("/")}
            case ["contents", *parts]:
                job.needs_right("contents", to="read")
                return self._git("cat-file", "blob", f"{queries['ref']}:{'/'.join(parts)}")
            case ["pulls"]:
                job.needs_right("pull-requests", to="read")
                return [{"number": number, "head": {"sha": pull["head"]}} for number, pull in self.pulls.items()]
            case ["pulls", number, "files"]:
                return [{"filename": name} for name in self.pulls[int(number)]["files"]]
            case ["issues", _, "comments"]:
                return self.comments
            case ["actions", "runs", number]:
                job.needs_right("actions", to="read")
                return self.states[int(number)]
            case ["actions", "runs", number, "artifacts"]:
                job.needs_right("actions", to="read")
                kept = self.runs[int(number)].artifacts.get(queries["name"])
                sized = {"id": int(number), "size_in_bytes": 1000, "expired": False}
                return {"artifacts": [sized] if kept else []}
            case ["actions", "artifacts", number, "zip"]:
                return _packed(self.runs[int(number)].artifacts["report"])
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
                found = [number for number, each in enumerate(self.issues, 1) if each["title"] == title]
                return f"{found[0]}\n".encode() if found else b"\n"
            case "create":
                self.issues.append({"title": options["--title"], "said": [options["--body"]]})
            case "comment":
                self.issues[int(arguments[0]) - 1]["said"].append(options["--body"])
            case _:
                raise LookupError(verb)
        return b""

    def _git(self, *arguments: str) -> bytes:
        return subprocess.run(["git", *arguments], cwd=self.repository, stdout=subprocess.PIPE, check=True).stdout


def _packed(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as files:
        for file in folder.rglob("*"):
            files.write(file, file.relative_to(folder))
    return content.getvalue()
