"""The whole course of a training: the encoder as wide as it is, then the layers made narrower, then those trained on.

python -m training.course --out DIR                  from the encoder, without the articles that are held back
python -m training.course --out DIR --fold K/N       from the encoder, without one fold of all articles
python -m training.course --out DIR --start WEIGHTS  from weights or a model folder: narrowed, if wide, and trained on

A base comes of several: from the encoder over gold/more alone, then on over everything (`base.py`). The folds of the
cross-validation branch off from what has seen gold/more alone (`folds.py`).
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .corpus import OFTENER, OFTENEST, fold_of, is_apart, load_articles, may_be_learned, shown
from .narrow import narrow, width
from .network import Judge, Reader
from .shipped import load_shipped
from .train import (
    Options,
    add_options,
    encoder_folder,
    learn,
    load_tokenizer,
    load_weights,
    networks,
    options_of,
    save,
)

#: From the encoder over gold/more. Epochs are fewer with more labels, so that it takes as long as before.
BASE = Options(wide=0.3, epochs=7, rounded=1)
#: On from the base over everything, then with what is rare and by the hands of the rulings shown oftener, and last;
#: what is kept is the mean of the weights at the end of each.
THEN = (
    (Options(wide=0, epochs=1.2, rate=1e-4), OFTENER),
    (Options(wide=0, epochs=1.1, rate=1e-4, rounded=0, seed=3, dress=0.4), OFTENEST),
    (Options(wide=0, epochs=0.45, rate=1e-4, rounded=0, seed=4, dress=0.4), OFTENEST),
)
LAST = Options(wide=0, epochs=0.4, rate=6e-5, rounded=0, seed=5, dress=0.4)
#: On from weights as they are by `python -m training.course --start`.
AGAIN = Options(wide=0, epochs=1, rate=6e-5)
LONGEST = 300  # words of an article of the base: longer ones cost more than they teach
Networks = tuple[Reader, Judge]


def base_articles() -> list[dict[str, Any]]:
    """What the base learns from: nothing of gold/train and the stories, nor of the page that tells of the seed."""
    found = [a for a in load_articles(("gold/more",)) if may_be_learned(a) and a["id"] != "demo"]
    return [a for a in found if len(a["text"].split()) <= LONGEST]


def train_base(path: Path) -> None:
    """Write the weights of the base, unless they are there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        save(*train(base_articles(), BASE), BASE, path)


def train(articles: list[dict[str, Any]], options: Options, start: Path | None = None) -> Networks:
    """Networks trained on articles, from the encoder, or from weights or the model folder at `start`."""
    if start is None:
        reader, judge = networks(options)
        learn(reader, judge, articles, options, options.wide)
    elif start.is_dir():
        reader, judge = load_shipped(start)
    else:
        reader, judge, made = load_weights(start)
        if made.depth != options.depth:
            raise SystemExit(f"{start} has {made.depth} layers that read: --depth {made.depth}")
    if width(reader.layers) > options.heads:
        narrow(reader, judge, articles, options.heads, options.units, load_tokenizer(encoder_folder()))
    learn(reader, judge, articles, options, options.epochs)
    return reader.eval(), judge.eval()


def train_from(base: Path, last: Options) -> Networks:
    """The mean of networks at the end of each stage from the base on, the last by the options `last`."""
    articles = load_articles()
    reader, judge, _ = load_weights(base)
    ends = []
    for options, often in (*THEN, (last, OFTENEST)):
        learn(reader, judge, shown(articles, often), options, options.epochs)
        ends.append(copy.deepcopy((reader, judge)))
    return between(ends)


def between(networks: Sequence[Networks]) -> Networks:
    """Networks of the mean weights of several: they read what is unseen better than the last alone."""
    reader, judge = copy.deepcopy(networks[0])
    for net, all_of_it in zip((reader, judge), zip(*networks, strict=True), strict=True):
        net.load_state_dict(mean([one.state_dict() for one in all_of_it]))
    return reader.eval(), judge.eval()


def mean(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each weight."""
    return {name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]}


def main() -> None:
    """The command line of the course."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights or a model folder to go on from")
    parser.add_argument("--fold", help="K/N: leave fold K of N out")
    add_options(parser)
    args = parser.parse_args()
    articles = load_articles()
    if args.fold:
        k, n = map(int, args.fold.split("/"))
        articles = [a for a, f in zip(articles, fold_of(articles, n), strict=True) if f != k and not is_apart(a)]
    else:
        articles = shown(articles)
    args.out.mkdir(parents=True, exist_ok=True)
    options = options_of(args, AGAIN if args.start else BASE)
    save(*train(articles, options, args.start), options, args.out / "weights.pt")


if __name__ == "__main__":
    main()
