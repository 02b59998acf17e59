"""Webhooks: one POST a changed fact, signed, tried again with back-off, never to a private address unless it is named.

Headers and signature are those of Standard Webhooks (https://www.standardwebhooks.com): `webhook-id` is the alert's id
and the same for every try, `webhook-signature` an HMAC-SHA256 over id, time and body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import time
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

import msgspec

from slatewatch.errors import BadInput, Undelivered, UnreadablePage
from slatewatch.fetching import PrivateAddress, post

from .digest import Told, after_of, before_of, matter_of

#: Seconds before the second try, the third and so on; give or take a half, so that many do not come at once.
WAITS = (1.0, 3.0, 9.0, 27.0)
#: A receiver may ask for more patience, up to so many seconds.
LONGEST_WAIT = 60.0
#: What is worth another try: too much at once, or trouble on the receiver's side.
AGAIN = frozenset({408, 425, 429})
#: Bytes of a secret, as the signature's convention wants them.
SECRET_BYTES = (24, 64)


def key_of(secret: str | None) -> bytes:
    """The key of a secret as `whsec_` and base64. Raises BadInput where there is none, or it is none."""
    advice = (
        "set SLATEWATCH_WEBHOOK_SECRET to whsec_ followed by 24 to 64 random bytes as base64 (openssl rand -base64 32)"
    )
    if not secret:
        raise BadInput(f"webhooks are signed: {advice}")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError as error:
        raise BadInput(f"the webhook secret is no base64: {advice}") from error
    if not SECRET_BYTES[0] <= len(key) <= SECRET_BYTES[1]:
        raise BadInput(f"the webhook secret has {len(key)} bytes: {advice}")
    return key


def body_of(told: Told) -> bytes:
    """The JSON that is sent: the alert, its values in words, and who has reported it by now."""
    alert = told.alert
    data = {
        **msgspec.to_builtins(alert),
        "matter": matter_of(alert), "old": before_of(alert), "new": after_of(alert),
        "sources": msgspec.to_builtins(told.sources),
    }  # fmt: skip
    return msgspec.json.encode({"type": "fact.changed", "timestamp": alert.noted, "data": data})


def signed(id_: str, body: bytes, key: bytes, *, at: int) -> dict[str, str]:
    """The headers of a try at a Unix time."""
    mark = hmac.new(key, b".".join((id_.encode(), str(at).encode(), body)), hashlib.sha256).digest()
    return {
        "webhook-id": id_, "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(mark).decode()}", "content-type": "application/json",
    }  # fmt: skip


def deliver(
    url: str, told: Told, key: bytes, *, private: Collection[str] = (), sleep: Callable[[float], None] = time.sleep
) -> None:
    """Tell one receiver of one fact. `private` names the hosts that need not be public. Raises Undelivered."""
    body, host = body_of(told), _host(url)
    said = ""
    for wait in (*WAITS, None):
        headers = signed(told.alert.id, body, key, at=int(time.time()))
        status, later = _tried(url, body, headers, allow_private=host in private)
        if isinstance(status, int) and 200 <= status < 300:
            return
        said = f"answered {status}" if isinstance(status, int) else status
        if isinstance(status, int) and not (status in AGAIN or status >= 500):
            raise Undelivered(
                f"the webhook at {host} {said}: check its address; what it missed is kept for the next run"
            )
        if wait is not None:
            sleep(_pause(wait, later))
    raise Undelivered(f"the webhook at {host} {said}, {len(WAITS) + 1} times; what it missed is kept for the next run")


def _pause(wait: float, later: str | None) -> float:
    asked = float(later) if later and later.isascii() and later.isdigit() else 0.0
    return min(max(wait * random.uniform(0.5, 1.5), asked), LONGEST_WAIT)


def _tried(url: str, body: bytes, headers: dict[str, str], *, allow_private: bool) -> tuple[int | str, str | None]:
    """The status answered, or what went wrong on the way; and how long the receiver asks to wait."""
    import httpx

    try:
        return post(url, body, headers, allow_private=allow_private)
    except PrivateAddress as error:
        host = _host(url)
        raise Undelivered(
            f"the webhook at {host} is on a private address: --allow-private {host} lets it be told"
        ) from error
    except UnreadablePage as error:
        if "no host" not in str(error) and "still not there" not in str(error):
            raise Undelivered(f"the webhook at {_host(url)}: {error}") from error
        return "cannot be reached", None
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        return f"cannot be reached ({type(error).__name__})", None


def _host(url: str) -> str:
    """The host alone: the rest of an address may be a secret."""
    try:
        return urlsplit(url).hostname or "an address without a host"
    except ValueError:
        return "an address that is none"


def checked_url(url: str) -> str:
    """Raises BadInput for what is no http(s) address."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise BadInput(f"{url[:100]!r} is no address of a webhook: write https://HOST/PATH")
    return url
