"""What `make train` does to the networks: on from the base that is kept, twice, and a third of the way back.

The mean of the weights before and after reads what is unseen better than either (docs/experiments.md); of several goes,
each by chance of its own, the mean of all and the base is kept. The same labels and code give the same weights where
processors are of one kind: the threads are two, however many cores there are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from .corpus import OFTENEST, ROOT, load_articles, shown
from .course import Networks, between
from .shipped import load_shipped
from .train import Options, learn, load_weights, save

#: The networks to go on from, in the form in which a model ships; their card says where they come from.
KEPT = ROOT / "training/base"
GOES = tuple(Options(wide=0, epochs=0.45, rate=1e-4, rounded=0, seed=seed, dress=0.3) for seed in (31, 32))
THREADS = 2


def train_goes(goes: Sequence[Options], work: Path) -> Networks:
    """The mean of the base and of what each go makes of it over everything that may be learned from."""
    work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(THREADS)
    ends = [load_weights(go(options, work))[:2] for options in goes]
    return between([load_shipped(KEPT), *ends])


def go(options: Options, work: Path) -> Path:
    """Train once by some options; returns the weights' file, which stays as it is where it came of the same."""
    articles = shown(load_articles(), OFTENEST)
    path = work / f"go-{options.seed}-{named(options, articles)}.pt"
    if not path.exists():
        reader, judge = load_shipped(KEPT)
        learn(reader, judge, articles, options, options.epochs)
        whole = path.with_suffix(".part")
        save(reader.eval(), judge.eval(), options, whole)
        whole.replace(path)
    return path


def named(options: Options, articles: list[dict[str, Any]]) -> str:
    """What weights of some options, articles and code are called: no others are taken for them."""
    of = hashlib.sha256(json.dumps([asdict(options), articles], sort_keys=True).encode())
    for path in (KEPT / "read.onnx", KEPT / "judge.onnx", *read_by_training()):
        of.update(path.read_bytes())
    return of.hexdigest()[:12]


def read_by_training() -> list[Path]:
    """The code and word lists that make of a labelled article what the networks learn."""
    folders = (Path(__file__).parent, ROOT / "slatewatch/claims")
    return sorted(p for folder in folders for p in folder.iterdir() if p.suffix in {".py", ".toml", ".txt"})
