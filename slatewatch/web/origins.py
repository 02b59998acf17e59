"""Pages of other origins that may read what the reconciliation service says: OpenRefine's on this machine, and those
that the server was told of. Everybody else's page gets no leave of a browser to read along.

The specification wants every endpoint open to every origin. A store on somebody's own machine is not for every page
that its browser happens to show, so that is for whoever starts the server to say: `--allow-origin '*'`.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Scope

from .settings import Settings

#: The part of the server that this is about.
ROOT = "/reconcile"
#: Named instead of an origin: any.
ANY = "*"
#: How a browser says that a request comes from a page elsewhere.
ELSEWHERE = frozenset({"cross-site"})


def within(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == ROOT or path.startswith(f"{ROOT}/")


def allowed(origin: str, settings: Settings) -> bool:
    """Whether pages of an origin may read: those of this machine, and those that were named."""
    if ANY in settings.origins or origin.lower() in {named.lower().rstrip("/") for named in settings.origins}:
        return True
    try:
        parts = urlsplit(origin)
        name = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"}:
        return False
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def may_script(headers: Headers, settings: Settings) -> bool:
    """Whether an answer may be a script for another page (JSONP), which any page could otherwise have run.

    Such a request bears no origin. A browser says that it comes from elsewhere, and as a rule from where.
    """
    if headers.get("sec-fetch-site", "none") not in ELSEWHERE:
        return True
    try:
        parts = urlsplit(headers.get("referer", ""))
    except ValueError:
        return False
    return allowed(f"{parts.scheme}://{parts.netloc}", settings)


def loosen(scope: Scope, answer: MutableHeaders, settings: Settings) -> None:
    """Set the headers by which a browser lets an allowed page read the service's answers and frame its previews."""
    if not within(scope):
        return
    origin = Headers(scope=scope).get("origin")
    answer.add_vary_header("Origin")
    if origin and allowed(origin, settings):
        answer["access-control-allow-origin"] = ANY if ANY in settings.origins else origin
        answer["access-control-allow-methods"] = "GET, POST, OPTIONS"
        answer["access-control-allow-headers"] = "content-type"
        answer["access-control-max-age"] = "600"
    answer["cross-origin-resource-policy"] = "cross-origin"
    if scope["path"] == f"{ROOT}/preview":
        framing = [ANY] if ANY in settings.origins else ["http://localhost:*", "http://127.0.0.1:*", *settings.origins]
        policy = answer["content-security-policy"].replace("frame-ancestors 'none'", _ancestors(framing))
        answer["content-security-policy"] = policy
        del answer["x-frame-options"]


def _ancestors(origins: list[str]) -> str:
    # Only what is plainly an origin goes into the header: nothing named on the command line can add to the policy.
    plain = [one for one in origins if one == ANY or not set(one) & set(" ;,'\"\r\n\t")]
    return f"frame-ancestors {' '.join(plain)}"
