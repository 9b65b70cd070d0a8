"""The actions that our workflows use, played: what each does to the folder of a job and to the code host."""

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
"""Does what an action does for a job, with what stands in the step's `with`; gives the step's outputs."""


class ActionError(Exception):
    """An action fails."""


def checkout(job: Job, given: Mapping[str, Any]) -> Mapping[str, str]:
    """Fetch the commit of the event, or another one, as deep as is asked for; no more of the repository is there."""
    run = job.run
    depth = int(given.get("fetch-depth", 1))
    refs = ["+refs/heads/*:refs/remotes/origin/*"] if depth == 0 else []
    ref = str(given.get("ref", run.commit))
    own = f"+{run.commit}:refs/remotes/{run.branch}"  # which a name of all branches would fetch again
    wanted = ref if depth == 0 or ref != run.commit else own
    _git(job.folder, "init", "--quiet")
    _git(job.folder, "remote", "add", "origin", run.host.repository.as_uri())
    _git(job.folder, "fetch", "--quiet", *([f"--depth={depth}"] if depth else []), "origin", wanted, *refs)
    _git(job.folder, "checkout", "--quiet", "--detach", ref)
    return {}


def upload_artifact(job: Job, given: Mapping[str, Any]) -> Mapping[str, str]:
    """Keep files of the job under a name, from the folder that holds them all."""
    patterns = str(given["path"]).split("\n")
    found = [each for pattern in patterns if pattern.strip() for each in job.folder.glob(pattern.strip())]
    files = [file for each in found for file in (each.rglob("*") if each.is_dir() else [each]) if file.is_file()]
    if not files:
        if given.get("if-no-files-found") == "error":
            raise ActionError(f"No files were found with {patterns}.")
        return {}
    top = Path(commonpath([file.parent if file.is_file() else file for file in found]))
    if len(found) == 1 and found[0].is_dir():
        [top] = found
    kept = job.run.artifacts.setdefault(given["name"], job.run.folder / f"artifact {given['name']}")
    for file in files:
        target = kept / file.relative_to(top)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return {}


def upload_pages_artifact(job: Job, given: Mapping[str, Any]) -> Mapping[str, str]:
    """Keep the folder of a site for `deploy_pages`."""
    return upload_artifact(job, {"name": "github-pages", "path": given["path"], "if-no-files-found": "error"})


def download_artifact(job: Job, given: Mapping[str, Any]) -> Mapping[str, str]:
    """Put what an earlier job of the run has kept into a folder."""
    if given["name"] not in job.run.artifacts:
        raise ActionError(f"There is no artifact {given['name']}.")
    shutil.copytree(job.run.artifacts[given["name"]], job.folder / given["path"], dirs_exist_ok=True)
    return {}


def attest(job: Job, given: Mapping[str, Any]) -> Mapping[str, str]:
    """Sign files: their hashes are kept with the commit of the run."""
    job.needs_right("attestations", "id-token")
    files = [file for file in job.folder.glob(given["subject-path"]) if file.is_file()]
    if not files:
        raise ActionError(f"No files match {given['subject-path']}.")
    for file in files:
        job.run.host.signed[sha256(file.read_bytes()).hexdigest()] = job.run.commit
    return {}


def deploy_pages(job: Job, given: Mapping[str, Any]) -> Mapping[str, str]:
    """Put the kept site on the web, in the place of the one before."""
    job.needs_right("pages", "id-token")
    site = job.run.host.published
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(job.run.artifacts["github-pages"], site)
    return {"page_url": job.run.host.address}


PLAYED: Mapping[str, Action] = {
    "actions/checkout": checkout,
    "actions/upload-artifact": upload_artifact,
    "actions/upload-pages-artifact": upload_pages_artifact,
    "actions/download-artifact": download_artifact,
    "actions/attest-build-provenance": attest,
    "actions/deploy-pages": deploy_pages,
}


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)
