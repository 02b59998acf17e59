"""The fixed shape of `slatewatch read --json`."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from slatewatch.lines import line
from slatewatch.model import Article, Claim

ARTICLE = Article(id="a1", title="Undertow", text="A film by Ines Marlow.", outlet="Reel Courier", author="not shown")


def claim(**said: object) -> Claim:
    fields = {"kind": "format", "article": "a1", "quote": "film", "start": 12, "end": 16, **said}
    return Claim(**fields)  # type: ignore[arg-type]


def test_an_article_is_one_object_with_these_fields_in_this_order() -> None:
    said = line(ARTICLE, [claim(project="Undertow", value="film", sure=0.7)])
    assert said == (
        '{"id":"a1","url":null,"title":"Undertow","outlet":"Reel Courier","published":null,"claims":'
        '[{"kind":"format","project":"Undertow","value":"film","quote":"film","start":12,"end":16}]}'
    )


def test_fields_that_do_not_apply_are_left_out() -> None:
    (credit,) = json.loads(
        line(
            ARTICLE,
            [claim(kind="credit", project="Undertow", role="director", value="Ines Marlow", modality="attached")],
        )
    )["claims"]
    assert list(credit) == ["kind", "project", "role", "value", "modality", "quote", "start", "end"]
    (origin,) = json.loads(
        line(ARTICLE, [claim(kind="based_on", role="book", value="B", creators=("A. Writer",), year=1999, project="U")])
    )["claims"]
    assert (origin["creators"], origin["year"]) == (["A. Writer"], 1999)


def test_an_open_role_has_no_value_and_says_so() -> None:
    (post,) = json.loads(line(ARTICLE, [claim(kind="open_role", project="Undertow", role="director")]))["claims"]
    assert post["value"] is None
    assert list(post) == ["kind", "project", "role", "value", "quote", "start", "end"]


@given(st.text(alphabet=st.characters()), st.text(alphabet=st.characters()))
def test_a_line_keeps_every_character_and_commands_no_terminal(title: str, quote: str) -> None:
    said = line(Article(id="a", title=title, text=""), [claim(quote=quote)])
    assert not [c for c in said if ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F or c in "\u2028\u2029\u202a\u202e\u2066"]
    assert said.encode()
    read = json.loads(said)
    assert (read["title"], read["claims"][0]["quote"]) == (title, quote)
