"""Help comes at once: it loads neither numbers, nor the model, nor a page reader."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from slatewatch.cli import COMMANDS

HEAVY = (
    "numpy", "onnxruntime", "tokenizers", "trafilatura", "resiliparse", "htmldate", "lxml", "httpx", "rich", "msgspec",
    "rapidfuzz", "spacy", "torch", "duckdb", "polars", "pandas", "pyarrow", "fpdf", "fontTools",
)  # fmt: skip
#: The longest that help may take on an idle machine, in seconds. Printed, not asserted: a busy machine is no fault.
GOAL = 0.3


HELPS = [["--help"], ["--version"], *([name, "--help"] for name, _, _ in COMMANDS)]


@pytest.mark.parametrize("args", HELPS, ids=" ".join)
def test_help_loads_nothing_heavy(args: list[str]) -> None:
    code = (
        "import sys\nfrom slatewatch.cli import main\n"
        f"code = main({args!r})\nprint(*sorted(sys.modules), file=sys.stderr)\nsys.exit(code)"
    )
    times = []
    for _ in range(2):
        start = time.perf_counter()
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        times.append(time.perf_counter() - start)
    loaded = {name.split(".")[0] for name in ran.stderr.split()}
    assert "slatewatch" in loaded
    assert not loaded & set(HEAVY)
    print(f"slatewatch {' '.join(args)}: {min(times):.3f} s, goal {GOAL} s")  # noqa: T201
