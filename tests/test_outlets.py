"""The outlets: found by every name and address, no two alike, laid out as on the day."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import FrozenInstanceError

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from slatewatch import outlets
from slatewatch.articles import read_article
from slatewatch.body import selected
from slatewatch.markup import parsed
from slatewatch.model import Page
from slatewatch.outlets import Outlet, all_names, all_outlets, find, fold, make_outlet

GUIDE = (ROOT / "docs" / "adding-an-outlet.md").read_text("utf-8")


def in_guide(language: str) -> str:
    """The first block of that language in the guide."""
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def courier() -> Outlet:
    """The invented outlet of the guide."""
    ((id_, table),) = tomllib.loads(in_guide("toml")).items()
    return make_outlet(id_, table)


@pytest.fixture
def known_courier(courier: Outlet, monkeypatch: pytest.MonkeyPatch) -> Outlet:
    """The outlet of the guide, as if its entry stood in outlets.toml."""
    monkeypatch.setattr(outlets, "by_domain", lambda: dict.fromkeys(courier.domains, courier))
    monkeypatch.setattr(outlets, "by_name", lambda: {fold(name): courier for name in courier.names})
    return courier


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Deadline", "Deadline"),
        ("THR", "The Hollywood Reporter"),
        ("hollywood  reporter", "The Hollywood Reporter"),
        ("the wrap", "TheWrap"),
        ("/Film", "/Film"),
        ("Ain’t It Cool News", "Ain't It Cool News"),
        ("Empire", "Empire"),
        ("variety.com", "Variety"),
        ("WWW.Variety.com.", "Variety"),
        ("https://www.variety.com/2015/film/news/a-title-1201/?x=deadline.com#y", "Variety"),
        ("http://movies.yahoo.com:8080/a", "Yahoo!"),
        ("io9.gizmodo.com/a", "io9"),
        ("https://gizmodo.com/a", "Gizmodo"),
    ],
)
def test_an_outlet_is_found_by_name_abbreviation_domain_and_address(said: str, name: str) -> None:
    found = find(said)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "said",
    [
        "", " ", ".", "com", "the", "notvariety.com", "variety.com.example", "https://example.com/variety.com",
        "http://variety.com@example.com/", "http://[::1", "Reel Courier of Nowhere", "x" * 5000,
        "variety.com/" + "x" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_outlet_finds_none(said: str) -> None:
    assert find(said) is None


@given(st.text(max_size=80))
def test_finding_never_fails(said: str) -> None:
    for one in (said, f"https://{said}", f"{said}.variety.com"):
        found = find(one)
        assert found is None or found in all_outlets()


@pytest.mark.parametrize("outlet", all_outlets(), ids=lambda outlet: outlet.id)
def test_an_entry_is_sound(outlet: Outlet) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", outlet.id)
    assert outlet.kind in outlets.KINDS
    assert re.fullmatch(r"[A-Z]{2}", outlet.country)
    assert outlet.names[0] == outlet.name
    assert set(outlet.everyday) <= set(outlet.names)
    assert outlet.domains
    for domain in outlet.domains:
        assert outlets.HOST.fullmatch(domain), domain
        assert not domain.startswith("www.")
    for said in (*outlet.names, *outlet.domains):
        assert find(said) is outlet, said


@pytest.mark.parametrize("outlet", [one for one in all_outlets() if any(x.body or x.drop for x in one.layouts)],
                         ids=lambda outlet: outlet.id)  # fmt: skip
def test_selectors_and_patterns_of_an_entry_are_understood(outlet: Outlet) -> None:
    page = parsed("<html><body><p>Nothing that anybody selects.</p></body></html>")
    for layout in outlet.layouts:
        if layout.body:
            assert selected(page, layout.body) == []
        for pattern in layout.drop:
            compiled = re.compile(pattern, re.I)
            for source in ("Source: Deadline", "via Variety", "[Source: THR]"):
                assert not compiled.fullmatch(source), pattern


def test_no_two_outlets_share_a_name_or_a_domain() -> None:
    names = Counter(name for one in all_outlets() for name in {fold(name) for name in one.names})
    domains = Counter(domain for one in all_outlets() for domain in one.domains)
    assert [name for counts in (names, domains) for name, count in counts.items() if count > 1] == []


def test_there_are_enough_outlets_of_film_and_television() -> None:
    film = [one for one in all_outlets() if one.kind in ("trade", "magazine", "site")]
    assert len(film) >= 60


def test_everyday_words_are_no_names_for_the_reader() -> None:
    names = all_names()
    assert len(names) == len(set(names))
    assert {"Deadline", "THR", "Bloody Disgusting"} <= set(names)
    assert not {"Empire", "People", "Time", "The Times", "Metro", "Broadcast"} & set(names)


def test_the_day_picks_the_layout(courier: Outlet) -> None:
    old, new = courier.layouts
    assert (old.body, new.body) == ("td.story", "div.courier-story")
    assert courier.layout_on("2016-02-29") is old
    assert courier.layout_on("2016-02-29T23:59:00Z") is old
    assert courier.layout_on("2016-03-01") is new
    assert courier.layout_on(None) is new
    assert old.drop == ("print this page",)


def test_layouts_stand_old_to_new_whatever_their_order() -> None:
    table = tomllib.loads(
        'name = "A"\ndomains = ["a.example"]\nkind = "site"\ncountry = "IE"\n'
        "[[layout]]\nuntil = 2014-05-01\nbody = 'b'\n[[layout]]\nuntil = 2010-01-01\nbody = 'a'\n"
    )
    outlet = make_outlet("a", table)
    assert [layout.body for layout in outlet.layouts] == ["a", "b", None]
    assert outlet.layout_on("2012-07-07").body == "b"


def test_an_outlet_cannot_be_changed(courier: Outlet) -> None:
    with pytest.raises(FrozenInstanceError):
        courier.name = "Another"  # type: ignore[misc]


def test_the_page_of_the_guide_is_read_as_the_guide_says(known_courier: Outlet) -> None:
    article = read_article(Page(name="salt-ledger.html", body=in_guide("html").encode()))
    assert article.outlet == known_courier.name
    assert (article.published or "")[:10] == "2019-05-06"
    assert article.title == "Odile Brandt to direct Salt Ledger"
    assert "Tamsin Oduya wrote the script" in article.text
    assert "The ten best harbours" not in article.text
    assert "More from the Courier" not in article.text
    assert "Quentin Farrago" not in article.text


def test_the_file_is_read_on_first_use_alone_and_nothing_heavy_with_it() -> None:
    code = (
        "import sys\nfrom slatewatch import outlets\n"
        "assert outlets.all_outlets.cache_info().currsize == 0\noutlets.find('THR')\n"
        "print(*{name.partition('.')[0] for name in sys.modules} & {'lxml', 'numpy', 'httpx', 'msgspec', 'rich'})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
