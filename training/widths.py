"""How wide the layers of a network are: how many heads and inner units each was left with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from .network import HEAD


def keep(layer: nn.Module, heads: list[int], units: list[int]) -> None:
    """Leave a layer some of its heads and inner units, in their order."""
    attention: Any = layer.attention
    rows = torch.tensor([h * HEAD + i for h in heads for i in range(HEAD)], dtype=torch.long)
    for name in ("query", "key", "value"):
        old = getattr(attention.self, name)
        setattr(attention.self, name, linear(old.weight[rows], old.bias[rows]))
    output = attention.output.dense
    attention.output.dense = linear(output.weight[:, rows], output.bias)
    inner: Any = layer.intermediate
    outer: Any = layer.output
    outer.dense = linear(outer.dense.weight[:, units], outer.dense.bias)
    inner.dense = linear(inner.dense.weight[units], inner.dense.bias[units])


def linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    """A linear map of those numbers."""
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight, made.bias = nn.Parameter(weight.detach().clone()), nn.Parameter(bias.detach().clone())
    return made


def fit(layers: nn.ModuleList, saved: Mapping[str, Tensor]) -> None:
    """Make layers as wide as those of saved weights, which are then loaded into them."""
    for number, layer in enumerate(layers):
        heads = len(saved[f"layers.{number}.attention.self.query.bias"]) // HEAD
        keep(layer, list(range(heads)), list(range(len(saved[f"layers.{number}.intermediate.dense.bias"]))))
