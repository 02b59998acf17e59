"""Templates, and answers with an ETag, so that nothing is sent twice."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from slatewatch import model

from . import cells, links, quoted, wording, written
from .shown import long_text, shown

PACKAGE = Path(__file__).parents[1]
#: What browsers may do with our answers: keep them, and ask each time whether they still hold.
ASK_AGAIN = "private, no-cache"


class Templates(Environment):
    """Jinja: everything cleaned (`shown`) and escaped, both in one step (`written`); a missing name is an error."""

    code_generator_class = written.Written
    written = staticmethod(written.written)

    def compiled(self) -> None:
        """Compile every template now rather than when it is first asked for."""
        for name in self.list_templates():
            self.get_template(name)


@cache
def environment() -> Templates:
    """The templates, with the words and pieces that they are made of."""
    made = Templates(
        loader=FileSystemLoader(PACKAGE / "templates"), autoescape=True, undefined=StrictUndefined, finalize=shown,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    addresses = {
        "to_article": links.article, "to_project": links.project, "to_person": links.person,
        "to_company": links.company,
    }  # fmt: skip
    # Jinja calls a filter straight away, a function or a macro by way of several others.
    made.filters.update(
        plain=wording.plain, day=wording.day, kind=wording.kind, clock=wording.clock, share=wording.share,
        long_text=long_text, outside=links.outside, link=written.link, firmness=written.firmness, tag=written.tag,
        said=quoted.said, words=quoted.words, makers=quoted.makers, when=quoted.when, steps=quoted.steps,
        cells=cells.cells, names=cells.names, **addresses,
    )  # fmt: skip
    made.globals.update(
        with_query=links.with_query, select=written.select, vocabulary=model, static=static_versions(), **addresses
    )
    return made


def static_versions() -> dict[str, str]:
    """Name of a static file -> its address with a mark of its contents, so that browsers may keep it for good."""
    files = sorted((PACKAGE / "static").iterdir())
    return {f.name: f"/static/{f.name}?{hashlib.sha256(f.read_bytes()).hexdigest()[:10]}" for f in files}


def page(request: Request, template: str, code: int = 200, **values: Any) -> Response:
    """A page of HTML. `here` is what the navigation marks; `session` the form key, where one is signed in."""
    app = request.app.state
    session = app.sessions.session(request)
    body = app.templates.get_template(template).render(
        path=request.url.path, writable=app.sessions.token is not None,
        form_key=app.sessions.form_key(session) if session else None, **values,
    )  # fmt: skip
    return tagged(request, body.encode("utf-8", "replace"), "text/html; charset=utf-8", code)


def tagged(request: Request, body: bytes, media_type: str, status: int = 200) -> Response:
    """An answer with an ETag; 304 without a body where the asker has it already."""
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": ASK_AGAIN, "vary": "Cookie"}
    if status == 200 and had_already(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(body, status, {**headers, "content-type": media_type})


def had_already(tag: str, known: str) -> bool:
    """Whether an If-None-Match header names this ETag."""
    return tag in {one.strip().removeprefix("W/") for one in known.split(",")}
