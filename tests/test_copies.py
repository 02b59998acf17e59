"""One story in many outlets: copies are found, whatever the order, and count as one report."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from conftest import Run
from makers import Read, article, said
from test_store import add, dump

from slatewatch import answers
from slatewatch.model import Standing
from slatewatch.projects.copies import Telling, original_of, roots
from slatewatch.shingles import FEWEST, shares, sketch
from slatewatch.store import open_store, transaction
from slatewatch.store.merging import rebuild
from slatewatch.store.opening import MIGRATIONS

H = "Harbour Lights"
M = "Ines Marrow"
STORY = (
    "The project has been in the works since the spring, when the company bought the rights to a short story of "
    "that name after a bidding war among four buyers. Marrow, whose debut opened the festival of her home town "
    "two years ago, is to begin work as soon as she is done with the series that she is cutting at present. The "
    "story is set on a coast where the ferries stopped running, and follows a keeper who will not leave. Nobody "
    "has been cast so far, and no date for the shoot was given. The company would not comment on the budget, "
    "which two people put at nine million dollars."
)
OTHER = (
    "It is a first feature for the studio after a long pause, and the first that its new head has signed off. She "
    "told this paper last week that the slate for next year was all but full; four more titles are to be named "
    "before the market opens. The director is known for short work that was shown in galleries rather than "
    "cinemas, and she plans to shoot on film with a small crew. Readers will remember the account of the ferry "
    "strike in our pages last autumn."
)


def reworded(text: str, every: int = 12, seed: int = 1) -> str:
    """The text with one word in so many exchanged."""
    rng = random.Random(seed)
    return " ".join("otherwise" if rng.random() < 1 / every else word for word in text.split())


FIRST = article("first", "2020-01-01", said(H, "director", M), more=STORY, outlet="Reel Ledger")
COPY = article("copy", "2020-01-04", said(H, "director", M), more=reworded(STORY), outlet="Dolly Weekly", title="Cut")
HALF = article("half", "2020-01-05", said(H, "director", M), more=STORY[:450], outlet="Gaffer Gazette")
OWN = article("own", "2020-01-03", said(H, "director", M), more=OTHER, outlet="Slate Courier")


def director(db: sqlite3.Connection) -> Standing:
    (found,) = [s for s in answers.project(db, H).project.current if s.role == "director" and s.value == M]
    return found


def test_of_two_texts_what_is_common_is_measured() -> None:
    whole, half, other = sketch(STORY), sketch(STORY[:300]), sketch(OTHER)
    assert whole
    assert half
    assert other
    assert shares(whole, whole) == (1.0, 1.0)
    of_half, of_whole = shares(half, whole)
    assert of_half > 0.9 > 0.7 > of_whole
    assert max(shares(whole, other)) < 0.1
    assert sketch("Too short to tell. " * 20) is None


@pytest.mark.parametrize("text", [STORY, OTHER])
def test_case_accents_and_marks_make_no_other_text(text: str) -> None:
    rng = random.Random(1)
    marked = "".join(c.upper() if rng.random() < 0.3 else c for c in text).replace("e", "é").replace(" ", ", ")
    assert sketch(text.replace("'", "")) == sketch(marked.replace("'", ""))


def test_a_copy_is_no_second_voice_and_confirms_nothing(db: sqlite3.Connection) -> None:
    add(db, FIRST, COPY, HALF)
    page = answers.project(db, H)
    assert (director(db).voices, director(db).confirmed, director(db).outlet) == (1, "2020-01-01", "Reel Ledger")
    assert db.execute("SELECT voices, confirmed FROM credits").fetchall()[0][:] == (1, "2020-01-01")
    evidence = {e.article: (e.repeat, e.copy_of, e.voice) for e in director(db).evidence}
    assert evidence == {
        "first": (False, None, "Reel Ledger"),
        "copy": (True, "first", "Reel Ledger"),
        "half": (True, "first", "Reel Ledger"),
    }
    rows = {row.id: (row.copy_of, [o.article for o in row.also_in]) for row in page.articles}
    assert rows == {"first": (None, ["copy", "half"]), "copy": ("first", ["first", "half"]),
                    "half": ("first", ["first", "copy"])}  # fmt: skip
    assert [report.id for report in page.project.reports] == ["first", "copy", "half"], "all are listed"


def test_an_outlet_that_writes_of_its_own_is_a_second_voice(db: sqlite3.Connection) -> None:
    add(db, FIRST, COPY, OWN)
    assert (director(db).voices, director(db).confirmed, director(db).outlet) == (2, "2020-01-03", "Slate Courier")
    assert [row.also_in for row in answers.project(db, H).articles if row.id == "own"] == [()]


def test_what_a_copy_passes_on_late_takes_nothing_back(db: sqlite3.Connection) -> None:
    left = article("left", "2020-01-02", said(H, "director", M, "exited"), more=OTHER, outlet="Slate Courier")
    add(db, FIRST, left, COPY)
    assert director(db).modality == "exited"
    assert answers.project(db, H).project.conflicts == ()
    assert [c.after for c in answers.project(db, H).project.changes if c.role == "director" and c.kind == "credit"] == [
        "attached",
        "exited",
    ]


def test_what_a_copy_adds_is_its_own_word(db: sqlite3.Connection) -> None:
    more = article("copy", "2020-01-04", said(H, "director", M), said(H, "writer", "Rob Quill"), more=STORY,
                   outlet="Dolly Weekly")  # fmt: skip
    add(db, FIRST, more)
    (writer,) = [s for s in answers.project(db, H).project.current if s.role == "writer"]
    assert (writer.outlet, writer.voices, writer.evidence[0].repeat) == ("Dolly Weekly", 1, False)


def test_a_long_article_that_takes_in_a_brief_is_no_copy(db: sqlite3.Connection, tmp_path: Path) -> None:
    brief = article("brief", "2020-01-01", said(H, "director", M), more=STORY[:350], outlet="Reel Ledger")
    long = article("long", "2020-01-02", said(H, "director", M), more=f"{STORY[:350]} {OTHER} {STORY[350:]}",
                   outlet="Slate Courier")  # fmt: skip
    add(db, brief, long)
    assert director(db).voices == 2
    # The other way round the brief is.
    later = article("brief", "2020-01-03", said(H, "director", M), more=STORY[:350], outlet="Reel Ledger")
    other = open_store(tmp_path / "other.db", write=True)
    add(other, later, long)
    assert director(other).voices == 1
    other.close()


def test_of_one_day_the_one_that_the_other_credits_came_first(db: sqlite3.Connection) -> None:
    credit = said(None, "source", "Slate Courier")
    passing = article("a", "2020-01-01", said(H, "director", M), credit, more=STORY, outlet="Reel Ledger")
    scoop = article("z", "2020-01-01", said(H, "director", M), more=STORY, outlet="Slate Courier")
    add(db, passing, scoop)
    page = answers.project(db, H)
    assert {row.id: row.copy_of for row in page.articles} == {"a": "z", "z": None}
    assert (page.project.first.outlet, page.project.first.article) == ("Slate Courier", "z")


def test_chains_and_rings_of_copies_have_one_beginning() -> None:
    assert roots({"b": "a", "c": "b"}) == {"b": "a", "c": "a"}
    assert roots({"a": "c", "b": "a", "c": "b", "d": "c"}) == {"b": "a", "c": "a", "d": "a"}
    assert roots({}) == {}


def test_the_original_is_the_earliest_that_has_most_of_the_words() -> None:
    def telling(id_: str, day: str, *credits: str) -> Telling:
        return Telling(id=id_, day=day, published=None, outlet=id_.upper(), credits=frozenset(credits))

    first, second, third = (telling(id_, f"2020-01-0{n}") for n, id_ in enumerate("abc", 1))
    assert original_of(third, [(second, 0.9), (first, 0.7)]) == (first, 0.7)
    assert original_of(third, [(second, 0.9), (first, 0.4)]) == (second, 0.9)
    assert original_of(first, [(second, 0.9)]) is None
    assert original_of(telling("d", "2020-01-01", "B"), [(second, 0.9)]) == (second, 0.9), "it credits B"
    assert original_of(telling("d", "2020-01-09"), [(telling("e", "2020-01-01", "D"), 0.9)]) is None


def test_any_order_one_by_one_or_rebuilt_gives_the_same(tmp_path: Path) -> None:
    other = article("beacon", "2020-01-02", said("Beacon", "director", M), more=reworded(STORY, seed=5), outlet="X")
    world: list[Read] = [FIRST, COPY, HALF, OWN, other]
    together = open_store(tmp_path / "together.db", write=True)
    add(together, *world)
    whole = dump(together)
    assert len(whole["copies"]) == 3
    for seed in range(12):
        singly = open_store(tmp_path / f"{seed}.db", write=True)
        for read in random.Random(seed).sample(world, len(world)):
            add(singly, read)
        assert dump(singly) == whole
        with transaction(singly):
            rebuild(singly, now="2027-01-01T00:00:00")
        assert dump(singly) == whole
        singly.close()
    together.close()


def test_a_copy_that_is_rewritten_becomes_a_report_of_its_own(db: sqlite3.Connection) -> None:
    add(db, FIRST, COPY)
    assert director(db).voices == 1
    anew = article("copy", "2020-01-04", said(H, "director", M), more=OTHER, outlet="Dolly Weekly", title="Cut",
                   modified="2020-01-06")  # fmt: skip
    assert add(db, anew) == {"edited": 1}
    assert director(db).voices == 2
    assert db.execute("SELECT count(*) FROM copies").fetchone()[0] == 0


def test_an_article_that_states_nothing_is_not_looked_at(db: sqlite3.Connection) -> None:
    add(db, article("a", "2020-01-01", more=STORY), article("b", "2020-01-02", more=STORY))
    assert db.execute("SELECT count(*) FROM sketches").fetchone()[0] == 0
    assert len(STORY.split()) > FEWEST


BEFORE_COPIES = 2


def made_by_later_steps(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """(TABLE or INDEX, name) of what a store of that version did not have, tables first."""
    listed = "SELECT upper(type), name FROM sqlite_schema WHERE type IN ('table', 'index') AND name NOT LIKE 'sqlite_%'"
    old = sqlite3.connect(":memory:")
    for step in MIGRATIONS[:BEFORE_COPIES]:
        step(old)
    known = set(old.execute(listed).fetchall())
    old.close()
    return sorted({tuple(row) for row in db.execute(listed)} - known, reverse=True)


def test_a_store_from_before_finds_copies_when_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "slate.db"
    db = open_store(path, write=True)
    add(db, FIRST, COPY)
    for kind, name in made_by_later_steps(db):
        db.execute(f"DROP {kind} IF EXISTS {name}")
    db.execute("ALTER TABLE claims DROP COLUMN also")
    db.execute(f"PRAGMA user_version = {BEFORE_COPIES}")
    db.close()
    db = open_store(path, write=True)
    assert db.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    with transaction(db):
        rebuild(db, now="2027-01-01T00:00:00")
    assert director(db).voices == 1
    db.close()


def test_show_and_the_feed_say_which_is_a_copy(db: sqlite3.Connection, run: Run, tmp_path: Path) -> None:
    add(db, FIRST, COPY)
    assert "copy of" in run("--db", tmp_path / "slate.db", "show", H).out
    items = {item.article.id: item for item in answers.feed(db)}
    assert items["copy"].article.copy_of == "first"
    assert items["copy"].changes == ()
    assert [one.outlet for one in answers.article(db, "first").row.also_in] == ["Dolly Weekly"]


def drawn(rng: random.Random, n: int, day: str, *, edited: bool = False) -> Read:
    """A telling of one of two stories: whole, cut, reworded or beside the other; it may credit another outlet."""
    base, other = rng.sample((STORY, OTHER), 2)
    words = rng.choice(
        (base, base[: rng.randrange(250, 500)], reworded(base, seed=n), f"{base} {other}", other[:300] + base)
    )
    claims = [said(H, "director", M)]
    if rng.random() < 0.3:
        claims.append(said(None, "source", rng.choice("ABCDEFGH")))
    return article(f"a{n}", day, *claims, more=words, outlet="ABCDEFGH"[n], modified="2020-02-02" if edited else None)


@pytest.mark.parametrize("seed", range(8))
def test_whose_copy_is_whose_depends_on_the_articles_alone(tmp_path: Path, seed: int) -> None:
    """Read in any order, with an earlier version of some read before, or all made anew: the same copies."""
    rng = random.Random(seed)
    days = [f"2020-01-0{rng.randrange(1, 5)}" + rng.choice(("", "T08:00:00", "T18:00:00")) for _ in range(8)]
    before = [drawn(rng, n, day) for n, day in enumerate(days)]
    world = [drawn(rng, n, day, edited=True) for n, day in enumerate(days)]
    found = []
    for way in range(5):
        db = open_store(tmp_path / f"{way}.db", write=True)
        for read in [*rng.sample(before, 8 if way > 1 else 0), *rng.sample(world, 8)]:
            add(db, read)
        if way == 4:
            with transaction(db):
                rebuild(db, now="2027-01-01T00:00:00")
        kept = [tuple(row) for row in db.execute("SELECT article, original, round(share, 6) FROM copies ORDER BY 1")]
        found.append((kept, [tuple(row) for row in db.execute("SELECT key, voices, confirmed FROM credits")]))
        db.close()
    assert found[0][0], "there are copies among them"
    assert found[1:] == found[:1] * 4
