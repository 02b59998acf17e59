"""Signing in, private notes, and the review of pairs and doubtful claims. Writing takes a session and its form key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast, get_args
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from slatewatch import answers
from slatewatch.answers.noting import CORRECTABLE, Verdict, doubtful, put_note, rule, rulings
from slatewatch.errors import BadInput
from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES, MODALITIES, SOURCE_WORKS, Judgement

from .rendering import page
from .sessions import COOKIE, same_origin, set_cookie

PAIRS = 10
Form = dict[str, str]


async def form_of(request: Request) -> Form:
    """The fields of a form, the last of a name. Raises BadInput for what no browser sends."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise BadInput("send a form: application/x-www-form-urlencoded")
    try:
        text = (await request.body()).decode("utf-8")
        return {name: value.replace("\x00", "") for name, value in parse_qsl(text, True, max_num_fields=40)}
    except ValueError as error:
        raise BadInput("the form cannot be read") from error


def own_page(to: str) -> str:
    """Where to go after a form: a path of ours, never another server."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() else "/"


def sign_in(request: Request) -> Response:
    _writable(request)
    return page(request, "sign_in.html", to=own_page(request.query_params.get("to", "/")), wrong=False)


def _writable(request: Request) -> None:
    if request.app.state.sessions.token is None:
        raise HTTPException(403, "This server was started to be read only.")


async def signed_in(request: Request) -> Response:
    _writable(request)
    form = await form_of(request)
    if not same_origin(request):
        raise HTTPException(403, "Another site's page sent this: sign in on this one.")
    address = request.client.host if request.client else ""
    cookie = request.app.state.sessions.open(form.get("token", ""), address)
    to = own_page(form.get("to", "/"))
    if cookie is None:
        return page(request, "sign_in.html", 403, to=to, wrong=True)
    response = RedirectResponse(to, 303)
    set_cookie(response, cookie, secure=request.url.scheme == "https")
    return response


async def sign_out(request: Request) -> Response:
    await _allowed(request)
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


async def _allowed(request: Request) -> Form:
    """The form, where its sender may write. Raises HTTPException 403 where not."""
    form = await form_of(request)
    if not request.app.state.sessions.may_write(request, form.get("key", "")):
        raise HTTPException(403, "To write, sign in with the token that the server printed.")
    return form


def _written(work: Callable[[Form, Request], None], back: str) -> Callable[[Request], object]:
    async def handler(request: Request) -> Response:
        form = await _allowed(request)
        await run_in_threadpool(work, form, request)
        return RedirectResponse(own_page(form.get("to") or back), 303)

    return handler


def _note(form: Form, request: Request) -> None:
    with request.app.state.connections.writing() as db:
        put_note(db, form.get("project", ""), form.get("text", ""), by="web")


def _pair(form: Form, request: Request) -> None:
    judgement = form.get("judgement")
    if judgement not in get_args(Judgement):
        raise BadInput(f"a decision is one of {', '.join(get_args(Judgement))}")
    with request.app.state.connections.writing() as db:
        answers.decide(
            db, form.get("left", ""), form.get("right", ""), cast(Judgement, judgement), by="web",
            why=form.get("why", "")[:1000],
        )  # fmt: skip


def _claim(form: Form, request: Request) -> None:
    verdict = form.get("verdict")
    if verdict not in get_args(Verdict):
        raise BadInput(f"a verdict is one of {', '.join(get_args(Verdict))}")
    instead = {name: form[name] for name in CORRECTABLE if form.get(name)} if verdict == "correct" else None
    with request.app.state.connections.writing() as db:
        rule(
            db, form.get("article", ""), form.get("claim", ""), cast(Literal["accept", "reject", "correct"], verdict),
            instead=instead, by="web", why=form.get("why", ""),
        )  # fmt: skip


keep_note, keep_pair, keep_claim = _written(_note, "/open"), _written(_pair, "/review"), _written(_claim, "/review")


def review(request: Request) -> Response:
    with request.app.state.connections.reading() as db:
        pairs, claims = answers.review(db, limit=PAIRS), doubtful(db, limit=PAIRS * 2)
        ruled, decided = rulings(db, limit=10), answers.decisions(db)[-10:]
    roles = {"credit": CREDIT_ROLES, "open_role": CREDIT_ROLES, "company": COMPANY_ROLES, "based_on": SOURCE_WORKS}
    return page(
        request, "review.html", here="/review", pairs=pairs, claims=claims, ruled=ruled, decided=decided[::-1],
        roles=roles, modalities=MODALITIES,
    )  # fmt: skip
