"""What a request asks for: its parameters, each checked and bounded. What cannot be is BadInput."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request

from slatewatch.errors import BadInput

#: No parameter is longer, in characters.
LONGEST = 500


def text(request: Request, name: str) -> str | None:
    """A parameter without white space around it; None where it is missing or empty."""
    value = request.query_params.get(name, "").strip()
    if len(value) > LONGEST or "\x00" in value:
        raise BadInput(f"{name} is too long, or holds a NUL: at most {LONGEST} characters of text")
    return value or None


def choice(request: Request, name: str, allowed: Sequence[str]) -> str | None:
    value = text(request, name)
    if value is not None and value not in allowed:
        raise BadInput(f"there is no {name} {value[:60]!r}; there are {', '.join(allowed)}")
    return value


def day(request: Request, name: str) -> str | None:
    """An ISO day like 2026-03-01."""
    value = text(request, name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise BadInput(f"{name}: {value[:60]!r} is no day: write it like 2026-03-01") from error


def moment(request: Request, name: str) -> str | None:
    """An ISO day, or a time of one, in UTC where it says its zone."""
    value = text(request, name)
    if value is None:
        return None
    # A plus sign that was not escaped comes as a space.
    value = re.sub(r" (?=\d\d:\d\d$)", "+", value) if "T" in value else value
    try:
        said = datetime.fromisoformat(value)
        return value if said.tzinfo is None else said.astimezone(UTC).isoformat()
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{name}: {value[:60]!r} is no day or time: write it like 2026-03-01T08:00:00+00:00") from error


def number(request: Request, name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`."""
    value = text(request, name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and len(value) < 8 and 1 <= int(value) <= most):
        raise BadInput(f"{name} is a whole number from 1 to {most}, not {value[:60]!r}")
    return int(value)


def flag(request: Request, name: str) -> bool:
    return choice(request, name, ("0", "1", "true", "false", "on")) in {"1", "true", "on"}


def token(*parts: str | int) -> str:
    """Where a list goes on, opaque to who is handed it."""
    return base64.urlsafe_b64encode(json.dumps(parts, ensure_ascii=False).encode()).decode().rstrip("=")


def after(request: Request, *shape: type) -> tuple[str | int, ...] | None:
    """The parts of the paging token `next`, which must be of this shape; None where there is none."""
    value = text(request, "next")
    if value is None:
        return None
    try:
        parts = json.loads(base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise BadInput("next is no paging token: take it from the answer before") from error
    fits = isinstance(parts, list) and len(parts) == len(shape)
    if not fits or any(type(part) is not kind for part, kind in zip(parts, shape, strict=True)):
        raise BadInput("next is no paging token of this list: take it from the answer before")
    if not all(_bounded(part) for part in parts):
        raise BadInput("next is out of bounds: take it from the answer before")
    return tuple(parts)


def _bounded(part: str | int) -> bool:
    if isinstance(part, int):
        return 0 <= part <= 1_000_000
    return "\x00" not in part and not any(0xD800 <= ord(c) <= 0xDFFF for c in part)


def offset(request: Request) -> int:
    """How many rows of a list come before, by its paging token."""
    found = after(request, int)
    return int(found[0]) if found else 0


@contextmanager
def known() -> Iterator[None]:
    """What an answer does not know of is not found, rather than wrongly asked."""
    try:
        yield
    except BadInput as error:
        raise HTTPException(404, str(error)[:1000]) from error
