"""Which model reads, how much and at what price: from options, a table of slatewatch.toml, and the environment."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from ..errors import BadInput

Which = Literal["all", "unsure", "check"]
Form = Literal["auto", "json_schema", "json_object", "plain"]
#: The file that holds settings, in the working folder unless SLATEWATCH_CONFIG names another.
FILE = "slatewatch.toml"
#: Names of a table of the file where they are words of Python.
NAMES = {"for": "which"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """Everything a run with a language model is told. docs/language-models.md describes each field.

    Prices are for a million tokens, in whatever money the budget is in; `timeout` is in seconds; `longest` in
    characters of one article; `below` and `sure` are probabilities; 0 for `per_minute`, `tokens_per_minute` means no
    limit.
    """

    url: str
    model: str
    which: Which = "all"
    below: float = 0.7
    sure: float = 0.9
    price_in: float = 0.0
    price_out: float = 0.0
    budget: float | None = None
    token_budget: int | None = None
    workers: int = 4
    per_minute: int = 0
    tokens_per_minute: int = 0
    timeout: float = 300.0
    retries: int = 4
    examples: int = 3
    longest: int = 30_000
    max_tokens: int = 6_000
    temperature: float | None = 0.0
    answer: Form = "auto"
    cache: str | None = None

    def __post_init__(self) -> None:
        _check_url(self.url)
        for name in ("below", "sure"):
            _within(name, getattr(self, name), 0, 1)
        for name, low in (("workers", 1), ("max_tokens", 16), ("longest", 500), ("timeout", 0.01)):
            _within(name, getattr(self, name), low, None)
        for name in ("price_in", "price_out", "per_minute", "tokens_per_minute", "retries", "examples"):
            _within(name, getattr(self, name), 0, None)
        for name in ("budget", "token_budget", "temperature"):
            if getattr(self, name) is not None:
                _within(name, getattr(self, name), 0, None)
        if self.budget is not None and not (self.price_in or self.price_out):
            raise BadInput(
                "a budget in money needs the price of a million tokens: --llm-price IN/OUT, or a budget in tokens "
                "(--llm-budget 500000t)"
            )

    def cost(self, tokens_in: float, tokens_out: float) -> float:
        """What so many tokens cost, in the money of the prices."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1_000_000


def settings_from(llm: str, *, given: Mapping[str, Any], file: Path | None = None) -> ModelSettings:
    """The settings of one run. `llm` is the URL of a server or the name of a table `[llm.NAME]` of slatewatch.toml.

    `given` are fields said on the command line: they go before the file's. Raises BadInput for what cannot be.
    """
    import msgspec

    fields: dict[str, Any] = {"url": llm} if "://" in llm else _table(llm, file)
    fields |= {name: value for name, value in given.items() if value is not None}
    for name, what in (("url", "url = ... in the file"), ("model", "--model NAME, or model = ... in the file")):
        if not fields.get(name):
            raise BadInput(f"--llm {llm}: the {name} is missing: {what}")
    if fields.get("temperature") == "none":
        fields["temperature"] = None
    try:
        return msgspec.convert(_budgeted(fields), ModelSettings)
    except msgspec.ValidationError as error:
        raise BadInput(f"--llm {llm}: a setting is not what it takes: {error}") from error


def key_of_environment() -> str | None:
    """The key for the server, from SLATEWATCH_LLM_KEY alone. Raises BadInput where no header could carry it."""
    key = os.environ.get("SLATEWATCH_LLM_KEY", "").strip()
    if not key.isascii() or not key.isprintable():
        raise BadInput("SLATEWATCH_LLM_KEY holds characters that no key has: set it anew")
    return key or None


def _table(name: str, file: Path | None) -> dict[str, Any]:
    path = file or Path(os.environ.get("SLATEWATCH_CONFIG") or FILE)
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("llm", {})
    except FileNotFoundError as error:
        raise BadInput(
            f"--llm {name}: neither a URL (http://127.0.0.1:8080/v1) nor a table of {path}, which is not there"
        ) from error
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from error
    named: dict[str, dict[str, Any]] = {}
    if isinstance(tables, dict):
        named = {str(key): table for key, table in tables.items() if isinstance(table, dict)}
    if name not in named:
        there = ", ".join(named) or "none"
        raise BadInput(f"--llm {name}: neither a URL nor a table [llm.{name}] of {path}; tables there: {there}")
    allowed = sorted((*(set(FIELD_NAMES) - {*NAMES.values(), "token_budget"}), *NAMES))
    unknown = sorted(set(named[name]) - set(allowed))
    if unknown:
        raise BadInput(f"{path}: [llm.{name}] has no setting {unknown[0]!r}; there are {', '.join(allowed)}")
    return {_field(key): value for key, value in named[name].items()}


def _field(name: str) -> str:
    """A setting's name in Python."""
    return NAMES.get(name, name)


def _budgeted(fields: dict[str, Any]) -> dict[str, Any]:
    """A budget as it is written (`2.50`, `500000t`) as money or tokens."""
    said = fields.get("budget")
    if not isinstance(said, str):
        return fields
    number, tokens = (said[:-1], True) if said.lower().endswith("t") else (said, False)
    try:
        value = float(number)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise BadInput(f"a budget is a number, or one of tokens with a t at its end (2.50, 500000t), not {said!r}")
    rest = {name: other for name, other in fields.items() if name != "budget"}
    return {**rest, "token_budget": int(value)} if tokens else {**rest, "budget": value}


def price_of(said: str | None) -> dict[str, float]:
    """`0.15/0.60` as the price of a million tokens of prompt and of answer; one number is both."""
    if said is None:
        return {}
    first, _, second = said.partition("/")
    try:
        prices = float(first), float(second or first)
    except ValueError:
        prices = (-1.0, -1.0)
    if not all(0 <= price < float("inf") for price in prices):
        raise BadInput(f"--llm-price {said!r}: say what a million tokens cost, prompt and answer: 0.15/0.60")
    return {"price_in": prices[0], "price_out": prices[1]}


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        _ = parts.port
        wrong = parts.scheme not in ("http", "https") or not parts.hostname
    except ValueError:
        wrong = True
    if wrong:
        raise BadInput(f"--llm {url[:200]!r} is not the address of a server: http://127.0.0.1:8080/v1, say")
    if parts.username or parts.password:
        raise BadInput("--llm: leave the key out of the address and set SLATEWATCH_LLM_KEY instead")


def _within(name: str, value: float, low: float, high: float | None) -> None:
    said = next((key for key, field in NAMES.items() if field == name), name)
    if not value >= low or (high is not None and value > high) or value == float("inf"):
        span = f"from {low} to {high}" if high is not None else f"at least {low}"
        raise BadInput(f"the setting {said} of the language model must be {span}, not {value}")


FIELD_NAMES: tuple[str, ...] = tuple(field.name for field in dataclasses.fields(ModelSettings))
