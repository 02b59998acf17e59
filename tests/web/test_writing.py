"""Writing: with the token and from our own forms, or not at all; what was written is there after a restart."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from slatewatch.answers.noting import LONGEST_NOTE
from slatewatch.labelled import labelled
from slatewatch.store import open_store, transaction
from slatewatch.store.adding import add_articles
from slatewatch.store.merging import rebuild
from slatewatch.web.sessions import Sessions

from .servers import TOKEN, client_of

BEARER = {"authorization": f"Bearer {TOKEN}"}
FORMS = ("/notes", "/review/pair", "/review/claim", "/sign-out")
WRITINGS = ("/api/notes", "/api/decisions", "/api/rulings")


def sign_in(client: TestClient) -> str:
    """Signs in; gives the key that forms must bring."""
    answer = client.post("/sign-in", data={"token": TOKEN, "to": "/review"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    found = re.search(r'name="key" value="(\w+)"', client.get("/review").text)
    assert found is not None
    return found[1]


def project_of(client: TestClient, title: str) -> str:
    return str(client.get("/api/find", params={"q": title}).json()["data"]["projects"][0]["id"])


@pytest.mark.parametrize("path", FORMS)
def test_no_form_writes_without_a_session(fresh: Path, path: str) -> None:
    before = fresh.read_bytes()
    with client_of(fresh) as client:
        assert client.post(path, data={"key": "", "project": "x", "text": "y"}).status_code == 403
    assert fresh.read_bytes() == before


@pytest.mark.parametrize("path", WRITINGS)
@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN}, {"authorization": "Bearer "}]
)
def test_the_api_writes_nothing_without_the_token(fresh: Path, path: str, headers: dict[str, str]) -> None:
    before = fresh.read_bytes()
    with client_of(fresh) as client:
        answer = client.post(path, json={}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert fresh.read_bytes() == before


def test_a_session_without_the_forms_key_does_not_write(fresh: Path) -> None:
    with client_of(fresh) as client:
        key = sign_in(client)
        form = {"project": project_of(client, "lantern"), "text": "mine"}
        assert client.post("/notes", data=form).status_code == 403
        assert client.post("/notes", data={**form, "key": "0" * 64}).status_code == 403
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
            assert client.post("/notes", data={**form, "key": key}, headers=headers).status_code == 403
        assert client.post("/notes", data={**form, "key": key}).status_code == 303


def test_a_server_that_is_read_only_cannot_be_signed_in_to(fresh: Path) -> None:
    with client_of(fresh, token=None) as client:
        assert client.get("/sign-in").status_code == 403
        assert client.post("/sign-in", data={"token": ""}).status_code == 403
        assert client.post("/api/notes", json={}, headers={"authorization": "Bearer None"}).status_code == 401
        assert "Sign in" not in client.get("/review").text


def test_cookies_cannot_be_made_up(fresh: Path) -> None:
    with client_of(fresh) as client:
        sign_in(client)
        good = client.cookies["slatewatch"]
        made, random, signature = good.split(".")
        other = Sessions("another token").open("another token", "1")
        for bad in (
            f"{int(made) + 1}.{random}.{signature}",
            f"{made}.{random}.",
            "",
            "..",
            f"9{made}.{random}.{signature}",
            other,
        ):
            client.cookies.clear()
            client.cookies.set("slatewatch", bad or "")
            assert 'name="key"' not in client.get("/review").text


def test_wrong_tokens_are_slowed_down(fresh: Path) -> None:
    with client_of(fresh) as client:
        for _ in range(12):
            assert client.post("/sign-in", data={"token": "wrong"}).status_code == 403
        assert client.post("/sign-in", data={"token": TOKEN}).status_code == 403


def test_a_note_is_kept_over_a_restart_and_private(fresh: Path) -> None:
    with client_of(fresh) as client:
        key, id_ = sign_in(client), project_of(client, "lantern keepers")
        form = {"key": key, "project": id_, "text": "ask <b>Hedda</b>", "to": "/open"}
        assert client.post("/notes", data=form).headers["location"] == "/open"
    with client_of(fresh) as client:
        assert "ask" not in client.get(f"/projects/{id_}").text
        assert "Hedda&lt;" not in client.get("/open").text
        assert client.get("/api/open").json()["data"][0]["note"] == ""
        assert client.get("/api/open", headers=BEARER).json()["data"][0]["note"] == "ask <b>Hedda</b>"
        sign_in(client)
        assert "ask &lt;b&gt;Hedda&lt;/b&gt;" in client.get(f"/projects/{id_}").text
        assert "ask &lt;b&gt;" in client.get("/open").text
        assert "ask <b>Hedda</b>" in client.get("/open.csv").text


def test_an_empty_note_takes_it_away(fresh: Path) -> None:
    with client_of(fresh) as client:
        id_ = project_of(client, "lantern keepers")
        for text in ("one", ""):
            assert client.post("/api/notes", json={"project": id_, "text": text}, headers=BEARER).status_code == 201
        assert client.get("/api/open", headers=BEARER).json()["data"][0]["note"] == ""
        long = {"project": id_, "text": "x" * (LONGEST_NOTE + 1)}
        assert client.post("/api/notes", json=long, headers=BEARER).status_code == 400


def test_a_decision_on_a_pair_is_kept_over_a_restart(fresh: Path) -> None:
    with client_of(fresh) as client:
        (pair,) = client.get("/api/review").json()["data"]
        key = sign_in(client)
        form = {
            "key": key,
            "left": pair["left"]["id"],
            "right": pair["right"]["id"],
            "judgement": "same",
            "why": "one script",
        }
        assert client.post("/review/pair", data=form).status_code == 303
    with client_of(fresh) as client:
        assert client.get("/api/review").json()["data"] == []
        assert "one script" in client.get("/review").text
        kept, gone = sorted((pair["left"]["id"], pair["right"]["id"]), key=lambda i: i != pair["left"]["id"])
        addresses = {client.get(f"/projects/{i}").headers.get("location") for i in (kept, gone)}
        assert len(addresses - {None}) == 1, "the id of the project that went leads to the one that stayed"


@pytest.mark.parametrize("verdict", ["accept", "reject", "correct"])
def test_a_ruling_on_a_claim_is_kept_over_a_restart_and_a_reading(fresh: Path, verdict: str, root: Path) -> None:
    with client_of(fresh) as client:
        (doubt,) = [d for d in client.get("/api/doubts").json()["data"] if d["claim"]["value"] == "Pia Dorran"]
        form = {"key": sign_in(client), "article": doubt["claim"]["article"], "claim": doubt["id"], "verdict": verdict}
        if verdict == "correct":
            form |= {"modality": "in_talks"}
        assert client.post("/review/claim", data=form).status_code == 303
    with closing(open_store(fresh, write=True)) as db:
        outcomes, _ = add_articles(db, labelled(str(root / "tests" / "web" / "world")))
        assert outcomes["same"] == 13
        with transaction(db):
            rebuild(db, now="2026-11-01T00:00:00+00:00")
    with client_of(fresh) as client:
        assert doubt["id"] not in [d["id"] for d in client.get("/api/doubts").json()["data"]]
        harbour = client.get("/api/projects/Harbour Nine").json()["data"]["project"]
        (stands,) = [s["modality"] for s in harbour["current"] if s["value"] == "Pia Dorran"] or [None]
        assert stands == {"accept": "interest", "reject": None, "correct": "in_talks"}[verdict]


def test_a_ruling_can_be_taken_back(fresh: Path) -> None:
    with client_of(fresh) as client:
        counts = client.get("/api/articles/harbour-2").json()["data"]["claims"]
        doubt = next(d for d in client.get("/api/doubts").json()["data"] if d["claim"]["value"] == "Pia Dorran")
        said = {"article": "harbour-2", "claim": doubt["id"]}
        for verdict, instead in (("correct", {"value": "Pia Dorran-Vale"}), ("reject", {}), ("accept", {})):
            body = {**said, "verdict": verdict, "instead": instead}
            assert client.post("/api/rulings", json=body, headers=BEARER).status_code == 201
        assert client.get("/api/articles/harbour-2").json()["data"]["claims"] == counts


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/rulings", {"article": "harbour-2", "claim": "0" * 20, "verdict": "reject"}),
        ("/api/rulings", {"article": "nope", "claim": "x", "verdict": "reject"}),
        ("/api/rulings", {"article": "harbour-2", "claim": "x", "verdict": "maybe"}),
        ("/api/decisions", {"left": "a", "right": "b", "judgement": "same"}),
        ("/api/decisions", {"left": "a", "right": "b", "judgement": "perhaps"}),
        ("/api/decisions", {"left": "a\x00", "right": "b", "judgement": "same", "about": "person"}),
        ("/api/notes", {"project": "nope", "text": "x"}),
        ("/api/notes", {"project": "nope"}),
        ("/api/notes", []),
    ],
)
def test_what_cannot_be_written_is_said_so(fresh: Path, path: str, body: object) -> None:
    with client_of(fresh) as client:
        answer = client.post(path, json=body, headers=BEARER)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]
