"""Who may write: whoever has shown the token, in a cookie that only this server can have made, or in a header."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

from starlette.requests import Request
from starlette.responses import Response

from .guard import Pace

COOKIE = "slatewatch"
#: How long a sign-in holds, in seconds.
LASTS = 30 * 24 * 3600
#: Wrong tokens from one address, a second: one in six seconds, after the first few.
WRONG_RATE = 1 / 6


class Sessions:
    """Nothing is kept on the server: a cookie is a time and a random part, signed with a key made from the token."""

    def __init__(self, token: str | None) -> None:
        self.token = token
        self._key = hashlib.sha256(f"slatewatch\x1f{token}".encode()).digest()
        self._tries = Pace(WRONG_RATE)
        self._tries.most = 10.0

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}\x1f{text}".encode(), "sha256").hexdigest()

    def open(self, said: str, address: str) -> str | None:
        """A new cookie for the right token; None for a wrong one, and for any after too many wrong ones."""
        if not self.accepts(said, address):
            return None
        name = f"{int(time.time())}.{secrets.token_hex(16)}"
        return f"{name}.{self._sign('session', name)}"

    def accepts(self, said: str, address: str) -> bool:
        if self.token is None or not self._tries.allows(address):
            return False
        right = hmac.compare_digest(said.encode(), self.token.encode())
        if right:
            self._tries.forget(address)
        return right

    def session(self, request: Request) -> str | None:
        """The session of a request's cookie, None where it has none that holds."""
        name, _, signature = request.cookies.get(COOKIE, "").rpartition(".")
        made = name.partition(".")[0]
        if self.token is None or not (made.isascii() and made.isdigit() and len(made) < 12):
            return None
        good = hmac.compare_digest(signature.encode(), self._sign("session", name).encode())
        return name if good and 0 <= time.time() - int(made) < LASTS else None

    def form_key(self, session: str) -> str:
        """What a form of this session must send back: a page elsewhere cannot know it."""
        return self._sign("form", session)

    def may_write(self, request: Request, form_key: str) -> bool:
        """Whether a form comes from our own page, sent by somebody signed in."""
        session = self.session(request)
        fits = session is not None and hmac.compare_digest(form_key.encode(), self.form_key(session).encode())
        return fits and same_origin(request)

    def bearer(self, request: Request) -> bool:
        """Whether a request brings the token in its Authorization header, as programs do."""
        scheme, _, said = request.headers.get("authorization", "").partition(" ")
        address = request.client.host if request.client else ""
        return scheme.lower() == "bearer" and self.accepts(said.strip(), address)


def same_origin(request: Request) -> bool:
    """Whether the browser says that a page of ours sent this. A browser that says nothing is not enough to refuse."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


def set_cookie(response: Response, value: str, *, secure: bool) -> None:
    response.set_cookie(COOKIE, value, max_age=LASTS, httponly=True, samesite="strict", secure=secure, path="/")
