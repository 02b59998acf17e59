"""Putting articles, claims and decisions into the store. Everything here runs inside `transaction(db)`."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from slatewatch.errors import BadInput
from slatewatch.model import (
    FORMATS,
    KINDS,
    MODALITIES,
    PROJECT_KINDS,
    ROLES,
    STATUSES,
    TIE_KINDS,
    Article,
    Claim,
    Clock,
    Decision,
    Mention,
)
from slatewatch.names import (
    company_key,
    fold,
    is_untitled,
    person_key,
    title_key,
)
from slatewatch.projects.blocks import LINK, SHARED_KEYS
from slatewatch.projects.compare import SAME_TEAM, compare
from slatewatch.projects.mentions import mentions_of, renamings
from slatewatch.projects.profile import looked_up, profile_of, stored_keys

from .copies import projects_with, put_sketch, stories
from .edits import keep_claims, present_claims
from .notes import ruled
from .rows import CLAIM_FIELDS, article_of, claim_row, load_mentions, parts, report_of_row

#: The values that a kind allows, where the vocabulary lists them, and what a date may look like.
VALUES: dict[str, tuple[str, ...]] = {"status": STATUSES, "format": FORMATS}
DATE = re.compile(
    r"\d{4}(-((0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|Q[1-4]|H[12]|spring|summer|autumn|winter))?\Z", re.ASCII
)
Outcome = Literal["new", "same", "edited", "older"]
#: A text of more characters than this is stored without a diff to its next version: the diff would take minutes.
DIFF_LIMIT = 200_000


@dataclass(slots=True)
class Touched:
    """What a write has touched, for the merge that follows it: mentions that came, and projects that lost some."""

    mentions: set[str] = dataclasses.field(default_factory=set)
    projects: set[str] = dataclasses.field(default_factory=set)
    #: Mentions of edited articles -> the project they were in before the edit.
    homes: dict[str, str] = dataclasses.field(default_factory=dict)


def put_article(
    db: sqlite3.Connection,
    article: Article,
    claims: Sequence[Claim],
    *,
    now: str,
    touched: Touched,
    clock: Clock | None = None,
) -> Outcome:
    """Store an article and its claims, and note in `touched` what must be merged anew.

    The same article with the same claims changes nothing. An edited one becomes a new version, with a diff; its claims
    take the place of the old ones. `now` is an ISO time; `clock` what it is the time of, where it is not first sight.
    """
    check(article, claims)
    name = _identity(db, article)
    if name != article.id:
        article = dataclasses.replace(article, id=name)
        claims = [dataclasses.replace(claim, article=name) for claim in claims]
    claims = ruled(db, article.id, claims)
    old = db.execute("SELECT * FROM articles WHERE id = ?", (article.id,)).fetchone()
    seen = article.seen or now
    if old is None:
        _insert_article(db, article, seen, clock, version=1, moved=None)
        _put_claims(db, article, claims, touched)
        _note_words(db, article, claims, touched)
        return "new"
    if article.hash == old["hash"]:
        redated, anew = _redate(db, article, old, touched), replace_claims(db, article, claims, touched)
        if redated or anew:
            _note_words(db, article, claims, touched)
        return "edited" if redated or anew else "same"
    if db.execute("SELECT 1 FROM versions WHERE article = ? AND hash = ?", (article.id, article.hash)).fetchone():
        return "older"
    return _edit(db, article, claims, old, seen=seen, clock=clock, touched=touched)


def check(article: Article, claims: Iterable[Claim]) -> None:
    """Raises BadInput where a claim is outside the vocabulary, or its quote is not where it says in the article."""
    words = article.words
    for claim in claims:
        said = f"{article.id}: {claim.kind} claim"
        if claim.kind not in KINDS:
            raise BadInput(f"{article.id}: there is no kind {claim.kind!r}; the kinds are {', '.join(KINDS)}")
        if claim.kind in ROLES and claim.role not in ROLES[claim.kind]:
            raise BadInput(f"{said}: role {claim.role!r} is none of {', '.join(ROLES[claim.kind])}")
        if claim.kind in {"credit", "company"} and claim.modality not in MODALITIES:
            raise BadInput(f"{said}: modality {claim.modality!r} is none of {', '.join(MODALITIES)}")
        if claim.kind in VALUES and claim.value not in VALUES[claim.kind]:
            raise BadInput(f"{said}: {claim.value!r} is none of {', '.join(VALUES[claim.kind])}")
        if claim.kind == "date" and not DATE.match(claim.value or ""):
            raise BadInput(
                f"{said}: {claim.value!r} is no date of the vocabulary (2016, 2016-05, 2016-Q1, 2016-spring)"
            )
        if claim.kind != "open_role" and not claim.value:
            raise BadInput(f"{said}: it has no value")
        if (claim.kind in PROJECT_KINDS and not claim.project) or (claim.kind in TIE_KINDS and not claim.subject):
            raise BadInput(f"{said}: it does not say of what")
        if words[claim.start : claim.end] != claim.quote or not claim.quote:
            raise BadInput(f"{said}: its quote is not in the article: {claim.quote[:80]!r}")


def _identity(db: sqlite3.Connection, article: Article) -> str:
    """The id under which the article is, or will be, stored: that of an article of its URL, or its own.

    Two files of one name in two folders are two articles: the second gets its id with six digits after it.
    """
    if article.url:
        row = db.execute("SELECT id FROM articles WHERE url = ? ORDER BY id LIMIT 1", (article.url,)).fetchone()
        if row:
            return str(row["id"])
    row = db.execute("SELECT * FROM articles WHERE id = ?", (article.id,)).fetchone()
    if row is None or row["hash"] == article.hash:
        return article.id
    if article.url and row["url"]:
        another = True
    else:
        another = fold(row["title"]) != fold(article.title) and (row["outlet"], row["published"]) != (
            article.outlet, article.published,
        )  # fmt: skip
    if not another:
        return article.id
    mark = hashlib.sha256((article.url or f"{article.outlet}\x1f{article.title}").encode()).hexdigest()[:6]
    return f"{article.id}~{mark}"


def _insert_article(
    db: sqlite3.Connection, article: Article, seen: str, clock: Clock | None, *, version: int, moved: str | None
) -> None:
    kept: Clock = "published" if article.published else clock or "first_seen"
    db.execute(
        "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            article.id, article.outlet, article.url, article.title, article.text, article.author, article.published,
            article.modified, article.language, seen, kept, (article.published or seen)[:10], moved, article.hash,
            version,
        ),
    )  # fmt: skip


def _put_version(db: sqlite3.Connection, article: Article, seen: str, diff: str | None) -> None:
    db.execute(
        "INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (article.id, article.hash, article.title, article.text, article.published, article.modified, seen, diff),
    )


def _edit(
    db: sqlite3.Connection, article: Article, claims: Sequence[Claim], old: sqlite3.Row,
    *, seen: str, clock: Clock | None, touched: Touched,
) -> Outcome:  # fmt: skip
    """Another version of a known article. The newest by the page's own clock, else by ours, is the one that counts."""
    before = f"{old['title']}\n\n{old['text']}"
    newest = (article.modified or "", seen) >= (old["modified"] or "", "")
    pair = (before, article.words) if newest else (article.words, before)
    first = article_of(old)
    _put_version(db, first, old["first_seen"], None)
    _put_version(db, article, seen, unified(*pair))
    keep_claims(db, article.id, first.hash, present_claims(db, article.id))
    keep_claims(db, article.id, article.hash, claims)
    if not newest:
        return "older"
    published, moved = _dates(old, article)
    article = dataclasses.replace(article, published=published)
    _insert_article(db, article, old["first_seen"], clock, version=old["version"] + 1, moved=moved)
    replace_claims(db, article, claims, touched, force=True)
    _note_words(db, article, claims, touched)
    return "edited"


def states_something(claims: Iterable[Claim]) -> bool:
    """Whether any of these claims speaks of a project: only then does it matter who else has the same words."""
    return any(claim.project for claim in claims)


def _note_words(db: sqlite3.Connection, article: Article, claims: Sequence[Claim], touched: Touched) -> None:
    """Find the articles of the same words. Whose copy they are may have changed: all their projects are touched."""
    met = put_sketch(db, article, wanted=states_something(claims))
    if met:
        touched.projects |= projects_with(db, stories(db, met)[0])


def _dates(old: sqlite3.Row, article: Article) -> tuple[str | None, str | None]:
    """The publication date that counts, the earliest the page has borne, and the latest where it was moved."""
    dates = sorted(day for day in {old["published"], old["moved"], article.published} if day)
    if not dates:
        return None, None
    return dates[0], dates[-1] if dates[-1][:10] != dates[0][:10] else None


def _redate(db: sqlite3.Connection, article: Article, old: sqlite3.Row, touched: Touched) -> bool:
    """The words are the same, the publication date may not be."""
    published, moved = _dates(old, article)
    if (published, moved) == (old["published"], old["moved"]):
        return False
    day = (published or old["first_seen"])[:10]
    db.execute(
        "UPDATE articles SET published = ?, moved = ?, day = ?, clock = 'published' WHERE id = ?",
        (published, moved, day, article.id),
    )
    rows = db.execute("SELECT project FROM mentions WHERE article = ? AND project IS NOT NULL", (article.id,))
    touched.projects.update(row[0] for row in rows)
    return True


def unified(before: str, after: str) -> str | None:
    """What an edit changed, as a unified diff of paragraphs; None for a very long text."""
    if max(len(before), len(after)) > DIFF_LIMIT:
        return None
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), "before", "after", n=1, lineterm="")
    return "\n".join(lines)


def replace_claims(
    db: sqlite3.Connection, article: Article, claims: Sequence[Claim], touched: Touched, *, force: bool = False
) -> bool:
    """Put these claims in the place of the article's; False where they are the same, and nothing was done."""
    old = {row["id"] for row in db.execute("SELECT id FROM claims WHERE article = ?", (article.id,))}
    if not force and old == {claim.id for claim in claims}:
        _put_makers(db, article, claims)
        return False
    forget_merged(db, article.id, touched)
    for row in db.execute("SELECT n, quote FROM claims WHERE article = ?", (article.id,)).fetchall():
        db.execute("INSERT INTO quote_words (quote_words, rowid, quote) VALUES ('delete', ?, ?)", tuple(row))
    db.execute("DELETE FROM claims WHERE article = ?", (article.id,))
    db.execute("DELETE FROM renamings WHERE article = ?", (article.id,))
    _put_claims(db, article, claims, touched)
    if db.execute("SELECT 1 FROM versions WHERE article = ? AND hash = ?", (article.id, article.hash)).fetchone():
        keep_claims(db, article.id, article.hash, claims)
    return True


def _put_makers(db: sqlite3.Connection, article: Article, claims: Iterable[Claim]) -> None:
    """Who made the claims and how sure they are: it may change while what the claims say does not."""
    for claim in claims:
        row = dict(zip(("id", "mention", *CLAIM_FIELDS), claim_row(claim, None), strict=True))
        db.execute(
            "UPDATE claims SET sure = ?, maker = ?, also = ? WHERE article = ? AND id = ?",
            (row["sure"], row["maker"], row["also"], article.id, claim.id),
        )


def forget_merged(db: sqlite3.Connection, article: str, touched: Touched) -> None:
    """Take the article's mentions away, with their keys and links; their ids go on leading to their projects."""
    for row in db.execute("SELECT id, project FROM mentions WHERE article = ?", (article,)).fetchall():
        if row["project"]:
            touched.projects.add(row["project"])
            touched.homes[row["id"]] = row["project"]
            heir = db.execute(
                "SELECT min(id) FROM mentions WHERE project = ? AND article <> ?", (row["project"], article)
            ).fetchone()[0]
            if heir:
                db.execute("INSERT OR REPLACE INTO redirects VALUES (?, ?)", (row["id"], heir))
        db.execute("DELETE FROM keys WHERE mention = ?", (row["id"],))
        db.execute("DELETE FROM links WHERE left = ? OR right = ?", (row["id"], row["id"]))
        db.execute("DELETE FROM mentions WHERE id = ?", (row["id"],))


def _put_claims(db: sqlite3.Connection, article: Article, claims: Sequence[Claim], touched: Touched) -> None:
    row = db.execute("SELECT * FROM articles WHERE id = ?", (article.id,)).fetchone()
    mentions = mentions_of(report_of_row(row), claims, article.text)
    home = {claim.id: mention.id for mention in mentions for claim in mention.claims}
    marks = ", ".join("?" * (len(CLAIM_FIELDS) + 2))
    columns = ", ".join(CLAIM_FIELDS)
    insert = f"INSERT INTO claims (id, mention, {columns}) VALUES ({marks}) ON CONFLICT (article, id) DO NOTHING"
    for claim in claims:
        cursor = db.execute(insert, claim_row(claim, home.get(claim.id)))
        if cursor.rowcount:
            db.execute("INSERT INTO quote_words (rowid, quote) VALUES (?, ?)", (cursor.lastrowid, claim.quote))
    _put_names(db, claims)
    for about, old, new, quote in renamings(article, claims):
        key = person_key if about == "person" else company_key
        db.execute(
            "INSERT OR IGNORE INTO renamings VALUES (?, ?, ?, ?, ?)", (about, key(old), key(new), article.id, quote)
        )
        touched.projects.update(projects_naming(db, (key(old), key(new))))
    for mention in mentions:
        put_mention(db, mention, touched)


def _put_names(db: sqlite3.Connection, claims: Iterable[Claim]) -> None:
    """Titles and names for the search, each spelling once."""
    found: set[tuple[str, str, str]] = set()
    for claim in claims:
        if claim.project:
            found.add(("title", title_key(claim.project), claim.project))
        if claim.kind == "alias" and claim.value:
            found.add(("title", title_key(claim.value), claim.value))
        if claim.kind == "credit" and claim.value:
            found.add(("person", person_key(claim.value), claim.value))
        if claim.kind == "company" and claim.value:
            found.add(("company", company_key(claim.value), claim.value))
    for entry in sorted(found):
        cursor = db.execute("INSERT OR IGNORE INTO entries (kind, ref, text) VALUES (?, ?, ?)", entry)
        if cursor.rowcount:
            db.execute("INSERT INTO entry_words (rowid, text) VALUES (?, ?)", (cursor.lastrowid, entry[2]))


def put_mention(db: sqlite3.Connection, mention: Mention, touched: Touched) -> None:
    """Store a mention with the keys it is found by, and link it to those it may be one with."""
    lists = [
        json.dumps(list(v), ensure_ascii=False) for v in (mention.sources, mention.near, mention.beside, mention.called)
    ]
    db.execute(
        "INSERT OR REPLACE INTO mentions VALUES (?, ?, ?, NULL, ?, ?, ?, ?)",
        (mention.id, mention.report.id, mention.title, *lists),
    )
    db.execute("DELETE FROM redirects WHERE old = ?", (mention.id,))
    db.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", [(key, mention.id) for key in stored_keys(mention)])
    touched.mentions.add(mention.id)
    met = _met(db, mention)
    mine = profile_of([mention])
    rows: list[tuple[Any, ...]] = []
    for other in load_mentions(db, met):
        likeness = compare(mine, profile_of([other]))
        if likeness.score >= LINK:
            rows.append((*sorted((mention.id, other.id)), likeness.score, likeness.why))
    db.executemany("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?)", rows)


def _met(db: sqlite3.Connection, mention: Mention) -> set[str]:
    """The mentions worth comparing with: they share two keys with it, or a title named beside it."""
    counts: Counter[str] = Counter()
    team: Counter[str] = Counter()
    titled = not is_untitled(mention.title)
    for marks, part in parts(looked_up(mention)):
        for row in db.execute(f"SELECT key, mention FROM keys WHERE key IN ({marks})", part):
            if titled and row["key"][0] == "p":
                team[row["mention"]] += 1
            else:
                counts[row["mention"]] += 2 if row["key"][0] in "tn" else 1
    found = {other for other, count in counts.items() if count >= SHARED_KEYS}
    return (found | {other for other, count in team.items() if count >= SAME_TEAM}) - {mention.id}


def projects_naming(db: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    """The projects on which people or companies of these keys stand."""
    found: set[str] = set()
    for marks, part in parts(keys):
        query = f"SELECT project FROM credits WHERE kind IN ('credit', 'company') AND key IN ({marks})"
        found.update(row[0] for row in db.execute(query, part))
    return found


def put_decision(db: sqlite3.Connection, decision: Decision, touched: Touched) -> None:
    """Keep a person's decision. The latest on a pair counts; the earlier ones stay, as its history."""
    left, right = sorted((decision.left, decision.right))
    if left == right:
        raise BadInput("a decision needs two different things")
    db.execute(
        "INSERT INTO decisions (about, left, right, judgement, by, at, why) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (decision.about, left, right, decision.judgement, decision.by, decision.at, decision.why),
    )
    if decision.about == "project":
        touched.mentions.update((left, right))
    else:
        touched.projects.update(projects_naming(db, (left, right)))
