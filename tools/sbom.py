"""Writes the site's packages as CycloneDX into build/sbom/: Python's, and those of the browser's runtime.

uv and npm make the lists from the lock files alone. Their times and paths are removed, so that equal locks give equal
lists. uv itself, which installs the rest, is added from tools/uv.txt.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_UV_ARGUMENTS = [
    "export",
    "--quiet",
    "--locked",
    "--no-dev",
    "--format",
    "cyclonedx1.5",
    "--preview-features",
    "sbom-export",
]
_NPM_ARGUMENTS = ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"]


def bills() -> dict[str, dict[str, Any]]:
    """The lists by file name. Raises CalledProcessError if a lock file is out of date."""
    npm = _json_output(sys.executable, str(ROOT / "tools" / "npm.py"), *_NPM_ARGUMENTS)
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    npm["metadata"]["component"]["name"] = package["name"]  # npm takes the folder's
    python = _json_output(os.environ.get("UV") or str(ROOT / ".tools" / "bin" / "uv"), *_UV_ARGUMENTS)
    python["components"].append(_installer())
    result = {"python.cdx.json": python, "npm.cdx.json": npm}
    for bill in result.values():
        del bill["serialNumber"], bill["metadata"]["timestamp"]
    return result


def _installer() -> dict[str, Any]:
    """The component for uv, with the hash of each wheel that it may be installed from."""
    pinned = (ROOT / "tools" / "uv.txt").read_text(encoding="utf-8")
    [(name, version)] = re.findall(r"^([\w-]+)==(\S+)", pinned, re.MULTILINE)
    hashes = re.findall(r"--hash=sha256:(\w+)", pinned)
    return {
        "type": "application",
        "bom-ref": f"{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "hashes": [{"alg": "SHA-256", "content": content} for content in hashes],
    }


def _json_output(*command: str) -> dict[str, Any]:
    output: dict[str, Any] = json.loads(subprocess.check_output(command, cwd=ROOT))
    return output


def main() -> None:
    """Writes the lists."""
    folder = ROOT / "build" / "sbom"
    folder.mkdir(parents=True, exist_ok=True)
    for name, bill in bills().items():
        (folder / name).write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
        print(f"{(folder / name).relative_to(ROOT)}: {len(bill['components'])} packages.")


if __name__ == "__main__":
    main()
