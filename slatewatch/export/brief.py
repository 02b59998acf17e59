"""What a one-page brief of a project says, in HTML and PDF alike. What nobody has said stays blank, to be filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slatewatch.model import Evidence, Project, Standing
from slatewatch.terminal import printable
from slatewatch.web.wording import day, plain, sentence

from .job import Job, behind

#: Values a line, changes and articles at most: it is one page.
VALUES, CHANGES, ARTICLES, CONFLICTS = 6, 5, 6, 3
#: The longest quote, in characters.
QUOTE = 110
#: The lines in their order: label, and the kind and roles that fill it.
LINES: tuple[tuple[str, str, tuple[str | None, ...]], ...] = (
    ("Format", "format", (None,)),
    ("Status", "status", (None,)),
    ("Based on", "based_on", ()),
    ("Creator", "creator", ("creator",)),
    ("Showrunner", "showrunner", ("showrunner",)),
    ("Director", "director", ("director",)),
    ("Writer", "writer", ("writer",)),
    ("Producers", "producer", ("producer", "executive_producer")),
    ("Cast", "cast", ("cast",)),
    ("Crew", "crew", ("composer", "cinematographer", "editor", "crew")),
    ("Studio or network", "studio", ("studio", "network")),
    ("Production", "production", ("production",)),
    ("Money and sales", "financier", ("financier", "sales", "distributor", "rights")),
    ("Dates", "date", ()),
    ("Locations", "location", ()),
)
#: Lines of a series alone: on a film their blank would ask for what is not missing.
OF_SERIES = frozenset({"Creator", "Showrunner"})
SERIES = frozenset({"series", "limited_series", "docuseries"})
#: Lines that go by kind; the others go by role.
BY_KIND = frozenset({"format", "status", "based_on", "date", "location"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value, what there is to know of it, and the words that show it with their outlet and day."""

    text: str
    note: str = ""
    quote: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """`lines` are (label, values, how many more there are); a line without values is a blank."""

    title: str
    others: str
    heading: str
    lines: tuple[tuple[str, tuple[Value, ...], int], ...]
    posts: tuple[Value, ...]
    conflicts: tuple[Value, ...]
    changes: tuple[tuple[str, str, str], ...]
    articles: tuple[tuple[str, str, str], ...]
    more_articles: int
    foot: str


def brief(project: Project, job: Job) -> Brief:
    single = {s.kind: s.value for s in project.current if s.kind in {"format", "status"}}
    titles = [printable(title, limit=80) for title in project.titles if title != project.title]
    last = max(r.day for r in project.reports)
    first = f"first reported by {project.first.outlet or 'an unknown outlet'}, {day(project.first.published)}"
    as_of = f"as of {day(job.options.as_of)}, " if job.options.as_of else ""
    reports = sorted(project.reports, key=lambda r: (r.day, r.id), reverse=True)
    return Brief(
        title=printable(project.title, limit=120),
        others=", ".join(titles[:4]),
        heading=f"{as_of}{first}; last heard of {day(last)}",
        lines=tuple(_lines(project, single.get("format"))),
        posts=tuple(_posts(project)),
        conflicts=tuple(_conflicts(project)),
        changes=tuple(
            (day(c.day), printable(sentence(c), limit=110), printable(c.outlet or "", limit=40))
            for c in reversed(project.changes[-CHANGES:])
        ),
        articles=tuple(
            (day(r.day), printable(r.outlet or "", limit=40), printable(r.title, limit=90)) for r in reports[:ARTICLES]
        ),
        more_articles=max(0, len(reports) - ARTICLES),
        foot="Every value is what an article said, right or wrong. A blank is what nobody has said.",
    )


def _lines(project: Project, form: str | None) -> Iterator[tuple[str, tuple[Value, ...], int]]:
    for label, kind, roles in LINES:
        found = [
            s for s in project.current
            if (s.kind == kind if kind in BY_KIND else s.kind in {"credit", "company"} and s.role in roles)
        ]  # fmt: skip
        if label in OF_SERIES and not found and form not in SERIES:
            continue
        # Who is in stands before who is out, the firmest first.
        found.sort(key=lambda s: (FIRMNESS.get(s.modality or "", 0), s.since))
        yield label, tuple(map(_value, found[:VALUES])), max(0, len(found) - VALUES)


FIRMNESS = {"attached": 0, "in_talks": 1, "interest": 2, "exited": 3, "denied": 4}


def _value(standing: Standing) -> Value:
    notes = [
        plain(standing.role)
        if standing.role in {"executive_producer", "composer", "cinematographer", "editor", "crew", "financier"}
        or standing.kind == "based_on"
        or (standing.kind == "company" and standing.role != "production")
        else "",
        f"as {printable(standing.character, limit=40)}" if standing.character else "",
        f"by {printable(', '.join(standing.creators), limit=60)}" if standing.creators else "",
        str(standing.year or ""),
        plain(standing.modality) if standing.modality not in {None, "attached"} else "",
    ]
    said = behind(standing)
    text = plain(standing.value) if standing.kind in {"format", "status"} else standing.value
    if standing.kind == "date":
        text = f"{plain(standing.role)} {day(standing.value)}"
    return _with_words(text, ", ".join(note for note in notes if note), said[-1] if said else None)


def _with_words(text: str, note: str, said: Evidence | None) -> Value:
    source = f"{said.outlet or ''} {day(said.day)}".strip() if said else ""
    quote = printable(said.quote, limit=QUOTE) if said else ""
    return Value(text=printable(text, limit=90), note=note, quote=quote, source=printable(source, limit=60))


def _posts(project: Project) -> Iterator[Value]:
    for post in project.posts[:VALUES]:
        how = "" if post.stated else "left, not said to be filled"
        part = f"{plain(post.role)} ({post.part})" if post.part else plain(post.role)
        yield _with_words(part, how, post.evidence[0] if post.evidence else None)


def _conflicts(project: Project) -> Iterator[Value]:
    for conflict in project.conflicts[:CONFLICTS]:
        yield Value(
            text=f"{plain(conflict.role)}: {printable(' / '.join(conflict.values), limit=120)}",
            note=printable(conflict.why, limit=100),
        )
