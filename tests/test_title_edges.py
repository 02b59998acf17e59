"""Where titles end: headings in capitals, quotation marks, projects that have none, books with a subtitle."""

from __future__ import annotations

import numpy as np
import pytest
from claim_makers import placed

from slatewatch.claims.decisions import part_fields, title_of
from slatewatch.claims.entities import Entity, group
from slatewatch.claims.mentions import Mention, find_mentions, whole_untitled
from slatewatch.claims.pairs import Judgement, Part
from slatewatch.claims.reader import Reading
from slatewatch.claims.signs import untitled
from slatewatch.claims.titles import heading_end
from slatewatch.claims.untitled import run_before, said_untitled, untitled_name
from slatewatch.claims.vocabulary import TAGS
from slatewatch.claims.words import Words, read_words


def tagged(words: Words, *titles: Mention) -> Reading:
    """A reading that is sure of some titles and of nothing else."""
    tags = np.zeros((len(words.tokens), len(TAGS)), np.float32)
    tags[:, 0] = 5.0
    for m in titles:
        tags[m.first : m.last, TAGS.index(f"I-{m.type}")] = 9.0
        tags[m.first, TAGS.index(f"B-{m.type}")] = 12.0
    none = np.zeros((len(tags), 1), np.float32)
    return Reading(len(tags), tags=tags, tie_from=none, tie_to=none, source=none, state=none)


@pytest.mark.parametrize(
    ("text", "tag", "found"),
    [
        ("DRY HARBOUR: Feature by Ana Lund.", "DRY HARBOUR : Feature", "DRY HARBOUR"),
        ("DRY HARBOUR: LOW TIDE by Ana Lund.", "DRY HARBOUR : LOW TIDE", "DRY HARBOUR: LOW TIDE"),
        ("Dry Harbour: Low Tide by Ana Lund.", "Dry Harbour : Low Tide", "Dry Harbour: Low Tide"),
        ("She will direct “St. Alban’s,” a film.", "St . Alban", "St. Alban’s"),
        ("She will direct “The Night Bus.”", "The Night Bus", "The Night Bus"),
        ("She will direct “Harbour & Sons Inc.”", "Harbour & Sons Inc", "Harbour & Sons Inc."),
        ("She will direct Harbour’s sequel.", "Harbour ’s", "Harbour"),
    ],
)
def test_a_title_ends_with_its_heading_or_its_quotation_marks(text: str, tag: str, found: str) -> None:
    words = read_words(text, 0)
    (mention,) = find_mentions(words, tagged(words, placed(words, tag)))
    assert words.slice(mention.first, mention.last) == found


def test_the_end_of_a_heading_is_sure_whatever_the_tagger_thinks() -> None:
    words = read_words("DRY HARBOUR: Feature by Ana Lund.", 0)
    (mention,) = find_mentions(words, tagged(words, placed(words, "DRY HARBOUR : Feature")))
    assert mention.edges is not None
    assert mention.edges[1] == 1.0


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("DRY HARBOUR: Feature by Ana Lund.", True),
        ("• DRY HARBOUR: Feature by Ana Lund.", True),
        ("CSI: Reykjavik is hers.", False),
        ("BLADE HARBOUR: 2049 is hers.", False),
        ("DRY HARBOUR: LOW TIDE Adds Ana Lund", False),
        ("Dry Harbour: Feature by Ana Lund.", False),
        ("She left DRY HARBOUR: Feature work is hard.", False),
        ("DRY HARBOUR:", False),
        ("DRY HARBOUR", False),
    ],
)
def test_a_heading_begins_its_paragraph_in_capitals(text: str, ends: bool) -> None:
    words = read_words(text, 0)
    first = next(i for i, token in enumerate(words.tokens) if (len(token) > 1 and token.isupper()) or token == "Dry")
    assert (heading_end(words, first) is not None) is ends


@pytest.mark.parametrize("text", ["Ana Lund will direct Dry Harbour", "DRY HARBOUR", "“St. Alban’s”", "Untitled", "A:"])
def test_an_article_may_end_in_a_title(text: str) -> None:
    words = read_words(text, 0)
    whole = Mention(max(0, len(words.tokens) - 2), len(words.tokens), "PROJECT")
    assert find_mentions(words, tagged(words, whole)) is not None


def test_what_stands_behind_a_heading_is_no_part_of_it() -> None:
    words = read_words("DRY HARBOUR: Jaws helmer Ana Lund will direct.", 0)
    found = find_mentions(words, tagged(words, placed(words, "DRY HARBOUR"), placed(words, "Jaws", "WORK")))
    assert [(words.slice(m.first, m.last), m.type) for m in found] == [("DRY HARBOUR", "PROJECT"), ("Jaws", "WORK")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CBS ordered Untitled Ann Lee Choir Project today.", "Untitled ... Project"),
        ("UNTITLED COAL DRAMA SERIES (TNT).", "UNTITLED ... SERIES"),
        ("He left the as-yet-untitled comedy.", "as-yet-untitled ... comedy"),
        ("An untitled special forces drama is next.", "untitled ... drama"),
        ("Untitled Lord & Miller Project", "Untitled ... Project"),
        ("Untitled Kaling/Stoller Comedy", "Untitled ... Comedy"),
        ("The show was untitled. A film came later.", None),
        ("The untitled, as it was known, became a film.", None),
        ("Her untitled memoir inspired the hit series Dune.", None),
        ("An untitled script about Elvis became the film Priscilla.", None),
        ("It is untitled", None),
    ],
)
def test_where_the_article_says_untitled(text: str, said: str | None) -> None:
    words = read_words(text, 0)
    runs = list(said_untitled(words))
    assert [f"{words.tokens[run[0]]} ... {words.tokens[run[-1]]}" for run in runs] == ([said] if said else [])
    assert [run_before(words, run[-1]) for run in runs] == runs


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ana Lund writes the still-untitled comedy.", "untitled comedy"),
        ("Fox ordered as-yet-untitled comedy.", "untitled comedy"),
        ("Untitled Jerry Hale Los Angeles Police Drama", "untitled Jerry Hale Los Angeles Police Drama"),
        ("Untitled Ann Lee and Bo Kim Drama", "untitled Ann Lee and Bo Kim Drama"),
        ("She writes a quiet choir drama.", "untitled quiet choir drama"),
        ("Bo Kim's drama", "untitled drama"),
    ],
)
def test_what_a_project_without_a_title_is_called(text: str, name: str) -> None:
    words = read_words(text, 0)
    noun = next(i for i, token in enumerate(words.tokens) if token.lower() in {"drama", "comedy"})
    assert untitled_name(words, Mention(noun, noun + 1, "UNTITLED")) == name


def test_what_stands_inside_of_an_untitled_project_is_no_title() -> None:
    words = read_words("TNT adds to UNTITLED COAL PROJECT and to Coal, a film.", 0)
    coal, other = placed(words, "COAL"), placed(words, "Coal")
    miner = placed(words, "COAL", "PERSON")
    assert whole_untitled(list(said_untitled(words)), [coal, miner, other]) == [miner, other]
    found = find_mentions(words, tagged(words, coal, other))
    noun = next(m for m in found if m.type == "UNTITLED" and words.tokens[m.first] == "PROJECT")
    assert untitled_name(words, noun) == "untitled COAL PROJECT"
    project, film = Entity("UNTITLED", "PROJECT", [noun]), Entity("UNTITLED", "film", [placed(words, "film")])
    assert [untitled(words, e) for e in (project, film, Entity("PROJECT", "Coal", [other]))] == [2.0, 1.0, 0.0]


def test_it_is_no_title_where_the_same_words_are_one_elsewhere() -> None:
    words = read_words("TNT adds to Untitled Coal Project. Later came Coal, a film of old.", 0)
    other = placed(words, "Coal", after=words.tokens.index("Later"))
    (title,) = [e for e in group(words, find_mentions(words, tagged(words, other)), []) if e.name == "Coal"]
    assert [m.first for m in title.mentions] == [other.first]


@pytest.mark.parametrize(
    ("role", "sure", "title"),
    [
        ("memoir", 0.9, "Dry Harbour"),
        ("memoir", 0.41, "Dry Harbour"),
        ("memoir", 0.39, "Dry Harbour: A Life"),
        ("film", 0.9, "Dry Harbour: A Life"),
    ],
)
def test_the_subtitle_of_a_book_is_not_the_films(role: str, sure: float, title: str) -> None:
    words = read_words("Ana Lund’s Dry Harbour: A Life becomes a film. Dry Harbour shoots in May.", 0)
    long = placed(words, "Dry Harbour : A Life")
    project = Entity("PROJECT", "Dry Harbour: A Life", [long, placed(words, "Dry Harbour", after=long.last)])
    part = Part(project, "based_on", role, sure, long, "attached", 1.0)
    assert title_of(words, Judgement(project, 1.0, [part], [])) == title
    assert part_fields(words, part, project, title, [])["value"] == "Dry Harbour: A Life"


def test_a_title_that_never_stands_without_its_subtitle_keeps_it() -> None:
    words = read_words("Ana Lund’s Dry Harbour: A Life becomes a film.", 0)
    long = placed(words, "Dry Harbour : A Life")
    project = Entity("PROJECT", "Dry Harbour: A Life", [long])
    part = Part(project, "based_on", "memoir", 0.9, long, "attached", 1.0)
    assert title_of(words, Judgement(project, 1.0, [part], [])) == "Dry Harbour: A Life"
