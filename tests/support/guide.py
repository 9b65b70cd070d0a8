"""The editors' guide by example, EDITING.md: made from the tasks of the tests. Run this to write it anew."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from markdown.extensions.toc import slugify

from macros.analysis.load import loads
from macros.diff import difference, render, version
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.formatter import edit_yaml
from macros.project import ROOT
from tests.support.edit_recipes import TASKS, Edit, Parts
from tests.support.paths import POLICIES

GUIDE = ROOT / "EDITING.md"
LINKS = ROOT / "CONTRIBUTING.md"
POLICY = (POLICIES / "tea.yaml").read_text(encoding="utf-8")
LEAD = """\
# Editing by example

Each task below is one edit of `policy.yaml`: the lines to change, what `policy diff` then says of it, and what
`make check` says after a slip that is easily made. The policy is that of an invented tea shop,
`tests/policies/tea.yaml`. `tests/support/guide.py` writes this page, from edits that the tests try on that policy.
"""


def guide() -> str:
    """The whole guide."""
    return "\n".join([LEAD, *(line for task, edits in TASKS.items() for line in _section(task, *edits))])


def links() -> list[str]:
    """Each task as a line that leads to it, for a list."""
    return [f"- [{task}]({GUIDE.name}#{slugify(task, '-')})" for task in TASKS]


def _section(task: str, edit: Edit, slip: Edit) -> Iterator[str]:
    text = _after(edit)
    old, new = version(POLICY, "before"), version(text, "after")
    assert old.policy, old.mistakes
    assert new.policy, new.mistakes
    yield f"## {task[0].upper()}{task[1:]}\n"
    yield _block("diff", _hunks(text))
    yield "What `policy diff` says:\n"
    yield _block("text", render(difference(old, new, old.written.valid_from), "terminal").partition("\n")[2])
    yield "What `make check` says after a slip:\n"
    yield _block("diff", _hunks(_after(slip)))
    try:
        loads(_after(slip))
    except PolicyErrors as refused:
        yield _block("text", "\n".join(map(str, refused.errors)))


def _after(edit: Edit) -> str:
    return edit_yaml(POLICY, lambda data: edit(Parts(data)))


def _hunks(text: str) -> str:
    """The lines that are others, with two lines round them."""
    lines = [*difflib.unified_diff(POLICY.splitlines(), text.splitlines(), n=2, lineterm="")][2:]
    return "\n".join("@@" if line.startswith("@@") else line for line in lines)


def _block(kind: str, text: str) -> str:
    return f"```{kind}\n{text.strip('\n')}\n```\n"


if __name__ == "__main__":
    GUIDE.write_text(guide(), encoding="utf-8")
