"""An installed slatewatch has everything that a checkout has, and every release it needs is pinned."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from conftest import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGE = ROOT / "slatewatch"


def test_every_data_file_is_packed() -> None:
    patterns: list[str] = PROJECT["tool"]["setuptools"]["package-data"]["slatewatch"]
    packed = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    there = {path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".py" and not hidden(path)}
    assert there, "the package has data"
    assert sorted(str(path.relative_to(PACKAGE)) for path in there - packed) == []


def hidden(path: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.relative_to(PACKAGE).parts)


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py") if not hidden(path) or path.name == "__init__.py"}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_dependency_is_pinned_once_and_exactly() -> None:
    pins = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[a-z0-9-]+==[\w.!]+", line)] == []
    names = [line.split("==")[0] for line in pins]
    assert len(names) == len(set(names))
    extras: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
    needed = [*PROJECT["project"]["dependencies"], *(line for lines in extras.values() for line in lines)]
    needed = [line for line in needed if not line.startswith("slatewatch[")]
    wanted = {re.split(r"[^\w-]", line)[0].lower().replace("_", "-") for line in needed}
    assert sorted(wanted - set(names) - {"slatewatch"}) == [], "scripts/pin writes constraints.txt anew"
