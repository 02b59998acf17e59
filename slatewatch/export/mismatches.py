"""CSV for Wikidata's Mismatch Finder: where a statement of Wikidata and what the articles say cannot both be.

Needs `wikidata`: a CSV file of statements with the columns `item_id`, `statement_guid`, `property_id` and
`wikidata_value` (and, where there are such, `meta_wikidata_value` and `wikidata_label`), and `ids` to know which
project an item is. Compared are posts that one holds, and dates that do not agree however coarse they are. An exit is
no mismatch, nor is what Wikidata lacks: that is for QuickStatements.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from itertools import chain

from slatewatch.errors import BadInput
from slatewatch.model import Project, Standing
from slatewatch.names import SAME, compare_companies, compare_people
from slatewatch.projects.dates import agree

from .ids import ItemIds, table
from .job import Job, behind, web_address
from .quickstatements import LONGEST, WIKIDATA

HEADING = (
    "item_id", "statement_guid", "property_id", "wikidata_value", "meta_wikidata_value", "external_value",
    "external_url",
)  # fmt: skip
NEEDED = HEADING[:4]
PROPERTIES: dict[str, str] = WIKIDATA["properties"]
Statement = dict[str, str]


def write(projects: Iterable[Project], job: Job) -> None:
    if job.options.wikidata is None:
        raise BadInput(f"mismatches needs --wikidata FILE: a CSV file of statements with {', '.join(NEEDED)}")
    ids = ItemIds(job.db, job.options.ids)
    stated: dict[str, list[Statement]] = {}
    for _, row in table(job.options.wikidata, NEEDED):
        row["item_id"] = row["item_id"].rpartition("/")[2]
        row["statement_guid"] = _guid(row["statement_guid"])
        row["wikidata_value"] = row["wikidata_value"].removeprefix("http://www.wikidata.org/entity/")
        stated.setdefault(row["item_id"], []).append(row)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADING)
    for project in projects:
        rows = stated.get(ids.project(project) or "", [])
        for row in rows:
            beside = [other for other in rows if other["property_id"] == row["property_id"]]
            for standing in chain(_other_holder(beside, project, ids), _other_date(beside, project)):
                writer.writerow(_line(row, standing, job))
    job.out.write(out.getvalue().encode("utf-8", "replace"))


def _guid(text: str) -> str:
    """Queries give a statement's address, in which a hyphen stands for the dollar sign."""
    return re.sub(r"^([QPL]\d+)-", r"\1$", text.rpartition("/")[2])


def _other_holder(rows: list[Statement], project: Project, ids: ItemIds) -> list[Standing]:
    """The one in this post by the articles, where that is none of those that Wikidata has in it."""
    role = next((r for r in WIKIDATA["mismatches"]["holders"] if PROPERTIES[r] == rows[0]["property_id"]), None)
    holders = [s for s in project.current if s.role == role and s.modality == "attached" and s.kind != "based_on"]
    # Two in one post, by the articles or by Wikidata, may share it.
    if role is None or len(holders) != 1 or any(_same(row, holders[0], ids) for row in rows):
        return []
    return holders


def _same(row: Statement, holder: Standing, ids: ItemIds) -> bool:
    kind = "person" if holder.kind == "credit" else "company"
    item = ids.of(kind, holder.value)
    if item is not None:
        return item == row["wikidata_value"]
    label = row.get("wikidata_label", "")
    compare = compare_people if kind == "person" else compare_companies
    # Without an item or a name to compare by nothing can be said.
    return not label or any(compare(name, label).score >= SAME for name in (holder.value, *holder.names))


def _other_date(rows: list[Statement], project: Project) -> list[Standing]:
    """A date of the articles that agrees with none that Wikidata has: releases in other countries are dates too."""
    kinds = [r for r in WIKIDATA["mismatches"]["dates"] if PROPERTIES[r] == rows[0]["property_id"]]
    known = [day for day in (_day(row["wikidata_value"]) for row in rows) if day]
    dates = [s for s in project.current if s.kind == "date" and s.role in kinds]
    return [s for s in dates if known and not any(agree(s.value, day) for day in known)][:1]


def _day(value: str) -> str | None:
    """`+2016-05-00T00:00:00Z` -> `2016-05`; None for what is no date of our calendar."""
    found = re.match(r"\+?(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", value)
    if not found or found[1] == "0000" or not (found[2] is None or int(found[2]) <= 12):
        return None
    return "-".join(part for part in found.groups() if part and part != "00")


def _line(row: Statement, standing: Standing, job: Job) -> list[str]:
    said = behind(standing)
    url = web_address(job.article(said[-1].article).url) if said else None
    cells = [row.get(name, "") for name in HEADING[:5]] + [standing.value, url or ""]
    return [cell[:LONGEST] for cell in cells]
