"""The reconciliation service in the OpenAPI document. Its answers have their own shapes, without our envelope."""

from __future__ import annotations

from typing import Any

from slatewatch.answers.reconciling import ABOUT

from . import origins

TEXT = {"type": "string", "minLength": 1, "maxLength": 500}
ID = {"type": "string", "minLength": 3, "maxLength": 500, "description": "Type and name, like project:4e9115f95b41."}
BATCH = {
    "type": "string",
    "description": "A JSON object of queries, or of ids and properties, as the API 0.2 has them.",
}
NAMED = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
}
FOUND = {
    "type": "object",
    "required": ["result"],
    "properties": {"result": {"type": "array", "items": NAMED}},
}
PROPOSED = {
    "type": "object",
    "required": ["properties", "type"],
    "properties": {"properties": {"type": "array", "items": NAMED}, "type": {"type": "string"}},
}
FLYOUT = {
    "type": "object",
    "required": ["id", "html"],
    "properties": {"id": {"type": "string"}, "html": {"type": "string"}},
}


def _param(name: str, schema: dict[str, Any], what: str, *, needed: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": needed, "description": what, "schema": schema}


CALLBACK = _param("callback", {"type": "string", "pattern": "^[A-Za-z_$]{1,40}$"}, "Answer as a script that calls it.")
CURSOR = _param("cursor", {"type": "integer", "minimum": 0, "maximum": 9999}, "So many suggestions to pass over.")
PREFIX = _param("prefix", {"type": "string", "maxLength": 500}, "What was typed so far.")
BY_ID = _param("id", ID, "Which entity.", needed=True)
JSON = ("application/json", "text/javascript")
#: path below the service's root, name, what it is, parameters, schema of the answer, media types.
PATHS: tuple[tuple[str, str, str, tuple[dict[str, Any], ...], dict[str, Any], tuple[str, ...]], ...] = (
    ("/suggest/entity", "suggestEntity", "Entities whose names begin so.",
     (PREFIX, CURSOR, _param("type", {"type": "string", "enum": list(ABOUT)}, "Of this type alone."), CALLBACK),
     FOUND, JSON),
    ("/suggest/type", "suggestType", "Types.", (PREFIX, CURSOR, CALLBACK), FOUND, JSON),
    ("/suggest/property", "suggestProperty", "Properties.", (PREFIX, CURSOR, CALLBACK), FOUND, JSON),
    ("/properties", "proposeProperties", "Properties of a type.",
     (_param("type", {"type": "string", "enum": list(ABOUT)}, "Of this type (project)."),
      _param("limit", {"type": "integer", "minimum": 1, "maximum": 1000}, "At most so many."), CALLBACK),
     PROPOSED, JSON),
    ("/flyout", "flyout", "A line of HTML on an entity.", (BY_ID, CALLBACK), FLYOUT, JSON),
    ("/preview", "preview", "A small page on an entity, to stand in a frame.", (BY_ID,), TEXT, ("text/html",)),
)  # fmt: skip


def paths(troubles: dict[str, Any], refused: dict[str, Any]) -> dict[str, Any]:
    """Path -> what can be done there. `troubles` are the answers that any may give, `refused` that of a script."""

    def given(schema: dict[str, Any], kinds: tuple[str, ...]) -> dict[str, Any]:
        content = {kind: {"schema": schema if kind == "application/json" else {"type": "string"}} for kind in kinds}
        whole: dict[str, Any] = {"200": {"description": "The answer", "content": content}}
        return {**whole, "304": {"description": "As you have it"}, "403": refused, **troubles}

    form = {"type": "object", "properties": {"queries": BATCH, "extend": BATCH}}
    batch = (_param("queries", BATCH, "Queries, by key."), _param("extend", BATCH, "Ids and properties."), CALLBACK)
    found: dict[str, Any] = {
        origins.ROOT: {
            "get": {
                "operationId": "reconcile",
                "summary": "The manifest; with a parameter, the answer to a batch.",
                "parameters": list(batch),
                "responses": given({"type": "object"}, JSON),
            },
            "post": {
                "operationId": "reconcileForm",
                "summary": "The answer to a batch.",
                "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}},
                "responses": given({"type": "object"}, JSON),
            },
        },
        f"{origins.ROOT}/view": {
            "get": {
                "operationId": "reconcileView",
                "summary": "Leads from an id to its page.",
                "parameters": [BY_ID],
                "responses": {"307": {"description": "To its page"}, **troubles},
            }
        },
    }
    for path, name, what, params, schema, kinds in PATHS:
        found[origins.ROOT + path] = {
            "get": {
                "operationId": name, "summary": what, "parameters": list(params), "responses": given(schema, kinds),
            }
        }  # fmt: skip
    return found
