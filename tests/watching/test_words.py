"""Free searches: what they are taken for, and what is refused rather than guessed."""

from __future__ import annotations

import pytest
from makers import article, said

from slatewatch.errors import BadInput
from slatewatch.watching.conditions import described, made_of
from slatewatch.watching.words import conditions_in

from .conftest import Desk

H = "Harbour Lights"


@pytest.fixture(autouse=True)
def known(desk: Desk) -> None:
    desk.reads(
        article("h1", "2026-01-01", said(H, "director", "Ines Marrow"), said(H, "studio", "Open Road Films"),
                said(H, "network", "Netflix"), said(H, "novel", "The Harbour"),
                said("Director's Cut", "writer", "Otto Quill")),
    )  # fmt: skip


@pytest.mark.parametrize(("text", "meaning"), [
    ("any project with a director open at Netflix", "company Netflix; open role director"),
    ("open directors at Netflix", "company Netflix; open role director"),
    ("series without a showrunner at Netflix", "company Netflix; open role showrunner; format series"),
    ("films that need a composer or have no editor", None),
    ("Ines Marrow", "person Ines Marrow"),
    ("anything directed by Ines Marrow", "person Ines Marrow; role director"),
    ("Harbour Lights", "project Harbour Lights"),
    ("“Director’s Cut”", "project Director's Cut"),
    ("Open Road Films", "company Open Road Films"),
    ("films from Open Road Films that are filming", "company Open Road Films; status filming; format film"),
    ("adaptations of The Harbour", "source work The Harbour"),
    ("limited series based on \"The Big Sea\"", "source work The Big Sea; format limited series"),
    ("showrunners", "role showrunner"),
    ("executive producers at Netflix", "company Netflix; role executive producer"),
    ("directors in talks", "role director; modality in talks"),
    ("everything in turnaround", "status turnaround"),
    ("projects at Lantern Yard", "company Lantern Yard"),
    ("anything starring Ada Vole", "person Ada Vole"),
    ("open posts at Netflix", "company Netflix; open role director or writer or creator or showrunner or producer or "
     "executive producer or cast or composer or cinematographer or editor or crew"),
])  # fmt: skip
def test_what_words_mean(desk: Desk, text: str, meaning: str | None) -> None:
    if meaning is None:
        with pytest.raises(BadInput):
            conditions_in(desk.db, text)
        return
    conditions, _ = made_of(desk.db, conditions_in(desk.db, text))
    assert described(desk.db, conditions) == meaning


@pytest.mark.parametrize(
    "text", ["foo bar", "the", "gluten-free directors", "; DROP TABLE watches", "\x1b[31m", '""', "a" * 5000]
)
def test_what_is_not_understood_is_refused_in_one_line(desk: Desk, text: str) -> None:
    with pytest.raises(BadInput, match=r"not understood: .*--person") as error:
        conditions_in(desk.db, text)
    assert "\n" not in str(error.value)


def test_words_outside_the_vocabulary_are_refused(desk: Desk) -> None:
    for field, word in (
        ("roles", "gaffer"),
        ("formats", "opera"),
        ("statuses", "soon"),
        ("modalities", "maybe"),
        ("open", "studio"),
    ):
        with pytest.raises(BadInput, match=word):
            made_of(desk.db, {field: [word]})


def test_a_title_of_several_projects_has_to_be_said_by_id(desk: Desk) -> None:
    G = "Gull"
    desk.reads(
        article("a", "1999-01-01", said(G, "director", "Ed Brine"), said(G, "studio", "Old Yard")),
        article("b", "2026-01-01", said(G, "director", "Ada Vole"), said(G, "studio", "New Yard")),
    )
    with pytest.raises(BadInput, match="say which by its id"):
        made_of(desk.db, {"projects": ["Gull"]})
