"""A value on its way into a page: cleaned, escaped, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import Markup, escape

from slatewatch.web import grid_pages
from slatewatch.web.rendering import PACKAGE, environment
from slatewatch.web.shown import shown
from slatewatch.web.written import SHORT, link, select, tag, written

from .servers import client_of

NASTY = "<b onclick='x'>&\u202e\x00\n" + '"quoted"'


@pytest.mark.parametrize("value", ["", "plain", NASTY, NASTY * SHORT, "é" * 2000, 7, 0.5, None, True, Markup("<i>")])
def test_it_is_what_cleaning_and_escaping_give(value: object) -> None:
    assert written(value) == escape(shown(value)) == environment().from_string("{{ it }}").render(it=value)


def test_every_template_prints_that_way() -> None:
    for name in environment().list_templates():
        code = environment().compile((PACKAGE / "templates" / name).read_text("utf-8"), name, raw=True)
        assert "written(" in code, name
        assert "escape(" not in code.replace("import", ""), name


def test_what_stands_beside_a_value_is_escaped_too() -> None:
    made = link(NASTY, f"/people/{NASTY}", NASTY) + tag(NASTY, NASTY) + select(NASTY, NASTY, (NASTY,), NASTY, NASTY)
    assert "<b" not in made
    assert "onclick='" not in made
    assert made.count('"') % 2 == 0
    assert link("x", None) == "<span>x</span>"


def test_a_spreadsheet_in_many_parts_is_the_same(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with client_of(world) as client:
        whole = client.get("/open.csv").text
        monkeypatch.setattr(grid_pages, "BATCH", 7)
        assert client.get("/open.csv").text == whole
    assert len(whole.splitlines()) > 60
