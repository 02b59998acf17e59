"""JSON-LD in the words of schema.org: a work a project, and a Claim for everything that was said.

Only what is attached stands on the work itself. Every value is also a Claim about it: `text` its words, `appearance`
the articles that say so, `firstAppearance` the one that had it first, `claimInterpreter` whose word that is. What
schema.org has no term for (role, firmness, contradictions) stands under our own prefix `slate:`. Minds `address`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from slatewatch.model import Conflict, Evidence, Post, Project, Standing
from slatewatch.web.wording import plain

from .job import Job, behind, web_address

MAPPING: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("schemaorg.toml").read_text("utf-8"))
#: Everything in the document itself: nothing has to be fetched to read it.
CONTEXT = {
    "@vocab": "https://schema.org/",
    "slate": "tag:slatewatch,2026:term:",
    **{name: {"@type": "@id"} for name in ("about", "appearance", "firstAppearance", "url", "slate:contradicts")},
}
Node = dict[str, Any]


def write(projects: Iterable[Project], job: Job) -> None:
    job.out.write(b'{"@context":' + _json(CONTEXT) + b',"@graph":[')
    begun, articles = False, set[str]()
    for project in projects:
        for node in _nodes(project, job, articles):
            job.out.write((b",\n" if begun else b"\n") + _json(node))
            begun = True
    job.out.write(b"\n]}\n")


def _json(node: Node) -> bytes:
    # So that the document may stand in a page: no text in it can end a script element.
    text = json.dumps(node, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return text.encode("utf-8", "replace")


def _nodes(project: Project, job: Job, told: set[str]) -> Iterator[Node]:
    """The work, its claims, and those articles that were not told of before."""
    work = _work(project, job.options.address)
    yield work
    claims = list(_claims(project, work["@id"], job.options.address))
    yield from claims
    for report in project.reports:
        if report.id not in told:
            told.add(report.id)
            yield _article(report.id, job)


def _work(project: Project, address: str) -> Node:
    single = {s.kind: s.value for s in project.current if s.kind in {"format", "status"}}
    node: Node = {"@type": MAPPING["types"].get(single.get("format", ""), "CreativeWork")}
    node |= {"@id": f"{address}/projects/{project.id}", "identifier": project.id, "name": project.title}
    others = [title for title in project.titles if title != project.title]
    if others:
        node["alternateName"] = others
    if "status" in single:
        node["creativeWorkStatus"] = plain(single["status"])
    for standing in project.current:
        for name, value in _stands(standing, node["@type"]):
            node.setdefault(name, []).append(value)
    return node


def _stands(standing: Standing, work: str) -> Iterator[tuple[str, Any]]:
    """The property of the work that a value is, and how it stands there; nothing for what is not attached."""
    if standing.kind in {"credit", "company"}:
        if standing.modality == "attached":
            yield _part(standing, work)
    elif standing.kind == "based_on":
        if standing.role == "life":
            yield "mentions", {"@type": "Thing", "name": standing.value}
        else:
            yield "isBasedOn", _source(standing)
    elif standing.kind == "location":
        yield "locationCreated", {"@type": "Place", "name": standing.value}
    elif standing.kind == "date" and standing.role == "release" and re.fullmatch(r"\d{4}(-\d\d){0,2}", standing.value):
        # Quarters and seasons are no dates of ISO 8601: they stand in their claims alone.
        yield "datePublished", standing.value


def _part(standing: Standing, work: str) -> tuple[str, Any]:
    role = standing.role or ""
    way = MAPPING["parts"][role]
    who = {"@type": "Person" if standing.kind == "credit" else "Organization", "name": standing.value}
    fits = work in way.get("works", [work])
    name = way["property"] if fits else "contributor"
    if role == "cast" and fits:
        part = {"@type": "PerformanceRole", name: who}
        return name, part | ({"characterName": standing.character} if standing.character else {})
    if way.get("named") or not fits:
        return name, {"@type": "Role", name: who, "roleName": plain(role)}
    return name, who


def _source(standing: Standing) -> Node:
    node: Node = {"@type": MAPPING["works"].get(standing.role or "", "CreativeWork"), "name": standing.value}
    if standing.creators:
        node["author"] = [{"@type": "Person", "name": name} for name in standing.creators]
    if standing.year:
        node["datePublished"] = str(standing.year)
    return node


def _claims(project: Project, work: str, address: str) -> Iterator[Node]:
    """A Claim a value, earliest words first, and one a post that is said to be open; contradictions lead to others."""
    against = _contradictions(project.conflicts)
    for standing in project.current:
        said = behind(standing)
        if said:
            fields = (standing.role, standing.value, standing.modality)
            yield _claim(work, address, standing.kind, fields, said, standing.evidence, against)
    for post in project.posts:
        if post.evidence and post.stated:
            yield _open(post, work, address, against)


def _open(post: Post, work: str, address: str, against: dict[str, list[str]]) -> Node:
    said = tuple(sorted(post.evidence, key=lambda e: (e.day, e.article)))
    return _claim(work, address, "open_role", (post.role, post.part, None), said, said, against)


def _claim(
    work: str, address: str, kind: str, fields: tuple[str | None, ...], said: tuple[Evidence, ...],
    evidence: tuple[Evidence, ...], against: dict[str, list[str]],
) -> Node:  # fmt: skip
    first = said[0]
    node: Node = {"@type": "Claim", "@id": _claim_id(address, first), "about": work, "text": first.quote}
    node["slate:kind"] = kind
    for name, value in zip(("role", "value", "modality"), fields, strict=True):
        if value:
            node[f"slate:{name}"] = value
    node["firstAppearance"] = _article_id(address, first.article)
    node["appearance"] = list(dict.fromkeys(_article_id(address, e.article) for e in said))
    if first.voice or first.outlet:
        node["claimInterpreter"] = {"@type": "Organization", "name": first.voice or first.outlet}
    others = dict.fromkeys(id_ for e in evidence for id_ in against.get(e.claim, ()))
    if others:
        node["slate:contradicts"] = [f"{address}/{one}" for one in others]
    return node


def _contradictions(conflicts: Iterable[Conflict]) -> dict[str, list[str]]:
    """Claim -> the ends of the addresses of those that speak against it."""
    against: dict[str, list[str]] = {}
    for conflict in conflicts:
        for one in conflict.evidence:
            against[one.claim] = [
                f"articles/{quote(e.article, safe='')}#c-{e.claim}" for e in conflict.evidence if e.claim != one.claim
            ]
    return against


def _claim_id(address: str, said: Evidence) -> str:
    return f"{_article_id(address, said.article)}#c-{said.claim}"


def _article_id(address: str, article: str) -> str:
    return f"{address}/articles/{quote(article, safe='')}"


def _article(id_: str, job: Job) -> Node:
    article = job.article(id_)
    node: Node = {"@type": "NewsArticle", "@id": _article_id(job.options.address, id_), "headline": article.title}
    if article.published:
        node["datePublished"] = article.published
    url = web_address(article.url)
    if url:
        node["url"] = url
    if article.author:
        node["author"] = {"@type": "Person", "name": article.author}
    if article.outlet:
        node["publisher"] = {"@type": "NewsMediaOrganization", "name": article.outlet}
    return node
