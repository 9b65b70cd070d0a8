"""One word for one thing: identifiers hold the field's terms, and docstrings begin with their subject."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.vocabulary import misnamed, sources

PYTHON = [file for file in sources() if file.suffix == ".py"]
RIDDLE = re.compile(r"(?:What|Where|Who|Whose|That)\b")
"""Beginnings of sentences whose subject is a clause."""


def test_identifiers_hold_no_home_made_word() -> None:
    names = {(file.relative_to(ROOT).as_posix(), *name) for file in sources() for name in misnamed(file)}
    assert sorted(names) == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("def door(): ...", "door"),
        ("class CloseDoors: ...", "CloseDoors"),
        ("def f(span): ...", "span"),
        ("spans = 1", "spans"),
        ("self.kept = 1", "kept"),
        ("def found(): ...", "found"),
    ],
)
def test_home_made_word_is_found_in_each_kind_of_identifier(code: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(code, encoding="utf-8")
    assert name in {word for word, _ in misnamed(tmp_path / "module.py")}


def test_home_made_word_is_found_in_javascript(tmp_path: Path) -> None:
    (tmp_path / "page.js").write_text(
        "const { a, kept } = b;\nlet told = 1;\nfunction goAhead() {}\n", encoding="utf-8"
    )
    assert [name for name, _ in misnamed(tmp_path / "page.js")] == ["kept", "told", "goAhead"]


def docstrings(file: Path) -> list[str]:
    """The docstrings of a module, those below fields and constants among them."""
    bodies = [
        node.body for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, DOCUMENTED)
    ]
    texts = [statement.value for body in bodies for statement in body if isinstance(statement, ast.Expr)]
    return [text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)]


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def test_docstrings_begin_with_their_subject() -> None:
    riddles = [
        f"{file.relative_to(ROOT)}: {text.splitlines()[0]}"
        for file in PYTHON
        for text in docstrings(file)
        if RIDDLE.match(text)
    ]
    assert riddles == []


def test_docstring_with_a_clause_as_its_subject_is_found(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text('X = 1\n"""What is left."""\n', encoding="utf-8")
    assert [text for text in docstrings(tmp_path / "module.py") if RIDDLE.match(text)] == ["What is left."]
