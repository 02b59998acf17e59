"""The commands of the documents, run as they stand there: each page is one session in a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PAGES = ("for-editors", "for-researchers", "for-developers", "python")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def session(page: str, port: int) -> tuple[str, list[list[str]]]:
    """A page's commands as one script, and the lines that it says will be printed."""
    script, said = ["set -euo pipefail"], []
    for language, text in BLOCK.findall((ROOT / "docs" / f"{page}.md").read_text("utf-8")):
        text = text.replace("8000", str(port))
        if language == "sh":
            script.append(text)
        elif language == "python":
            script.append(f"python - <<'PYTHON'\n{text}PYTHON")
        elif language == "text":
            said.append(text.splitlines())
    return "\n".join(script), said


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_do_what_the_page_says(page: str, tmp_path: Path) -> None:
    if page == "for-developers" and shutil.which("curl") is None:
        pytest.skip("there is no curl to ask the server with")
    for name in ("tests", "slatewatch"):
        (tmp_path / name).symlink_to(ROOT / name)
    port = free_port()
    script, said = session(page, port)
    assert "slatewatch" in script
    if page == "python":
        script = script.replace("set -euo pipefail", "set -euo pipefail\nslatewatch -q add --claims tests/web/world")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "SLATEWATCH_DB": "slate.db"}
    command = ["bash", "-c", script]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    at = 0
    for block in said:
        for line in block:
            begin = line.partition("…")[0]
            found = [
                n for n in range(at, len(lines)) if lines[n] == line or ("…" in line and lines[n].startswith(begin))
            ]
            assert found, f"{page}: {line!r} is not printed; printed was:\n{ran.stdout}"
            at = found[0] + 1
    assert said or page == "python"
