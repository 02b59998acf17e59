"""A language model on the command line: settings, what it would cost, who said what, and the score."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from conftest import ROOT, Run
from model_servers import Question, Reply, says, serving
from web.servers import client_of

from slatewatch.careful import reader as reader_module
from slatewatch.careful.settings import FIELD_NAMES, NAMES, ModelSettings, price_of, settings_from
from slatewatch.commands.careful import OPTIONS, llm_options
from slatewatch.errors import BadInput
from slatewatch.evaluate import labelled_files, read_labelled
from slatewatch.labelled import labelled
from slatewatch.store import open_store

DOCUMENT = (ROOT / "docs" / "language-models.md").read_text("utf-8")
GOLD = ROOT / "gold" / "train"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLATEWATCH_CACHE", str(tmp_path / "answers"))
    monkeypatch.setenv("SLATEWATCH_CONFIG", str(tmp_path / "slatewatch.toml"))
    monkeypatch.delenv("SLATEWATCH_LLM_KEY", raising=False)
    monkeypatch.setattr(reader_module, "FIRST_WAIT", 0.01)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """An article of which `no_model` makes one claim: that its title is the title of a film."""
    record = {
        "id": "harbour", "title": "Harbour Lights", "outlet": "Reel Ledger", "published": "2026-03-01",
        "text": "Ines Marrow will direct the film. A writer is sought.",
    }  # fmt: skip
    path = tmp_path / "harbour.json"
    path.write_text(json.dumps(record), "utf-8")
    return path


def answer(_: Question) -> Reply:
    """What the built-in reader says too, and two things more."""
    return says([
        {"kind": "format", "project": "Harbour Lights", "value": "film", "quote": "Harbour Lights"},
        {"kind": "credit", "project": "Harbour Lights", "role": "director", "value": "Marrow", "modality": "attached",
         "quote": "Ines Marrow will direct"},
        {"kind": "open_role", "project": "Harbour Lights", "role": "writer", "quote": "A writer is sought"},
        {"kind": "status", "project": "Harbour Lights", "value": "filming", "quote": "Cameras roll"},
    ])  # fmt: skip


# Reading


@pytest.mark.usefixtures("no_model")
def test_read_prints_who_said_what(run: Run, page: Path) -> None:
    with serving(answer) as server:
        ran = run("read", "--json", page, "--llm", server.url, "--model", "gemma")
        cards = run("read", "--cards", page, "--llm", server.url, "--model", "gemma")
    assert ran.code == 0
    claims: Any = ran.lines[0]["claims"]
    assert {(claim["kind"], *claim["makers"]) for claim in claims} == {
        ("format", "gemma", "slatewatch"), ("credit", "gemma"), ("open_role", "gemma"),
    }  # fmt: skip
    assert "1 made by both readers, 2 by the model alone" in ran.err
    assert "thrown away: 1 without its words in the article" in ran.err
    assert "1,000 tokens in, 100 out" in ran.err
    assert "read by gemma" in cards.out
    assert "0 articles asked, 1 answered before" in cards.err


@pytest.mark.usefixtures("no_model")
def test_without_a_model_nothing_has_changed(run: Run, page: Path) -> None:
    claims: Any = run("read", "--json", page).lines[0]["claims"]
    assert "makers" not in claims[0]


@pytest.mark.usefixtures("no_model")
def test_quiet_tells_failures_alone(run: Run, page: Path) -> None:
    with serving(answer) as server:
        assert run("-q", "read", "--json", page, "--llm", server.url, "--model", "m").err == ""
    ran = run("-q", "read", "--json", page, "--llm", "http://127.0.0.1:9/v1", "--model", "m2")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "no connection" in ran.err
    assert len(ran.lines) == 1


@pytest.mark.usefixtures("no_model")
def test_the_key_comes_from_the_environment_alone(run: Run, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLATEWATCH_LLM_KEY", "sk-1")
    with serving(answer) as server:
        ran = run("read", page, "--llm", server.url, "--model", "m")
        assert server.asked[0].headers["Authorization"] == "Bearer sk-1"
        assert server.asked[0].path == "/v1/chat/completions"
    assert "sk-1" not in ran.out + ran.err
    monkeypatch.setenv("SLATEWATCH_LLM_KEY", "sk\n1")
    assert run("read", page, "--llm", "http://127.0.0.1:9", "--model", "m").code == 2


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize("command", ["read", "add", "evaluate"])
def test_a_dry_run_tells_the_cost_and_asks_nothing(run: Run, page: Path, tmp_path: Path, command: str) -> None:
    source = GOLD / "e01.json" if command == "evaluate" else page
    with serving(answer) as server:
        args = (command, source, "--llm", server.url, "--model", "m", "--llm-price", "1/2")
        ran = run("--db", tmp_path / "slate.db", *args, "--dry-run")
        [numbers] = run("--db", tmp_path / "slate.db", *args, "--dry-run", "--json").lines
        assert server.asked == []
    assert not (tmp_path / "slate.db").exists()
    assert ran.code == 0
    assert "1 of 1 article" in ran.out
    into, out, cost = (float(str(numbers[name])) for name in ("tokens_in", "tokens_out", "cost"))
    assert 1000 < into < 20_000
    assert cost == pytest.approx((into + 2 * out) / 1e6)


@pytest.mark.usefixtures("no_model")
def test_what_was_answered_before_costs_nothing(run: Run, page: Path) -> None:
    with serving(answer) as server:
        args = ("read", page, "--llm", server.url, "--model", "m")
        run(*args)
        [numbers] = run(*args, "--dry-run", "--json").lines
    assert (numbers["questions"], numbers["kept"], numbers["tokens_in"]) == (1, 1, 0)


# The store


@pytest.mark.usefixtures("no_model")
def test_the_record_shows_which_reader_said_what(run: Run, page: Path, tmp_path: Path) -> None:
    store = tmp_path / "slate.db"
    with serving(answer) as server:
        ran = run("--db", store, "add", page, "--json", "--llm", server.url, "--model", "gemma")
    assert ran.code == 0
    [numbers] = ran.lines
    llm: Any = numbers["llm"]
    assert (numbers["new"], llm["asked"], llm["tokens_in"]) == (1, 1, 1000)
    shown = run("--db", store, "show", "Harbour Lights").out
    assert "gemma" in shown
    [record] = run("--db", store, "show", "Harbour Lights", "--json").lines
    project: Any = record["project"]
    makers = {line["kind"]: line["evidence"][0]["makers"] for line in project["current"]}
    assert makers == {"format": ["gemma", "slatewatch"], "credit": ["gemma"]}
    assert project["posts"][0]["evidence"][0]["makers"] == ["gemma"]
    web = client_of(store)
    assert "read by gemma, slatewatch" in web.get("/articles/harbour").text
    assert "read by gemma" in web.get(f"/projects/{project['id']}").text
    assert "gemma" in json.dumps(web.get("/api/articles/harbour").json())


@pytest.mark.usefixtures("no_model")
def test_another_reader_of_the_same_claim_is_noted_without_a_change(run: Run, page: Path, tmp_path: Path) -> None:
    def same(_: Question) -> Reply:
        return says([{"kind": "format", "project": "Harbour Lights", "value": "film", "quote": "Harbour Lights"}])

    store = tmp_path / "slate.db"
    run("--db", store, "add", page)
    with serving(same) as server:
        [numbers] = run("--db", store, "add", page, "--json", "--llm", server.url, "--model", "gemma").lines
    assert numbers["same"] == 1
    with closing(open_store(store)) as db:
        [row] = db.execute("SELECT maker, also, sure FROM claims").fetchall()
    assert (row["maker"], json.loads(row["also"])) == ("gemma", ["slatewatch"])
    assert row["sure"] > 0.9


@pytest.mark.usefixtures("no_model")
def test_makers_survive_from_read_to_add(run: Run, page: Path, tmp_path: Path) -> None:
    with serving(answer) as server:
        line = run("read", "--json", page, "--llm", server.url, "--model", "gemma").out
    record = json.loads(line) | {"text": json.loads(page.read_text("utf-8"))["text"]}
    again = tmp_path / "again.json"
    again.write_text(json.dumps(record), "utf-8")
    [found] = labelled(str(again))
    assert isinstance(found, tuple)
    assert {claim.makers for claim in found[1]} == {("gemma", "slatewatch"), ("gemma",)}


def test_a_store_of_before_is_brought_up_to_date(tmp_path: Path) -> None:
    from slatewatch.store import opening

    path = tmp_path / "slate.db"
    whole = opening.MIGRATIONS
    before = whole[: whole.index(opening._add_makers)]
    opening.MIGRATIONS = before
    try:
        open_store(path, write=True).close()
    finally:
        opening.MIGRATIONS = whole
    with closing(open_store(path, write=True)) as db:
        assert "also" in [row["name"] for row in db.execute("PRAGMA table_info (claims)")]


# The score


@pytest.mark.usefixtures("no_model")
def test_a_model_is_scored_beside_the_built_in_reader(run: Run, tmp_path: Path) -> None:
    paths = labelled_files([GOLD])[:4]
    labels = {one.article.words: one for one in map(read_labelled, paths)}

    def knows(question: Question) -> Reply:
        names = ("kind", "project", "subject", "role", "value", "modality", "character", "creators", "year", "quote")
        claims = labels[question.words].claims
        return says([{name: getattr(claim, name) for name in names} for claim in claims])

    with serving(knows) as server:
        args = ("evaluate", *paths, "--llm", server.url, "--model", "oracle", "--llm-price", "1/1", "--llm-below", "1")
        ran = run(*args)
        [numbers] = run(*args, "--json").lines
        # An article is never its own example.
        for question in server.asked:
            assert sum(question.words in message["content"] for message in question.body["messages"]) == 1
    assert ran.code == 0
    readers: Any = numbers["readers"]
    assert readers["slatewatch"]["core_f1"] < 0.2
    assert readers["model"]["core_f1"] > 0.99
    assert readers["together"]["core_f1"] > 0.99
    assert readers["model"]["cost_an_article"] == pytest.approx(1100 / 1e6)
    assert readers["model"]["seconds_an_article"] > 0
    assert readers["model"]["ungrounded"] == 0
    assert "oracle alone" in ran.out
    assert "0.00110" in ran.out


@pytest.mark.usefixtures("no_model")
def test_a_model_that_only_checks_has_no_score_of_its_own(run: Run) -> None:
    with serving(lambda _: says([])) as server:
        [numbers] = run(
            "evaluate", GOLD / "e01.json", "--json", "--llm", server.url, "--model", "m", "--llm-for", "check"
        ).lines
    readers: Any = numbers["readers"]
    assert list(readers) == ["slatewatch", "together"]


# Settings


def test_a_table_of_the_file_is_a_server(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text(
        '[llm.home]\nurl = "http://127.0.0.1:8080/v1"\nmodel = "gemma"\nfor = "check"\nprice_in = 1\nprice_out = 2.5\n'
        'budget = "2.50"\ntemperature = "none"\nexamples = 1\nanswer = "plain"\ncache = "answers"\n', "utf-8",
    )  # fmt: skip
    found = settings_from("home", given={"model": None, "which": "all"}, file=file)
    assert found == ModelSettings(
        url="http://127.0.0.1:8080/v1", model="gemma", which="all", price_in=1.0, price_out=2.5, budget=2.5,
        temperature=None, examples=1, answer="plain", cache="answers",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "neither a URL nor a table"),
        ("[llm.other]\n", "tables there: other"),
        ("[llm.home]\nmodel = 'm'", "the url is missing"),
        ("[llm.home]\nurl = 'http://h'", "the model is missing"),
        ("[llm.home]\nurl = 'http://h'\nmodel = 'm'\nkey = 'sk-1'", "no setting 'key'"),
        ("[llm.home]\nurl = 'http://h'\nmodel = 'm'\nfor = 'some'", "Invalid enum value 'some'"),
        ("[llm.home]\nurl = 'http://h'\nmodel = 'm'\nworkers = 'many'", "Expected `int`"),
        ("[llm.home]\nurl = 'http://h'\nmodel = 'm'\nworkers = 0", "workers of the language model must be at least 1"),
        ("[llm.home]\nurl = 'http://h'\nmodel = 'm'\nbelow = 2", "below of the language model must be from 0 to 1"),
        ("[llm.home]\nurl = 'http://h'\nmodel = 'm'\nbudget = '2'", "needs the price"),
        ("[llm.home]\nurl = 'http://h'\nmodel = 'm'\nbudget = 'much'", "a budget is a number"),
        ("[llm.home]\nurl = 'ftp://h'\nmodel = 'm'", "is not the address of a server"),
        ("[llm.home]\nurl = 'http://me:sk@h'\nmodel = 'm'", "leave the key out"),
        ("[llm.home\n", "cannot be read"),
        ("llm = 3\n", "neither a URL nor a table"),
    ],
)
def test_a_setting_that_cannot_be_is_one_line(run: Run, page: Path, tmp_path: Path, table: str, said: str) -> None:
    (tmp_path / "slatewatch.toml").write_text(table, "utf-8")
    ran = run("read", page, "--llm", "home")
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""


@pytest.mark.parametrize(
    "args",
    [
        ("--model", "m"), ("--dry-run",), ("--llm", "http://h"), ("--llm", "nowhere"), ("--llm-budget", "3"),
        ("--llm", "http://h", "--model", "m", "--llm-budget", "3"),
        ("--llm", "http://h", "--model", "m", "--llm-budget", "-3t"),
        ("--llm", "http://h", "--model", "m", "--llm-price", "cheap"),
        ("--llm", "http://h:port", "--model", "m"),
    ],
)  # fmt: skip
def test_wrong_usage_asks_nobody(run: Run, page: Path, args: tuple[str, ...]) -> None:
    ran = run("read", page, *args)
    assert ran.code == 2
    assert ran.out == ""


def test_labels_are_taken_or_read_anew_and_not_both(run: Run, tmp_path: Path) -> None:
    ran = run("--db", tmp_path / "s.db", "add", "--claims", GOLD / "e01.json", "--llm", "http://h", "--model", "m")
    assert ran.code == 2
    assert "leave one out" in ran.err


def test_budgets_and_prices_as_they_are_written() -> None:
    assert price_of("0.15/0.60") == {"price_in": 0.15, "price_out": 0.60}
    assert price_of("2") == {"price_in": 2.0, "price_out": 2.0}
    given = {"model": "m", "budget": "500000t"}
    assert settings_from("http://h", given=given).token_budget == 500_000
    with pytest.raises(BadInput):
        price_of("nan")


def test_every_setting_and_option_is_in_the_document() -> None:
    names = {next((said for said, field in NAMES.items() if field == name), name) for name in FIELD_NAMES}
    for name in names - {"token_budget"}:
        assert f"| `{name}` |" in DOCUMENT, name
    for option, *_ in OPTIONS:
        assert f"`{option}" in DOCUMENT, option
    for default in ("workers", "timeout", "examples", "longest", "max_tokens", "below", "sure", "retries"):
        value = ModelSettings.__dataclass_fields__[default].default
        [row] = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{default}` |")]
        assert f"{value:,}".replace(",", "").removesuffix(".0") in row.replace(",", ""), row


def test_one_decorator_brings_all_options_to_a_command() -> None:
    @click.command("watch")
    @llm_options(dry_run=False)
    def watch(llm: object) -> None:
        """A command."""

    assert [option.opts[0] for option in watch.params] == [option for option, *_ in OPTIONS]
