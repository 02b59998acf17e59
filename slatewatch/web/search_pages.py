"""Search, and what the data is."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from slatewatch import answers
from slatewatch.answers.records import Found

from . import asked
from .reader_card import reader_card
from .rendering import page

FOUND = 12
NOTHING = Found(projects=(), people=(), companies=(), quotes=())


def search(request: Request) -> Response:
    query = asked.text(request, "q")
    found = NOTHING
    # What has no letter or digit in it has nothing to search for, and is no fault of the asker as they type.
    if query and re.search(r"\w", query):
        with request.app.state.connections.reading() as db:
            found = answers.find(db, query, limit=FOUND)
    return page(request, "search.html", query=query or "", found=found)


def about(request: Request) -> Response:
    figures = request.app.state.figures
    return page(
        request, "about.html", here="/about", counts=figures.ask("counts"), coverage=figures.ask("coverage"),
        card=reader_card(),
    )  # fmt: skip
