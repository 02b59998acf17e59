"""Addresses of our own pages, and which addresses of others may be linked to."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, urlencode, urlsplit

#: A name or id longer than this has no page of its own: its address would be more than a browser sends.
LONGEST = 400
#: What a browser takes for a step up the path instead of a name.
STEPS = frozenset({"", ".", ".."})


@lru_cache(maxsize=2048)
def _thing(folder: str, name: str) -> str | None:
    if len(name) > LONGEST:
        return None
    if name in STEPS or name.startswith("/"):
        return f"/{folder}?" + urlencode({"name": name}, errors="replace")
    return f"/{folder}/" + quote(name, safe="", errors="replace")


def article(id_: str, claim: str | None = None) -> str | None:
    """An article's page, at one of its claims where that is given."""
    link = _thing("articles", id_)
    return f"{link}#c-{claim}" if link and claim else link


def project(id_: str) -> str | None:
    return _thing("projects", id_)


def person(name: str) -> str | None:
    return _thing("people", name)


def company(name: str) -> str | None:
    return _thing("companies", name)


def with_query(path: str, **asked: object) -> str:
    """A path with those parameters that have a value."""
    said = {name: str(value) for name, value in asked.items() if value not in (None, "", False)}
    return f"{path}?{urlencode(said, errors='replace')}" if said else path


def outside(url: str | None) -> str | None:
    """An address of the web as it may stand in a link; None for any other scheme, and for what is no address."""
    if not url or len(url) > 2000 or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in {"http", "https"} and parts.netloc else None
