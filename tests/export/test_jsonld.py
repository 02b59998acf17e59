"""JSON-LD, expanded by pyld and read as RDF by rdflib; its words are looked up in schema.org's own vocabulary."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from brought import brought
from pyld import jsonld
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from slatewatch import answers
from slatewatch.export.jsonld import MAPPING
from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES, FORMATS, SOURCE_WORKS

from .conftest import Export, exported
from .hostile import TITLE, hostile

#: rdflib warns of its own insides.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib.*")
S = Namespace("https://schema.org/")
SLATE = Namespace("tag:slatewatch,2026:term:")
LANTERN = "The Lantern Keepers"
BASE = "https://slate.example"


def _never(url: str, options: object) -> None:
    raise AssertionError(f"the document must be read without fetching {url}")


def graph_of(body: bytes) -> Graph:
    return Graph().parse(data=body, format="json-ld")


@pytest.fixture
def graph(export_of: Export) -> Graph:
    return graph_of(export_of("jsonld", LANTERN, address=BASE)[0])


def expanded(body: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = jsonld.expand(json.loads(body), {"documentLoader": _never})
    return found


def test_pyld_expands_it_without_fetching_anything(export_of: Export) -> None:
    nodes = expanded(export_of("jsonld", address=BASE)[0])
    types = [kind for node in nodes for kind in node["@type"]]
    assert {f"{S}Movie", f"{S}TVSeries", f"{S}Claim", f"{S}NewsArticle"} <= set(types)
    ids = [node["@id"] for node in nodes]
    assert len(ids) == len(set(ids)), "one node a thing"
    assert all(id_.startswith(f"{BASE}/") for id_ in ids)
    # Nothing was dropped for want of a term: every key is an address.
    assert all(":" in key or key.startswith("@") for node in nodes for key in node)


def test_pyld_and_rdflib_read_the_same_statements(export_of: Export) -> None:
    body = export_of("jsonld", LANTERN, address=BASE)[0]
    quads = jsonld.to_rdf(json.loads(body), {"documentLoader": _never, "format": "application/n-quads"})
    assert len(Graph().parse(data=quads, format="nt")) == len(graph_of(body)) > 100


def test_only_what_is_attached_stands_on_the_work(graph: Graph, db: sqlite3.Connection) -> None:
    record = answers.project(db, LANTERN).project
    work = URIRef(f"{BASE}/projects/{record.id}")
    assert (work, RDF.type, S.Movie) in graph
    names = {str(graph.value(who, S.name)) for who in graph.objects(work, S.director)}
    directors = [s for s in record.current if s.role == "director"]
    assert names == {s.value for s in directors if s.modality == "attached"}
    assert any(s.modality == "exited" for s in directors), "someone has left"
    roles = list(graph.objects(work, S.actor))
    assert {str(graph.value(role, S.characterName)) for role in roles} >= {"keeper of the logs"}
    assert all((role, RDF.type, S.PerformanceRole) in graph for role in roles)
    assert {str(graph.value(graph.value(role, S.actor), S.name)) for role in roles} == {
        s.value for s in record.current if s.role == "cast" and s.modality == "attached"
    }


def test_every_claim_names_who_had_it_first(graph: Graph, db: sqlite3.Connection) -> None:
    record = answers.project(db, LANTERN).project
    claims = list(graph.subjects(RDF.type, S.Claim))
    assert len(claims) >= len(record.current)
    days = {f"{BASE}/articles/{r.id}": r.day for r in record.reports}
    for claim in claims:
        first = graph.value(claim, S.firstAppearance)
        told = list(graph.objects(claim, S.appearance))
        assert first in told
        assert days[str(first)] == min(days[str(one)] for one in told)
        assert (first, RDF.type, S.NewsArticle) in graph
        article = answers.article(db, str(first).rpartition("/")[2]).article
        assert str(graph.value(claim, S.text)) in article.words
        assert (claim, S.about, URIRef(f"{BASE}/projects/{record.id}")) in graph
        assert graph.value(claim, S.claimInterpreter) is not None


def test_who_has_left_is_a_claim_and_contradictions_are_told(graph: Graph) -> None:
    gone = graph.subjects(SLATE.modality, Literal("exited"))
    left = [claim for claim in gone if (claim, SLATE.role, Literal("director")) in graph]
    assert {str(graph.value(c, SLATE.value)) for c in left} == {"Teodor Valk"}
    against = list(graph.subject_objects(SLATE.contradicts))
    assert against
    assert all((b, SLATE.contradicts, a) in graph or not list(graph.objects(b, SLATE.contradicts)) for a, b in against)


def test_a_hostile_title_ends_no_script(store_of: Callable[..., sqlite3.Connection]) -> None:
    body, _ = exported(store_of(hostile()), "jsonld")
    assert b"<" not in body
    graph = graph_of(body)
    assert Literal(TITLE) in set(graph.objects(None, S.name))
    assert all(" " not in str(url) for url in graph.objects(None, S.url))


def test_the_mapping_knows_the_whole_vocabulary() -> None:
    assert set(MAPPING["parts"]) == {*CREDIT_ROLES, *COMPANY_ROLES}
    assert set(MAPPING["types"]) <= set(FORMATS)
    assert set(MAPPING["works"]) <= set(SOURCE_WORKS)


def test_every_word_is_one_of_schema_org_and_fits_its_type(export_of: Export) -> None:
    vocabulary = Graph()
    folder = brought("schemaorg", "data")
    for file in [folder / "schema.ttl", *sorted(folder.glob("ext/*/*.ttl"))]:
        text = file.read_text("utf-8").replace("<http://schema.org/>", "<https://schema.org/>")
        vocabulary.parse(data=text, format="turtle")
    rdfs = Namespace("http://www.w3.org/2000/01/rdf-schema#")
    graph = graph_of(export_of("jsonld")[0])
    for kind in set(graph.objects(None, RDF.type)):
        assert (kind, RDF.type, rdfs.Class) in vocabulary, kind
    for subject, prop, _ in graph:
        if prop == RDF.type or str(prop).startswith(str(SLATE)):
            continue
        domains = set(vocabulary.objects(prop, S.domainIncludes))
        assert domains, prop
        own = graph.value(subject, RDF.type)
        above = set(vocabulary.transitive_objects(own, rdfs.subClassOf))
        # A Role has, beside its own, the property that it stands in.
        assert domains & above or S.Role in above, (own, prop)
