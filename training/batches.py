"""Examples -> tensors: pieces, features, marks and the jobs that the losses need."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from slatewatch.claims.reader import MARKS
from slatewatch.claims.words import FEATURES, Words

from .labels import Example, Mention

LIMIT = 512
MOST_JOBS = 4  # projects that one article is judged for at a time
MOST_OTHERS = 3  # works and strays that an article without a project is judged for
MISTAKEN = 0.5  # of the times that such an article is judged: with the marks that a tagger would set that is taken in


@dataclass(slots=True)
class Encoded:
    """One article in pieces; `heads` is the first piece of each word, with the marks around; `kept` words fit."""

    ids: list[int]
    features: list[tuple[int, ...]]
    heads: list[int]
    kept: int


def encode(words: Words, tokenizer: Tokenizer, limit: int = LIMIT) -> Encoded:
    """Pieces of the words, [CLS] and [SEP] around them, cut at the limit."""
    encoding = tokenizer.encode(words.tokens, is_pretokenized=True, add_special_tokens=False)
    ids, owner = encoding.ids[: limit - 2], encoding.word_ids[: limit - 2]
    heads: list[int] = []
    for piece, word in enumerate(owner):
        while word is not None and len(heads) <= word:
            heads.append(piece + 1)
    blank = (0,) * len(FEATURES)
    rows = [blank, *(words.features[w] for w in owner), blank]
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    return Encoded([cls, *ids, sep], rows, [0, *heads, len(ids) + 1], len(heads))


@dataclass(slots=True)
class Batch:
    """Tensors of several articles; `jobs` are (article in batch, project entity, whether it is one).

    `heads`, its mask `there` and `marks` hold a row for each word between two for [CLS] and [SEP].
    """

    examples: list[Example]
    encoded: list[Encoded]
    ids: Tensor
    mask: Tensor
    features: Tensor
    heads: Tensor
    there: Tensor
    jobs: list[tuple[int, int, bool]]
    marks: Tensor


def mark_row(example: Example, code: Encoded, project: int, rng: random.Random | None) -> list[int]:
    """The mark of each word, with [CLS] and [SEP], when the article is judged for one project.

    With a source of chance some marks are missing or wrong, as they are when the tagger sets them. Where it takes an
    article without a project for the trade's news, it marks nearly every name.
    """
    row = [0] * len(example.words.tokens)
    missing = 0.06 if rng is not None and not example.projects and rng.random() < MISTAKEN else 0.5
    for m in example.mentions:
        if m.stray and m.type == "UNTITLED" and m.entity != project:
            continue
        if rng is not None and m.entity != project and rng.random() < (missing if m.stray else 0.06):
            continue
        value = 1 if m.entity == project else MARKS.index(m.type)
        row[m.first : m.last] = [value] * (m.last - m.first)
    return [0, *row[: code.kept], 0]


def choose_jobs(example: Example, rng: random.Random | None) -> list[tuple[int, bool]]:
    """The projects and one released work or stray that is none, `MOST_JOBS` at most; all without a source of chance.

    Where there is no project, several that are none: that is what such an article can teach.
    """
    jobs = [(p, True) for p in example.projects]
    others = [o for o in example.others if o not in example.projects]
    few = 1 if jobs else MOST_OTHERS
    if rng is not None and len(others) > few:
        others = likeliest(example, others, few, rng)
    if rng is not None and jobs and rng.random() < 0.25:
        others = []
    jobs += [(o, False) for o in others]
    return rng.sample(jobs, MOST_JOBS) if rng is not None and len(jobs) > MOST_JOBS else jobs


def likeliest(example: Example, others: list[int], few: int, rng: random.Random) -> list[int]:
    """So many of the works and strays, by chance, those oftener that are named often or in the headline.

    They are what the reader would take for the project. Source: Efraimidis and Spirakis 2006, weighted sampling.
    """
    weights = dict.fromkeys(others, 0)
    for m in example.mentions:
        if m.entity in weights:
            weights[m.entity] += 3 if example.words.features[m.first][1] >= 2 else 1
    return sorted(others, key=lambda o: rng.random() ** (1 / weights[o]), reverse=True)[:few]


def collate(examples: list[Example], tokenizer: Tokenizer, rng: random.Random | None) -> Batch:
    """Pad several examples to one batch."""
    encoded = [encode(e.words, tokenizer) for e in examples]
    width, most = max(len(c.ids) for c in encoded), max(len(c.heads) for c in encoded)
    blank = (0,) * len(FEATURES)
    ids = torch.tensor([c.ids + [0] * (width - len(c.ids)) for c in encoded])
    mask = torch.tensor([[1.0] * len(c.ids) + [0.0] * (width - len(c.ids)) for c in encoded])
    features = torch.tensor([c.features + [blank] * (width - len(c.features)) for c in encoded])
    heads = torch.tensor([c.heads + [0] * (most - len(c.heads)) for c in encoded])
    there = torch.tensor([[1.0] * len(c.heads) + [0.0] * (most - len(c.heads)) for c in encoded])
    jobs = [(b, p, real) for b, e in enumerate(examples) for p, real in choose_jobs(e, rng)]
    rows = [mark_row(examples[b], encoded[b], p, rng) for b, p, _ in jobs]
    marks = torch.tensor([row + [0] * (most - len(row)) for row in rows], dtype=torch.long).reshape(len(jobs), most)
    return Batch(examples, encoded, ids, mask, features, heads, there, jobs, marks)


def masked(ids: Tensor, share: float, tokenizer: Tokenizer) -> Tensor:
    """Pieces [B, T] with a share of them hidden, by chance: what is known by heart of an article helps less then."""
    hidden = tokenizer.token_to_id("[MASK]")  # the last of the vocabulary's marks: words stand behind them
    return torch.where((torch.rand(ids.shape) < share) & (ids > hidden), hidden, ids)


def whole(mention: Mention, kept: int) -> bool:
    """Whether a mention lies in the part of the article that was encoded."""
    return mention.last <= kept
