"""The scorer counts as the contract's own scorer does, and shows what was missed and wrong."""

from __future__ import annotations

import importlib.util
import json
import random
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import ROOT, Run
from hypothesis import given
from hypothesis import strategies as st

from slatewatch.errors import BadInput
from slatewatch.evaluate import Score, as_numbers, fold, labelled_files, read_labelled, same_claim, same_title
from slatewatch.model import CREDIT_ROLES, MODALITIES, Claim

TRAIN = ROOT / "gold" / "train"
CONTRACT = ROOT.parent / "shared" / "score.py"


@cache
def contract() -> ModuleType:
    """The contract's own scorer, where it lies beside this checkout."""
    if not CONTRACT.exists():
        pytest.skip("there is no ../shared/score.py beside this checkout")
    spec = importlib.util.spec_from_file_location("contract_score", CONTRACT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def disturbed(claims: tuple[Claim, ...], chance: random.Random) -> list[Claim]:
    """The labels with a reader's faults: dropped, doubled, other roles, titles, names, firmness, quotes."""
    changes: list[dict[str, Any]] = [
        {"role": chance.choice(CREDIT_ROLES)},
        {"modality": chance.choice(MODALITIES)},
        {"project": "Untitled Ines Marlow thriller"},
        {"value": "The “Wrong” Náme’s"},
        {"quote": "words that stand nowhere"},
        {"kind": "credit", "role": "cast", "project": "Undertow", "modality": "attached"},
    ]
    guesses: list[Claim] = []
    for claim in claims:
        roll = chance.random()
        if roll < 0.2:
            continue
        guesses.append(claim if roll < 0.5 else replace(claim, **chance.choice(changes)))
        if roll > 0.9:
            guesses.append(claim)
        if claim.project and roll > 0.95:
            guesses.append(replace(claim, project=f"THE {claim.project.upper()}"))
        if claim.kind == "based_on" and claim.value:
            guesses.append(replace(claim, value=f"{claim.value}: A Subtitle"))
    chance.shuffle(guesses)
    return guesses


def as_json(claim: Claim) -> dict[str, Any]:
    return {name: value for name, value in asdict(claim).items() if value is not None and name not in ("sure", "maker")}


def test_the_numbers_are_those_of_the_contract() -> None:
    chance, result = random.Random(7), Score()
    gold: dict[str, Any] = {}
    guesses: dict[str, Any] = {}
    for path in labelled_files([TRAIN]):
        labelled = read_labelled(path)
        said = disturbed(labelled.claims, chance)
        if chance.random() < 0.1:
            said.append(Claim(kind="source", article="x", value="Reel Courier", quote="", start=0, end=0))
        result.add(labelled.article, labelled.claims, said)
        gold[labelled.article.id] = json.loads(path.read_text("utf-8"))
        guesses[labelled.article.id] = [as_json(claim) for claim in said]
    theirs, ours = contract().score(gold, guesses), as_numbers(result)
    assert 0.2 < theirs["core_f1"] < 0.9, "the guesses are good enough and bad enough to tell"
    assert theirs["ungrounded"] > 0
    assert theirs["false_alarms"] > 0
    for name, number in theirs.items():
        mine = {k: tuple(v) for k, v in ours["by_kind"].items()} if name == "by_kind" else ours[name]  # type: ignore[attr-defined]
        assert mine == number, name


TITLES = st.sampled_from(
    ["Undertow", "the UNDERTOW", "Undertow: Low Tide", "untitled Marlow drama", "untitled drama", "", "Épée"]
)


@given(st.one_of(TITLES, st.text()), st.one_of(TITLES, st.text()), st.booleans())
def test_titles_compare_as_in_the_contract(one: str, other: str, subtitle: bool) -> None:
    assert fold(one) == contract().fold(one)
    assert same_title(one, other, subtitle=subtitle) == contract().same_title(one, other, subtitle)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Long Way", "long way", True),
        ("Dead Man’s Reef", "Dead Man's Reef", True),
        ("Salt & Iron", "Salt and Iron", True),
        ("Épée", "epee", True),
        ("Undertow", "Undertow: Low Tide", False),
        ("untitled Ines Marlow thriller", "untitled Marlow project", True),
        ("untitled Ines Marlow thriller", "untitled Tobias Wren thriller", False),
        ("Undertow", "", False),
    ],
)
def test_titles_of_one_work(one: str, other: str, same: bool) -> None:
    assert same_title(one, other) is same


def test_a_subtitle_counts_for_source_works_alone() -> None:
    assert same_title("Undertow", "Undertow: Low Tide", subtitle=True)
    book = Claim(kind="based_on", article="a", project="U", role="book", value="U: A Life", quote="q", start=0, end=1)
    assert same_claim(book, replace(book, value="U"))
    assert not same_claim(book, replace(book, project="U: A Life"))


IN_TALKS = Claim(
    kind="credit", article="a", project="U", role="cast", value="I. Marlow", modality="in_talks",
    quote="q", start=0, end=1,
)  # fmt: skip


def test_firmness_counts_for_credits_and_companies() -> None:
    credit = IN_TALKS
    guess = replace(credit, modality="attached")
    assert not same_claim(credit, guess)
    assert same_claim(credit, guess, firmness=False)


def test_rates_by_modality_are_over_credits_and_companies() -> None:
    credit = IN_TALKS
    article = read_labelled(TRAIN / "e01.json").article
    result = Score()
    result.add(article, [credit], [replace(credit, modality="attached")])
    assert result.modalities == ["attached", "in_talks"]
    assert (result.modality("in_talks").there, result.modality("in_talks").said, result.modality("in_talks").hit) == (
        1,
        0,
        0,
    )
    assert result.modality("attached").said == 1


def write(folder: Path, **changes: object) -> Path:
    """A labelled article about an invented film."""
    text = "Ines Marlow will direct Undertow.\n\nThe film, about a \x1b[31mferry, shoots in Lisbon."
    claims = [
        {"kind": "credit", "project": "Undertow", "role": "director", "value": "Ines Marlow", "modality": "attached",
         "quote": "Ines Marlow will direct Undertow"},
        {"kind": "location", "project": "Undertow", "value": "Lisbon", "quote": "shoots in Lisbon"},
    ]  # fmt: skip
    path = folder / "one.json"
    path.write_text(
        json.dumps({"id": "one", "title": "Marlow Sets Sail", "text": text, "claims": claims, **changes}), "utf-8"
    )
    return path


def wrong_claim(article: object) -> list[Claim]:
    said = {"kind": "location", "article": "one", "project": "Undertow", "value": "Porto", "quote": "The film"}
    return [Claim(start=53, end=61, **said)]  # type: ignore[arg-type]


def test_show_marks_what_was_missed_and_wrong(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slatewatch.claims.find_claims", wrong_claim)
    ran = run("evaluate", write(tmp_path), "--show", "9")
    assert ran.code == 0
    assert "[-Ines Marlow will direct Undertow-]." in ran.out
    assert "- missed credit director Ines Marlow, attached · Undertow" in ran.out
    assert "{+The film+}, about a [31mferry, [-shoots in Lisbon-]." in ran.out
    assert "+ wrong  location Porto · Undertow" in ran.out
    assert "\x1b" not in ran.out
    assert ran.out.count("@@ one") == 2, "a block for each paragraph"


def test_show_stops_after_n_and_keeps_to_its_kind(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slatewatch.claims.find_claims", wrong_claim)
    path = write(tmp_path)
    assert len([row for row in run("evaluate", path, "--show", "1").out.splitlines() if row[:2] in ("- ", "+ ")]) == 1
    ran = run("evaluate", path, "--show", "9", "--kind", "location")
    assert "Ines Marlow" not in ran.out
    assert [row.split()[0] for row in ran.out[ran.out.index("kind ") :].splitlines()[:3]] == [
        "kind",
        "location",
        "core",
    ]


def test_json_is_one_object_whatever_is_shown(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slatewatch.claims.find_claims", wrong_claim)
    ran = run("evaluate", write(tmp_path), "--json", "--show", "3", "--by-modality")
    numbers = json.loads(ran.out)
    assert (numbers["articles"], numbers["claims"], numbers["guesses"], numbers["core_f1"]) == (1, 2, 1, 0.0)
    assert numbers["by_modality"] == {"attached": [1.0, 0.0, 0.0, 1, 0]}
    assert "[-shoots in Lisbon-]" in ran.err


def test_a_table_by_modality(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slatewatch.claims.find_claims", lambda article: [])
    out = run("evaluate", write(tmp_path), "--by-modality").out
    assert "attached          1.000  0.000  0.000      1      0" in out
    assert "attached" not in run("evaluate", write(tmp_path)).out


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"claims": [{"kind": "rumour", "quote": "x"}]}, "rumour"),
        ({"claims": [{"kind": "credit"}]}, "quote"),
        ({"text": 7}, "text"),
    ],
)
def test_a_broken_label_is_named(tmp_path: Path, run: Run, changes: dict[str, object], message: str) -> None:
    ran = run("evaluate", write(tmp_path, **changes))
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "one.json" in ran.err
    assert message in ran.err


def test_a_folder_without_labels_is_no_gold(tmp_path: Path, run: Run) -> None:
    with pytest.raises(BadInput):
        labelled_files([tmp_path])
    assert run("evaluate", tmp_path).code == 2
    assert run("evaluate", tmp_path / "nowhere").code == 2
