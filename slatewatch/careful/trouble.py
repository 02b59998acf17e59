"""What can go wrong between slatewatch and a model's server: counted, told, and never the end of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "no connection", "timed out", "too many requests", "server error", "redirected", "refused", "key refused",
    "too long", "no answer of a model", "no JSON", "over the budget", "given up", "failed here",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why one question got no answer that can be used; `told` says it to the user, with what to do.

    `again`: it may go away by itself, after `wait` seconds where the server named them. `final`: every other question
    would meet it too. `paid`: the server may have charged for it all the same.
    """

    reason: Reason
    told: str
    again: bool = False
    final: bool = False
    paid: bool = False
    wait: float | None = None
