"""What the learned reader is told: one loss for each of its answers, evidence being the labelled quotes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from slatewatch.claims.reader import TIE_SIZE
from slatewatch.claims.vocabulary import ALLOWED, FIRMNESS, PARTS, STATES, TIES

from .batches import Batch, whole
from .labels import Example, tag_targets

ALLOWED_PARTS = {
    kind: torch.tensor([float(kind in ALLOWED[part[0]]) for part in PARTS])
    for kind in ("PERSON", "COMPANY", "PROJECT", "WORK", "PLACE", "CHARACTER", "UNTITLED", "DATE")
}
TIE_OBJECTS = {"COMPANY", "WORK", "PLACE", "PERSON"}
N = len(PARTS)
M = N + len(FIRMNESS)


def tag_loss(batch: Batch, tags: Tensor) -> Tensor:
    """Cross entropy of the BIO tags over all words."""
    target = torch.full(tags.shape[:2], -100)
    for b, example in enumerate(batch.examples):
        kept = batch.encoded[b].kept
        target[b, :kept] = torch.tensor(tag_targets(example)[:kept])
    return F.cross_entropy(tags.flatten(0, 1).float(), target.flatten(), ignore_index=-100)


def source_loss(batch: Batch, source: Tensor) -> Tensor:
    """Whether a company is an outlet that the article credits with the news."""
    logits, targets = [], []
    for b, example in enumerate(batch.examples):
        for m in example.mentions:
            if m.type == "COMPANY" and not m.stray and whole(m, batch.encoded[b].kept):
                logits.append(source[b, m.first])
                targets.append(float(m.entity in example.sources))
    if not logits:
        return source.sum() * 0
    return F.binary_cross_entropy_with_logits(torch.stack(logits).float(), torch.tensor(targets))


def grouped(example: Example, kept: int) -> dict[int, list[int]]:
    """The mentions of each entity, by their number in the example."""
    found: dict[int, list[int]] = defaultdict(list)
    for i, m in enumerate(example.mentions):
        if whole(m, kept):
            found[m.entity].append(i)
    return found


def inside(example: Example, numbers: list[int], quote: tuple[int, int]) -> list[int]:
    """Those mentions that lie in the quote; all of them where none does."""
    found = [i for i in numbers if example.mentions[i].first < quote[1] and example.mentions[i].last > quote[0]]
    return found or numbers


@dataclass(slots=True)
class Rows:
    """Index lists over all jobs of a batch, filled job by job and then used in a few large operations."""

    job: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)
    group_job: list[int] = field(default_factory=list)
    group_type: list[str] = field(default_factory=list)
    #: (group, part) that hold, and the rows that show each
    holds: list[tuple[int, int]] = field(default_factory=list)
    shown_by: list[list[int]] = field(default_factory=list)
    firm_rows: list[list[int]] = field(default_factory=list)
    firm: list[int] = field(default_factory=list)
    own: list[list[int]] = field(default_factory=list)
    real: list[float] = field(default_factory=list)
    #: (job, state, first, last) of states that hold
    states: list[tuple[int, int, int, int]] = field(default_factory=list)


def collect(batch: Batch) -> Rows:
    """The index lists of a batch."""
    rows = Rows()
    for j, (b, project, real) in enumerate(batch.jobs):
        example, kept = batch.examples[b], batch.encoded[b].kept
        groups = grouped(example, kept)
        if project not in groups:
            continue
        base = {i: len(rows.job) + k for k, i in enumerate(i for numbers in groups.values() for i in numbers)}
        for i in base:
            rows.job.append(j)
            rows.first.append(example.mentions[i].first)
            rows.last.append(example.mentions[i].last - 1)
        rows.own.append([base[i] for i in groups[project]])
        rows.real.append(float(real))
        for entity, numbers in groups.items():
            collect_entity(rows, example, project, entity, numbers, base)
            rows.group_job.append(j)
        for state, (first, last) in example.states.get(project, {}).items():
            rows.states.append((j, state, first, last) if first < last <= kept else (j, state, 0, kept))
    return rows


def collect_entity(
    rows: Rows, example: Example, project: int, entity: int, numbers: list[int], base: dict[int, int]
) -> None:
    """One entity of one job: its mentions, the parts it has and what shows them."""
    group = len(rows.groups)
    rows.groups.append([base[i] for i in numbers])
    rows.group_type.append(example.mentions[numbers[0]].type)
    for (who, part), quote in example.parts.get(project, {}).items():
        if who == entity:
            shown = [base[i] for i in inside(example, numbers, quote)]
            rows.holds.append((group, part))
            rows.shown_by.append(shown)
            if (project, entity, part) in example.firmness:
                rows.firm_rows.append(shown)
                rows.firm.append(example.firmness[project, entity, part])


def padded(lists: list[list[int]], blank: int) -> Tensor:
    """Lists of row numbers as one matrix, filled up with the number of a row that is minus infinity."""
    width = max(map(len, lists))
    return torch.tensor([row + [blank] * (width - len(row)) for row in lists])


def judge_loss(batch: Batch, out: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Losses of parts, firmness, states and of being a project; `out` is [jobs, W, ...]."""
    rows = collect(batch)
    zero = out.sum() * 0
    if not rows.groups:
        return zero, zero, zero, zero
    out = out.float()
    first, last = out[rows.job, rows.first], out[rows.job, rows.last]
    logits = torch.cat([(first[:, :N] + last[:, :N]) / 2, out.new_full((1, N), -1e4)])
    pooled = torch.logsumexp(logits[padded(rows.groups, len(rows.job))], 1)
    target = torch.zeros_like(pooled)
    if rows.holds:
        shown = torch.logsumexp(
            logits[padded(rows.shown_by, len(rows.job)), torch.tensor([[p] for _, p in rows.holds])], 1
        )
        at = tuple(torch.tensor(x) for x in zip(*rows.holds, strict=True))
        pooled = pooled.index_put(at, shown)
        target[at] = 1.0
    allowed = torch.stack([ALLOWED_PARTS[kind] for kind in rows.group_type])
    jobs = len(rows.real)
    parts = (F.binary_cross_entropy_with_logits(pooled, target, reduction="none") * allowed).sum() / jobs
    firm = zero
    if rows.firm:
        index = padded(rows.firm_rows, len(rows.job))
        table = torch.cat([first[:, N:M], out.new_zeros(1, M - N)])
        count = (index < len(rows.job)).sum(1, keepdim=True)
        firm = F.cross_entropy(table[index].sum(1) / count, torch.tensor(rows.firm))
    table = torch.cat([first[:, -1], out.new_zeros(1)])
    index = padded(rows.own, len(rows.job))
    real = F.binary_cross_entropy_with_logits(
        table[index].sum(1) / (index < len(rows.job)).sum(1), torch.tensor(rows.real)
    )
    return parts, firm, states_loss(batch, out, rows), real


def states_loss(batch: Batch, out: Tensor, rows: Rows) -> Tensor:
    """Binary losses over the states of each project; where one holds, the words of its quote must show it."""
    width = out.shape[1]
    kept = torch.tensor([batch.encoded[b].kept for b, _, _ in batch.jobs])
    blank = (torch.arange(width)[None] >= kept[:, None])[..., None] * -1e4
    logits = out[:, :, M : M + len(STATES)] + blank
    pooled = torch.logsumexp(logits, 1)
    target = torch.zeros_like(pooled)
    if rows.states:
        job, state, first, last = (torch.tensor(x) for x in zip(*rows.states, strict=True))
        within = (torch.arange(width)[None] >= first[:, None]) & (torch.arange(width)[None] < last[:, None])
        shown = torch.logsumexp(logits[job, :, state] + (~within) * -1e4, 1)
        pooled = pooled.index_put((job, state), shown)
        target[job, state] = 1.0
    return F.binary_cross_entropy_with_logits(pooled, target, reduction="none").sum() / len(rows.real)


def tie_pairs(example: Example, kept: int) -> list[tuple[int, int, list[float], float]]:
    """Pairs of mentions near each other: first tokens, targets, and 0 as weight where another pair shows the tie."""
    found = []
    mentions = [m for m in example.mentions if whole(m, kept)]
    for s in mentions:
        if s.type not in {"PERSON", "COMPANY"} or s.stray:
            continue
        for o in mentions:
            if o.entity == s.entity or o.stray or o.type not in TIE_OBJECTS or abs(o.first - s.first) > 60:
                continue
            quotes = [example.ties.get((s.entity, o.entity, t)) for t in range(len(TIES))]
            elsewhere = any(q and q[1] and not q[0] <= o.first < q[1] for q in quotes)
            found.append((s.first, o.first, [float(q is not None) for q in quotes], 0.0 if elsewhere else 1.0))
    return found


def tie_loss(batch: Batch, left: Tensor, right: Tensor) -> Tensor:
    """Which person or company belongs to which company, work, place: over pairs of mentions near each other."""
    pairs = [(b, *p) for b, e in enumerate(batch.examples) for p in tie_pairs(e, batch.encoded[b].kept)]
    if not pairs:
        return left.sum() * 0
    rows, subject, value, target, weight = (list(x) for x in zip(*pairs, strict=True))
    a = left[rows, subject].float().view(-1, len(TIES), TIE_SIZE)
    c = right[rows, value].float().view(-1, len(TIES), TIE_SIZE)
    logits = (a * c).sum(-1) / 8.0 - 2.0
    loss = F.binary_cross_entropy_with_logits(logits, torch.tensor(target), reduction="none").sum(1)
    return (loss * torch.tensor(weight)).sum() / (20 * len(batch.examples))
