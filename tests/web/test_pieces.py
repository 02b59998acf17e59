"""The pieces pages are made of: words marked by claims, lanes of a history, sentences, ages."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from slatewatch.answers.records import PlacedClaim
from slatewatch.model import Change, Claim, First, Kind, Project, Report
from slatewatch.web.marking import pieces
from slatewatch.web.pictures import lanes
from slatewatch.web.shown import LONGEST, shown
from slatewatch.web.wording import age, day, sentence


def placed(start: int, end: int, words: str, kind: Kind = "credit") -> PlacedClaim:
    claim = Claim(kind=kind, article="a", quote=words[start:end], start=start, end=end, value=f"{start}-{end}")
    return PlacedClaim(claim=claim, project=None, title=None)


@given(st.text(min_size=30, max_size=60), st.lists(st.tuples(st.integers(0, 29), st.integers(1, 30)), max_size=8))
def test_pieces_are_the_whole_text_and_each_claim_begins_once(words: str, spans: list[tuple[int, int]]) -> None:
    claims = [placed(start, min(start + size, len(words)), words) for start, size in set(spans)]
    made = pieces(words, 0, len(words), claims)
    assert "".join(piece.words for piece in made) == words
    assert sorted(id_ for piece in made for id_ in piece.begins) == sorted(c.claim.id for c in claims)
    for piece in made:
        assert (piece.claim is None) == (piece.kind is None)


def test_where_quotes_lie_over_each_other_the_shorter_one_colours() -> None:
    words = "Mira Solveig will direct it from a script by Ilse Marten"
    made = pieces(words, 0, len(words), [placed(0, len(words), words), placed(5, 12, words, "status")])
    assert [(piece.words, piece.kind) for piece in made][:2] == [("Mira ", "credit"), ("Solveig", "status")]


def change(on: str, name: str, before: str | None, after: str, **fields: str) -> Change:
    whole = {"kind": "credit", "role": "director", "value": name, "article": on, **fields}
    return Change(id=on + name, day=on, before=before, after=after, **whole)


def project(*changes: Change) -> Project:
    reports = tuple(Report(id=c.day, day=c.day) for c in changes)
    return Project(
        id="p", title="T", titles=("T",), reports=reports, mentions=(), current=(), posts=(), conflicts=(),
        changes=changes, stages=(), first=First(outlet=None, published=None, clock="published", article="a"),
    )  # fmt: skip


def test_lanes_show_who_came_and_who_left() -> None:
    drawn = lanes(
        project(
            change("2025-01-01", "Teodor Valk", None, "in_talks"),
            change("2025-02-01", "Teodor Valk", "in_talks", "attached"),
            change("2025-06-01", "Teodor Valk", "attached", "exited"),
            change("2025-07-01", "Mira Solveig", None, "attached"),
        )
    )
    assert drawn is not None
    valk, solveig = drawn.lanes
    assert [bar.state for bar in valk.bars] == ["in_talks", "attached"]
    assert valk.bars[0].x + valk.bars[0].w == valk.bars[1].x
    assert [state for _, state in valk.left] == ["exited"]
    assert solveig.bars[0].x > valk.left[0][0]
    assert drawn.ticks


def test_there_is_no_picture_of_one_day() -> None:
    assert lanes(project(change("2025-01-01", "Teodor Valk", None, "attached"))) is None


def test_changes_are_told_in_words() -> None:
    assert (
        sentence(change("2025-01-01", "Rosalind Ross", None, "attached", role="writer")) == "Rosalind Ross set to write"
    )
    assert sentence(change("2025-01-01", "Teodor Valk", "attached", "exited")) == "Teodor Valk left as director"
    moved = change("2025-01-01", "2026", "2025-10", "2026-03-04", kind="date", role="release")
    assert sentence(moved) == "opens 4 Mar 2026, not Oct 2025"
    status = change("2025-01-01", "filming", "pre_production", "filming", kind="status")
    assert sentence(status) == "now filming, was pre-production"


def test_days_and_ages() -> None:
    assert [day(text) for text in ("2016-05-06", "2016-05", "2016-Q1", "2016-spring", "2016", None)] == [
        "6 May 2016", "May 2016", "Q1 2016", "spring 2016", "2016", "date unknown",
    ]  # fmt: skip
    ages = [
        age(text, "2026-01-01")
        for text in ("2026-01-01", "2025-12-31", "2025-12-01", "2025-06-01", "2020-01-01", "soon")
    ]
    assert ages == ["0 days", "1 day", "4 weeks", "7 months", "6 years", ""]


@given(st.text())
def test_what_is_shown_is_one_line_of_bounded_printable_text(text: str) -> None:
    made = str(shown(text))
    assert len(made) <= LONGEST
    assert not {unicodedata.category(c) for c in made} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
