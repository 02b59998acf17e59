"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`token` opens writing; without one nothing can be written. `hosts` are names, apart from loopback and plain
    addresses, that a browser may call the server by. `rate` is requests a second from one address, 0 for no limit.
    `origins` are those whose pages may read the reconciliation service, beside those of this machine; `*` is any.
    """

    store: Path
    token: str | None = None
    hosts: tuple[str, ...] = ()
    rate: float = 100.0
    readers: int = 4
    origins: tuple[str, ...] = ()
