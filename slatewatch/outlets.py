"""The outlets of outlets.toml: their names, whose page an address is, how a page of theirs was laid out on a day."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

OutletKind = Literal["trade", "magazine", "newspaper", "wire", "broadcaster", "site"]
KINDS: tuple[OutletKind, ...] = get_args(OutletKind)
LONGEST = 2048  # characters: no name or address of an outlet is longer
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Pages up to the day `until` (None: today): a CSS selector of the body, patterns of whole lines to drop."""

    body: str | None = None
    drop: tuple[str, ...] = ()
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One outlet. `names` starts with `name`, `everyday` are those that are plain words, `layouts` run old to new."""

    id: str
    name: str
    names: tuple[str, ...]
    domains: tuple[str, ...]
    kind: OutletKind
    country: str
    layouts: tuple[Layout, ...]
    everyday: tuple[str, ...] = ()

    def layout_on(self, day: str | None) -> Layout:
        """The layout of a day, ISO (a time behind it is passed over). Today's where the day is not known."""
        if day:
            for layout in self.layouts:
                if layout.until and day[:10] <= layout.until:
                    return layout
        return self.layouts[-1]


def make_outlet(id_: str, table: dict[str, Any]) -> Outlet:
    """An Outlet from its table in outlets.toml. The present layout stands last, empty where none is given."""
    earlier = sorted((make_layout(old) for old in table.get("layout", ())), key=lambda layout: layout.until or "")
    return Outlet(
        id=id_,
        name=table["name"],
        names=tuple(dict.fromkeys((table["name"], *table.get("names", ())))),
        domains=tuple(table["domains"]),
        kind=table["kind"],
        country=table["country"],
        layouts=(*earlier, make_layout(table)),
        everyday=tuple(table.get("everyday", ())),
    )


def make_layout(table: dict[str, Any]) -> Layout:
    until = table.get("until")
    return Layout(body=table.get("body"), drop=tuple(table.get("drop", ())), until=until.isoformat() if until else None)


@cache
def all_outlets() -> tuple[Outlet, ...]:
    """Every outlet, in the order of outlets.toml."""
    data = tomllib.loads((files(__package__) / "outlets.toml").read_text("utf-8"))
    return tuple(make_outlet(id_, table) for id_, table in data.items())


@cache
def all_names() -> tuple[str, ...]:
    """Every name and abbreviation once, but those that are everyday words alone ("Empire", "The Times")."""
    return tuple(dict.fromkeys(name for one in all_outlets() for name in one.names if name not in one.everyday))


@cache
def by_name() -> dict[str, Outlet]:
    """Outlets by folded name. A name of two outlets is that of the first."""
    found: dict[str, Outlet] = {}
    for outlet in all_outlets():
        for name in (outlet.id, *outlet.names):
            found.setdefault(fold(name), outlet)
    return found


@cache
def by_domain() -> dict[str, Outlet]:
    return {domain: outlet for outlet in all_outlets() for domain in outlet.domains}


def fold(name: str) -> str:
    """A name without case, a leading "the" and double spaces, its apostrophes straight."""
    return " ".join(name.casefold().replace("’", "'").split()).removeprefix("the ")


def find(said: str) -> Outlet | None:
    """The outlet of a name, an abbreviation, a domain or an address ("THR", "m.variety.com", "https://...")."""
    if len(said) > LONGEST:
        return None
    return by_name().get(fold(said)) or of_host(host_of(said))


def host_of(address: str) -> str:
    """The host of an address or of a bare domain, empty where there is none."""
    try:
        host = urlsplit(address if "://" in address else f"//{address.strip()}").hostname or ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""
    return host.rstrip(".") if HOST.fullmatch(host.rstrip(".")) else ""


def of_host(host: str) -> Outlet | None:
    """The outlet whose domain a host is or belongs to, the longest domain first."""
    domains = by_domain()
    parts = host.split(".")
    return next((domains[d] for i in range(len(parts) - 1) if (d := ".".join(parts[i:])) in domains), None)
