"""The reconciliation service, 0.2: against its own schemas where they are brought, and by what its document says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brought import brought
from jsonschema import Draft7Validator
from makers import article, said
from referencing import Registry
from referencing.jsonschema import DRAFT7
from starlette.testclient import TestClient

from slatewatch.answers.reconciling import ABOUT, DATA
from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES
from slatewatch.web.reconcile import BATCH, ENTITIES

from .servers import build, client_of

LANTERN = "project:4e9115f95b41"
OPENREFINE = "http://127.0.0.1:3333"
EVIL = "https://evil.example"


def ask(client: TestClient, **queries: Any) -> Any:
    """The results of a batch, by key."""
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    return {key: said["result"] for key, said in answer.json().items()}


def extended(client: TestClient, ids: list[str], *properties: str) -> Any:
    wanted = {"ids": ids, "properties": [{"id": one} for one in properties]}
    return client.post("/reconcile", data={"extend": json.dumps(wanted)}).json()


# Against the schemas.


@pytest.fixture
def assert_valid() -> Any:
    """`assert_valid("manifest", answer)`: the answer is as the schema of that name wants it."""
    folder = brought("reconciliation-api-specs", "0.2/schemas")
    schemas = {file.stem: json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")}
    resources = [(one["$id"], DRAFT7.create_resource(one)) for one in schemas.values() if "$id" in one]
    registry: Registry[Any] = Registry().with_resources(resources)

    def check(name: str, answer: Any) -> None:
        Draft7Validator(schemas[name], registry=registry).validate(answer)

    return check


def test_the_manifest_is_valid(client: TestClient, assert_valid: Any) -> None:
    assert_valid("manifest", client.get("/reconcile").json())


@pytest.mark.parametrize("about", [*ABOUT, ""])
def test_results_are_valid(client: TestClient, assert_valid: Any, about: str) -> None:
    queries = {"q0": {"query": "Lantern", **({"type": about} if about else {})}, "q1": {"query": "zzz"}}
    assert_valid("reconciliation-query-batch", queries)
    answer = client.get("/reconcile", params={"queries": json.dumps(queries)})
    assert_valid("reconciliation-result-batch", answer.json())


def test_suggestions_are_valid(client: TestClient, assert_valid: Any) -> None:
    for name, prefix in (("entity", "lan"), ("type", "p"), ("property", "dir")):
        answer = client.get(f"/reconcile/suggest/{name}", params={"prefix": prefix}).json()
        assert answer["result"]
        plural = {"entity": "entities", "type": "types", "property": "properties"}[name]
        assert_valid(f"suggest-{plural}-response", answer)


@pytest.mark.parametrize("about", ABOUT)
def test_extensions_are_valid(client: TestClient, assert_valid: Any, about: str) -> None:
    proposed = client.get("/reconcile/properties", params={"type": about}).json()
    assert_valid("data-extension-property-proposal", proposed)
    id_ = {"project": LANTERN, "person": "person:mira solveig", "company": "company:quillfeather pictures"}[about]
    properties = [one["id"] for one in proposed["properties"]]
    assert_valid("data-extension-query", {"ids": [id_], "properties": [{"id": one} for one in properties]})
    answer = extended(client, [id_, "company:nobody"], *properties)
    assert_valid("data-extension-response", answer)
    assert sum(bool(values) for values in answer["rows"][id_].values()) >= 3


def test_the_examples_of_the_specification_are_answered(client: TestClient, assert_valid: Any) -> None:
    folder = brought("reconciliation-api-specs", "0.2/examples/reconciliation-query-batch/valid")
    for file in sorted(folder.glob("*.json")):
        batch = json.loads(file.read_text("utf-8"))
        types = {
            t for q in batch.values() for t in ([q["type"]] if isinstance(q.get("type"), str) else q.get("type", ()))
        }
        answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
        # Types and properties of other services are none of ours: that is told, in one line, and nothing breaks.
        assert answer.status_code == 400 if types or "no-query" in file.name else 200, file.name
        if answer.status_code == 200:
            assert_valid("reconciliation-result-batch", answer.json())


# What is said, without them.


def test_the_manifest_leads_to_what_there_is(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"]
    assert {"name", "identifierSpace", "schemaSpace"} <= set(manifest)
    assert [one["id"] for one in manifest["defaultTypes"]] == list(ABOUT)
    view = manifest["view"]["url"].replace("{{id}}", LANTERN.replace(":", "%3A"))
    assert client.get(view).headers["location"] == "/projects/4e9115f95b41"
    assert client.get(manifest["preview"]["url"].replace("{{id}}", LANTERN)).status_code == 200
    for suggest in manifest["suggest"].values():
        assert client.get(suggest["service_url"] + suggest["service_path"], params={"prefix": "p"}).status_code == 200
    flyout = manifest["suggest"]["entity"]["flyout_service_path"].replace("${id}", LANTERN)
    assert "The Lantern Keepers" in client.get(flyout).json()["html"]
    propose = manifest["extend"]["propose_properties"]
    assert client.get(propose["service_url"] + propose["service_path"]).json()["properties"]
    assert manifest["batchSize"] == BATCH


@pytest.mark.parametrize(
    ("query", "id_", "sure"),
    [
        ({"query": "The Lantern Keepers"}, LANTERN, True),
        ({"query": "lantern keepers", "type": "project"}, LANTERN, True),
        ({"query": "The Lantren Keepers", "type": ["project"]}, LANTERN, False),
        ({"query": LANTERN}, LANTERN, True),
        ({"query": "4e9115f95b41"}, LANTERN, True),
        ({"query": "Mira Solveig"}, "person:mira solveig", True),
        ({"query": "mira solveigh", "type": "person"}, "person:mira solveig", False),
        ({"query": "person:mira solveig"}, "person:mira solveig", True),
        ({"query": "Quillfeather", "type": "company"}, "company:quillfeather pictures", False),
        ({"query": "QUILLFEATHER PICTURES"}, "company:quillfeather pictures", True),
        ({"properties": [{"pid": "writer", "v": "Ilse Marten"}], "type": "project"}, LANTERN, False),
    ],
)
def test_who_is_meant(client: TestClient, query: Any, id_: str, sure: bool) -> None:
    (best, *rest) = ask(client, q=query)["q"]
    assert (best["id"], best["match"]) == (id_, sure)
    scores = [best["score"], *(one["score"] for one in rest)]
    assert scores == sorted(scores, reverse=True)
    assert not any(one["match"] for one in rest)


def test_of_two_with_one_title_the_people_tell(client: TestClient) -> None:
    bare = ask(client, q={"query": "Cold Ledger", "type": "project"})["q"]
    assert [one["name"] for one in bare[:2]] == ["Cold Ledger", "Cold Ledger"]
    assert not any(one["match"] for one in bare)
    people = extended(client, [one["id"] for one in bare[:2]], "people")["rows"]
    by_id = {id_: {v["name"] for v in row["people"]} for id_, row in people.items()}
    for id_, names in by_id.items():
        others = set().union(*(n for i, n in by_id.items() if i != id_))
        own = sorted(names - others)[0]
        told = ask(client, q={"query": "Cold Ledger", "properties": [{"pid": "people", "v": [own]}]})["q"]
        assert (told[0]["id"], told[0]["match"]) == (id_, True)
        assert {"id": "people", "value": 1.0} in told[0]["features"]
        assert told[0]["score"] > told[1]["score"]


def test_features_say_why(client: TestClient) -> None:
    given = [{"pid": "year", "v": "2026"}, {"pid": "director", "v": {"id": "person:mira solveig"}},
             {"pid": "format", "v": "film"}]  # fmt: skip
    (best, *_) = ask(client, q={"query": "The Lantern Keepers", "properties": given})["q"]
    assert {one["id"]: one["value"] for one in best["features"]} == {
        "name": 1.0, "year": True, "people": 1.0, "format": True,
    }  # fmt: skip
    assert best["match"] is True
    wrong = [{"pid": "year", "v": 1931}]
    (other, *_) = ask(client, q={"query": "The Lantern Keepers", "properties": wrong})["q"]
    assert (other["match"], other["score"] < best["score"]) == (False, True)


def test_the_limit_is_kept(client: TestClient) -> None:
    found = ask(
        client, a={"query": "Tidemark", "limit": 3}, b={"query": "Tidemark"}, c={"query": "Tidemark", "limit": 40}
    )
    assert [len(found[key]) for key in "abc"] == [3, 5, 40]


def test_a_suggestion_needs_but_the_beginning(client: TestClient) -> None:
    def names(**asked: Any) -> list[str]:
        return [one["name"] for one in client.get("/reconcile/suggest/entity", params=asked).json()["result"]]

    assert "The Lantern Keepers" in names(prefix="lan")
    assert names(prefix="mira so", type="person") == ["Mira Solveig"]
    assert names(prefix="?") == []
    first, second = names(prefix="tide"), names(prefix="tide", cursor=10)
    assert len(first) == len(second) == 10
    assert not set(first) & set(second)


def test_the_values_of_a_project(client: TestClient) -> None:
    row = extended(client, [LANTERN], "title", "director", "year", "release", "first_day", "open", "status")["rows"][
        LANTERN
    ]
    assert row["title"] == [{"str": "The Lantern Keepers"}]
    assert {"id": "person:mira solveig", "name": "Mira Solveig"} in row["director"]
    assert "Teodor Valk" not in json.dumps(row["director"]), "who has left is not on it"
    assert row["year"] == [{"int": 2027}]
    assert row["release"] == [{"str": "2027-11-14"}]
    assert row["first_day"] == [{"date": "2025-02-06T00:00:00Z"}]
    assert row["open"] == [{"str": "composer"}]
    assert row["status"] == [{"str": "filming"}]


def test_every_role_can_be_asked_for() -> None:
    assert {*CREDIT_ROLES, *COMPANY_ROLES} <= set(DATA["project"])
    for about in ABOUT:
        for way in DATA[about].values():
            assert set(way.get("roles", ())) <= {*CREDIT_ROLES, *COMPANY_ROLES, "start", "wrap", "release", "premiere"}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": '{"a": {"query": 3}}'}, 400),
        ({"queries": '{"a": {}}'}, 400),
        ({"queries": '{"a": {"query": "x", "type": "king"}}'}, 400),
        ({"queries": '{"a": {"query": "x", "limit": 0}}'}, 400),
        ({"queries": '{"a": {"query": "\\u0000"}}'}, 400),
        ({"queries": '{"a": {"query": "\\" OR * NEAR("}}'}, 200),
        ({"queries": "{}"}, 200),
        ({"queries": json.dumps({str(n): {"query": "x"} for n in range(BATCH + 1)})}, 413),
        ({"extend": "{}"}, 400),
        ({"extend": json.dumps({"ids": ["a"] * (ENTITIES + 1), "properties": []})}, 413),
        ({"extend": '{"ids": ["x", "person:", ":", "project:nope"], "properties": [{"id": "director"}, {}]}'}, 200),
    ],
)
def test_what_cannot_be_is_told_in_one_shape(client: TestClient, form: dict[str, str], status: int) -> None:
    answer = client.post("/reconcile", data=form)
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.json()["error"]["status"] == status
    assert client.get("/reconcile", params=form).status_code in {status, 414}


@pytest.mark.parametrize("path", ["view", "preview", "flyout"])
@pytest.mark.parametrize("id_", ["", "x", "project:", "project:nope", "king:lear", "person:nobody at all"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str, id_: str) -> None:
    expected = 307 if path == "view" and id_ in {"project:nope", "person:nobody at all"} else 404
    assert client.get(f"/reconcile/{path}", params={"id": id_}).status_code == expected


# Who may read along.


def test_openrefine_on_this_machine_may_read(client: TestClient) -> None:
    for origin in (OPENREFINE, "http://localhost:3333", "https://[::1]:3333"):
        answer = client.get("/reconcile", headers={"origin": origin})
        assert answer.headers["access-control-allow-origin"] == origin
        assert "Origin" in answer.headers["vary"]
    asked = client.options("/reconcile", headers={"origin": OPENREFINE, "access-control-request-method": "POST"})
    assert asked.status_code == 204
    assert "POST" in asked.headers["access-control-allow-methods"]


@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "file://",
                                    "http://[", "http://192.168.1.7"])  # fmt: skip
def test_another_page_may_not(client: TestClient, origin: str) -> None:
    for path in ("/reconcile", "/reconcile/suggest/entity?prefix=l", "/reconcile/nope"):
        assert "access-control-allow-origin" not in client.get(path, headers={"origin": origin}).headers


def test_nothing_else_is_opened(client: TestClient) -> None:
    for path in ("/", "/api/counts", "/feeds/all.atom", "/reconciled"):
        headers = client.get(path, headers={"origin": OPENREFINE}).headers
        assert "access-control-allow-origin" not in headers
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"


def test_origins_that_were_named_may_read(world: Path) -> None:
    with client_of(world, origins=("https://tool.example/",)) as client:
        assert client.get("/reconcile", headers={"origin": "https://tool.example"}).headers[
            "access-control-allow-origin"
        ]
        assert "access-control-allow-origin" not in client.get("/reconcile", headers={"origin": EVIL}).headers
    with client_of(world, origins=("*",)) as client:
        assert client.get("/reconcile", headers={"origin": EVIL}).headers["access-control-allow-origin"] == "*"


def test_only_the_preview_may_stand_in_a_frame(client: TestClient) -> None:
    headers = client.get(f"/reconcile/preview?id={LANTERN}").headers
    assert "frame-ancestors http://localhost:* http://127.0.0.1:*" in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "x-frame-options" not in headers
    assert client.get("/reconcile").headers["x-frame-options"] == "DENY"


def test_a_named_origin_adds_nothing_to_the_policy(world: Path) -> None:
    with client_of(world, origins=("https://a.example; script-src *",)) as client:
        assert "script-src *" not in client.get(f"/reconcile/preview?id={LANTERN}").headers["content-security-policy"]


def test_a_script_is_for_pages_that_may_read(client: TestClient) -> None:
    answer = client.get("/reconcile?callback=jQuery1_2")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.text.startswith("/**/jQuery1_2({")
    assert json.loads(answer.text[len("/**/jQuery1_2(") : -2])["name"] == "slatewatch"
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert client.get("/reconcile?callback=x", headers=elsewhere).status_code == 403
    assert client.get("/reconcile?callback=x", headers={**elsewhere, "referer": f"{EVIL}/page"}).status_code == 403
    assert client.get("/reconcile?callback=x", headers={**elsewhere, "referer": f"{OPENREFINE}/"}).status_code == 200
    for bad in ("alert(1)//", "a b", "", "x" * 200):
        assert client.get("/reconcile", params={"callback": bad}).status_code == 400


def test_a_name_that_is_not_ours_is_refused_here_too(client: TestClient) -> None:
    answer = client.get("/reconcile", headers={"host": "evil.example", "origin": "http://evil.example"})
    assert answer.status_code == 421
    assert "access-control-allow-origin" not in answer.headers


def test_a_hostile_name_is_text(tmp_path: Path) -> None:
    title = "<img src=x onerror=alert(1)> Keepers"
    store = build(tmp_path / "odd.db", [article("a", "2020-01-01", said(title, "director", "</script>\u2028Eve"))])
    with client_of(store) as client:
        (best, *_) = ask(client, q={"query": title, "type": "project"})["q"]
        for path in ("preview", "flyout"):
            assert "<img" not in client.get(f"/reconcile/{path}", params={"id": best["id"]}).text.replace("\\", "")
        script = client.get("/reconcile", params={"callback": "f", "queries": json.dumps({"q": {"query": title}})}).text
        assert "<" not in script
