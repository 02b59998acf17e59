"""Narrower layers: the heads and inner units that matter least to the losses are taken out, for the sake of speed.

What a head or a unit matters is how far the losses would move without it, to the first order: its output times the
gradient of it, over labelled articles. A network's layers keep what matters most to it, wherever that is, and learn
again by training on.
"""

from __future__ import annotations

import random
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from .augment import Pool, augment
from .batches import collate
from .labels import build
from .network import HEAD, Judge, Reader
from .train import LOSSES, SIZE, batches_of, losses_of
from .widths import keep

FEWEST_HEADS, UNITS = 3, 64  # of a layer; and how many inner units come and go together
BATCHES = 40


class Watched:
    """What the layers of a network passed on, and how much each head and unit of it mattered so far."""

    def __init__(self, layers: nn.ModuleList) -> None:
        self.layers = layers
        self.heads = [torch.zeros(layer.attention.self.query.out_features // HEAD) for layer in layers]
        self.units = [torch.zeros(layer.intermediate.dense.out_features) for layer in layers]
        self.passed: dict[tuple[int, str], Tensor] = {}
        for number, layer in enumerate(layers):
            for name, module in (("heads", layer.attention.output.dense), ("units", layer.output.dense)):
                module.register_forward_pre_hook(self.hook(number, name))

    def hook(self, number: int, name: str) -> Any:
        """Keep what goes into a map, with its gradient to be."""

        def kept(module: nn.Module, given: tuple[Tensor, ...]) -> None:
            given[0].retain_grad()
            self.passed[number, name] = given[0]

        return kept

    def count(self) -> None:
        """After a backward pass: add to what each mattered, an article at a time."""
        for (number, name), x in self.passed.items():
            if x.grad is not None:
                moved = (x.float() * x.grad.float()).sum(1)
                if name == "heads":
                    self.heads[number] += moved.unflatten(-1, (-1, HEAD)).sum(-1).abs().sum(0).detach()
                else:
                    self.units[number] += moved.abs().sum(0).detach()
        self.passed.clear()

    def narrow(self, heads: float, units: float) -> None:
        """Keep so many heads and inner units a layer, in the mean over the layers.

        Raises:
            ValueError: a layer keeps more than `FEWEST_HEADS` and a block of `UNITS` at least.
        """
        if heads <= FEWEST_HEADS or units < UNITS:
            raise ValueError(f"more than {FEWEST_HEADS} heads and at least {UNITS} units a layer are needed")
        few = [scores.sort(descending=True).values for scores in self.heads]
        spare = torch.cat([scores[FEWEST_HEADS:] for scores in few]).sort(descending=True).values
        least = spare[round(len(few) * (heads - FEWEST_HEADS)) - 1]
        blocks = torch.cat([self.block_scores(scores) for scores in self.units]).sort(descending=True).values
        least_block = blocks[round(len(few) * units / UNITS) - 1]
        for number, layer in enumerate(self.layers):
            order = self.heads[number].argsort(descending=True).tolist()
            kept = [h for rank, h in enumerate(order) if rank < FEWEST_HEADS or self.heads[number][h] >= least]
            there = max(1, int((self.block_scores(self.units[number]) >= least_block).sum())) * UNITS
            best = self.units[number].argsort(descending=True)[:there].tolist()
            keep(layer, sorted(kept), sorted(best))

    @staticmethod
    def block_scores(scores: Tensor) -> Tensor:
        """What the units matter, the best first, by blocks of `UNITS`."""
        return scores.sort(descending=True).values.unflatten(0, (-1, UNITS)).sum(1)


def narrow(
    reader: Reader, judge: Judge, articles: list[dict[str, Any]], heads: float, units: float, tokenizer: Tokenizer
) -> None:
    """Narrow both networks by what matters on some batches of articles."""
    reader.train()
    judge.train()
    rng, pool = random.Random(1), Pool(articles)
    watched = [Watched(reader.layers), Watched(judge.layers)]
    for group in batches_of(articles, SIZE, rng)[:BATCHES]:
        batch = collate([build(augment(a, rng, pool)) for a in group], tokenizer, rng)
        losses = losses_of(batch, reader, judge)
        sum(weight * loss for (_, weight), loss in zip(LOSSES, losses, strict=False)).backward()
        for one in watched:
            one.count()
    for one in watched:
        one.narrow(heads, units)


def width(layers: nn.ModuleList) -> float:
    """How many heads a layer has, in the mean."""
    return sum(layer.attention.self.query.out_features for layer in layers) / HEAD / len(layers)
