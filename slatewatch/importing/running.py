"""One import: a file read once, what is ours linked and kept, and the numbers of it."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import msgspec

from slatewatch import answers
from slatewatch.errors import BadInput
from slatewatch.names import company_key, person_key, title_key
from slatewatch.statuses import statuses_elsewhere
from slatewatch.store import identifiers as stored
from slatewatch.store import reading
from slatewatch.store.opening import transaction

from . import imdb, linking, wikidata
from .candidates import Candidate
from .lines import lines
from .linking import Link

SCHEMES = {"imdb": r"(nm|tt|co)\d{5,12}", "tmdb": r"(movie|tv|person|company)/\d{1,9}", "wikidata": r"Q\d{1,12}"}
#: Columns of a list that name a project, in the order in which they are looked at.
IMDB_COLUMNS, TITLE_COLUMNS = ("imdb_id", "tconst", "const"), ("project", "title", "name", "primarytitle")


@dataclass(slots=True)
class Imported:
    """What an import did: links that were made and how many are new, names that fit several, lines that are none."""

    links: list[Link] = field(default_factory=list)
    new: int = 0
    unclear: int = 0
    unreadable: int = 0
    problems: list[str] = field(default_factory=list)


def import_imdb(
    db: sqlite3.Connection, names: str | None, titles: str | None, *, step: Callable[[], None] = lambda: None
) -> Imported:
    """Link people from name.basics, projects and source works from title.basics. `db` is open to write.

    With both, people of one name are told apart by the works they are known for. Raises BadInput for other files.
    """
    done, mine = Imported(), linking.ours(db)
    found = list(_good(imdb.names(names, lambda name: person_key(name) in mine.people), done, step)) if names else []
    needed = {work for one in found for work in one.works}
    wanted = lambda id_, title: id_ in needed or mine.is_title(title)  # noqa: E731
    works = list(_good(imdb.titles(titles, wanted), done, step)) if titles else []
    known = {one.id: title_key(one.names[0]) for one in works if one.id in needed}
    _take(done, linking.people(mine, found, known))
    _take(done, linking.works(mine, works))
    return _kept(db, done, "imdb")


def import_wikidata(db: sqlite3.Connection, file: str, *, step: Callable[[], None] = lambda: None) -> Imported:
    """Link people, companies, projects and source works from a dump, with the IMDb and TMDB ids its items carry."""
    done, mine = Imported(), linking.ours(db)
    found = list(_good(wikidata.items(file, mine.is_named), done, step))
    _take(done, linking.people(mine, (one for one in found if one.about == "person"), {}))
    _take(done, linking.companies(mine, (one for one in found if one.about == "company")))
    _take(done, linking.works(mine, (one for one in found if one.about == "work")))
    return _kept(db, done, "wikidata")


def _good(found: Iterable[Candidate | None], done: Imported, step: Callable[[], None]) -> Iterator[Candidate]:
    for one in found:
        step()
        if one is None:
            done.unreadable += 1
        else:
            yield one


def _take(done: Imported, made: tuple[list[Link], int]) -> None:
    done.links += made[0]
    done.unclear += made[1]


def _kept(db: sqlite3.Connection, done: Imported, by: str) -> Imported:
    with transaction(db):
        done.new = linking.keep(db, done.links, by=by, at=_now())
    return done


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def give_id(db: sqlite3.Connection, about: str, name: str, scheme: str, value: str | None) -> tuple[str, str]:
    """A person's word on what something is called elsewhere; None: that it has no such id. It outweighs every import.

    Returns (about, the name it stands under). Raises BadInput for an id that is none, and for a name nobody has.
    """
    if value is not None and not re.fullmatch(SCHEMES[scheme], value, re.ASCII):
        raise BadInput(f"{value[:60]!r} is no id of {scheme}: write it like {_like(about, scheme)}")
    if about == "project":
        page = answers.project(db, name)
        thing, shown = page.project.id, page.project.title
    else:
        named = answers.person(db, name) if about == "person" else answers.company(db, name)
        thing, shown = (person_key if about == "person" else company_key)(name), named.name
    with transaction(db):
        stored.put_identifier(
            db, about, thing, scheme, value, name=shown, why="a person said so", by=stored.PERSON, at=_now()
        )
    return about, shown


def _like(about: str, scheme: str) -> str:
    return {
        "imdb": {"person": "nm0000123", "company": "co0012345"}.get(about, "tt0012345"),
        "tmdb": {"person": "person/123", "company": "company/123"}.get(about, "movie/123 or tv/123"),
        "wikidata": "Q123",
    }[scheme]


def import_statuses(db: sqlite3.Connection, file: str, scheme: str) -> Imported:
    """Status words of IMDb or TMDB for projects, from a CSV or TSV with a heading, or JSON Lines such as TMDB answers.

    Projects are found by the ids they have, else by title. A row that fits no project is counted as unclear.
    """
    done = Imported()
    with transaction(db):
        for row in _rows(file):
            if row is None or not row.get("status"):
                done.unreadable += 1
                continue
            try:
                project = _project_of(db, row, scheme)
                statuses_elsewhere(scheme, str(row["status"]))
            except BadInput as error:
                done.unclear += 1
                done.problems.append(str(error))
                continue
            stored.put_status(db, project, scheme, str(row["status"]).strip(), _now())
            done.new += 1
    return done


def _project_of(db: sqlite3.Connection, row: Mapping[str, Any], scheme: str) -> str:
    """The project a row of a list means. An id in it that contradicts the one the project has makes it another's."""
    ids = _ids_in(row, scheme)
    for id_ in ids:
        for about, thing in stored.things_with(db, *id_):
            found = reading.alive(db, thing) if about == "project" else None
            if found:
                return found
    title = next((str(row[name]) for name in TITLE_COLUMNS if row.get(name)), "")
    if not title:
        raise BadInput(f"a row names no project: it needs one of {', '.join((*IMDB_COLUMNS, *TITLE_COLUMNS))}")
    project = answers.project_id(db, title)
    has = {(one["scheme"], one["value"]) for one in stored.identifiers(db, "project", reading.mention_ids(db, project))}
    if any(scheme == one and value != other for scheme, value in ids for one, other in has):
        raise BadInput(f"{title!r} has another id here than in the list: it is another project of this title")
    return project


def _ids_in(row: Mapping[str, Any], scheme: str) -> list[tuple[str, str]]:
    found = [("imdb", str(row[name])) for name in IMDB_COLUMNS if row.get(name)]
    number = str(row.get("tmdb_id") or (row.get("id") if scheme == "tmdb" else "") or "")
    if number.isascii() and number.isdigit():
        series = "first_air_date" in row or ("title" not in row and "name" in row)
        found.append(("tmdb", f"{'tv' if series else 'movie'}/{number}"))
    return found


def _rows(file: str) -> Iterator[dict[str, Any] | None]:
    """The rows of a list, their columns in small letters; None for what is no row. Raises BadInput without `status`."""
    found = lines(file)
    first = next(found, b"").decode("utf-8", "replace").lstrip("\ufeff")
    if first.lstrip().startswith("{"):
        for line in chain([first.encode()], found):
            yield _object(line) if line.strip() else None
        return
    dialect = "\t" if "\t" in first else ","
    heading = [name.strip().casefold().replace(" ", "_") for name in next(csv.reader([first], delimiter=dialect), [])]
    if "status" not in heading:
        raise BadInput(f"{file} has no column `status`: its first line has to name the columns")
    texts = (line.decode("utf-8", "replace") for line in found)
    for cells in csv.reader(texts, delimiter=dialect):
        yield dict(zip(heading, cells, strict=False)) if len(cells) == len(heading) else None


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return None
    return {str(name).casefold(): value for name, value in found.items()} if isinstance(found, dict) else None
