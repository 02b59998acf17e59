"""Other projects' schemas, vocabularies and parsers, to check ours against: brought by hand, never committed.

They lie in `.brought/`, at the root of the repository, or in the folder that BROUGHT names: `quickstatements3`,
`schemaorg` and `reconciliation-api-specs` (its folder 0.2), each as its repository has it. What is not there skips the
tests that need it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("BROUGHT", Path(__file__).parents[1] / ".brought"))


def brought(name: str, path: str) -> Path:
    """A file or folder of another project; skips the test where it has not been brought."""
    found = FOLDER / name / path
    if not found.exists():
        pytest.skip(f"{name} is not in {FOLDER}: bring a copy of its repository there to check against it")
    return found
