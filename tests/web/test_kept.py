"""Answers are given again while the store stays as it is, and to nobody to whom they are not meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
from starlette.testclient import TestClient

from slatewatch.answers import noting
from slatewatch.store import open_store
from slatewatch.store.adding import add_articles
from slatewatch.web import kept
from slatewatch.web.rendering import ASK_AGAIN

from .servers import TOKEN, client_of, filler


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of answers that were made anew and kept, as they come."""
    paths: list[str] = []
    keep = kept.Kept._keep

    def told(self: kept.Kept, key: kept.Key, answer: kept.Answer) -> None:
        paths.append(key[2].decode())
        keep(self, key, answer)

    monkeypatch.setattr(kept.Kept, "_keep", told)
    return paths


@pytest.fixture
def own(fresh: Path) -> Iterator[TestClient]:
    with client_of(fresh) as client:
        yield client


def test_an_answer_is_made_once(own: TestClient, made: list[str]) -> None:
    first = own.get("/projects")
    assert made == [], "what is asked for once may never be asked for again"
    kept_now, again = own.get("/projects"), own.get("/projects")
    assert made == ["/projects"]
    assert first.content == kept_now.content == again.content
    assert sorted(first.headers.items()) == sorted(again.headers.items())
    assert own.get("/projects?order=title").content != first.content
    assert [own.get("/projects", headers={"host": "localhost"}).status_code for _ in range(3)] == [200] * 3
    assert made == ["/projects"] * 2


def test_who_has_it_already_is_not_sent_it_again(own: TestClient) -> None:
    tag = [own.get("/projects").headers["etag"] for _ in range(3)][-1]
    known = own.get("/projects", headers={"if-none-match": f'"other", W/{tag}'})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    assert known.headers["content-security-policy"]


def test_one_write_by_any_program_makes_it_anew(own: TestClient, fresh: Path) -> None:
    before = [own.get("/api/feed").json()["data"][0]["article"]["id"] for _ in range(3)][-1]
    db = open_store(fresh, write=True)
    article, claims = filler(5000)
    _, bad = add_articles(db, [(article, claims)])
    assert not bad
    assert own.get("/api/feed").json()["data"][0]["article"]["id"] == article.id != before
    db.close()


def test_another_store_under_the_same_name_is_another_store(own: TestClient, fresh: Path, tmp_path: Path) -> None:
    assert ["The Tidemark 1<" in own.get("/search?q=tidemark 1").text for _ in range(3)] == [True] * 3
    other = tmp_path / "other.db"
    open_store(other, write=True).close()
    for log in ("-wal", "-shm"):
        Path(f"{fresh}{log}").unlink(missing_ok=True)
    copy(other, tmp_path / "moved.db")
    (tmp_path / "moved.db").rename(fresh)
    assert "The Tidemark 1<" not in own.get("/search?q=tidemark 1").text


def test_what_may_be_somebodys_own_is_not_kept(own: TestClient, fresh: Path, made: list[str]) -> None:
    db = open_store(fresh, write=True)
    project = own.get("/api/open").json()["data"][0]["project"]["id"]
    noting.put_note(db, project, "call back on Monday", by="test")
    db.close()
    made.clear()
    own.get("/api/open")
    signed = {"authorization": f"Bearer {TOKEN}"}
    assert "call back on Monday" in own.get("/api/open", headers=signed).text
    assert "call back on Monday" not in own.get("/api/open").text
    assert "call back on Monday" in own.get("/api/open", headers=signed).text
    for _ in range(3):
        own.get("/open", headers={"cookie": "slatewatch=1"})
        own.get("/open.csv")
        own.get("/no-such-page")
    assert made == ["/api/open"]


def test_after_a_while_it_is_made_anew_and_there_is_an_end_to_the_room(
    own: TestClient, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "LASTS", -1.0)
    for _ in range(3):
        own.get("/about")
    assert made == ["/about", "/about"]
    monkeypatch.setattr(kept, "LASTS", 30.0)
    monkeypatch.setattr(kept, "ROOM", len(own.get("/people").content) + len(own.get("/outlets").content))
    own.get("/companies")
    for path in ("/people", "/outlets", "/companies", "/people"):
        made.clear()
        own.get(path)
    assert made == ["/people"]
    assert own.get("/people").headers["cache-control"] == ASK_AGAIN
