"""The workflows of the code host: their permissions, and the code that they run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
import yamlcore

from macros.project import ROOT
from macros.site.provenance import FILE_LIST
from tools.comment import WORKFLOW

GITHUB = ROOT / ".github"
RENOVATE = GITHUB / "renovate.json"
WORKFLOWS = sorted((GITHUB / "workflows").iterdir())
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "vendor.github-issue-forms": sorted((GITHUB / "ISSUE_TEMPLATE").iterdir()),
    "vendor.renovate": [RENOVATE],
}


def read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), yamlcore.CoreLoader)


def jobs() -> dict[str, tuple[Any, Any]]:
    """Each job with its workflow, by the names of both."""
    flows = {file.stem: read(file) for file in WORKFLOWS}
    return {f"{name}.{job}": (flow, body) for name, flow in flows.items() for job, body in flow["jobs"].items()}


def permissions(job: str) -> dict[str, str]:
    flow, body = jobs()[job]
    return dict(body.get("permissions", flow["permissions"]))


def run(*command: object) -> tuple[int, str]:
    program, *arguments = map(str, command)
    installed = Path(sys.executable).with_name(program)
    done = subprocess.run([installed, *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("schema", SCHEMAS)
def test_code_host_files_match_their_schemas(schema: str) -> None:
    assert SCHEMAS[schema]
    code, output = run("check-jsonschema", "--builtin-schema", schema, *SCHEMAS[schema])
    assert code == 0, output


def test_zizmor_finds_nothing_in_the_workflows() -> None:
    code, output = run("zizmor", "--offline", "--no-progress", "--pedantic", "--strict-collection", GITHUB)
    assert code == 0, output
    assert [file.name for file in WORKFLOWS if f"completed {file}" not in output] == []


def test_every_action_is_pinned_by_commit_with_its_version() -> None:
    used = [line for file in WORKFLOWS for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert used
    assert [
        line for line in used if not re.fullmatch(r"\s+(- )?uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)
    ] == []


def test_each_action_has_one_commit_everywhere() -> None:
    pins = {step["uses"] for _, job in jobs().values() for step in job["steps"] if "uses" in step}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


def test_workflow_has_no_permissions_and_each_job_its_own() -> None:
    assert [file.stem for file in WORKFLOWS if read(file)["permissions"] != {}] == []
    assert {name: permissions(name) for name in jobs()} == {
        "comment.comment": {"actions": "read", "contents": "read", "pull-requests": "write"},
        "publish.test": {"contents": "read"},
        "publish.build": {"contents": "read", "pages": "read"},
        "publish.attest": {"attestations": "write", "id-token": "write"},
        "publish.deploy": {"pages": "write", "id-token": "write"},
        "weekly.site": {"contents": "read", "pages": "read"},
        "weekly.locks": {"contents": "read"},
        "weekly.holidays": {"contents": "read"},
        "weekly.tell": {"issues": "write"},
        "pull-request.policy": {"contents": "read"},
        "pull-request.test": {"contents": "read"},
        "pull-request.preview": {"contents": "read"},
    }


def test_pull_request_job_has_no_secret_and_no_write_permission() -> None:
    triggers = {file.stem: set(read(file)["on"]) for file in WORKFLOWS}
    assert triggers == {
        "comment": {"workflow_run"},
        "publish": {"push", "workflow_dispatch"},
        "pull-request": {"pull_request"},
        "weekly": {"schedule", "workflow_dispatch"},
    }
    text = json.dumps(read(GITHUB / "workflows" / "pull-request.yml"))  # without comments
    assert not re.search(r"secrets|github\.token|GH_TOKEN|GITHUB_TOKEN|\"environment\"", text)
    ours = [name for name in jobs() if name.startswith("pull-request.")]
    assert [name for name in ours if set(permissions(name).values()) != {"read"}] == []


def test_checkout_persists_no_token() -> None:
    checkouts = [
        step
        for _, job in jobs().values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert checkouts
    assert [step for step in checkouts if step["with"]["persist-credentials"] is not False] == []


def test_job_with_write_permission_runs_no_foreign_code() -> None:
    may_write = {name: jobs()[name][1] for name in jobs() if "write" in permissions(name).values()}
    assert set(may_write) == {"comment.comment", "publish.attest", "publish.deploy", "weekly.tell"}
    used = {step["uses"].partition("@")[0] for job in may_write.values() for step in job["steps"] if "uses" in step}
    assert used == {"actions/attest-build-provenance", "actions/deploy-pages", "actions/download-artifact"}
    commands = [step["run"] for job in may_write.values() for step in job["steps"] if "run" in step]
    comment, tell = commands  # none of these jobs checks anything out
    assert re.findall(r"^(\S+)", comment, re.MULTILINE) == ["gh", "python3"]
    assert "contents/tools/comment.py?ref=$GITHUB_SHA" in comment  # of the main branch, after the run of another
    assert {*re.findall(r"\bgh \w+", tell)} == {"gh issue"}


def test_file_list_and_package_lists_are_signed() -> None:
    build, attest = (read(GITHUB / "workflows" / "publish.yml")["jobs"][job]["steps"] for job in ("build", "attest"))
    [remaining] = [step["with"] for step in build if "upload-artifact@" in step.get("uses", "")]
    assert remaining["path"].split() == [f"site/{FILE_LIST}", "site/checker/*/*.whl", "build/sbom/*.json"]
    fetched, signed = (step["with"] for step in attest)
    assert (fetched["name"], signed["subject-path"]) == (remaining["name"], f"{fetched['path']}/**/*.*")


def test_summary_of_publishing_begins_with_the_warnings_of_the_policy() -> None:
    jobs = read(GITHUB / "workflows" / "publish.yml")["jobs"]
    runs = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    [first, *_] = [command for command in runs if "GITHUB_STEP_SUMMARY" in command]
    assert 'policy check --today "$(date +%F)" --format github --summary "$GITHUB_STEP_SUMMARY"' in first


def test_publishing_requires_two_equal_builds() -> None:
    commands = [
        step["run"] for step in read(GITHUB / "workflows" / "publish.yml")["jobs"]["build"]["steps"] if "run" in step
    ]
    assert commands[-2:] == ["make build sbom", '.venv/bin/policy verify site --address "$ADDRESS"']


def test_only_main_is_run_and_only_signed_files_are_published() -> None:
    publish = read(GITHUB / "workflows" / "publish.yml")["jobs"]
    for job in ("test", "build"):
        checkout, first = publish[job]["steps"][:2]
        assert (checkout["with"]["fetch-depth"], first["run"]) == (0, "git merge-base --is-ancestor HEAD origin/main")
    assert publish["deploy"]["needs"] == ["build", "attest"]


def test_commands_contain_no_workflow_expression() -> None:
    commands = {name: [step["run"] for step in job["steps"] if "run" in step] for name, (_, job) in jobs().items()}
    assert {name: lines for name, lines in commands.items() if any("${{" in line for line in lines)} == {}


def test_browser_python_packages_are_updated_together() -> None:
    [group] = [rule for rule in json.loads(RENOVATE.read_text(encoding="utf-8"))["packageRules"] if "groupName" in rule]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {*json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]}
    pinned |= {name for name in project["dependencies"] if name.startswith("nodejs")}
    assert set(group["matchPackageNames"]) == pinned | {"python"}


def test_comment_workflow_waits_for_the_report_workflow() -> None:
    comment, pull = (read(GITHUB / "workflows" / f"{name}.yml") for name in ("comment", "pull-request"))
    assert comment["on"]["workflow_run"] == {"workflows": [pull["name"]], "types": ["requested", "completed"]}
    assert comment["jobs"]["comment"]["if"] == "github.event.workflow_run.event == 'pull_request'"  # however it ends
    assert read(GITHUB / "workflows" / WORKFLOW) == pull
    remaining = [step["with"] for step in pull["jobs"]["policy"]["steps"] if "with" in step and "path" in step["with"]]
    assert [(step["name"], step["path"]) for step in remaining] == [("report", "report.md")]


def test_comment_shows_policy_mistakes() -> None:
    steps = read(GITHUB / "workflows" / "pull-request.yml")["jobs"]["policy"]["steps"]
    [check] = [step for step in steps if "policy check" in step.get("run", "")]
    [remaining] = [step for step in steps if step.get("with", {}).get("name") == "report"]
    assert check["run"].endswith(f" --format github --report {remaining['with']['path']}")
    assert remaining["if"] == f"success() || steps.{check['id']}.outcome == 'failure'"


def test_formatting_fails_no_check() -> None:
    lint = subprocess.run(["make", "--dry-run", "lint"], cwd=ROOT, capture_output=True, text=True).stdout
    assert "ruff format" in lint
    assert "policy format" not in lint
