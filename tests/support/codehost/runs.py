"""One run of a workflow: its jobs in the order in which they need each other, each in a clone of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.codehost.actions import PLAYED, ActionError
from tests.support.codehost.expressions import filled, holds

if TYPE_CHECKING:
    from tests.support.codehost.host import CodeHost

FROM_THE_MACHINE = ("HOME", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "PIP_FIND_LINKS")
"""What a job gets of this machine: packages may come over a line of its own."""
PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", f"{sys.base_prefix}/bin")
"""Where a job finds programs; the last folder spares it fetching a Python."""


class UnknownActionError(Exception):
    """A workflow uses an action that nobody plays here."""


class RightError(Exception):
    """A job does what its permissions do not allow."""


@dataclass(kw_only=True)
class Run:
    """One run of a workflow."""

    host: CodeHost
    number: int
    flow: Mapping[str, Any]
    event: Mapping[str, Any]
    """What the host says of what happened."""
    kind: str
    """What happened, as in `on`."""
    commit: str
    branch: str
    """Where a clone keeps the commit: origin/main, or pull/3/merge."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    """Environment variables that a test adds to each step."""
    ended: Mapping[str, str] = field(default_factory=dict)
    """Jobs that are not run, each with how it is taken to have ended."""
    artifacts: dict[str, Path] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    """How each job ended: success, failure or skipped."""
    jobs: dict[str, Job] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder of the run. Its name has a space in it."""
        return self.host.folder / f"run {self.number}"

    @property
    def conclusion(self) -> str:
        """How the run ended."""
        return "failure" if "failure" in self.results.values() else "success"

    def go(self) -> Run:
        """Run all jobs."""
        for name in self._order():
            self.jobs[name] = Job(run=self, name=name, body=self.flow["jobs"][name])
            self.results[name] = self.ended.get(name) or self.jobs[name].go()
        return self

    def _order(self) -> Iterator[str]:
        left = dict(self.flow["jobs"])
        while left:
            ready = [name for name, body in left.items() if not {*needed(body)} & {*left}]
            assert ready, f"these jobs need each other: {[*left]}"
            for name in ready:
                del left[name]
                yield name


@dataclass(kw_only=True)
class Job:
    """One job: a folder of its own, and steps one after the other."""

    run: Run
    name: str
    body: Mapping[str, Any]
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Each step with an id: its outcome and its outputs."""
    failed: bool = False
    log: str = ""

    @property
    def folder(self) -> Path:
        """Where the steps run."""
        return self.run.folder / f"job {self.name}"

    @property
    def temporary(self) -> Path:
        """The folder for what is no part of the checkout."""
        return self.run.folder / f"temporary {self.name}"

    @property
    def rights(self) -> Mapping[str, str]:
        """What the job's token may do."""
        return dict(self.body.get("permissions", self.run.flow["permissions"]))

    def needs_right(self, *names: str, to: str = "write") -> None:
        """Fail where the permissions of the job do not hold these."""
        for name in names:
            if self.rights.get(name) not in (to, "write"):
                raise RightError(f"{self.name} has no permission {name}: {to}.")

    def go(self) -> str:
        """Run the steps. Gives how it ended."""
        ended = {self.run.results[name] for name in needed(self.body)}
        self.failed = "failure" in ended
        if "skipped" in ended or not self._is_run(self.body):
            return "skipped"
        self.failed = False
        self.folder.mkdir(parents=True)
        self.temporary.mkdir()
        for step in self.body["steps"]:
            self._step(step)
        return "failure" if self.failed else "success"

    def _step(self, step: Mapping[str, Any]) -> None:
        given = self._given()
        outcome: str = "skipped"
        outputs: Mapping[str, str] = {}
        if self._is_run(step):
            try:
                outputs = self._play(step, given) if "uses" in step else self._command(step, given)
                outcome = "success"
            except (ActionError, RightError, subprocess.CalledProcessError) as error:
                self.log += f"{error}\n"
                outcome, self.failed = "failure", True
        if "id" in step:
            self.steps[step["id"]] = {"outcome": outcome, "outputs": outputs}

    def _is_run(self, body: Mapping[str, Any]) -> bool:
        """Whether a job or a step is run: after a failure only where its `if` asks how it went."""
        condition = str(body.get("if", "success()"))
        asks = any(f"{function}()" in condition for function in ("success", "failure", "always"))
        return holds(condition if asks else f"success() && ({condition})", self._given())

    def _play(self, step: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, str]:
        name = step["uses"].partition("@")[0]
        if name not in PLAYED:
            raise UnknownActionError(name)
        parts = {key: filled(str(value), given) for key, value in step.get("with", {}).items()}
        return PLAYED[name](self, parts)

    def _command(self, step: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, str]:
        """Runs a command as the host does: by `bash -e`, with an environment of its own."""
        output = self.temporary / f"output {len([*self.temporary.iterdir()])}"
        output.touch()
        script = self.temporary / f"script {len([*self.temporary.iterdir()])}.sh"
        script.write_text(step["run"], encoding="utf-8")
        host = self.run.host
        environment = {name: os.environ[name] for name in FROM_THE_MACHINE if name in os.environ}
        environment |= {
            "PATH": os.pathsep.join([str(host.programs), *PATH]),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": self.run.kind,
            "GITHUB_EVENT_PATH": str(host.written_event(self.run)),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": host.name,
            "GITHUB_SHA": self.run.commit,
            "RUNNER_TEMP": str(self.temporary),
            **{name: filled(str(value), given) for name, value in step.get("env", {}).items()},
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

    def _given(self) -> Mapping[str, Any]:
        run = self.run
        needs = {name: {"result": run.results[name]} for name in needed(self.body)}
        github = {
            "token": f"{run.number} {self.name}",
            "event": run.event,
            "sha": run.commit,
            "repository": run.host.name,
            "server_url": "https://host.example",
            "run_id": run.number,
        }
        ended = {"success": lambda: not self.failed, "failure": lambda: self.failed, "always": lambda: True}
        return {"github": github, "inputs": run.inputs, "steps": self.steps, "needs": needs, **ended}


def needed(body: Mapping[str, Any]) -> list[str]:
    """The jobs that a job waits for."""
    needs = body.get("needs", [])
    return [needs] if isinstance(needs, str) else list(needs)
