"""QuickStatements, by its grammar and its own parser; the Mismatch Finder's CSV; the files that bring ids."""

from __future__ import annotations

import csv
import importlib.util
import io
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brought import brought
from makers import article, said
from rdflib.plugins.sparql import prepareQuery

from slatewatch import answers
from slatewatch.errors import BadInput
from slatewatch.export.mismatches import HEADING
from slatewatch.export.quickstatements import WIKIDATA, date, text
from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES, DATE_ROLES, FORMATS, MODALITIES
from slatewatch.store import open_store

from .conftest import Export, exported
from .hostile import hostile

LANTERN = "The Lantern Keepers"
#: The grammar of version 1, as Help:QuickStatements gives it: columns by tabs; items, texts in quotation marks, texts
#: of a language, and times with their precision as values; qualifiers (P) and then sources (S) in pairs.
VALUE = r'(?:Q[1-9]\d*|"[^"\t]*(?:"[^"\t]+)*"|[a-z]{2,3}:"[^\t]*"|\+\d{4}-\d\d-\d\dT00:00:00Z/(?:9|10|11))'
STATEMENT = re.compile(rf"(?:Q[1-9]\d*|LAST)\tP[1-9]\d*\t{VALUE}(?:\tP[1-9]\d*\t{VALUE})*(?:\tS[1-9]\d*\t{VALUE})*")
LABEL = re.compile(r'(?:Q[1-9]\d*|LAST)\t[LDA][a-z]{2,3}\t"[^\t]*"')
IDS = """kind,name,id
project,The Lantern Keepers,Q9000001
person,Mira Solveig,https://www.wikidata.org/wiki/Q9000002
person,MIRA SOLVEIG,http://www.wikidata.org/entity/Q9000002
person,Teodor Valk,Q9000003
person,Pia Dorran,Q9000004
person,Hedda Norquist,
company,Quillfeather Pictures,Q9000005
work,The Lantern Keepers,Q9000006
place,Galway,Q9000007
outlet,Backlot Gazette,Q9000008
"""


@pytest.fixture
def ids(tmp_path: Path) -> Path:
    file = tmp_path / "ids.csv"
    file.write_text(IDS)
    return file


def commands(body: bytes) -> list[list[str]]:
    """The commands, each of which must be one of the grammar."""
    lines = body.decode().splitlines()
    for line in lines:
        assert line == "CREATE" or STATEMENT.fullmatch(line) or LABEL.fullmatch(line), line
    return [line.split("\t") for line in lines]


def test_statements_follow_the_grammar_and_bear_references(export_of: Export, ids: Path) -> None:
    body, job = export_of("quickstatements", LANTERN, ids=ids)
    found = commands(body)
    assert {line[0] for line in found} == {"Q9000001"}
    assert {(line[1], line[2]) for line in found} >= {
        ("P57", "Q9000002"), ("P161", "Q9000004"), ("P272", "Q9000005"), ("P144", "Q9000006"), ("P915", "Q9000007"),
        ("P31", "Q18011172"), ("P577", "+2027-11-14T00:00:00Z/11"),
    }  # fmt: skip
    for line in found:
        sources = {line[at]: line[at + 1] for at in range(3, len(line)) if line[at].startswith("S")}
        assert {"S854", "S1476", "S577", "S813", "S1683"} <= set(sources)
        assert sources["S854"].startswith('"https://')
    assert "Hedda Norquist" in job.left_out["has no item of Wikidata: `slatewatch export names` lists them for --ids"]


def test_a_statement_is_repeated_for_each_reference_the_first_first(export_of: Export, ids: Path) -> None:
    found = [line for line in commands(export_of("quickstatements", LANTERN, ids=ids)[0]) if line[1] == "P57"]
    assert len(found) == 3
    assert len({tuple(line[:3]) for line in found}) == 1
    published = [line[line.index("S577") + 1] for line in found]
    assert published == sorted(published)
    # The outlet that has an item is said to have stated it.
    assert any("S248\tQ9000008" in "\t".join(line) for line in found)


def test_who_has_left_is_not_exported_and_no_open_post_is(export_of: Export, ids: Path) -> None:
    body, _ = export_of("quickstatements", LANTERN, ids=ids, weak=True)
    assert b"Q9000003" not in body.replace(b"\tS", b"\n")
    assert not re.search(rb"novalue|somevalue", body)


def test_a_part_bears_its_name(export_of: Export, ids: Path) -> None:
    found = [line for line in commands(export_of("quickstatements", LANTERN, ids=ids)[0]) if line[1] == "P161"]
    assert all(line[3:5] == ["P4633", '"keeper of the logs"'] for line in found)


def weak_store(store_of: Callable[..., sqlite3.Connection]) -> sqlite3.Connection:
    url = "https://outlet.example/1"
    return store_of(
        article("a", "2020-01-01", said("Harbour Lights", "director", "Ines Marrow", "in_talks"),
                said("Harbour Lights", "cast", "Ada Vole", "interest"), said("Harbour Lights", "writer", "Otto Quill"),
                said("Harbour Lights", "producer", "Una Reed", "denied"),
                said("Harbour Lights", "release", "2021-spring"), url=url)
    )  # fmt: skip


def test_what_is_weak_is_asked_for_and_says_so(store_of: Callable[..., sqlite3.Connection], tmp_path: Path) -> None:
    db = weak_store(store_of)
    file = tmp_path / "ids.csv"
    people = ("Ines Marrow", "Ada Vole", "Otto Quill", "Una Reed")
    rows = "".join(f"person,{name},Q{at + 1}\n" for at, name in enumerate(people))
    file.write_text("kind,name,id\nproject,Harbour Lights,Q99\n" + rows)
    plain = {tuple(line[1:3]) for line in commands(exported(db, "quickstatements", ids=file)[0])}
    assert plain == {("P58", "Q3"), ("P577", "+2021-00-00T00:00:00Z/9")}
    weak = commands(exported(db, "quickstatements", ids=file, weak=True)[0])
    assert {tuple(line[1:5]) for line in weak if line[3] == "P1480"} == {
        ("P57", "Q1", "P1480", "Q18122778"), ("P161", "Q2", "P1480", "Q30230067"),
    }  # fmt: skip
    assert not any("Q4" in line[2:3] for line in weak)


def test_a_project_without_an_item_is_made_only_when_asked(export_of: Export) -> None:
    body, job = export_of("quickstatements", LANTERN)
    assert body == b""
    assert LANTERN in job.left_out["has no item of Wikidata: give it one with --ids, or make it with --create"]
    made = commands(export_of("quickstatements", LANTERN, create=True)[0])
    assert made[:2] == [["CREATE"], ["LAST", "Len", f'"{LANTERN}"']]
    assert {line[0] for line in made[1:]} == {"LAST"}


def test_what_has_no_address_has_no_reference_and_is_left_out(store_of: Callable[..., sqlite3.Connection]) -> None:
    db = store_of(article("a", "2020-01-01", said("Harbour Lights", "format", "film")))
    body, job = exported(db, "quickstatements", create=True)
    assert b"P31" not in body
    assert any("no reference" in reason for reason in job.left_out)


def test_a_hostile_text_adds_no_command(store_of: Callable[..., sqlite3.Connection], tmp_path: Path) -> None:
    db = store_of(hostile())
    file = tmp_path / "ids.csv"
    project = next(iter(answers.projects(db))).id
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([("kind", "name", "id"), ("project", project, "Q1"), ("person", "Ümit Ö.", "Q2")])
    body, _ = exported(db, "quickstatements", ids=file)
    (line,) = commands(body)
    assert line[:3] == ["Q1", "P161", "Q2"]
    assert "|" not in body.decode()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2016", "+2016-00-00T00:00:00Z/9"), ("2016-05", "+2016-05-00T00:00:00Z/10"),
        ("2016-05-06", "+2016-05-06T00:00:00Z/11"), ("2016-05-06T07:08:09Z", "+2016-05-06T00:00:00Z/11"),
        ("2016-Q1", "+2016-00-00T00:00:00Z/9"), ("2016-H2", "+2016-00-00T00:00:00Z/9"),
        ("2016-spring", "+2016-00-00T00:00:00Z/9"), ("soon", None),
    ],
)  # fmt: skip
def test_dates_say_how_fine_they_are(value: str, written: str | None) -> None:
    assert date(value) == written


def test_texts_are_one_column() -> None:
    assert text('a|b\tc\n"d" /* e */') == '"a – b c "d" / * e * /"'
    assert len(text("x" * 5000)) == 1502


def test_the_mapping_speaks_our_vocabulary() -> None:
    known = {*CREDIT_ROLES, *COMPANY_ROLES, *DATE_ROLES, "based_on", "life", "location", "format"}
    assert set(WIKIDATA["properties"]) <= known
    assert set(WIKIDATA["formats"]) <= set(FORMATS)
    assert set(WIKIDATA["firmness"]) <= {*MODALITIES, "contradicted"}
    for table in ("properties", "qualifiers"):
        assert all(re.fullmatch(r"P\d+", id_) for id_ in WIKIDATA[table].values())


def _parser() -> Any:
    """The parser of QuickStatements 3, whose batches we do not need."""
    folder = brought("quickstatements3", "src/core/parsers")
    models = ModuleType("core.models")
    vars(models).update(Batch=object, BatchCommand=object)
    sys.modules.update({"core": ModuleType("core"), "core.models": models, "core.parsers": ModuleType("core.parsers")})
    loaded: ModuleType | None = None
    try:
        for name in ("base", "v1"):
            spec = importlib.util.spec_from_file_location(f"core.parsers.{name}", folder / f"{name}.py")
            assert spec is not None
            assert spec.loader is not None
            loaded = importlib.util.module_from_spec(spec)
            sys.modules[f"core.parsers.{name}"] = loaded
            spec.loader.exec_module(loaded)
    finally:
        for name in [name for name in sys.modules if name == "core" or name.startswith("core.")]:
            del sys.modules[name]
    assert loaded is not None
    return loaded.V1CommandParser()


def test_quickstatements_itself_reads_every_command(export_of: Export, ids: Path) -> None:
    parser = _parser()
    lines = export_of("quickstatements", ids=ids, create=True, weak=True)[0].decode().splitlines()
    read = [parser.parse_command(line) for line in lines]
    statements = [one for one in read if one.get("what") == "statement"]
    assert len(statements) > 10
    for one in statements:
        assert one["value"] is not None
        assert all(part["value"] is not None for block in one["references"] for part in block)
        assert all(part["value"] is not None for part in one.get("qualifiers", ()))
    cast = next(one for one in statements if one["property"] == "P161")
    assert cast["qualifiers"][0]["value"] == {"type": "string", "value": "keeper of the logs"}


# The Mismatch Finder.

STATED = """item_id,statement_guid,property_id,wikidata_value,wikidata_label
http://www.wikidata.org/entity/Q9000001,http://www.wikidata.org/entity/statement/Q9000001-AB-1,P57,{director},{label}
Q9000001,Q9000001$AB-2,P577,{day},
Q9000001,Q9000001$AB-3,P162,Q5,Somebody Else
Q77,Q77$AB-4,P57,Q5,Somebody Else
"""


def mismatches(db: sqlite3.Connection, ids: Path, **said: str) -> list[dict[str, str]]:
    file = ids.with_name("stated.csv")
    file.write_text(STATED.format(**said))
    body, _ = exported(db, "mismatches", ids=ids, wikidata=file)
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    assert body.decode().splitlines()[0] == ",".join(HEADING)
    return rows


@pytest.fixture
def one_director(store_of: Callable[..., sqlite3.Connection]) -> sqlite3.Connection:
    return store_of(
        article("a", "2020-01-01", said(LANTERN, "director", "Mira Solveig"), said(LANTERN, "release", "2021-05"),
                url="https://outlet.example/a"))  # fmt: skip


def test_another_director_and_another_date_are_mismatches(one_director: sqlite3.Connection, ids: Path) -> None:
    rows = mismatches(one_director, ids, director="Q9000003", label="Teodor Valk", day="+2022-00-00T00:00:00Z")
    assert [(r["property_id"], r["external_value"], r["statement_guid"]) for r in rows] == [
        ("P57", "Mira Solveig", "Q9000001$AB-1"), ("P577", "2021-05", "Q9000001$AB-2"),
    ]  # fmt: skip
    assert {r["external_url"] for r in rows} == {"https://outlet.example/a"}
    assert {r["item_id"] for r in rows} == {"Q9000001"}


@pytest.mark.parametrize("day", ["2021-05-14T00:00:00Z", "+2021-00-00T00:00:00Z", "2021", "+0000-13-00", "unknown"])
def test_what_agrees_is_none(one_director: sqlite3.Connection, ids: Path, day: str) -> None:
    assert mismatches(one_director, ids, director="Q9000002", label="Mira Solveig", day=day) == []


def test_two_directors_by_the_articles_may_share_the_post(db: sqlite3.Connection, ids: Path) -> None:
    rows = mismatches(db, ids, director="Q5", label="Somebody Else", day="2027-11-14")
    assert rows == []


def test_mismatches_need_statements_to_compare_with(export_of: Export) -> None:
    with pytest.raises(BadInput, match="--wikidata"):
        export_of("mismatches")


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib.*")
def test_the_query_of_the_document_gives_the_columns(root: Path) -> None:
    (query,) = re.findall(r"```sparql\n(.*?)```", (root / "docs/exporting.md").read_text("utf-8"), re.DOTALL)
    known = {name: f"http://www.wikidata.org/{name}/" for name in ("wd", "p", "ps", "rdfs")}
    read = prepareQuery(query, initNs=known)
    assert [str(name) for name in read.algebra.PV] == [*HEADING[:4], "wikidata_label"]


# The files of ids.


def test_the_names_that_need_ids_come_back_as_ids(export_of: Export, ids: Path, tmp_path: Path) -> None:
    body, _ = export_of("names", ids=ids)
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    known = {(row["kind"], row["name"]): row["id"] for row in rows if row["id"]}
    assert known["person", "Mira Solveig"] == "Q9000002"
    assert known["outlet", "Backlot Gazette"] == "Q9000008"
    assert "Q9000001" in known.values()
    again = tmp_path / "again.csv"
    again.write_bytes(body)
    assert export_of("quickstatements", ids=again)[0] == export_of("quickstatements", ids=ids)[0]


def test_ids_that_the_store_knows_of_are_used_and_a_file_outweighs_them(slate: Path, ids: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(slate, tmp_path / "known.db"))
    with closing(open_store(path, write=True)) as db:
        columns = "about TEXT, thing TEXT, scheme TEXT, value TEXT, name TEXT, why TEXT, by TEXT, at TEXT"
        db.execute(f"CREATE TABLE IF NOT EXISTS identifiers ({columns})")
        project = answers.project_id(db, LANTERN)
        known = (("project", project, "Q1"), ("person", "mira solveig", "Q2"), ("work", "novel:lantern keepers", "Q3"))
        for about, thing, item in known:
            db.execute(
                "INSERT INTO identifiers VALUES (?, ?, 'wikidata', ?, '', '', '', '')", (about, thing, item)
            )  # fmt: skip
        lines = commands(exported(db, "quickstatements", LANTERN)[0])
        assert {line[0] for line in lines} == {"Q1"}
        assert {("P57", "Q2"), ("P144", "Q3")} <= {(line[1], line[2]) for line in lines}
        assert {line[0] for line in commands(exported(db, "quickstatements", LANTERN, ids=ids)[0])} == {"Q9000001"}


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("kind,name\nperson,A\n", "lacks id"), ("kind,name,id\nperson,A,P12\n", "line 2"),
        ("kind,name,id\nking,A,Q12\n", "kind is one of"), ("", "lacks kind, name, id"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_ids_is_told_so(export_of: Export, tmp_path: Path, lines: str, why: str) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(lines)
    with pytest.raises(BadInput, match=re.escape(why)):
        export_of("quickstatements", ids=file)
    with pytest.raises(BadInput, match="cannot be read"):
        export_of("names", ids=tmp_path / "nowhere.csv")
