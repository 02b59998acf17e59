"""`slatewatch read`: articles in, claims out, whatever comes in."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import ROOT, Run
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewatch.articles import read_article
from slatewatch.claims import find_claims
from slatewatch.cli import main
from slatewatch.errors import UnreadablePage
from slatewatch.model import Article, Claim, Page

#: Sentences in the manner of the news, with invented names, so that random texts hold something to find.
NEWS = st.sampled_from([
    "Ines Marlow is set to direct Undertow for Lantern Row Films.",
    "“The Tin Orchard”, a drama series, has been ordered by QTV.",
    "Joel Marlow (Saltmarsh) is in talks to star; she will play a ferryman.",
    "Based on the 1997 novel by Hanne Birkeland, the film shoots in Lisbon in May.",
    "A director has yet to be announced. Source: Reel Courier",
    "Marlow exited ‘Undertow’ last week\u00a0– “over dates”",
    "ÉPÉE: Ünter\u200bgang \U0001f3ac {0} <b>&amp;</b> \x00\x1b[31m",
    "\n\n", "\r\n", " ", "(", ")", "“", ",,,", "’s", "e\u0301",
])  # fmt: skip
SENTENCES = st.lists(st.one_of(NEWS, st.text(alphabet=st.characters(), max_size=30)), max_size=12).map(" ".join)
TEXTS = st.one_of(st.text(max_size=300), SENTENCES)
few = settings(max_examples=25)


def write(path: Path, title: str = "Marlow Plans Undertow", **more: object) -> Path:
    text = "Ines Marlow is set to direct Undertow, a film. Rosa Stroud will write the script."
    path.write_text(json.dumps({"id": path.stem, "title": title, "text": text, **more}), "utf-8")
    return path


@few
@given(TEXTS, TEXTS, st.sampled_from([None, "2015-04-16", "2015-04-16T10:00:00+02:00"]))
def test_the_slice_is_the_quote(title: str, text: str, published: str | None) -> None:
    article = Article(id="a", title=title, text=text, published=published)
    for claim in find_claims(article):
        assert claim.quote
        assert article.words[claim.start : claim.end] == claim.quote
        assert claim.article == "a"
        assert 0 <= claim.sure <= 1
        assert len(claim.id) == 20


@few
@given(TEXTS, TEXTS)
def test_claims_depend_on_the_article_alone(title: str, text: str) -> None:
    article = Article(id="a", title=title, text=text)
    first = find_claims(article)
    find_claims(Article(id="b", title="Something Else", text="Ines Marlow will write The Tin Orchard for QTV."))
    assert find_claims(article) == first
    assert len({claim.id for claim in first}) == len(first), "no claim stands twice"


@few
@given(st.one_of(st.binary(max_size=2000), TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for name in ("page.html", "page.txt", "page.json"):
        with suppress(UnreadablePage):
            article = read_article(Page(name=name, body=body))
            assert all(article.words[c.start : c.end] == c.quote for c in find_claims(article))


TEXT = st.text(min_size=1, max_size=20)


@given(TEXT, TEXT, TEXT, st.integers(0, 99), st.floats(0, 1), TEXT)
def test_a_claim_is_named_by_what_it_says_and_where(
    article: str, value: str, quote: str, start: int, sure: float, maker: str
) -> None:
    def claim(**changes: object) -> Claim:
        said: dict[str, object] = {"kind": "source", "article": article, "value": value, "quote": quote, "start": start}
        return Claim(**{**said, "end": start + len(quote), **changes})  # type: ignore[arg-type]

    same = claim(sure=sure, maker=maker)
    assert same.id == claim().id
    other = [claim(article=article + "x"), claim(value=value + "x"), claim(quote=quote + "x"), claim(start=start + 1)]
    assert len({claim().id, *(one.id for one in other)}) == 5


def test_a_line_an_article_in_the_order_given(tmp_path: Path, run: Run, no_model: None) -> None:
    one, two = write(tmp_path / "one.json"), write(tmp_path / "two.json", "Second", outlet="Reel Courier")
    forth, back = run("read", one, two), run("read", two, one)
    assert (forth.code, forth.err) == (0, "")
    assert [line["id"] for line in forth.lines] == ["one", "two"]
    assert list(forth.lines[1]) == ["id", "url", "title", "outlet", "published", "claims"]
    assert forth.lines[1]["outlet"] == "Reel Courier"
    assert back.out.splitlines() == forth.out.splitlines()[::-1], "the order of inputs changes no line"


def test_a_folder_reads_as_its_files_do(tmp_path: Path, run: Run, no_model: None) -> None:
    paths = [write(tmp_path / name) for name in ("a.json", "b.json", "c.json")]
    assert sorted(run("read", tmp_path).out.splitlines()) == sorted(run("read", *paths).out.splitlines())


def test_the_id_is_that_of_the_article_else_the_stem(tmp_path: Path, run: Run, no_model: None) -> None:
    plain = tmp_path / "000_marlow.txt"
    plain.write_text("Marlow Plans Undertow\n\n\nInes Marlow is set to direct Undertow, a film.\n", "utf-8")
    labelled = write(tmp_path / "file.json", id="dev-001")
    assert [line["id"] for line in run("read", plain, labelled).lines] == ["000_marlow", "dev-001"]


def test_what_is_not_sure_enough_is_left_out(tmp_path: Path, run: Run, no_model: None) -> None:
    path = write(tmp_path / "one.json")
    assert len(run("read", "--min-sure", "0.5", path).lines[0]["claims"]) == 1  # type: ignore[arg-type]
    assert run("read", "--min-sure", "0.51", path).lines[0]["claims"] == []


def test_a_failure_is_one_line_and_the_others_are_read(tmp_path: Path, run: Run, no_model: None) -> None:
    (tmp_path / "empty").mkdir()
    bad = [tmp_path / "missing.html", tmp_path / "binary.html", tmp_path / "blank.html", tmp_path / "empty"]
    bad[1].write_bytes(bytes(range(256)) * 40)
    bad[2].write_bytes(b"")
    good = write(tmp_path / "good.json")
    ran = run("read", *bad, good)
    assert ran.code == 1
    assert [line["id"] for line in ran.lines] == ["good"]
    told = ran.err.splitlines()
    assert len(told) == len(bad)
    for path, line in zip(bad, told, strict=True):
        assert line.startswith("slatewatch: ")
        assert path.name in line, "the message names what was not read"


def test_a_terminal_gets_cards(tmp_path: Path, run: Run, no_model: None, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "one.json", "Undertow \u009b2J\x1b[31m")
    monkeypatch.setattr("slatewatch.commands.reading.on_terminal", lambda: True)
    ran = run("read", path)
    assert "╭─ Undertow" in ran.out
    assert not {"\x1b", "\u009b"} & set(ran.out)
    assert run("read", "--json", path).lines[0]["id"] == "one"


def test_each_line_comes_as_soon_as_its_article_is_read(tmp_path: Path) -> None:
    write(tmp_path / "one.json")
    # The second source is standard input, which stays open until the first line has come out.
    code = (
        "import sys, slatewatch.claims\nslatewatch.claims.find_claims = lambda article: []\n"
        "from slatewatch.cli import main\nsys.exit(main(['read', sys.argv[1], '-']))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "one.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reading:
        assert reading.stdin is not None
        assert reading.stdout is not None
        assert json.loads(reading.stdout.readline())["id"] == "one"
        reading.stdin.write("Second Headline\n\nIt says nothing about a film, but it says it at some length.\n")
        reading.stdin.close()
        assert json.loads(reading.stdout.readline())["title"] == "Second Headline"
        assert reading.wait() == 0


def test_reading_and_scoring_agree(run: Run, tmp_path: Path) -> None:
    """What `read` prints of labelled articles, scored, is what `evaluate` says of them."""
    from slatewatch.evaluate import Score, as_numbers, read_labelled

    paths = sorted((ROOT / "gold" / "train").glob("?01.json"))
    result = Score()
    for path, line in zip(paths, run("read", *paths).lines, strict=True):
        labelled = read_labelled(path)
        found: list[dict[str, object]] = line["claims"]  # type: ignore[assignment]
        claims = [Claim(article="x", **{**c, "creators": tuple(c.get("creators", ()))}) for c in found]  # type: ignore[arg-type]
        result.add(labelled.article, labelled.claims, claims)
    assert as_numbers(result) == json.loads(run("evaluate", "--json", *paths).out)


def test_python_runs_the_package_as_a_command() -> None:
    ran = subprocess.run([sys.executable, "-m", "slatewatch", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("slatewatch")
    assert main(["--version"]) == 0


def test_cards_in_a_pipe_when_asked_for(run: Run, root: Path) -> None:
    page = root / "slatewatch" / "demo" / "escaping-north-korea.html"
    ran = run("read", "--cards", page)
    assert ran.code == 0
    assert "Rosalind Ross" in ran.out
    assert not ran.out.startswith("{")
    assert run("read", "--cards", "--json", page).code == 2
