"""Copies and edits in the pages and the API."""

from __future__ import annotations

import sys
from pathlib import Path

from .servers import build, client_of

sys.path.insert(0, str(Path(__file__).parents[1]))
from test_copies import COPY, FIRST, OWN
from test_edits import NEW, OLD


def test_copies_are_shown_as_one_story(tmp_path: Path) -> None:
    with client_of(build(tmp_path / "s.db", [FIRST, COPY, OWN])) as client:
        original = client.get("/articles/first").text
        assert "also in" in original
        assert "Dolly Weekly" in original
        copy = client.get("/articles/copy").text
        assert 'class="tag">copy<' in copy
        assert "Reel Ledger</a> (first)" in copy
        assert "also in" not in client.get("/articles/own").text
        assert "also in" in client.get("/").text
        (project,) = client.get("/api/projects").json()["data"]
        shown = client.get(f"/projects/{project['id']}").text
        assert "(a copy of it)" in shown
        assert "also in" in shown
        data = client.get("/api/articles/copy").json()["data"]
        assert data["row"]["copy_of"] == "first"
        whole = client.get(f"/api/projects/{project['id']}").json()["data"]
        assert [s["voices"] for s in whole["project"]["current"] if s["role"] == "director"] == [2]


def test_edits_show_what_they_brought_and_dropped(tmp_path: Path) -> None:
    with client_of(build(tmp_path / "s.db", [OLD, NEW])) as client:
        shown = client.get("/articles/a").text
        assert "New in it:" in shown
        assert "No longer in it:" in shown
        (edit,) = client.get("/api/edits").json()["data"]
        assert [claim["modality"] for claim in edit["version"]["brought"]] == ["in_talks"]
        assert client.get("/api/edits?project=Nothing").status_code == 404
        assert client.get("/api/edits?since=2100-01-01").json()["data"] == []
