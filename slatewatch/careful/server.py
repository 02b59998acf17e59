"""One question to a server that speaks the OpenAI protocol -> the text of its answer, or what went wrong.

The user names the server, so it may stand on this machine; but redirects are not followed, nothing is taken from a
proxy, an answer is bounded in size and time, and the key goes nowhere else.
"""

from __future__ import annotations

import email.utils
import json
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..fetching import within
from ..terminal import printable
from .answer_schema import Schema
from .settings import ModelSettings
from .trouble import Trouble

if TYPE_CHECKING:
    pass

#: Bytes: no list of claims is longer; what a server says of an error is cut.
LONGEST, LONGEST_ERROR = 2_000_000, 4_000
#: Seconds until a connection stands.
CONNECT = 15.0
#: The ways to ask for JSON of a shape, the firmest first; a server that refuses one is asked the next way.
FORMS = ("json_schema", "object_schema", "json_object", "plain")
#: Characters of English or JSON that make a token, as few as they come: no estimate of a cost shall be too low.
CHARACTERS = 3.0

Messages = Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the model wrote. `cut`: it stopped at the limit of its length. Tokens as the server counted them."""

    text: str
    tokens_in: int
    tokens_out: int
    seconds: float
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """How a server wants to be asked: the form of the answer, and what it does not take."""

    form: str
    temperature: bool = True
    old_limit: bool = True


class ModelServer:
    """The server and the model that one run asks. Any number of threads may ask at once."""

    def __init__(self, settings: ModelSettings, key: str | None) -> None:
        self._settings = settings
        self._key = key
        self._url = endpoint(settings.url)
        self._way = Way(FORMS[0] if settings.answer == "auto" else settings.answer)
        self._trust: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def ask(self, messages: Messages, schema: Schema) -> Answer | Trouble:
        """One question, asked again at once in another way where the server does not know this one."""
        way = self._way
        began = time.monotonic()
        for _ in range(len(FORMS) + 2):
            status, retry, body = 0, None, b""
            sent = self._send(self._body(messages, schema, way))
            if isinstance(sent, Trouble):
                return sent
            status, retry, body = sent
            if status == 200:
                self._way = way
                return self._answer(body, messages, time.monotonic() - began)
            # A server that checks what it is sent in the wrong place calls that its own failure.
            refused = status in (400, 415, 422) or (status == 500 and b"response_format" in body)
            other = self._other_way(way, body) if refused else None
            if other is None:
                return self._failure(status, retry, body)
            way = other
        return self._failure(status, retry, body)

    def _body(self, messages: Messages, schema: Schema, way: Way) -> bytes:
        body: dict[str, Any] = {"model": self._settings.model, "messages": list(messages)}
        if way.temperature and self._settings.temperature is not None:
            body["temperature"] = self._settings.temperature
        body["max_tokens" if way.old_limit else "max_completion_tokens"] = self._settings.max_tokens
        if way.form == "json_schema":
            named = {"name": "answer", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        elif way.form == "object_schema":
            body["response_format"] = {"type": "json_object", "schema": schema}
        elif way.form == "json_object":
            body["response_format"] = {"type": "json_object"}
        return json.dumps(body).encode()

    def _other_way(self, way: Way, body: bytes) -> Way | None:
        """What a refusal leads to; None where another way would be refused as well."""
        said = body.decode("utf-8", "replace").lower()
        if way.old_limit and "max_completion_tokens" in said:
            return Way(way.form, way.temperature, False)
        if way.temperature and "temperature" in said:
            return Way(way.form, False, way.old_limit)
        if "context" in said or self._settings.answer != "auto" or way.form == FORMS[-1]:
            return None
        return Way(FORMS[FORMS.index(way.form) + 1], way.temperature, way.old_limit)

    def _send(self, body: bytes) -> tuple[int, float | None, bytes] | Trouble:
        """Status, seconds that the server asks to wait, and the body of its answer."""
        import httpx

        end = time.monotonic() + self._settings.timeout
        late = Trouble(
            reason="timed out", again=True, paid=True,
            told=f"no whole answer within {self._settings.timeout:g} seconds: give it longer (--llm-timeout), or ask "
            "fewer at once (--llm-workers)",
        )  # fmt: skip
        try:
            # A moment more than the exchange has: it ends by itself where it can.
            return within(self._settings.timeout + 0.2, lambda: self._exchange(body, end), TimeoutError())
        except httpx.ConnectTimeout as error:
            return Trouble(reason="no connection", again=True, told=f"the server cannot be reached: {_said(error)}")
        except (httpx.TimeoutException, TimeoutError):
            return late
        except httpx.ConnectError as error:
            return Trouble(
                reason="no connection", again=True,
                told=f"the server cannot be reached ({_said(error)}): is it running, and is its address right?",
            )  # fmt: skip
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            return Trouble(reason="no connection", again=True, paid=True, told=f"the line broke: {_said(error)}")
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            return Trouble(reason="no connection", final=True, told=f"no address of a server: {_said(error)}")

    def _exchange(self, body: bytes, end: float) -> tuple[int, float | None, bytes] | Trouble:
        import httpx

        limits = httpx.Timeout(self._settings.timeout, connect=min(CONNECT, self._settings.timeout))
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"slatewatch/{__version__}",
        }
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        with (
            httpx.Client(
                verify=self._certificates(), trust_env=False, timeout=limits, follow_redirects=False
            ) as client,
            client.stream("POST", self._url, content=body, headers=headers) as response,
        ):
            if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
                return Trouble(
                    reason="no answer of a model", paid=True, told="the answer is compressed, which was not asked for"
                )
            wait = _seconds(response.headers.get("retry-after"))
            longest = LONGEST if response.status_code == 200 else LONGEST_ERROR
            whole = _bounded(response.iter_raw(), longest, end)
            if whole is None and response.status_code == 200:
                told = f"the answer is longer than {LONGEST // 1_000_000} MB, which no list of claims is"
                return Trouble(reason="too long", told=told, paid=True)
            return response.status_code, wait, whole or b""

    def _certificates(self) -> ssl.SSLContext | bool:
        """Whose certificates are believed, loaded once; SSL_CERT_FILE may name those of a house."""
        if not self._url.startswith("https:"):
            return False
        import httpx

        with self._lock:
            self._trust = self._trust or httpx.create_ssl_context()
        return self._trust

    def _answer(self, body: bytes, messages: Messages, seconds: float) -> Answer | Trouble:
        """The text in the server's JSON."""
        try:
            record = json.loads(body)
            choice = record["choices"][0]
            text = _text(choice["message"]["content"])
        except (ValueError, LookupError, TypeError, RecursionError):
            seen = printable(self._hidden(body[:200].decode("utf-8", "replace")), limit=80)
            return Trouble(
                reason="no answer of a model", paid=True,
                told=f"the server answered something else than a chat completion ({seen!r}): is the address right?",
            )  # fmt: skip
        usage = record.get("usage")
        counted = usage if isinstance(usage, dict) else {}
        return Answer(
            text=text, seconds=seconds, cut=isinstance(choice, dict) and choice.get("finish_reason") == "length",
            tokens_in=_count(counted.get("prompt_tokens"), tokens_of(messages)),
            tokens_out=_count(counted.get("completion_tokens"), tokens_in(text)),
        )  # fmt: skip

    def _failure(self, status: int, wait: float | None, body: bytes) -> Trouble:
        said = printable(self._hidden(_message(body)), limit=200)
        more = f": {said}" if said else ""
        if 300 <= status < 400:
            told = f"the server sends elsewhere ({status}), where nothing goes: name its last address with --llm"
            return Trouble(reason="redirected", told=told)
        if status in (401, 403):
            told = f"the server does not let this key in ({status}{more}): set SLATEWATCH_LLM_KEY"
            return Trouble(reason="key refused", told=told, final=True)
        if status == 402:
            return Trouble(reason="refused", told=f"the server wants to be paid first ({status}{more})", final=True)
        if status == 404:
            told = f"the server has no such address or model ({status}{more}): check --llm and --model"
            return Trouble(reason="refused", told=told, final=True)
        if status == 429:
            told = f"the server takes no more now ({status}{more}): set --llm-per-minute, or try again later"
            return Trouble(reason="too many requests", told=told, again=True, wait=wait)
        if status >= 500 or status in (408, 409, 425):
            told = f"the server failed ({status}{more}): try again later"
            return Trouble(reason="server error", told=told, again=True, wait=wait)
        return Trouble(reason="refused", told=f"the server refused the question ({status}{more})")

    def _hidden(self, text: str) -> str:
        """The text without the key, should a server have repeated it."""
        return text.replace(self._key, "***") if self._key else text


def endpoint(url: str) -> str:
    """The address that questions go to: `http://host:80` and `http://host:80/v1` lead to /v1/chat/completions."""
    base, mark, query = url.partition("?")
    base = base.partition("#")[0].rstrip("/")
    if not base.endswith("/chat/completions"):
        path = base.partition("://")[2].partition("/")[2]
        base = f"{base}/chat/completions" if path else f"{base}/v1/chat/completions"
    return base + mark + query


def tokens_in(text: str) -> int:
    """About how many tokens a text is, rather too many than too few: letters beyond ASCII count for one each."""
    plain = sum(character.isascii() for character in text)
    return int(plain / CHARACTERS) + len(text) - plain + 1


def tokens_of(messages: Messages) -> int:
    """About how many tokens a question is."""
    return sum(tokens_in(message["content"]) + 8 for message in messages)


def _bounded(chunks: Iterator[bytes], longest: int, end: float) -> bytes | None:
    """The body, or None where it is longer."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > longest:
            return None
        if time.monotonic() > end:
            raise TimeoutError
    return bytes(body)


def _seconds(retry_after: str | None) -> float | None:
    """The seconds that a Retry-After header names, as a number or as a date."""
    if not retry_after:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return max(0.0, seconds) if seconds < float("inf") else None


def _message(body: bytes) -> str:
    """What a server says of an error, in words where it has some."""
    text = body.decode("utf-8", "replace")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return "" if "<" in text[:20] else text
    for name in ("error", "message", "detail"):
        if isinstance(said, dict) and name in said:
            said = said[name]
    return said if isinstance(said, str) else json.dumps(said)


def _text(content: object) -> str:
    """The content of a message: a text, or parts of one."""
    if isinstance(content, list):
        return "".join(part["text"] for part in content if isinstance(part, dict) and part.get("type") == "text")
    if not isinstance(content, str):
        raise TypeError("no text")
    return content


def _count(said: object, guess: int) -> int:
    """A number of tokens as the server gives it, if it is one that can be."""
    return said if type(said) is int and 0 <= said < 1_000_000_000 else guess


def _said(error: Exception) -> str:
    return printable(str(error) or type(error).__name__, limit=200)
