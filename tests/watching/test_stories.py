"""The labelled stories, added one article at a time: each changed fact is told once, and no repeated report is.

What should be told is worked out here from the labels and from what is true of the projects (which articles and names
are whose), by rules of its own: nothing of merging, history or watching is asked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from slatewatch.answers import projects
from slatewatch.labelled import labelled
from slatewatch.model import Article, Claim
from slatewatch.names import fold
from slatewatch.store import open_store
from slatewatch.store.adding import add_articles
from slatewatch.watching.conditions import Conditions, made_of
from slatewatch.watching.finding import Alert, add_watch, alerts, find_alerts
from slatewatch.watching.sources import sources

STORIES = ROOT / "gold/stories"
Read = tuple[Article, list[Claim]]
Truth = dict[str, Any]
#: (article, key of the project in the truth, kind, role, value, before, after).
Fact = tuple[str, str, str, str, str, str, str]
#: Names that are one's in these stories: a short form, and two that changed.
ONE = {"fox": "20th century fox", "millennium films": "millennium media", "jill soloway": "joey soloway"}
#: Posts that leave a hole; a cast member's only where the part is named.
LEAVING = {"director", "writer", "showrunner", "cast", "composer", "cinematographer", "editor"}


@pytest.fixture(scope="module")
def truth() -> list[Truth]:
    return list(json.loads((STORIES / "dev.truth.json").read_text("utf-8"))["projects"])


@pytest.fixture(scope="module")
def reads() -> list[Read]:
    found = [read for read in labelled(str(STORIES / "dev")) if isinstance(read, tuple)]
    return sorted(((a, list(claims)) for a, claims in found), key=lambda read: (read[0].published or "", read[0].id))


@pytest.fixture(scope="module")
def told(reads: list[Read], tmp_path_factory: pytest.TempPathFactory) -> list[list[Alert]]:
    """What a watch of everything tells after each article."""
    db = open_store(tmp_path_factory.mktemp("stories") / "slate.db", write=True)
    add_watch(db, "everything", "everything", Conditions())
    found: list[list[Alert]] = []
    seen: set[str] = set()
    for read in reads:
        add_articles(db, [read])
        find_alerts(db)
        new = [alert for alert in alerts(db) if alert.id not in seen]
        seen |= {alert.id for alert in new}
        found.append(new)
    db.close()
    return found


def home(truth: list[Truth], article: str, title: str) -> Truth:
    (project,) = [p for p in truth if article in p["articles"] and fold(title) in {fold(t) for t in p["titles"]}]
    return project


def name_of(project: Truth, claim: Claim) -> str:
    """The name that is true of whom the claim names: in full, however the article shortens it."""
    names = [fold(c["value"]) for c in project["current"] if c["kind"] == claim.kind and c.get("role") == claim.role]
    said = fold(claim.value or "")
    said = said if said in names else ONE.get(said, said)
    if said in names:
        return said
    words = set(said.split())
    fits = [name for name in names if words < set(name.split()) or set(name.split()) < words]
    return fits[0] if len(fits) == 1 else said


SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 12), "H1": (1, 6), "H2": (7, 12),
           "Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12), "": (1, 12)}  # fmt: skip


def span(said: str) -> tuple[int, int]:
    """The first and last day a date may mean, as numbers, every month of 31 days."""
    year, _, rest = said.partition("-")
    month, _, day = rest.partition("-")
    first, last = SEASONS[rest] if rest in SEASONS else (int(month), int(month))
    return (int(year) * 12 + first) * 31 + int(day or 1), (int(year) * 12 + last) * 31 + int(day or 31)


def says_no_more(before: str, after: str) -> bool:
    """Whether a date may be the one before it, said no more exactly."""
    (a, b), (c, d) = span(before), span(after)
    return a <= d and c <= b and d - c >= b - a


def lanes(project: Truth, claims: list[Claim]) -> dict[tuple[str, str, str], str]:
    """What one article says last on each matter."""
    found: dict[tuple[str, str, str], str] = {}
    for claim in sorted(claims, key=lambda c: (c.start, c.end)):
        role = claim.role or ""
        if claim.kind in {"credit", "company"}:
            found[claim.kind, role, name_of(project, claim)] = claim.modality or ""
        elif claim.kind in {"status", "format", "date"}:
            found[claim.kind, role, ""] = claim.value or ""
        elif claim.kind in {"based_on", "location", "alias"}:
            found[claim.kind, role, fold(claim.value or "")] = fold(claim.value or "")
    return found


def is_change(kind: str, before: str | None, after: str) -> bool:
    if before is None:
        return True
    if kind in {"based_on", "location", "alias"}:
        return False
    if kind == "format":
        return after != before and (after, before) not in {("film", "documentary"), ("series", "limited_series")}
    return after != before and not (kind == "date" and says_no_more(before, after))


def wanted(truth: list[Truth], reads: list[Read]) -> Iterator[Fact]:
    """Every fact that an article changes, in the order of the articles; open posts apart."""
    state: dict[tuple[str, str, str, str], str] = {}
    called: dict[str, str] = {}
    for article, claims in reads:
        groups: dict[str, list[Claim]] = {}
        for claim in (c for c in claims if c.project):
            groups.setdefault(home(truth, article.id, claim.project or "")["key"], []).append(claim)
        for key, own in groups.items():
            project = next(p for p in truth if p["key"] == key)
            title = own[0].project or ""
            yield from named(article.id, key, title, called)
            for (kind, role, name), after in lanes(project, own).items():
                before = state.get((key, kind, role, name))
                if is_change(kind, before, after):
                    yield article.id, key, kind, role, name, before or "", after
                    state[key, kind, role, name] = after


def named(article: str, key: str, title: str, called: dict[str, str]) -> Iterator[Fact]:
    """The first word of a project, and a real title that comes after another."""
    if key not in called:
        yield article, key, "project", "", "", "", "new"
    elif fold(title) == fold(called[key]) or title.startswith("untitled"):
        return
    else:
        yield article, key, "title", "", "", fold(called[key]), fold(title)
    called[key] = title


def as_facts(truth: list[Truth], found: list[Alert]) -> Iterator[Fact]:
    keys = {"credit", "company", "based_on", "location", "alias"}
    homes: dict[str, str] = {}
    for alert in found:
        fits = [
            p["key"]
            for p in truth
            if alert.article in p["articles"] and fold(alert.title) in {fold(t) for t in p["titles"]}
        ]
        homes.setdefault(alert.project or "", fits[0] if fits else "?")
    for alert in found:
        key = homes[alert.project or ""]
        project = next(p for p in truth if p["key"] == key)
        claim = Claim(kind=alert.kind, article="", quote="", start=0, end=0, role=alert.role, value=alert.value)  # type: ignore[arg-type]
        name = name_of(project, claim) if alert.kind in keys else ""
        before, after = alert.before or "", alert.after
        if alert.kind in {"based_on", "location", "alias", "title"}:
            before, after = fold(before), fold(after)
        yield alert.article, key, alert.kind, alert.role or "", name, before, after


def side_by_side(left: Counter[Fact], right: Counter[Fact]) -> str:
    lines = [f"{'should be told':88} told"]
    for fact in sorted(left | right):
        text = " ".join(fact)
        lines += [
            f"{text if n < left[fact] else '':88} {text if n < right[fact] else ''}"
            for n in range((left | right)[fact])
        ]
    return "\n".join(lines)


def test_what_is_told_is_what_has_changed(truth: list[Truth], reads: list[Read], told: list[list[Alert]]) -> None:
    should = Counter(wanted(truth, reads))
    does = Counter(f for f in as_facts(truth, [a for new in told for a in new]) if f[2] != "open_role")
    print(side_by_side(should, does))  # noqa: T201
    assert should - does == Counter()
    assert does - should == Counter()


def test_open_posts_are_told_as_they_open_and_close(
    truth: list[Truth], reads: list[Read], told: list[list[Alert]]
) -> None:
    standing: dict[str, set[tuple[str, str]]] = {}
    for (article, claims), found in zip(reads, told, strict=True):
        # An article that fills one post of a role and says that another is open does so in this order.
        new = sorted(found, key=lambda alert: alert.after == "open")
        for alert, fact in zip(new, as_facts(truth, new), strict=True):
            if alert.kind != "open_role":
                continue
            key, posts = fact[1], standing.setdefault(fact[1], set())
            own = [c for c in claims if c.project and home(truth, article.id, c.project)["key"] == key]
            post = (alert.role or "", alert.value)
            if alert.after == "open":
                posts.add(post)
                assert any((c.role == alert.role and c.kind == "open_role") or c.modality == "exited" for c in own), (
                    alert
                )
            else:
                posts.remove(post)
                came = any(c.role == alert.role and c.modality == "attached" for c in own)
                assert came or any(c.kind == "status" and c.value in {"filming", "released"} for c in own), alert
        for claim in (c for c in claims if c.kind == "open_role"):
            key = home(truth, article.id, claim.project or "")["key"]
            assert claim.role in {role for role, _ in standing.get(key, set())}, claim
    left = {p["key"]: sorted({role for role, _ in standing.get(p["key"], set())}) for p in truth}
    assert left == {p["key"]: sorted(p["open_roles"]) for p in truth}


def test_what_was_told_adds_up_to_what_is_true(truth: list[Truth], told: list[list[Alert]]) -> None:
    last: dict[tuple[str, ...], str] = {}
    for _, key, kind, role, name, before, after in as_facts(truth, [a for new in told for a in reversed(new)]):
        if kind in {"credit", "company", "status", "format"}:
            assert before == last.get((key, kind, role, name), "")
            last[key, kind, role, name] = after
    for project in truth:
        for line in project["current"]:
            if line["kind"] in {"credit", "company", "status", "format"}:
                keyed = line["kind"] in {"credit", "company"}
                lane = (project["key"], line["kind"], line.get("role") or "", fold(line["value"]) if keyed else "")
                assert last[lane] == (line["modality"] if keyed else line["value"]), (project["key"], line)


def test_a_repeated_report_is_not_told(reads: list[Read], told: list[list[Alert]], tmp_path: Path) -> None:
    """Every article is followed by the same news from another outlet: the alerts are the same, with one more source."""
    db = open_store(tmp_path / "slate.db", write=True)
    add_watch(db, "everything", "everything", Conditions())
    for (article, claims), new in zip(reads, told, strict=True):
        add_articles(db, [(article, claims)])
        assert find_alerts(db) == len(new), article.id
        again = replace(article, id=f"{article.id}~again", outlet="Second Hand Reel", url=None)
        add_articles(db, [(again, [replace(claim, article=again.id) for claim in claims])])
        assert find_alerts(db) == 0, article.id
    told_of = [alert for alert in alerts(db) if alert.kind == "credit"]
    assert len(told_of) == sum(alert.kind == "credit" for new in told for alert in new)
    assert {s.outlet for alert in told_of for s in sources(db, alert)} >= {"Second Hand Reel"}
    assert all("Second Hand Reel" in {s.outlet for s in sources(db, alert)} for alert in told_of)
    db.close()


def test_a_watch_of_a_project_is_told_of_that_project_alone(
    reads: list[Read], told: list[list[Alert]], tmp_path: Path
) -> None:
    db = open_store(tmp_path / "slate.db", write=True)
    made: dict[str, str] = {}
    for read in reads:
        add_articles(db, [read])
        find_alerts(db)
        for project in projects(db):
            if project.id not in made:
                said, unheard = made_of(db, {"projects": [project.id]})
                assert not unheard
                made[project.id] = add_watch(db, project.id, project.title, said).id
    for id_, watch in made.items():
        everything = [alert for new in told for alert in new if alert.project == id_]
        first = min(alert.article for alert in everything if alert.kind == "project")
        wanted = Counter((a.kind, a.role, a.value, a.before, a.after) for a in everything if a.article != first)
        assert Counter((a.kind, a.role, a.value, a.before, a.after) for a in alerts(db, watch=watch)) == wanted
    assert len(made) == 30
    db.close()
