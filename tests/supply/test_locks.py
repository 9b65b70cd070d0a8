"""Packages of the build: each is locked with its hash, and the bills of materials list them all."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from macros.cli import main
from macros.policyfile.schema import schema
from macros.project import ROOT

LOCKS = (
    *("uv.lock", "package-lock.json", "tests/package-lock.json", "tests/browsers/package-lock.json"),
    "bench/package-lock.json",
)
HASH = re.compile(r"sha256:[0-9a-f]{64}|sha512-[\w+/]{86}==")


def locked(lock: str, text: str) -> dict[str, list[str]]:
    """The hashes of each package of a lock file, by name and version."""
    if lock.endswith(".json"):
        parts = json.loads(text)["packages"]
        return {
            f"{name.rpartition('node_modules/')[2]}@{part['version']}": part.get("integrity", "").split()
            for name, part in parts.items()
            if name
        }
    packages = [part for part in tomllib.loads(text)["package"] if "editable" not in part["source"]]
    files = {f"{part['name']}@{part['version']}": [*part.get("wheels", []), part.get("sdist")] for part in packages}
    return {name: [file.get("hash", "") for file in builds if file] for name, builds in files.items()}


def unpinned(lock: str, text: str) -> list[str]:
    """The packages without a strong hash."""
    return [name for name, hashes in locked(lock, text).items() if not hashes or not all(map(HASH.fullmatch, hashes))]


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_package_has_its_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert len(locked(lock, text)) > 10
    assert unpinned(lock, text) == []


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("weaker", ["", "sha1-x", "md5:0"])
def test_package_without_a_strong_hash_is_found(lock: str, weaker: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert len(unpinned(lock, HASH.sub(weaker, text, count=1))) == 1


def registries(lock: str, text: str) -> set[str | None]:
    """The hosts from which a lock file takes packages."""
    if lock.endswith(".json"):
        addresses = [part["resolved"] for part in json.loads(text)["packages"].values() if "resolved" in part]
    else:
        addresses = re.findall(r'(?:registry|url) = "(.+?)"', text)
    return {urlsplit(address).hostname for address in addresses}


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_file_names_a_mirror(lock: str) -> None:
    known = set() if lock.endswith(".json") else {"pypi.org", "files.pythonhosted.org"}
    assert registries(lock, (ROOT / lock).read_text(encoding="utf-8")) == known


# ---- uv, which installs the packages

UV = (ROOT / "tools" / "uv.txt").read_text(encoding="utf-8")


def make(*arguments: str, **variables: str) -> str:
    """The commands that make would run."""
    command = ["make", "--dry-run", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | variables, check=True, capture_output=True, text=True
    ).stdout


def test_uv_is_pinned_in_one_version_with_hashes() -> None:
    lines = [line.strip(" \\") for line in UV.splitlines() if not line.startswith("#")]
    assert re.fullmatch(r"uv==\d+\.\d+\.\d+", lines[0])
    assert len(lines) > 10, "one wheel for each kind of computer"
    assert [line for line in lines[1:] if not re.fullmatch(rf"--hash=({HASH.pattern})", line)] == []


def test_uv_with_another_hash_is_not_installed(tmp_path: Path) -> None:
    [version] = re.findall(r"^uv==(\S+)", UV, re.MULTILINE)
    (tmp_path / "tools").mkdir()
    for name in ("uv.sh", "uv.txt"):
        shutil.copy(ROOT / "tools" / name, tmp_path / "tools")
    about = f"uv-{version}.dist-info"
    with zipfile.ZipFile(tmp_path / f"uv-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("uv.py", "print('not what was pinned')")
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: uv\nVersion: {version}\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    environment = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run([tmp_path / "tools/uv.sh"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert [*tmp_path.glob(".tools/lib/*/site-packages/uv.py")] == []


def test_make_prefers_the_pinned_uv(tmp_path: Path) -> None:
    other = tmp_path / "uv"
    other.touch(mode=0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    assert '".tools/bin/uv" run --no-sync policy build' in make("build", PATH=path, UV=str(other))
    assert f'"{other}" run --no-sync policy build' in make("build", f"UV={other}")


def test_changed_pin_reinstalls_uv() -> None:
    assert "tools/uv.sh" in make("--what-if=tools/uv.txt", "build")
    assert "tools/uv.sh" not in make("--what-if=tools/uv.txt", "build", "UV=/usr/bin/uv")


def test_renovate_updates_uv() -> None:
    renovate = json.loads((ROOT / ".github" / "renovate.json").read_text(encoding="utf-8"))
    patterns = renovate["pip_requirements"]["managerFilePatterns"]
    assert [pattern for pattern in patterns if re.search(pattern.strip("/"), "tools/uv.txt")]


def test_packages_are_built_with_locked_tools_alone() -> None:
    """For source distributions and this project, uv would otherwise fetch unlocked build tools."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["uv"]["no-build"] is True
    assert project["tool"]["uv"]["no-build-isolation-package"] == [project["project"]["name"]]
    assert {*project["build-system"]["requires"]} <= {*project["project"]["dependencies"]}
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    assert [package["name"] for package in packages if "wheels" not in package] == [project["project"]["name"]]


# ---- bills of materials


@pytest.fixture(scope="module")
def bills() -> dict[str, dict[str, Any]]:
    """The bills of materials that `make sbom` writes."""
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "tools" / "sbom.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: dict[str, dict[str, Any]] = module.bills()
    return made


def named(bill: dict[str, Any]) -> set[str]:
    parts = bill["components"]
    return {
        f"{part.get('group', '')}{'/' if part.get('group') else ''}{part['name']}@{part['version']}" for part in parts
    }


def test_bills_of_materials_are_valid_cyclonedx(bills: dict[str, dict[str, Any]]) -> None:
    assert len(bills) == 2
    validator = JsonStrictValidator(SchemaVersion.V1_5)
    assert {name: validator.validate_str(json.dumps(bill)) for name, bill in bills.items()} == dict.fromkeys(bills)


def test_bills_of_materials_list_every_build_package(bills: dict[str, dict[str, Any]]) -> None:
    python, npm = (locked(lock, (ROOT / lock).read_text(encoding="utf-8")) for lock in LOCKS[:2])
    assert named(bills["npm.cdx.json"]) == {*npm}
    uv = re.findall(r"^(uv==\S+)", UV, re.MULTILINE)
    assert named(bills["python.cdx.json"]) - {*python} == {pin.replace("==", "@") for pin in uv}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[\[<>=]", name)[0].replace(".", "-") for name in project["dependencies"]}
    assert wanted <= {name.partition("@")[0] for name in named(bills["python.cdx.json"])}


def test_bill_of_materials_lists_uv_with_its_hashes(bills: dict[str, dict[str, Any]]) -> None:
    [uv] = [part for part in bills["python.cdx.json"]["components"] if part["name"] == "uv"]
    assert uv["purl"] == f"pkg:pypi/uv@{uv['version']}"
    assert [f"sha256:{digest['content']}" for digest in uv["hashes"]] == re.findall(HASH, UV)
    assert {digest["alg"] for digest in uv["hashes"]} == {"SHA-256"}


def test_bills_of_materials_are_deterministic(bills: dict[str, dict[str, Any]]) -> None:
    text = json.dumps(bills)
    assert not re.search(r"urn:uuid|\d{4}-\d\d-\d\dT", text)
    assert str(ROOT) not in text
    name = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["name"]
    assert bills["npm.cdx.json"]["metadata"]["component"]["name"] == name


# ---- SECURITY.md


def test_paths_in_security_md_exist(site: Path) -> None:
    named = re.findall(r"`([^`]+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(named) > 10
    for name in named:
        match name.split():
            case ["make", target]:
                assert make(target), name
            case ["policy", command]:
                with pytest.raises(SystemExit) as ended:
                    main([command, "--help"])
                assert ended.value.code == 0, name
            case ["shop"]:
                assert "shop" in schema()["properties"]
            case _:
                assert (ROOT / name).exists() or (site / name).is_file(), name


def test_readme_and_contributing_link_to_security_md() -> None:
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "SECURITY.md" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
