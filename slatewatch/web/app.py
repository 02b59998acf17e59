"""The server: routes, the guard before them, and what is said when something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from threading import Thread
from typing import Any

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from slatewatch.errors import BadInput, StoreError

from . import (
    api,
    feeds,
    grid_pages,
    name_pages,
    origins,
    project_pages,
    reading_pages,
    reconcile,
    search_pages,
    writing_pages,
)
from .connections import Connections
from .figures import Figures
from .guard import Guard, TooMuch
from .kept import Kept
from .rendering import PACKAGE, environment, page
from .sessions import Sessions
from .settings import Settings

log = logging.getLogger(__name__)

PAGES = (
    Route("/", reading_pages.feed),
    Route("/articles", reading_pages.article),
    Route("/articles/{name:path}", reading_pages.article),
    Route("/projects", project_pages.projects),
    Route("/projects/{name:path}", project_pages.project),
    Route("/open", grid_pages.open_posts),
    Route("/open.csv", grid_pages.open_csv),
    Route("/people", name_pages.people),
    Route("/people/{name:path}", name_pages.person),
    Route("/companies", name_pages.companies),
    Route("/companies/{name:path}", name_pages.company),
    Route("/outlets", name_pages.outlets),
    Route("/search", search_pages.search),
    Route("/about", search_pages.about),
    Route("/review", writing_pages.review),
    Route("/review/pair", writing_pages.keep_pair, methods=["POST"]),
    Route("/review/claim", writing_pages.keep_claim, methods=["POST"]),
    Route("/notes", writing_pages.keep_note, methods=["POST"]),
    Route("/sign-in", writing_pages.sign_in, methods=["GET"]),
    Route("/sign-in", writing_pages.signed_in, methods=["POST"]),
    Route("/sign-out", writing_pages.sign_out, methods=["POST"]),
)


def make_app(settings: Settings) -> Starlette:
    """The web application over a store. Raises StoreError where there is no store to read."""
    connections = Connections(settings.store, settings.readers)
    with connections.reading():
        pass
    app = Starlette(
        routes=[
            *PAGES,
            *feeds.ROUTES,
            *api.ROUTES,
            *reconcile.ROUTES,
            Mount("/static", Unchanging(directory=PACKAGE / "static")),
        ],
        middleware=[
            Middleware(Guard, settings=settings, refuse=_refuse),
            Middleware(Kept, connections=connections),
        ],
        exception_handlers=TROUBLES,
        lifespan=partial(_lifespan, settings),
    )
    app.state.connections, app.state.settings = connections, settings
    app.state.sessions, app.state.templates = Sessions(settings.token), environment()
    app.state.figures = Figures(connections)
    return app


@asynccontextmanager
async def _lifespan(settings: Settings, app: Starlette) -> AsyncIterator[None]:
    # More threads than there are connections would only wait for one.
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings.readers
    Thread(target=app.state.figures.warm, daemon=True).start()
    yield
    app.state.connections.close()


class Unchanging(StaticFiles):
    """Our own files. Their addresses bear a mark of their contents, so that browsers ask for each once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if scope["query_string"]:
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


def _refuse(scope: Scope, status: int, message: str) -> Response:
    """The answer of the guard: it asks nothing of the store."""
    if for_programs(scope):
        return error_shape(status, message)
    return Response(message + "\n", status, media_type="text/plain; charset=utf-8")


def for_programs(scope: Scope) -> bool:
    """Whether a path is asked by programs: they get errors as JSON."""
    return scope["path"].startswith("/api/") or origins.within(scope)


def error_shape(status: int, message: str, headers: Any = None) -> Response:
    """The one shape of an error of the API."""
    return JSONResponse({"error": {"status": status, "message": message[:1000]}}, status, headers)


def _say(request: Request, status: int, message: str, headers: Any = None) -> Response:
    if for_programs(request.scope):
        return error_shape(status, message, headers)
    response = page(request, "error.html", status, message=message, status_code=status)
    response.headers.update(headers or {})
    return response


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = {404: "There is no such page.", 405: "That cannot be done here."}
    message = error.detail if error.detail not in {"Not Found", "Method Not Allowed"} else said[error.status_code]
    return _say(request, error.status_code, message, error.headers)


def _bad_input(request: Request, error: Exception) -> Response:
    return _say(request, 400, str(error))


def _store(request: Request, error: Exception) -> Response:
    log.error("store: %s", error)
    return _say(request, 503, "The store cannot be read just now.", {"retry-after": "5"})


def _too_much(request: Request, error: Exception) -> Response:
    return _say(request, 413, "That is too much to send.")


def _unforeseen(request: Request, error: Exception) -> Response:
    # Starlette hands the error on to the server's log after this answer.
    return _say(request, 500, "This should not happen. The server's log says where it did.")


TROUBLES: dict[Any, Any] = {
    HTTPException: _http, BadInput: _bad_input, StoreError: _store, TooMuch: _too_much, Exception: _unforeseen,
}  # fmt: skip
