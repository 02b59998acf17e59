"""What has changed, for people: as lines for a terminal, Markdown, HTML. Words of the web are bounded and escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from slatewatch.terminal import printable

from .finding import Alert
from .sources import Source

#: No value or quote is shown at more length, in characters.
LONGEST = 300
#: In what order the changes of one project are told.
ORDER = (
    "project",
    "title",
    "credit",
    "open_role",
    "company",
    "status",
    "format",
    "based_on",
    "date",
    "location",
    "alias",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert with the outlets that have reported it by now, as a digest tells it."""

    alert: Alert
    sources: tuple[Source, ...]


def matter_of(alert: Alert) -> str:
    """What has changed: `director Ines Marrow`, `post of director`, `release date`."""
    role = (alert.role or "").replace("_", " ")
    value = printable(alert.value, limit=LONGEST)
    if alert.kind in {"credit", "company"}:
        return f"{role} {value}"
    if alert.kind == "open_role":
        return f"post of {role}" + (f" ({value})" if alert.value != alert.role else "")
    if alert.kind == "date":
        return f"{role} date"
    return {"based_on": f"based on ({role})", "alias": "other title"}.get(alert.kind, alert.kind)


def before_of(alert: Alert) -> str:
    """The old value; for what is new, that nothing was said."""
    nothing = {"open_role": "not said to be open", "project": "not heard of"}
    return _value(alert.before) if alert.before else nothing.get(alert.kind, "not said")


def after_of(alert: Alert) -> str:
    """The new value."""
    if alert.kind == "project":
        return "first heard of"
    return _value(alert.value if alert.kind in {"based_on", "location", "alias"} else alert.after)


def _value(text: str) -> str:
    return printable(text.replace("_", " "), limit=LONGEST)


def sentence(alert: Alert) -> str:
    """`director Ines Marrow: in talks → attached`."""
    return f"{matter_of(alert)}: {before_of(alert)} → {after_of(alert)}"


def by_project(told: Iterable[Told]) -> list[tuple[str, list[Told]]]:
    """(title, what is told of it), the titles in their order; of a project the oldest first."""
    found: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        found.setdefault((one.alert.title, one.alert.project or one.alert.id), []).append(one)
    return [(title, sorted(found[title, id_], key=_place)) for title, id_ in sorted(found, key=_title)]


def _title(key: tuple[str, str]) -> tuple[str, str]:
    return key[0].casefold(), key[1]


def _place(told: Told) -> tuple[str, str, int, str, bool, str]:
    alert = told.alert
    kind = ORDER.index(alert.kind) if alert.kind in ORDER else len(ORDER)
    # One post of a role may be filled and another open up in one article: in this order.
    return alert.day, alert.article, kind, alert.role or "", alert.after == "open", alert.value


def heading(told: Sequence[Told], today: str | None = None) -> str:
    """`3 changes on 2 projects, 2026-11-29`."""
    changes, projects = len(told), len(by_project(told))
    many = f"{changes} change{'' if changes == 1 else 's'} on {projects} project{'' if projects == 1 else 's'}"
    return f"{many}, {today or date.today().isoformat()}"


def also(told: Told) -> list[str]:
    """The other outlets that have reported it by now."""
    return [
        printable(s.outlet, limit=80) for s in told.sources if s.outlet != (told.alert.outlet or told.alert.article)
    ]


def outlet_of(told: Told) -> str:
    return printable(told.alert.outlet or "outlet unknown", limit=80)


def as_text(told: Sequence[Told], today: str | None = None) -> str:
    """For a terminal, or the plain part of a mail."""
    lines = [heading(told, today)]
    for title, group in by_project(told):
        lines += ["", printable(title, limit=LONGEST)]
        for one in group:
            lines.append(f"  {sentence(one.alert)}")
            if one.alert.quote:
                lines.append(f"    “{printable(one.alert.quote, limit=LONGEST)}”")
            lines.append(f"    {_credit(one)}")
    return "\n".join(lines) + "\n"


def _credit(one: Told) -> str:
    others = f"; also {', '.join(also(one))}" if also(one) else ""
    watches = ", ".join(printable(name, limit=80) for name in one.alert.watches)
    return f"{outlet_of(one)}, {one.alert.day}{others} [{watches}]"


def as_markdown(told: Sequence[Told], today: str | None = None) -> str:
    """For notes, chats and wikis that read Markdown."""
    lines = [f"# {heading(told, today)}"]
    for title, group in by_project(told):
        lines += ["", f"## {_md(title)}", ""]
        for one in group:
            what = f"{_md(matter_of(one.alert))}: {_md(before_of(one.alert))} → **{_md(after_of(one.alert))}**"
            quote = f"  \n  > {_md(one.alert.quote)}\n" if one.alert.quote else ""
            link = outside(one.alert.url)
            address = (link or "").replace("(", "%28").replace(")", "%29")
            name = f"[{_md(outlet_of(one))}]({address})" if link else _md(outlet_of(one))
            others = f"; also {', '.join(_md(name) for name in also(one))}" if also(one) else ""
            lines.append(f"- {what}{quote}\n  {name}, {one.alert.day}{others}")
    return "\n".join(lines) + "\n"


def _md(text: str) -> str:
    """Text that Markdown takes for nothing but text."""
    return re.sub(r"([\\`*_{}\[\]<>#|~!&])", r"\\\1", printable(text, limit=LONGEST))


def outside(url: str | None) -> str | None:
    """An address of the web as it may stand in a link; None for anything else."""
    if not url or len(url) > 2000 or not url.isprintable() or re.search(r"[\s<>\"'`\\]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in {"http", "https"} and parts.netloc else None


def as_html(told: Sequence[Told], today: str | None = None) -> str:
    """A page that holds by itself, for mail: no scripts, no pictures, nothing from elsewhere."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, finalize=_shown,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return made.get_template("digest.html").render(
        heading=heading(told, today), projects=by_project(told), matter=matter_of, before=before_of, after=after_of,
        also=also, outlet=outlet_of, outside=outside,
    )  # fmt: skip


def _shown(value: object) -> object:
    return printable(value, limit=2000) if isinstance(value, str) else value
