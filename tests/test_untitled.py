"""Projects without a title: which nouns stand for one and the same, and what it is called by them."""

from __future__ import annotations

import pytest

from slatewatch.claims.mentions import Mention
from slatewatch.claims.nouns import same_untitled
from slatewatch.claims.untitled import best_untitled, said_untitled
from slatewatch.claims.words import Words, read_words

NOUNS = {"thriller", "comedy", "series", "project", "drama", "biopic", "documentary", "movie", "film"}


def nouns(words: Words) -> list[Mention]:
    return [Mention(i, i + 1, "UNTITLED") for i, t in enumerate(words.tokens) if t.lower() in NOUNS]


QUILL, KIM = "untitled Ada Quill biopic", "untitled Bo Kim biopic"


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        ("Apple Lands Heist Thriller", "An untitled heist thriller is at Apple.", ["untitled heist thriller"]),
        ("Focus Dates Ada Quill Pic", "Its Ada Quill biopic opens in May.", [QUILL]),
        ("Two at Fox", "Fox makes one Ada Quill biopic. Universal buys Bo Kim biopic.", [QUILL, KIM]),
        ("Order", "Netflix ordered a comedy series from Bo Kim.", ["untitled comedy series"]),
        ("Order", "The untitled Bo Kim project, a comedy, shoots in May.", ["untitled Bo Kim project"]),
        ("Order", "He has a Bo Kim biopic, a comedy and a film.", [KIM, "untitled comedy", "untitled film"]),
        ("Order", "DreamWorks’ untitled Ada Quill biopic is off.", [QUILL]),
        ("Order", "He makes a drama. Another drama is by Bo Kim.", ["untitled drama", "untitled drama"]),
    ],
)
def test_nouns_of_one_project_are_together(title: str, text: str, names: list[str]) -> None:
    words = read_words(f"{title}\n\n{text}", len(title))
    assert [best_untitled(words, group) for group in same_untitled(words, nouns(words))] == names


@pytest.mark.parametrize(
    "text",
    [
        "NBC ordered an NBC comedy from Bo Kim. NBC also has an NBC drama from Ada Quill.",
        "HBO has a limited series from Bo Kim. Hulu gave a limited series to Ada Quill.",
        "His debut film is by Fox. Her debut film is by Hulu.",
        "An untitled event film comes in May. A second untitled event film is set for June.",
        "Focus has a Gus Halloran biopic. Netflix has a rival Gus Halloran biopic.",
        "Sony's Gus Halloran film is off. Fox's Gus Halloran film is on.",
        "Fox has a Gus Halloran documentary. Hulu has a Gus Halloran comedy.",
        "Netflix has a Netflix drama. Netflix has a Netflix film.",
        "In the works are an untitled Ada Quill project, a drama from Bo Kim.",
        "They make an untitled Ada Quill project, a drama, and a play.",
    ],
)
def test_two_projects_without_a_title_stay_two(text: str) -> None:
    words = read_words(text, 0)
    assert len(same_untitled(words, nouns(words))) == 2


def test_half_an_hour_tells_no_project_from_another() -> None:
    words = read_words("CBS ordered a half-hour from Bo Kim. ABC ordered a half-hour from Ada Quill.", 0)
    halves = [Mention(i, i + 1, "UNTITLED") for i, t in enumerate(words.tokens) if t == "half-hour"]
    assert len(same_untitled(words, halves)) == len(halves) == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("She makes a film about the Supremes that HBO ordered.", "untitled film about the Supremes"),
        ("A single-camera comedy about Zumba and love is next.", "untitled single-camera comedy about Zumba"),
        ("Fox has a biopic of Ann Richards.", "untitled biopic of Ann Richards"),
        ("It is a drama about.", "untitled drama"),
        ("A drama about", "untitled drama"),
        ("Fox picks up a miners drama about coal.", "untitled miners drama"),
        ("CBS picks up miners drama series.", "untitled miners drama series"),
    ],
)
def test_what_it_is_about_tells_where_nothing_before_the_noun_does(text: str, name: str) -> None:
    words = read_words(text, 0)
    assert best_untitled(words, nouns(words)[:1]) == name


@pytest.mark.parametrize(
    "text", ["Knopf bought her untitled mystery novel.", "A still-unnamed actress joins the series."]
)
def test_what_is_no_project_is_not_said_to_have_no_title(text: str) -> None:
    assert not list(said_untitled(read_words(text, 0)))


@pytest.mark.parametrize("said", ["as-yet-unnamed", "yet-to-be-titled", "as-yet-nameless", "still-unnamed"])
def test_that_it_has_no_title_is_no_part_of_what_it_is_called(said: str) -> None:
    words = read_words(f"Netflix’s {said} miners drama shoots in May.", 0)
    assert best_untitled(words, nouns(words)) == "untitled miners drama"


def test_a_label_is_of_every_noun_with_its_words_before_it() -> None:
    pytest.importorskip("torch", reason="torch is not installed: pip install -e '.[train]'")
    from training.labels import build

    text = "A comedy is at Fox. An untitled heist thriller by Bo Kim is at Apple, which sees the film as a series."
    claims = [
        {"kind": "credit", "project": "untitled heist thriller", "role": "writer", "value": "Bo Kim",
         "modality": "attached", "quote": "sees the film"},
    ]  # fmt: skip
    article = {"id": "x", "title": "Apple Lands Heist Thriller", "text": text, "published": None, "claims": claims}
    found = build(article)
    marked = [found.words.tokens[m.first] for m in found.mentions if found.entities[m.entity][0] == "UNTITLED"]
    assert marked.count("Thriller") == marked.count("thriller") == 1
    of = {m.entity for m in found.mentions if found.words.tokens[m.first].lower() == "thriller"}
    assert of == set(found.projects)
    claims[0]["project"] = "untitled robbery project"  # no words of it before a noun: the one of the quote
    found = build(article)
    assert [found.words.tokens[m.first] for m in found.mentions if m.entity in found.projects] == ["film"]
