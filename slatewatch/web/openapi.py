"""The OpenAPI document, made from the rows of `operations`: what is served and what is described cannot differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import msgspec

from . import reconcile_paths
from .operations import OPERATIONS, Operation, Param

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "message"],
            "properties": {"status": {"type": "integer"}, "message": {"type": "string"}},
        }
    },
}
TROUBLES = {
    "400": "What was asked cannot be",
    "401": "Writing takes the token",
    "403": "Pages of that origin may not read this",
    "404": "There is none",
    "413": "Too much was sent",
    "414": "The address is too long",
    "421": "Not a name of this server",
    "429": "Too many requests",
    "503": "The store cannot be read just now",
}
ALWAYS = ("400", "404", "413", "414", "421", "429", "503")
#: A day, or a time of one.
MOMENT = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}


@lru_cache
def document(writings: tuple[tuple[str, str, str, Any], ...]) -> dict[str, Any]:
    """OpenAPI 3.1 of all operations and of the writings: (path, name, what, shape of the body) each."""
    shapes = [operation.gives for operation in OPERATIONS] + [shape for *_, shape in writings]
    schemas, components = _plain(msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}"))
    paths: dict[str, dict[str, Any]] = {}
    for operation, schema in zip(OPERATIONS, schemas, strict=False):
        paths[operation.path.replace(":path", "")] = {"get": _question(operation, schema)}
    for (path, name, what, _), schema in zip(writings, schemas[len(OPERATIONS) :], strict=True):
        paths[path] = {"post": _writing(name, what, schema)}
    paths |= reconcile_paths.paths(_troubles(ALWAYS), _troubles(("403",))["403"])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "slatewatch",
            "version": version("slatewatch"),
            "description": "What film and television news states about projects, each value with its words.",
        },
        "paths": paths,
        "components": {
            "schemas": {**components, "Error": ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _plain(schema: Any) -> Any:
    """Tuples as arrays of so many of either type: few tools read `prefixItems`."""
    if isinstance(schema, dict):
        made = {name: _plain(part) for name, part in schema.items()}
        if "prefixItems" in made:
            made["items"] = {"anyOf": made.pop("prefixItems")}
        return made
    return type(schema)(map(_plain, schema)) if isinstance(schema, list | tuple) else schema


def _question(operation: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"{(\w+)", operation.path)
    ]
    return {
        "operationId": operation.name,
        "summary": operation.what,
        "parameters": [*path, *map(_parameter, operation.params)],
        "responses": {**_given("200", schema), "304": {"description": "As you have it"}, **_troubles(ALWAYS)},
    }


def _parameter(param: Param) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": param.kind}
    if param.allowed:
        schema["enum"] = list(param.allowed)
    elif param.form == "date":
        schema["format"] = "date"
    elif param.form:
        schema = MOMENT
    elif param.kind == "integer":
        schema |= {"minimum": 1, "maximum": 50 if "50." in param.what else 200}
    else:
        schema |= {"minLength": 1, "maxLength": 500}
    return {"name": param.name, "in": "query", "required": param.needed, "description": param.what, "schema": schema}


def _writing(name: str, what: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": what,
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {**_given("201", {}), **_troubles(("401", *ALWAYS))},
    }


def _given(status: str, schema: dict[str, Any]) -> dict[str, Any]:
    whole = {
        "type": "object",
        "required": ["data", "next"],
        "properties": {"data": schema, "next": {"type": ["string", "null"]}},
    }
    return {status: {"description": "The answer", "content": {"application/json": {"schema": whole}}}}


def _troubles(statuses: Sequence[str]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": TROUBLES[status], "content": content} for status in statuses}
