"""Every page answers, is light, says what it must, and is asked for again only when it has changed."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from slatewatch.web.app import PAGES
from slatewatch.web.reader_card import reader_card
from slatewatch.web.rendering import PACKAGE

from .servers import client_of

LANTERN = "The Lantern Keepers"
#: An address of every page that can be looked at; `test_no_page_is_forgotten` holds the list complete.
LOOKED_AT = (
    "/",
    "/?role=director&modality=exited",
    "/?outlet=Gaffer+Dispatch",
    "/?format=series&day=2026-03-01",
    "/articles/lantern-4",
    "/articles?name=lantern-4",
    "/projects",
    "/projects?order=title&conflicting=1",
    f"/projects/{LANTERN}",
    "/open",
    "/open?order=oldest&role=director&dead=1",
    "/open.csv",
    "/people",
    "/people?q=dorran",
    "/people/Pia%20Dorran",
    "/companies",
    "/companies/Quillfeather%20Pictures",
    "/outlets",
    "/search",
    "/search?q=lant",
    "/about",
    "/review",
    "/sign-in",
)


@pytest.mark.parametrize("path", LOOKED_AT)
def test_a_first_load_weighs_less_than_100_kb(client: TestClient, path: str) -> None:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    files = sum(
        len((PACKAGE / "static" / name).read_bytes()) for name in ("slatewatch.css", "slatewatch.js", "icon.svg")
    )
    assert len(answer.content) + files < 100_000


def test_no_page_is_forgotten() -> None:
    shown = {re.sub(r"[?].*", "", path) for path in LOOKED_AT}
    for route in PAGES:
        if "GET" in (route.methods or ()):
            pattern = re.compile(re.sub(r"{\w+:path}", ".+", route.path.replace(".", r"\.")) + r"\Z")
            assert any(pattern.match(path) for path in shown), route.path


def test_the_feed_tells_what_an_article_changed(client: TestClient) -> None:
    text = client.get("/").text
    assert "Valk walks away from The Lantern Keepers" in text
    assert "Teodor Valk left as director" in text
    assert "Teodor Valk has left The Lantern Keepers" in text
    assert "Gaffer Dispatch" in text


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("role=showrunner", "harbour-2", "lantern-1"),
        ("modality=exited", "lantern-4", "lantern-1"),
        ("format=series", "harbour-1", "lantern-1"),
        ("status=filming&role=director", "velda-1", "harbour-1"),
        ("outlet=Gaffer+Dispatch", "harbour-2", "lantern-1"),
        ("outlet=Gaffer+Dispatch&role=director", "lantern-4", "harbour-2"),
        ("day=2025-12-31", "harbour-1", "lantern-7"),
    ],
)
def test_the_feed_can_be_filtered(client: TestClient, query: str, there: str, gone: str) -> None:
    text = client.get(f"/?{query}").text
    assert f"/articles/{there}" in text
    assert f"/articles/{gone}" not in text


@pytest.mark.parametrize("query", ["", "?role=writer", "?outlet=The+Marquee+Ledger"])
def test_the_feed_goes_on_to_its_end_and_repeats_nothing(client: TestClient, query: str) -> None:
    seen: list[str] = []
    path: str | None = f"/{query}"
    while path:
        text = client.get(path).text
        seen += re.findall(r'<h2 dir="auto"><a href="/articles/([^"]+)"', text)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        path = found[1].replace("&amp;", "&") if found else None
    assert len(seen) == len(set(seen))
    assert {f"tide-{n}" for n in range(60)} <= set(seen)


def test_a_project_shows_its_package_with_what_it_takes(client: TestClient) -> None:
    text = client.get(f"/projects/{LANTERN}", follow_redirects=True).text
    for words in (
        "Mira Solveig",
        "attached",
        "Castmoor Releasing",
        "composer",
        "Oda Brinkmann",
        "Contradictions",
        "Jory Alcantar has been named director",
        "The Marquee Ledger",
        "14 Nov 2027",
        "Galway",
    ):
        assert words in text, words
    assert '<svg class="lanes"' in text


def test_a_project_as_of_a_day_knows_nothing_later(client: TestClient) -> None:
    text = client.get(f"/projects/{LANTERN}?as_of=2025-10-01", follow_redirects=True).text
    assert "As it stood on 1 Oct 2025" in text
    assert "Teodor Valk" in text
    assert "Mira Solveig" not in text


def test_a_title_leads_to_the_address_of_its_project(client: TestClient) -> None:
    answer = client.get(f"/projects/{LANTERN}")
    assert answer.status_code == 307
    assert re.fullmatch(r"/projects/[0-9a-f]{12}", answer.headers["location"])


def test_an_article_marks_each_claim_in_its_words(client: TestClient) -> None:
    text = client.get("/articles/lantern-4").text
    marks = re.findall(r'<a class="mark k-(\w+)" href="#n-(\w+)">([^<]+)</a>', text)
    assert ("open_role", "are looking for a new director") in [(kind, words) for kind, _, words in marks]
    for _, claim, _ in marks:
        assert f'id="n-{claim}"' in text
        assert f'id="c-{claim}"' in text


def test_the_grid_is_sorted_as_asked(client: TestClient) -> None:
    def titles(query: str) -> list[str]:
        return re.findall(r'<th scope="row"><bdi><a [^>]+>([^<]+)</a>', client.get(f"/open?{query}").text)

    assert titles("order=confirmed")[0] == LANTERN
    assert titles("order=oldest")[0] == "Escaping North Korea"
    assert titles("order=title")[:2] == ["Cold Ledger", "Escaping North Korea"]
    assert titles("role=showrunner") == ["Harbour Nine"]
    assert titles("format=series") == ["Harbour Nine"]
    assert titles("since=2026-09-01") == [LANTERN]


def test_every_page_of_the_grid_has_the_same_columns(client: TestClient) -> None:
    first = client.get("/open").text
    further = client.get(html.unescape(re.findall(r'rel="next" href="([^"]+)"', first)[0])).text
    columns = first.partition("<tbody")[0].count('<th scope="col"')
    for page in (first, further):
        rows = page.partition("<tbody")[2].split("<tr>")[1:]
        assert len(rows) > 5
        assert {row.count("<td") + row.count("<th") for row in rows} == {columns}


def test_the_page_about_this_data_shows_the_card_of_the_reader(client: TestClient) -> None:
    card = json.loads((PACKAGE / "claims" / "model" / "card.json").read_text("utf-8"))
    page = client.get("/about").text
    assert card["what"] in page
    assert f"{card['held_back']['articles']} labelled articles" in page
    for folder, number in card["learned_from"].items():
        assert re.search(rf"{number} articles? of <code>{re.escape(folder)}</code>", page)
    for kind, rate in card["held_back"]["rates"].items():
        assert f"{round(rate['precision'] * 100)} %" in page
        assert f"{round(rate['recall'] * 100)} %" in page
        assert kind == "core" or f'<td class="n">{rate["labelled"]:,}</td>' in page
    assert client.get("/api/reader").json()["data"]["articles"] == card["held_back"]["articles"]


def test_without_a_card_the_page_says_so(tmp_path: Path) -> None:
    assert reader_card(tmp_path / "none.json") is None
    (tmp_path / "bad.json").write_text("{", "utf-8")
    assert reader_card(tmp_path / "bad.json") is None
    (tmp_path / "short.json").write_text('{"what": "rules"}', "utf-8")
    card = reader_card(tmp_path / "short.json")
    assert card is not None
    assert (card.what, card.core, card.rates, card.learned_from) == ("rules", None, (), ())


def test_a_project_called_exactly_so_is_found_first(client: TestClient) -> None:
    found = client.get("/api/find?q=the tidemark 7&limit=1").json()["data"]["projects"]
    assert [one["title"] for one in found] == ["The Tidemark 7"]


def test_the_csv_has_every_project_of_the_grid_once(client: TestClient) -> None:
    answer = client.get("/open.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == len({row["id"] for row in rows}) == 65
    (lantern,) = [row for row in rows if row["project"] == LANTERN]
    assert lantern["composer"] == "2026-09-20"
    assert "note" not in lantern


def test_a_person_has_what_is_now_and_what_is_past(client: TestClient) -> None:
    text = client.get("/people/Teodor%20Valk").text
    assert "Past" in text
    assert "Now</h2>" not in text
    text = client.get("/people/Pia%20Dorran").text
    assert "Now</h2>" in text
    assert '<svg class="web"' in text
    assert "/people/Mira%20Solveig" in text


def test_a_companys_slate_goes_by_stage(client: TestClient) -> None:
    text = client.get("/companies/Quillfeather%20Pictures").text
    assert text.index("<h3>filming</h3>") < text.index(LANTERN)
    assert "Hedda Norquist" in text


def test_outlets_are_measured(client: TestClient) -> None:
    text = client.get("/outlets").text
    assert "The Marquee Ledger" in text
    assert "Deadline" in text
    assert "1 credited" in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("lantern", LANTERN),
        ("dorr", "Pia Dorran"),
        ("quillf", "Quillfeather"),
        ("call sheet", "Nothing holds"),
        ("stepped down", "harbour-2"),
    ],
)
def test_the_search_finds_titles_names_and_quotes(client: TestClient, query: str, words: str) -> None:
    assert words in client.get("/search", params={"q": query}).text


@pytest.mark.parametrize("query", ["", "???", "*", '"', "a OR", "NEAR(", "\u202e"])
def test_no_search_is_an_error(client: TestClient, query: str) -> None:
    assert client.get("/search", params={"q": query}).status_code == 200


def test_what_is_not_there_is_not_found(client: TestClient) -> None:
    for path in ("/nope", "/articles/nope", "/projects/nope", "/people/Nobody%20At%20All", "/companies/No%20Firm"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize(
    "path",
    [
        "/?role=king",
        "/?day=soon",
        "/?next=zzz",
        "/projects?order=x",
        "/open?since=1",
        "/people?next=W10",
        "/articles/lantern-4?part=0",
        "/search?q=" + "x" * 501,
    ],
)
def test_what_cannot_be_asked_is_said_so(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "<h1>" in answer.text


def test_the_same_page_is_not_sent_twice(client: TestClient) -> None:
    first = client.get("/projects")
    again = client.get("/projects", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_store_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    from slatewatch.errors import StoreError
    from slatewatch.web.app import make_app
    from slatewatch.web.settings import Settings

    with pytest.raises(StoreError, match="there is no store"):
        make_app(Settings(store=tmp_path / "none.db"))


def test_a_store_that_goes_away_is_no_crash(fresh: Path) -> None:
    with client_of(fresh) as client:
        fresh.unlink()
        answer = client.get("/projects")
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
