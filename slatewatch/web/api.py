"""The JSON API: one envelope, `{"data": …, "next": …}`; one shape of an error; reading open, writing by the token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from slatewatch import answers
from slatewatch.answers import noting
from slatewatch.errors import BadInput
from slatewatch.model import Judgement

from . import origins, reconcile_paths
from .openapi import document
from .operations import OPERATIONS, Operation
from .rendering import tagged


class NewDecision(msgspec.Struct, forbid_unknown_fields=True):
    """Whether two projects, people or companies are one."""

    left: str
    right: str
    judgement: Judgement
    about: Literal["project", "person", "company"] = "project"
    why: str = ""


class NewRuling(msgspec.Struct, forbid_unknown_fields=True):
    """A word on one claim; `instead` holds the fields that a correction changes."""

    article: str
    claim: str
    verdict: Literal["accept", "reject", "correct"]
    instead: dict[str, str] = {}
    why: str = ""


class NewNote(msgspec.Struct, forbid_unknown_fields=True):
    """A private note on a project; an empty text takes it away."""

    project: str
    text: str


def _decide(asked: Any, db: Any) -> Any:
    return answers.decide(
        db, asked.left, asked.right, asked.judgement, by="api", why=asked.why[:1000], about=asked.about
    )


def _rule(asked: Any, db: Any) -> Any:
    noting.rule(db, asked.article, asked.claim, asked.verdict, instead=asked.instead, by="api", why=asked.why)
    return {"article": asked.article, "claim": asked.claim, "verdict": asked.verdict}


def _note(asked: Any, db: Any) -> Any:
    return {"project": noting.put_note(db, asked.project, asked.text, by="api"), "text": asked.text.strip()}


#: path, name, what it does, the shape of its body, what writes it.
WRITINGS: tuple[tuple[str, str, str, Any, Callable[[Any, Any], Any]], ...] = (
    ("/api/decisions", "decide", "Say whether two projects, people or companies are one.", NewDecision, _decide),
    ("/api/rulings", "rule", "Accept, reject or correct a claim.", NewRuling, _rule),
    ("/api/notes", "note", "Keep a private note on a project.", NewNote, _note),
)


def envelope(data: Any, more: str | None = None) -> bytes:
    return msgspec.json.encode({"data": data, "next": more})


def _reading(operation: Operation) -> Callable[[Request], Response]:
    def handler(request: Request) -> Response:
        with request.app.state.connections.reading() as db:
            data, more = operation.ask(request, db)
        return tagged(request, envelope(data, more), "application/json")

    return handler


def _writing(shape: Any, write: Callable[[Any, Any], Any]) -> Callable[[Request], Any]:
    decoder = msgspec.json.Decoder(shape)

    def work(asked: Any, request: Request) -> bytes:
        with request.app.state.connections.writing() as db:
            return envelope(write(asked, db))

    async def handler(request: Request) -> Response:
        if not request.app.state.sessions.bearer(request):
            raise HTTPException(
                401,
                "Writing takes the server's token: send Authorization: Bearer TOKEN.",
                {"www-authenticate": "Bearer"},
            )
        try:
            asked = decoder.decode(await request.body())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadInput(f"the body is not what it should be: {error}") from error
        if any("\x00" in value for value in msgspec.structs.asdict(asked).values() if isinstance(value, str)):
            raise BadInput("the body holds a NUL")
        return Response(await run_in_threadpool(work, asked, request), 201, media_type="application/json")

    return handler


def index(request: Request) -> Response:
    """What there is."""
    paths = {operation.name: operation.path.replace(":path", "") for operation in OPERATIONS}
    service = {name: origins.ROOT + path for path, name, *_ in reconcile_paths.PATHS}
    service |= {"reconcile": origins.ROOT, "reconcileView": f"{origins.ROOT}/view"}
    links = {"openapi": "/api/openapi.json", **paths, **{name: path for path, name, *_ in WRITINGS}, **service}
    return JSONResponse({"data": links, "next": None})


def openapi(request: Request) -> Response:
    shapes = tuple((path, name, what, shape) for path, name, what, shape, _ in WRITINGS)
    return tagged(request, msgspec.json.encode(document(shapes)), "application/json")


ROUTES = (
    Route("/api/", index),
    Route("/api/openapi.json", openapi),
    *(Route(operation.path, _reading(operation), name=f"api-{operation.name}") for operation in OPERATIONS),
    *(
        Route(path, _writing(shape, write), methods=["POST"], name=f"api-{name}")
        for path, name, _, shape, write in WRITINGS
    ),
)
