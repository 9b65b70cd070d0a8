"""The Nu HTML checker, which says what is wrong with the HTML of pages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.conftest import REQUIRE
from tests.support.paths import TESTS

JAR = TESTS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def html_errors(files: Sequence[Path]) -> dict[Path, list[str]]:
    """The errors in HTML files, by file; files without one are left out.

    Skips the test where there is no Java, or fails it if browsers are required.
    """
    java = shutil.which("java")
    if not java:
        missing = "No Java here, which the HTML checker needs. To get it: apt-get install default-jre-headless."
        (pytest.fail if os.environ.get(REQUIRE) else pytest.skip)(missing)
    command = [java, "-jar", str(JAR), "--errors-only", "--format", "json", "--stdout", *map(str, files)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    found: dict[Path, list[str]] = {}
    for message in json.loads(done.stdout)["messages"]:
        line = f"line {message.get('lastLine')}: {message['message']} {message.get('extract', '').strip()}"
        found.setdefault(Path(unquote(urlsplit(message["url"]).path)), []).append(" ".join(line.split()))
    return found
