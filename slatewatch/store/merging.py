"""Keeping the projects of the store true to its claims and decisions: what a write has touched is merged anew.

Only the mentions that can have to do with each other are merged together: those joined by shared titles, links or
decisions. What comes out depends on them alone, so one article at a time gives what a rebuild gives.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from slatewatch.model import Decision, Mention, Project
from slatewatch.names import Known, canonical, company_key, person_key
from slatewatch.projects import project_key, project_of
from slatewatch.projects.cluster import cluster
from slatewatch.projects.compare import JOIN, REVIEW, compare
from slatewatch.projects.mentions import mentions_of
from slatewatch.projects.profile import profile_of

from .copies import put_sketch, whole_mentions
from .edits import present_claims
from .noted import STEPS, when_noted
from .rows import article_of, decision_of, parts, report_of_row
from .writing import Touched, put_mention, states_something

#: Groups that share a title and are more than this are not compared in pairs for review: nobody could read it.
REVIEWED_TOGETHER = 40


def merge(db: sqlite3.Connection, touched: Touched, *, now: str) -> set[str]:
    """Merge anew what was touched; returns the ids of the projects written. Runs inside `transaction(db)`."""
    left_over = _members(db, touched.projects)
    todo = _living(db, touched.mentions) | left_over
    written: set[str] = set()
    gone = set(touched.projects)
    while todo:
        component = _component(db, {min(todo)})
        todo -= component
        gone |= _projects_of(db, component)
        written |= _write_component(db, component, touched, now=now)
    _bury(db, gone - written)
    return written


def rebuild(db: sqlite3.Connection, *, now: str) -> int:
    """Throw away all that is made from claims and decisions, and make it again. Returns the number of projects."""
    noted = {row["id"]: row["noted"] for row in db.execute("SELECT id, noted FROM changes")}
    for table in (
        "doubts",
        "changes",
        "posts",
        "credits",
        "projects",
        "links",
        "keys",
        "mentions",
        "copies",
        "bands",
        "sketches",
    ):
        db.execute(f"DELETE FROM {table}")
    touched = Touched()
    for row in db.execute("SELECT * FROM articles ORDER BY day, id").fetchall():
        claims = present_claims(db, row["id"])
        put_sketch(db, article_of(row), wanted=states_something(claims))
        for mention in mentions_of(report_of_row(row), claims, row["text"]):
            put_mention(db, mention, touched)
            ids = [(mention.id, row["id"], claim.id) for claim in mention.claims]
            db.executemany("UPDATE claims SET mention = ? WHERE article = ? AND id = ?", ids)
    written = merge(db, touched, now=now)
    rows = db.execute("SELECT project, id FROM changes").fetchall()
    known = [(noted[row["id"]], row["project"], row["id"]) for row in rows if row["id"] in noted]
    db.executemany("UPDATE changes SET noted = ? WHERE project = ? AND id = ?", known)
    return len(written)


def _members(db: sqlite3.Connection, projects: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for marks, part in parts(projects):
        found.update(row[0] for row in db.execute(f"SELECT id FROM mentions WHERE project IN ({marks})", part))
    return found


def _living(db: sqlite3.Connection, mentions: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for marks, part in parts(mentions):
        found.update(row[0] for row in db.execute(f"SELECT id FROM mentions WHERE id IN ({marks})", part))
    return found


def _projects_of(db: sqlite3.Connection, mentions: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for marks, part in parts(mentions):
        rows = db.execute(f"SELECT DISTINCT project FROM mentions WHERE id IN ({marks})", part)
        found.update(row[0] for row in rows if row[0])
    return found


#: From some mentions to those joined to them: by a title, a link, a decision, or by being in one project now.
NEIGHBOURS = (
    "SELECT b.mention FROM keys a JOIN keys b ON b.key = a.key WHERE a.key GLOB 't:*' AND a.mention IN ({})",
    "SELECT right FROM links WHERE left IN ({})",
    "SELECT left FROM links WHERE right IN ({})",
    "SELECT right FROM decisions WHERE about = 'project' AND left IN ({})",
    "SELECT left FROM decisions WHERE about = 'project' AND right IN ({})",
)


def _component(db: sqlite3.Connection, start: set[str]) -> set[str]:
    """All mentions that can be reached from these, from neighbour to neighbour."""
    reached: set[str] = set()
    edge = start
    while edge:
        reached |= edge
        found: set[str] = set()
        for marks, part in parts(edge):
            for query in NEIGHBOURS:
                found.update(row[0] for row in db.execute(query.format(marks), part))
        edge = _living(db, found - reached)
    return reached


def known_names(db: sqlite3.Connection, mentions: Iterable[Mention]) -> Known:
    """What renamings and decisions tell of the people and companies named in these mentions."""
    edge = {
        (person_key if claim.kind == "credit" else company_key)(claim.value)
        for mention in mentions for claim in mention.claims
        if claim.value and claim.kind in {"credit", "company"}
    }  # fmt: skip
    return names_around(db, edge)


def names_around(db: sqlite3.Connection, keys: Iterable[str]) -> Known:
    """As known_names, for keys of people and companies."""
    pairs: set[tuple[str, str]] = set()
    said: dict[tuple[str, str], Decision] = {}
    seen: set[str] = set()
    edge = set(keys)
    while edge:
        seen |= edge
        found: set[str] = set()
        for marks, part in parts(edge):
            query = f"SELECT old, new FROM renamings WHERE old IN ({marks}) OR new IN ({marks})"
            for row in db.execute(query, part * 2):
                pairs.add((min(row), max(row)))
                found.update(row)
            query = f"SELECT * FROM decisions WHERE about <> 'project' AND (left IN ({marks}) OR right IN ({marks}))"
            for row in db.execute(query, part * 2):
                decision = decision_of(row)
                pair = (decision.left, decision.right)
                if pair not in said or said[pair].at <= decision.at:
                    said[pair] = decision
                found.update(pair)
        edge = found - seen
    apart = frozenset(pair for pair, d in said.items() if d.judgement == "different")
    same = {pair for pair, d in said.items() if d.judgement == "same"}
    return Known(same=canonical(sorted((pairs | same) - apart)), apart=apart)


def _decisions(db: sqlite3.Connection, ids: Iterable[str]) -> list[Decision]:
    rows: dict[int, Decision] = {}
    for marks, part in parts(ids):
        query = f"SELECT * FROM decisions WHERE about = 'project' AND (left IN ({marks}) OR right IN ({marks}))"
        rows.update({row["n"]: decision_of(row) for row in db.execute(query, part * 2)})
    return [rows[n] for n in sorted(rows)]


def _write_component(db: sqlite3.Connection, component: set[str], touched: Touched, *, now: str) -> set[str]:
    """Merge the mentions of a component; write the projects that this has changed. Returns the ids of all."""
    mentions = whole_mentions(db, component)
    known = known_names(db, mentions)
    decisions = _decisions(db, component)
    before = _memberships(db, component)
    groups = cluster(mentions, decisions, known)
    changed = [_is_changed(group, before, touched) for group in groups]
    rows = _rows_in(db, STEPS, {*before.values(), *touched.projects})
    for group, anew in zip(groups, changed, strict=True):
        if anew:
            project, ids = project_of(group, known), [m.id for m in group]
            homes = {before.get(id_) or touched.homes.get(id_) for id_ in ids}
            write_project(db, project, ids, when_noted(project.changes, rows, homes), now=now)
    _write_doubts(db, groups, changed, known, decisions, many_before=len(set(before.values())) > REVIEWED_TOGETHER)
    return {project_key(group) for group in groups}


def _memberships(db: sqlite3.Connection, component: Iterable[str]) -> dict[str, str]:
    """Mention -> the project it is in so far."""
    rows = _rows_in(db, "SELECT id, project FROM mentions WHERE id IN ({})", component)
    return {row["id"]: row["project"] for row in rows if row["project"]}


def _is_changed(group: Sequence[Mention], before: Mapping[str, str], touched: Touched) -> bool:
    """Whether a group is not, mention for mention, a project that nothing has touched."""
    ids = {mention.id for mention in group}
    homes = {before.get(id_) for id_ in ids}
    whole = len(homes) == 1 and {id_ for id_, home in before.items() if home in homes} == ids
    return not whole or bool(ids & touched.mentions) or bool(homes & touched.projects)


def write_project(
    db: sqlite3.Connection, project: Project, mentions: Sequence[str], noted: Mapping[str, str], *, now: str
) -> None:
    """Write a project's rows in the place of the ones it had. `noted`: change id -> when the store learned of it."""
    _clear(db, project.id)
    one = {s.kind: s.value for s in project.current if s.kind in {"status", "format"}}
    db.execute(
        "INSERT INTO projects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            project.id, project.title, json.dumps(list(project.titles), ensure_ascii=False), one.get("format"),
            one.get("status"), project.reports[0].day, project.reports[-1].day, project.first.outlet,
            project.first.clock,
            len(project.reports), json.dumps(sorted({post.role for post in project.posts})), len(project.conflicts),
        ),
    )  # fmt: skip
    _write_standings(db, project)
    _write_changes(db, project, noted, now)
    db.executemany("UPDATE mentions SET project = ? WHERE id = ?", [(project.id, id_) for id_ in mentions])


def _write_standings(db: sqlite3.Connection, project: Project) -> None:
    """Who is in, and which posts stand open."""
    db.executemany(
        "INSERT INTO credits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                project.id, s.kind, s.role, s.key, s.value, s.modality, s.character, s.since, s.confirmed, s.outlet,
                s.voices,
            )
            for s in project.current
            if s.kind in {"credit", "company"}
        ],
    )  # fmt: skip
    db.executemany(
        "INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                project.id, p.role, p.part or "", p.why, p.stated, p.since, p.confirmed, p.outlet,
                p.evidence[0].article, p.evidence[0].claim,
            )
            for p in project.posts
        ],
    )  # fmt: skip


def _write_changes(db: sqlite3.Connection, project: Project, noted: Mapping[str, str], now: str) -> None:
    """What changed when, with the time the store learned of it."""
    db.executemany(
        "INSERT OR REPLACE INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                c.id, project.id, c.article, c.day, c.kind, c.role, c.value, c.before, c.after, c.claim,
                noted.get(c.id, now),
            )
            for c in project.changes
        ],
    )  # fmt: skip


def _rows_in(db: sqlite3.Connection, query: str, ids: Iterable[str]) -> list[sqlite3.Row]:
    return [row for marks, part in parts(ids) for row in db.execute(query.format(marks), part)]


def _clear(db: sqlite3.Connection, project: str) -> None:
    for table in ("changes", "posts", "credits"):
        db.execute(f"DELETE FROM {table} WHERE project = ?", (project,))
    db.execute("DELETE FROM doubts WHERE left = ? OR right = ?", (project, project))
    db.execute("DELETE FROM projects WHERE id = ?", (project,))


def _bury(db: sqlite3.Connection, gone: Iterable[str]) -> None:
    """Projects that are no more: their rows go, their ids lead on."""
    for project in sorted(gone):
        _clear(db, project)


def _write_doubts(
    db: sqlite3.Connection, groups: Sequence[Sequence[Mention]], changed: Sequence[bool], known: Known,
    decisions: Sequence[Decision], *, many_before: bool,
) -> None:  # fmt: skip
    """Note the pairs of groups near the line that no decision settles. Unchanged pairs keep what they had."""
    ids = [project_key(group) for group in groups]
    if len(groups) > REVIEWED_TOGETHER:
        for id_ in ids:
            db.execute("DELETE FROM doubts WHERE left = ? OR right = ?", (id_, id_))
        return
    settled = {(d.left, d.right) for d in decisions}
    profiles = [profile_of(group, known) for group in groups]
    for a, b in combinations(range(len(groups)), 2):
        if not (changed[a] or changed[b] or many_before) or _settled(
            profiles[a].mentions, profiles[b].mentions, settled
        ):
            continue
        likeness = compare(profiles[a], profiles[b])
        if REVIEW[0] <= likeness.score < JOIN:
            pair = sorted((ids[a], ids[b]))
            db.execute("INSERT OR REPLACE INTO doubts VALUES (?, ?, ?, ?)", (*pair, likeness.score, likeness.why))


def _settled(left: Iterable[str], right: Iterable[str], settled: set[tuple[str, str]]) -> bool:
    if not settled:
        return False
    others = set(right)
    return any((min(a, b), max(a, b)) in settled for a in left for b in others)
