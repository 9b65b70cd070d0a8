"""Simulations of the actions that our workflows use."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from hashlib import sha256
from os.path import commonpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.codehost.runs import Job

type Action = Callable[[Job, Mapping[str, Any]], Mapping[str, str]]
"""Runs an action for a job with the inputs of the step's `with`; returns the step's outputs."""


class ActionError(Exception):
    """A failed action."""


def checkout(job: Job, inputs: Mapping[str, Any]) -> Mapping[str, str]:
    """Fetch the commit of the event or of `ref`, to the requested depth."""
    run = job.run
    depth = int(inputs.get("fetch-depth", 1))
    refs = ["+refs/heads/*:refs/remotes/origin/*"] if depth == 0 else []
    ref = str(inputs.get("ref", run.commit))
    own = f"+{run.commit}:refs/remotes/{run.branch}"  # a refspec of all branches would fetch it again
    refspec = ref if depth == 0 or ref != run.commit else own
    _git(job.folder, "init", "--quiet")
    _git(job.folder, "remote", "add", "origin", run.host.repository.as_uri())
    _git(job.folder, "fetch", "--quiet", *([f"--depth={depth}"] if depth else []), "origin", refspec, *refs)
    _git(job.folder, "checkout", "--quiet", "--detach", ref)
    return {}


def upload_artifact(job: Job, inputs: Mapping[str, Any]) -> Mapping[str, str]:
    """Store files of the job as an artifact, relative to their common folder."""
    patterns = str(inputs["path"]).split("\n")
    paths = [path for pattern in patterns if pattern.strip() for path in job.folder.glob(pattern.strip())]
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()]
    if not files:
        if inputs.get("if-no-files-found") == "error":
            raise ActionError(f"No files were found with {patterns}.")
        return {}
    top = Path(commonpath([file.parent if file.is_file() else file for file in paths]))
    if len(paths) == 1 and paths[0].is_dir():
        [top] = paths
    artifact = job.run.artifacts.setdefault(inputs["name"], job.run.folder / f"artifact {inputs['name']}")
    for file in files:
        target = artifact / file.relative_to(top)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return {}


def upload_pages_artifact(job: Job, inputs: Mapping[str, Any]) -> Mapping[str, str]:
    """Store the folder of a site for `deploy_pages`."""
    return upload_artifact(job, {"name": "github-pages", "path": inputs["path"], "if-no-files-found": "error"})


def download_artifact(job: Job, inputs: Mapping[str, Any]) -> Mapping[str, str]:
    """Copy an artifact of the run into a folder."""
    if inputs["name"] not in job.run.artifacts:
        raise ActionError(f"There is no artifact {inputs['name']}.")
    shutil.copytree(job.run.artifacts[inputs["name"]], job.folder / inputs["path"], dirs_exist_ok=True)
    return {}


def attest(job: Job, inputs: Mapping[str, Any]) -> Mapping[str, str]:
    """Sign files: record their hashes with the commit of the run."""
    job.require_permission("attestations", "id-token")
    files = [file for file in job.folder.glob(inputs["subject-path"]) if file.is_file()]
    if not files:
        raise ActionError(f"No files match {inputs['subject-path']}.")
    for file in files:
        job.run.host.signed[sha256(file.read_bytes()).hexdigest()] = job.run.commit
    return {}


def deploy_pages(job: Job, inputs: Mapping[str, Any]) -> Mapping[str, str]:
    """Publish the stored site in place of the one before."""
    job.require_permission("pages", "id-token")
    site = job.run.host.published
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(job.run.artifacts["github-pages"], site)
    return {"page_url": job.run.host.address}


ACTIONS: Mapping[str, Action] = {
    "actions/checkout": checkout,
    "actions/upload-artifact": upload_artifact,
    "actions/upload-pages-artifact": upload_pages_artifact,
    "actions/download-artifact": download_artifact,
    "actions/attest-build-provenance": attest,
    "actions/deploy-pages": deploy_pages,
}


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)
