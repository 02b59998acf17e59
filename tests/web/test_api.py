"""The API: one envelope, one shape of an error, paging by token, ETags, and a document that tells the truth."""

from __future__ import annotations

import os
from typing import Any
from xml.etree import ElementTree

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from slatewatch.web.api import WRITINGS
from slatewatch.web.openapi import document
from slatewatch.web.operations import OPERATIONS

ATOM = "{http://www.w3.org/2005/Atom}"
PATHS = {
    "project": "/api/projects/The Lantern Keepers",
    "projectChanges": "/api/projects/Harbour Nine/changes",
    "article": "/api/articles/lantern-4",
    "person": "/api/people/Pia Dorran",
    "company": "/api/companies/Northquay",
    "find": "/api/find?q=lantern",
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_every_answer_has_the_envelope_and_an_etag(client: TestClient, operation: Any) -> None:
    path = PATHS.get(operation.name, operation.path)
    answer = client.get(path)
    assert answer.status_code == 200
    assert list(answer.json()) == ["data", "next"]
    again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/nope", 404),
        ("/api/projects/nope", 404),
        ("/api/articles/nope", 404),
        ("/api/people/Nobody", 404),
        ("/api/feed?role=king", 400),
        ("/api/feed?limit=0", 400),
        ("/api/changes?since=soon", 400),
        ("/api/find", 400),
        ("/api/open?next=e30", 400),
        ("/api/people?next=WyJcdWQ4MDAiXQ", 400),
        ("/api/projects?next=WzFlOTld", 400),
    ],
)
def test_every_error_has_one_shape(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"]["status"] == status
    assert answer.json()["error"]["message"]


def test_a_wrong_method_is_told_so(client: TestClient) -> None:
    answer = client.delete("/api/projects")
    assert (answer.status_code, answer.json()["error"]["status"]) == (405, 405)
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "path", ["feed", "feed?role=writer", "projects", "projects?order=title", "open", "people", "companies", "changes"]
)
def test_pages_follow_on_each_other_without_gap_or_repeat(client: TestClient, path: str) -> None:
    mark = "&" if "?" in path else "?"
    whole = client.get(f"/api/{path}{mark}limit=200").json()
    rows, next_ = [], ""
    while next_ is not None:
        page = client.get(f"/api/{path}{mark}limit=7" + (f"&next={next_}" if next_ else "")).json()
        assert len(page["data"]) <= 7
        rows += page["data"]
        next_ = page["next"]
    assert rows[:200] == whole["data"]
    assert len(rows) == len({str(row) for row in rows})


def test_changes_since_a_time_are_those_noted_then(client: TestClient) -> None:
    first = client.get("/api/changes?limit=1").json()["data"][0]
    assert client.get("/api/changes", params={"since": first["noted"], "limit": 1}).json()["data"] == [first]
    assert client.get("/api/changes?since=2999-01-01").json() == {"data": [], "next": None}
    assert client.get("/api/changes?since=2026-01-01T00:00:00 02:00").status_code == 200


def test_the_index_and_the_document_name_every_route(client: TestClient) -> None:
    links = set(client.get("/api/").json()["data"].values())
    document = client.get("/api/openapi.json").json()
    assert links == {"/api/openapi.json", *document["paths"]}


def described() -> Any:
    """The operations as the document describes them. Every boundary case is tried by hand, not in each run: FUZZ=1."""
    schema = schemathesis.openapi.from_dict(document(tuple(writing[:4] for writing in WRITINGS)))
    schema.config.phases.coverage.enabled = "FUZZ" in os.environ
    return schema


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def assert_as_described(case: Any, answer: Any) -> None:
    """Raises, with the request that shows it, where status, type or body are not what the document says."""
    case.validate_response(answer, checks=CHECKS)


@described().parametrize()  # type: ignore[untyped-decorator]
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_the_answer_is_as_described(case: Any, client: TestClient) -> None:
    whole = case.as_transport_kwargs(base_url="http://127.0.0.1")
    body = whole.pop("data", None)
    whole["data" if isinstance(body, dict) else "content"] = body
    answer = client.request(whole.pop("method"), whole.pop("url"), **{k: v for k, v in whole.items() if k != "cookies"})
    assert_as_described(case, answer)


@pytest.mark.parametrize(
    "query",
    [
        "all.atom",
        "person.atom?name=Pia+Dorran",
        "company.atom?name=Northquay",
        "role.atom?role=director",
        "search.atom?q=lantern",
        "project/Harbour Nine.atom",
    ],
)
def test_feeds_are_atom(client: TestClient, query: str) -> None:
    answer = client.get(f"/feeds/{query}")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.text)
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for node in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert node.findtext(f"{ATOM}{name}"), name
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    assert all((entry.find(f"{ATOM}link").get("href") or "").startswith("http://127.0.0.1/") for entry in entries)  # type: ignore[union-attr]


def test_a_feed_of_one_holds_nothing_of_others(client: TestClient) -> None:
    text = client.get("/feeds/person.atom?name=Wren+Okafor-Lund").text
    assert "Wren Okafor-Lund left as showrunner" in text
    assert "Pia Dorran" not in text


@pytest.mark.parametrize(
    "query", ["person.atom", "role.atom", "role.atom?role=king", "search.atom?q=%3F", "company.atom?name="]
)
def test_a_feed_of_nothing_is_wrongly_asked(client: TestClient, query: str) -> None:
    assert client.get(f"/feeds/{query}").status_code == 400
