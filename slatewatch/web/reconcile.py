"""The reconciliation service, 0.2 of its API: manifest, queries in batches, suggest, preview, data extension."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from slatewatch import __version__, answers
from slatewatch.answers.extending import Value, extend, properties
from slatewatch.answers.reconciling import ABOUT, TYPES, Candidate, Query, candidates, suggest
from slatewatch.errors import BadInput
from slatewatch.model import CREDIT_ROLES

from . import asked, links, origins
from .rendering import page, tagged
from .shown import shown

#: Queries of a batch, candidates of a query, entities to extend, at most; suggestions a page.
BATCH, CANDIDATES, ENTITIES, SUGGESTIONS = 50, 50, 200, 10
#: Candidates where the query does not say; characters of its name at most.
USUAL, LONGEST = 5, 300
WIDTH, HEIGHT = 420, 260


class Asked(msgspec.Struct):
    """A query of a batch, as the specification has it; what it does not know of is passed over."""

    query: str = ""
    type: str | list[str] | None = None
    limit: float | None = None
    properties: list[dict[str, Any]] = []


class Extension(msgspec.Struct):
    """A data extension query."""

    ids: list[str]
    properties: list[dict[str, Any]]


BATCHES = msgspec.json.Decoder(dict[str, Asked])
EXTENSIONS = msgspec.json.Decoder(Extension)


async def service(request: Request) -> Response:
    """The endpoint: without parameters its manifest, else the answer to `queries` or `extend`."""
    said = dict(request.query_params)
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind != "application/x-www-form-urlencoded":
            raise BadInput("send a form: application/x-www-form-urlencoded")
        try:
            said |= dict(parse_qsl((await request.body()).decode(), True, max_num_fields=40))
        except ValueError as error:
            raise BadInput("the form cannot be read") from error
    if "queries" in said:
        return await run_in_threadpool(_answer, request, said["queries"], BATCHES, _reconciled)
    if "extend" in said:
        return await run_in_threadpool(_answer, request, said["extend"], EXTENSIONS, _extended)
    return _json(request, manifest(str(request.base_url).rstrip("/")))


def manifest(base: str) -> dict[str, Any]:
    """What the service offers, at addresses below `base`."""

    def service_of(path: str, **more: str) -> dict[str, str]:
        return {"service_url": base, "service_path": f"{origins.ROOT}/{path}", **more}

    return {
        "versions": ["0.2"],
        "name": "slatewatch",
        "identifierSpace": f"{base}{origins.ROOT}/view?id=",
        "schemaSpace": f"{base}{origins.ROOT}/properties",
        "documentation": f"{base}/about",
        "serviceVersion": __version__,
        "logo": f"{base}/static/icon.svg",
        "defaultTypes": [_type(about) for about in ABOUT],
        "view": {"url": f"{base}{origins.ROOT}/view?id={{{{id}}}}"},
        "preview": {"url": f"{base}{origins.ROOT}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {
            "entity": service_of("suggest/entity", flyout_service_path=f"{origins.ROOT}/flyout?id=${{id}}"),
            "type": service_of("suggest/type"),
            "property": service_of("suggest/property"),
        },
        "extend": {"propose_properties": service_of("properties"), "property_settings": []},
        "batchSize": BATCH,
    }


def _type(about: str) -> dict[str, str]:
    return {"id": about, "name": TYPES[about]}


def _answer(request: Request, text: str, decoder: Any, work: Callable[[Request, Any], Any]) -> Response:
    try:
        wanted = decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadInput(f"that is no JSON of this kind: {error}") from error
    return _json(request, work(request, wanted))


def _reconciled(request: Request, batch: dict[str, Asked]) -> dict[str, Any]:
    if len(batch) > BATCH:
        raise HTTPException(413, f"at most {BATCH} queries at once, not {len(batch)}")
    with request.app.state.connections.reading() as db:
        return {key: {"result": [_result(c) for c in candidates(db, query_of(one))]} for key, one in batch.items()}


def query_of(said: Asked) -> Query:
    """A query in our words. Raises BadInput where it asks for nothing, or for a type that does not exist."""
    types = [said.type] if isinstance(said.type, str) else said.type or []
    wrong = [one for one in types if one not in ABOUT]
    if wrong:
        raise BadInput(f"there is no type {wrong[0][:60]!r}; there are {', '.join(ABOUT)}")
    limit = USUAL if said.limit is None else said.limit
    if not 1 <= limit < 10**9:
        raise BadInput("limit is a whole number from 1 on")
    people, given, year = list[str](), list[tuple[str, str]](), None
    for prop in said.properties[:20]:
        pid, values = str(prop.get("pid", "")), prop.get("v")
        for value in (values if isinstance(values, list) else [values])[:20]:
            text = _clean(value.get("name") or value.get("id") if isinstance(value, dict) else value)
            if not text:
                continue
            if pid in CREDIT_ROLES or pid == "people":
                people.append(text.removeprefix("person:"))
            elif pid == "year" and (found := re.search(r"\b\d{4}\b", text)):
                year = int(found[0])
            elif pid in {"format", "status", "first_outlet"}:
                given.append((pid, text))
    name = _clean(said.query)
    if not name and not people:
        raise BadInput("a query has a name in `query`, or people in `properties`")
    return Query(
        name=name, about=tuple(types), limit=min(int(limit), CANDIDATES), year=year, people=tuple(people[:50]),
        given=tuple(given),
    )  # fmt: skip


def _clean(value: object) -> str:
    """A text as it may be searched for; halves of characters and NUL go."""
    text = "" if value is None else str(value)[:LONGEST]
    return text.encode("utf-8", "ignore").decode().replace("\x00", "").strip()


def _result(one: Candidate) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": str(shown(one.name)),
        "description": str(shown(one.description)),
        "type": [_type(one.about)],
        "score": one.score,
        "match": one.sure,
        "features": [{"id": name, "value": value} for name, value in one.features],
    }


def _extended(request: Request, wanted: Extension) -> dict[str, Any]:
    if len(wanted.ids) > ENTITIES:
        raise HTTPException(413, f"at most {ENTITIES} entities at once, not {len(wanted.ids)}")
    ids = [str(prop.get("id", "")) for prop in wanted.properties[:60]]
    known = {p.id: p for about in reversed(ABOUT) for p in properties(about)}
    ids = [id_ for id_ in dict.fromkeys(ids) if id_ in known]
    meta: list[dict[str, Any]] = []
    for id_ in ids:
        about = known[id_].about
        meta.append({"id": id_, "name": known[id_].name, **({"type": _type(about)} if about else {})})
    with request.app.state.connections.reading() as db:
        rows = extend(db, [_clean(one) for one in wanted.ids], ids)
    plain = {id_: {prop: [_value(v) for v in values] for prop, values in row.items()} for id_, row in rows.items()}
    return {"meta": meta, "rows": plain}


def _value(value: Value) -> dict[str, Any]:
    if value.id is not None:
        return {"id": value.id, "name": str(shown(value.text))}
    if value.number is not None:
        return {"int": value.number}
    if value.day is not None:
        return {"date": f"{value.day[:10]}T00:00:00Z"}
    return {"str": str(shown(value.text))}


def suggest_entity(request: Request) -> Response:
    prefix, begin = _prefix(request), _cursor(request)
    kinds = tuple(request.query_params.getlist("type")) or ABOUT
    with request.app.state.connections.reading() as db:
        found = suggest(db, prefix, kinds, limit=begin + SUGGESTIONS)[begin:]
    result = [
        {"id": one.id, "name": str(shown(one.name)), "description": one.description, "notable": [_type(one.about)]}
        for one in found
    ]
    return _json(request, {"result": result})


def suggest_type(request: Request) -> Response:
    prefix, begin = _prefix(request).lower(), _cursor(request)
    found = [_type(about) for about in ABOUT if about.startswith(prefix)]
    return _json(request, {"result": found[begin : begin + SUGGESTIONS]})


def suggest_property(request: Request) -> Response:
    prefix, begin = _prefix(request).lower(), _cursor(request)
    every = {p.id: p for about in reversed(ABOUT) for p in properties(about)}
    found = [p for p in every.values() if prefix in p.name.lower() or p.id.startswith(prefix)]
    found.sort(key=lambda p: (not p.name.lower().startswith(prefix), p.name))
    return _json(request, {"result": [{"id": p.id, "name": p.name} for p in found[begin : begin + SUGGESTIONS]]})


def propose(request: Request) -> Response:
    about = asked.choice(request, "type", ABOUT) or "project"
    limit = asked.number(request, "limit", 100, 1000)
    found = [{"id": p.id, "name": p.name} for p in properties(about)[:limit]]
    return _json(request, {"properties": found, "type": about, "limit": limit})


def _prefix(request: Request) -> str:
    return asked.text(request, "prefix") or ""


def _cursor(request: Request) -> int:
    text = asked.text(request, "cursor") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise BadInput("cursor is a whole number from 0 on")
    return int(text)


def _entity(request: Request) -> tuple[str, str]:
    """(type, name there) of the `id` that was asked for."""
    about, _, name = (asked.text(request, "id") or "").partition(":")
    if about not in ABOUT or not name:
        raise HTTPException(404, "There is no such entity: an id is a type and a name, like project:4e9115f95b41.")
    return about, name


def view(request: Request) -> Response:
    """Leads from an id to the page of what it names."""
    about, name = _entity(request)
    to = {"project": links.project, "person": links.person, "company": links.company}[about](name)
    return RedirectResponse(to or "/", 307)


def preview(request: Request) -> Response:
    about, name = _entity(request)
    return page(request, "preview.html", here="", about=about, found=_found(request, about, name))


def _found(request: Request, about: str, name: str) -> Any:
    ask: Any = {"project": answers.project, "person": answers.person, "company": answers.company}[about]
    with request.app.state.connections.reading() as db, asked.known():
        return ask(db, name)


def flyout(request: Request) -> Response:
    """A line of HTML on an entity: names are escaped, there is nothing else in it."""
    about, name = _entity(request)
    with request.app.state.connections.reading() as db:
        found = candidates(db, Query(name=f"{about}:{name}", about=(about,), limit=1))
    if not found:
        raise HTTPException(404, f"There is no {about} {name[:60]!r}.")
    html = request.app.state.templates.get_template("flyout.html")
    return _json(request, {"id": f"{about}:{name}", "html": html.render(one=found[0])})


def _json(request: Request, answer: Any) -> Response:
    """JSON, or where a callback is named, and the asker may, a script that calls it."""
    body = msgspec.json.encode(answer)
    callback = request.query_params.get("callback")
    if callback is None:
        return tagged(request, body, "application/json")
    if not re.fullmatch(r"[A-Za-z_$][\w$.]{0,99}", callback, re.ASCII):
        raise BadInput("callback is a plain name of a function")
    if not origins.may_script(request.headers, request.app.state.settings):
        raise HTTPException(403, "Pages of that origin may not read this: start the server with --allow-origin ORIGIN.")
    # The comment keeps the answer from being taken for another kind of file by its first bytes.
    safe = body.replace(b"<", b"\\u003c").replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")
    return Response(b"/**/" + callback.encode() + b"(" + safe + b");", media_type="text/javascript; charset=utf-8")


def options(request: Request) -> Response:
    """What a browser asks before it sends: the guard adds who may."""
    return Response(status_code=204, headers={"allow": "GET, POST, OPTIONS"})


def _routes() -> tuple[Route, ...]:
    root = origins.ROOT
    pages = (
        ("/suggest/entity", suggest_entity), ("/suggest/type", suggest_type), ("/suggest/property", suggest_property),
        ("/properties", propose), ("/view", view), ("/preview", preview), ("/flyout", flyout),
    )  # fmt: skip
    return (
        Route(root, service, methods=["GET", "POST"]),
        Route(root, options, methods=["OPTIONS"]),
        *(Route(f"{root}{path}", handler) for path, handler in pages),
        *(Route(f"{root}{path}", options, methods=["OPTIONS"]) for path, _ in pages),
    )


ROUTES = _routes()
