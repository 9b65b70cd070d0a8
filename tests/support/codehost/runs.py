"""One run of a workflow: its jobs in the order of their needs, each in its own clone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.codehost.actions import ACTIONS, ActionError
from tests.support.codehost.expressions import holds, interpolate

if TYPE_CHECKING:
    from tests.support.codehost.host import CodeHost

INHERITED = ("HOME", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "PIP_FIND_LINKS")
"""Environment variables that a job inherits, for access to packages."""
PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", f"{sys.base_prefix}/bin")
"""The search path of a job; the last folder has a Python."""


class UnknownActionError(Exception):
    """A workflow uses an action that is not simulated."""


class PermissionDeniedError(Exception):
    """A job lacks a permission."""


@dataclass(kw_only=True)
class Run:
    """One run of a workflow."""

    host: CodeHost
    number: int
    flow: Mapping[str, Any]
    event: Mapping[str, Any]
    """The event as the host describes it."""
    kind: str
    """The kind of event, as in `on`."""
    commit: str
    branch: str
    """The remote branch of the commit: origin/main, or pull/3/merge."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    """Environment variables that a test adds to each step."""
    preset: Mapping[str, str] = field(default_factory=dict)
    """Jobs that are not run, each with its result."""
    artifacts: dict[str, Path] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    """The result of each job: success, failure or skipped."""
    jobs: dict[str, Job] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder of the run. Its name has a space in it."""
        return self.host.folder / f"run {self.number}"

    @property
    def conclusion(self) -> str:
        """The result of the run."""
        return "failure" if "failure" in self.results.values() else "success"

    def go(self) -> Run:
        """Run all jobs."""
        for name in self._order():
            self.jobs[name] = Job(run=self, name=name, body=self.flow["jobs"][name])
            self.results[name] = self.preset.get(name) or self.jobs[name].go()
        return self

    def _order(self) -> Iterator[str]:
        left = dict(self.flow["jobs"])
        while left:
            ready = [name for name, body in left.items() if not {*needs_of(body)} & {*left}]
            assert ready, f"these jobs need each other: {[*left]}"
            for name in ready:
                del left[name]
                yield name


@dataclass(kw_only=True)
class Job:
    """One job with its own folder; its steps run in order."""

    run: Run
    name: str
    body: Mapping[str, Any]
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Each step with an id: its outcome and its outputs."""
    failed: bool = False
    log: str = ""

    @property
    def folder(self) -> Path:
        """The working directory of the steps."""
        return self.run.folder / f"job {self.name}"

    @property
    def temporary(self) -> Path:
        """The folder for files outside of the checkout."""
        return self.run.folder / f"temporary {self.name}"

    @property
    def permissions(self) -> Mapping[str, str]:
        """The permissions of the job's token."""
        return dict(self.body.get("permissions", self.run.flow["permissions"]))

    def require_permission(self, *names: str, to: str = "write") -> None:
        """Raise PermissionDeniedError if the job lacks a permission."""
        for name in names:
            if self.permissions.get(name) not in (to, "write"):
                raise PermissionDeniedError(f"{self.name} has no permission {name}: {to}.")

    def go(self) -> str:
        """Run the steps; returns the result."""
        results = {self.run.results[name] for name in needs_of(self.body)}
        self.failed = "failure" in results
        if "skipped" in results or not self._is_run(self.body):
            return "skipped"
        self.failed = False
        self.folder.mkdir(parents=True)
        self.temporary.mkdir()
        for step in self.body["steps"]:
            self._step(step)
        return "failure" if self.failed else "success"

    def _step(self, step: Mapping[str, Any]) -> None:
        context = self._context()
        outcome: str = "skipped"
        outputs: Mapping[str, str] = {}
        if self._is_run(step):
            try:
                outputs = self._play(step, context) if "uses" in step else self._command(step, context)
                outcome = "success"
            except (ActionError, PermissionDeniedError, subprocess.CalledProcessError) as error:
                self.log += f"{error}\n"
                outcome, self.failed = "failure", True
        if "id" in step:
            self.steps[step["id"]] = {"outcome": outcome, "outputs": outputs}

    def _is_run(self, body: Mapping[str, Any]) -> bool:
        """Whether a job or a step is run; after a failure only if its `if` calls a status function."""
        condition = str(body.get("if", "success()"))
        asks = any(f"{function}()" in condition for function in ("success", "failure", "always"))
        return holds(condition if asks else f"success() && ({condition})", self._context())

    def _play(self, step: Mapping[str, Any], context: Mapping[str, Any]) -> Mapping[str, str]:
        name = step["uses"].partition("@")[0]
        if name not in ACTIONS:
            raise UnknownActionError(name)
        parts = {key: interpolate(str(value), context) for key, value in step.get("with", {}).items()}
        return ACTIONS[name](self, parts)

    def _command(self, step: Mapping[str, Any], context: Mapping[str, Any]) -> Mapping[str, str]:
        """Run a command as the host does: with `bash -e` and its own environment."""
        output = self.temporary / f"output {len([*self.temporary.iterdir()])}"
        output.touch()
        script = self.temporary / f"script {len([*self.temporary.iterdir()])}.sh"
        script.write_text(step["run"], encoding="utf-8")
        host = self.run.host
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        environment |= {
            "PATH": os.pathsep.join([str(host.programs), *PATH]),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": self.run.kind,
            "GITHUB_EVENT_PATH": str(host.write_event(self.run)),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": host.name,
            "GITHUB_SHA": self.run.commit,
            "GITHUB_STEP_SUMMARY": str(output.with_name(f"{output.name}.summary.md")),
            "RUNNER_TEMP": str(self.temporary),
            **{name: interpolate(str(value), context) for name, value in step.get("env", {}).items()},
            **self.run.extra,
        }
        done = subprocess.run(
            ["bash", "-e", script],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.log += f"$ {step['run']}\n{done.stdout}"
        done.check_returncode()
        lines = output.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    def _context(self) -> Mapping[str, Any]:
        run = self.run
        needs = {name: {"result": run.results[name]} for name in needs_of(self.body)}
        github = {
            "token": f"{run.number} {self.name}",
            "event": run.event,
            "sha": run.commit,
            "repository": run.host.name,
            "server_url": "https://host.example",
            "run_id": run.number,
        }
        status = {"success": lambda: not self.failed, "failure": lambda: self.failed, "always": lambda: True}
        return {"github": github, "inputs": run.inputs, "steps": self.steps, "needs": needs, **status}


def needs_of(body: Mapping[str, Any]) -> list[str]:
    """The jobs that a job needs."""
    needs = body.get("needs", [])
    return [needs] if isinstance(needs, str) else list(needs)
