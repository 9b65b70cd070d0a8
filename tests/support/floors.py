"""The floors of the code as a picture for README: from the contracts of import-linter, and the packages' docstrings."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

from tests.support.paths import ROOT

README = ROOT / "README.md"
_PICTURE = re.compile(r"(?<=<!-- floors -->\n).*?(?=<!-- /floors -->)", re.DOTALL)


def picture() -> str:
    """The floors of both packages, the top one first; a module imports from those below it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    floors = [floor for contract in reversed(contracts) for floor in contract["layers"] if "." in floor]
    return "".join(f"    {line}\n" for floor in floors for line in _rooms(floor))


def with_picture(text: str) -> str:
    """A text whose picture of the floors is the present one."""
    return _PICTURE.sub(lambda _: f"\n{picture()}\n", text)


def _rooms(floor: str) -> Iterator[str]:
    for room in floor.split(" | "):
        path = ROOT / room.replace(".", "/")
        module = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        name = f"{path.relative_to(ROOT)}/" if path.is_dir() else f"{module.relative_to(ROOT)}"
        first = (ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or "").partition("\n")[0]
        yield f"{name:<23} {first}"


if __name__ == "__main__":
    README.write_text(with_picture(README.read_text(encoding="utf-8")), encoding="utf-8")
