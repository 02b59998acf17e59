"""Labelled articles and other pages -> slatewatch/screen.toml: which phrases tell news of projects, and how surely.

    python -m training.screen PAGES      a folder of pages of any kind (docs/archives.md names public ones)

1. Candidates are runs of one to three words that stand in labelled articles with claims far more often than in the
   other pages. 2. A logistic regression with weights of at least zero, most of them zero, is fitted to them; of another
   page the window counts that scores best so far, and that for a few rounds. 3. Thresholds are the scores that all but
   a few articles of held-out slices reach, each slice scored by weights fitted without it and a few others. Every
   second of the other pages is kept out of the fit, and the share of those that pass is printed beside that of the
   rest. Candidates are taken from all articles and all pages, so neither figure is that of pages nobody has looked at.

gold/dev is not touched. The bench (bench/archive.py) measures what comes of it.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from slatewatch.screen import Hit, by_hyperscan, score

ROOT = Path(__file__).parents[1]
OUT = ROOT / "slatewatch" / "screen.toml"
LEDE, ROUNDS, STEPS = 1500, 3, 150
SHORT = 1000
#: Slices are held out so many parts at a time.
PARTS = 6
Floats = npt.NDArray[np.float32]
Hits = Sequence[Hit]
#: By the whole, by its beginning, by the narrower window.
Scores = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How one sieve is learned. `recall` is the share of held-out articles that its threshold lets through.

    `recall_near` is that for the words around the best place of a page's bytes, which the same sieve scores by a window
    of `near`, and `recall_short` that for articles of fewer than SHORT characters: in few words stand few phrases.
    """

    form: str
    named: bool
    window: int
    candidates: int
    penalty: float
    recall: float
    recall_lede: float = 0.0
    near: int = 0
    recall_near: float = 0.0
    recall_short: float = 0.0
    least_articles: int = 8
    least_ratio: float = 0.8


PLANS = (
    Plan(
        form="text",
        named=True,
        window=1200,
        candidates=4000,
        penalty=1e-4,
        recall=0.992,
        recall_lede=0.998,
        near=700,
        recall_near=0.985,
        recall_short=0.98,
    ),
    Plan(form="bytes", named=True, window=6000, candidates=3000, penalty=1.5e-4, recall=0.993, least_ratio=0.5),
)


def articles() -> list[dict[str, Any]]:
    """The labelled articles with claims of gold/train, gold/more and gold/stories."""
    parts = ("train", "more", "stories/dev")
    paths = sorted(path for part in parts for path in (ROOT / "gold" / part).glob("*.json"))
    return [one for path in paths if (one := json.loads(path.read_text("utf-8")))["claims"]]


def other_pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every page below a folder, with its path."""
    for path in sorted(p for p in folder.rglob("*.htm*") if p.is_file()):
        body = path.read_bytes()
        yield str(path.relative_to(folder)), gzip.decompress(body) if path.suffix == ".gz" else body


def runs(text: str) -> set[str]:
    """The runs of one to three words of a text, none across a sign."""
    found = set()
    for part in re.split(r"[^\w\s'’-]+|\n", text):
        words = re.findall(r"[A-Za-z][A-Za-z'’-]*", part)
        for length in (1, 2, 3):
            for at in range(len(words) - length + 1):
                if length > 1 or len(words[at]) > 4:
                    found.add(" ".join(words[at : at + length]))
    return found


def candidates(texts: Sequence[str], others: Sequence[str], plan: Plan) -> list[str]:
    """The runs that tell most, the best first."""
    here, there = [runs(text) for text in texts], [runs(text) for text in others]
    small = Counter(run for one in here for run in one if run == run.lower())
    any_ = Counter(run for one in here for run in {run.lower() for run in one})
    away = Counter(run for one in there for run in {run.lower() for run in one})
    rated = []
    for run, count in any_.items():
        ratio = np.log((count + 0.5) / (len(here) + 1)) - np.log((away[run] + 0.5) / (len(there) + 1))
        common = count >= plan.least_articles and (plan.named or 2 * small[run] >= count)
        if common and ratio >= plan.least_ratio and _telling(run):
            rated.append((float(ratio) * count, run))
    return [run for _, run in sorted(rated, reverse=True)[: plan.candidates]]


def _telling(run: str) -> bool:
    """Whether a run is made of plain words and does not end in one that means nothing without the next."""
    return re.fullmatch(r"[a-z -]+", run) is not None and re.search(r"\b(said|no|it|he|she|was|were|a)$", run) is None


def best_window(hits: Hits, weights: Floats, window: int) -> set[int]:
    """The phrases of the window that scores best."""
    best, chosen, first = -1.0, set[int](), 0
    for last, (end, _) in enumerate(hits):
        while end - hits[first][0] > window:
            first += 1
        phrases = {phrase for _, phrase in hits[first : last + 1]}
        total = float(weights[list(phrases)].sum())
        if total > best:
            best, chosen = total, phrases
    return chosen


def fit(here: Floats, there: Floats, penalty: float) -> Floats:
    """Weights of at least zero by accelerated proximal gradient; both sides weigh the same."""
    x = np.vstack([here, there])
    y = np.r_[np.ones(len(here), np.float32), np.zeros(len(there), np.float32)]
    share = np.r_[np.full(len(here), 0.5 / len(here)), np.full(len(there), 0.5 / len(there))].astype(np.float32)
    bound = 0.25 * float(np.einsum("ij,ij,i->", x, x, share)) + 0.25
    weights = ahead = np.zeros(x.shape[1], np.float32)
    shift = shift_ahead = 0.0
    pace = 1.0
    for _ in range(STEPS):
        wrong = share * (1 / (1 + np.exp(-(x @ ahead + shift_ahead))) - y)
        new = np.maximum(ahead - (x.T @ wrong + penalty) / bound, 0).astype(np.float32)
        new_shift = shift_ahead - float(wrong.sum()) / bound
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = new + (pace - 1) / faster * (new - weights)
        shift_ahead = new_shift + (pace - 1) / faster * (new_shift - shift)
        weights, shift, pace = new, new_shift, faster
    return weights


def train(here: Sequence[Hits], there: Sequence[Hits], count: int, plan: Plan) -> list[int]:
    """The weights in hundredths, after a few rounds of looking for each other page's worst window."""

    def row(phrases: set[int]) -> Floats:
        one = np.zeros(count, np.float32)
        one[list(phrases)] = 1
        return one

    ours = np.stack([row({phrase for _, phrase in hits}) for hits in here])
    weights = fit(ours, np.stack([row({phrase for _, phrase in hits}) for hits in there]), plan.penalty)
    rows: list[Floats] = []
    for _ in range(ROUNDS):
        rows += [row(best_window(hits, weights, plan.window)) for hits in there]
        weights = fit(ours, np.stack(rows), plan.penalty)
    return [round(100 * float(weight)) for weight in weights]


def rendered(one: dict[str, Any]) -> bytes:
    """A labelled article as a bare page."""
    return "".join(f"<p>{html.escape(part)}</p>\n" for part in [one["title"], *one["text"].split("\n\n")]).encode()


def plain(body: bytes) -> str:
    """The main text of a page."""
    from resiliparse.extract.html2text import extract_plain_text

    from slatewatch.decoding import decoded
    from slatewatch.errors import UnreadablePage

    try:
        return str(extract_plain_text(decoded(body, "text/html"), main_content=True))
    except UnreadablePage:
        return ""


def learn(plan: Plan, gold: Sequence[dict[str, Any]], names: Sequence[str], pages: Sequence[bytes],
          texts: Sequence[str]) -> list[str]:  # fmt: skip
    """One table of screen.toml; prints what the sieve lets through."""
    own = [f"{one['title']}\n\n{one['text']}" for one in gold]
    phrases = candidates(own, texts, plan)
    as_bytes = plan.form == "bytes"
    scan = by_hyperscan(phrases, spaced=as_bytes)
    here = [scan(rendered(one) if as_bytes else f" {text} ".encode()) for one, text in zip(gold, own, strict=True)]
    there = [scan(body if as_bytes else f" {text} ".encode()) for body, text in zip(pages, texts, strict=True)]
    seen = [zlib.crc32(name.encode()) % 2 == 0 for name in names]
    learned = [hits for hits, one in zip(there, seen, strict=True) if one]
    slices = [zlib.crc32(one["id"].rstrip("0123456789").encode()) % PARTS for one in gold]
    tried = [(0, 0, 0)] * len(gold)
    for one in sorted(set(slices)):
        weights = train([h for h, s in zip(here, slices, strict=True) if s != one], learned, len(phrases), plan)
        tried = [scores(h, weights, plan) if s == one else t for h, s, t in zip(here, slices, tried, strict=True)]
    weights = train(here, learned, len(phrases), plan)
    numbers = thresholds(tried, [len(text) < SHORT for text in own], plan)
    shorts = [len(text) < SHORT for text in (*own, *texts)]
    told(plan, "held-out articles", tried, shorts, numbers)
    rest = [scores(hits, weights, plan) for hits in there]
    for what, kept in (("other pages fitted on", True), ("other pages kept out", False)):
        chosen = [at for at, one in enumerate(seen) if one == kept]
        told(plan, what, [rest[at] for at in chosen], [shorts[len(own) + at] for at in chosen], numbers)
    ranked = sorted(((w, p) for p, w in zip(phrases, weights, strict=True) if w > 0), key=lambda x: (-x[0], x[1]))
    lines = [f"[{plan.form}]", *(f"{name} = {value}" for name, value in numbers.items()), "", f"[{plan.form}.phrases]"]
    return [*lines, *(f"{json.dumps(phrase)} = {weight}" for weight, phrase in ranked), ""]


def scores(hits: Hits, weights: Sequence[int], plan: Plan) -> Scores:
    """What a text scores as a whole, by how it begins, and by its narrower best window."""
    return (
        score(hits, weights, plan.window),
        score([hit for hit in hits if hit[0] <= LEDE], weights, plan.window),
        score(hits, weights, plan.near) if plan.near else 0,
    )


def thresholds(tried: Sequence[Scores], short: Sequence[bool], plan: Plan) -> dict[str, int]:
    """The numbers of a sieve: what the shares of the articles that the plan gives reach."""

    def reached(column: int, which: Sequence[bool], recall: float) -> int:
        return int(np.quantile([one[column] for one, counts in zip(tried, which, strict=True) if counts], 1 - recall))

    every, long_ = [True] * len(short), [not one for one in short]
    if not plan.near:
        return {"window": plan.window, "least": reached(0, every, plan.recall)}
    return {
        "window": plan.window, "least": reached(0, long_, plan.recall),
        "lede": LEDE, "least_lede": reached(1, long_, plan.recall_lede),
        "short": SHORT, "least_short": reached(0, short, plan.recall_short),
        "near": plan.near, "least_near": reached(2, every, plan.recall_near),
    }  # fmt: skip


def told(plan: Plan, what: str, tried: Sequence[Scores], short: Sequence[bool], numbers: dict[str, int]) -> None:
    """Print the shares that pass, as the screen would judge them."""
    least, lede, near = (numbers.get(name, 0) for name in ("least", "least_lede", "least_near"))
    pairs = list(zip(tried, short, strict=False))
    by_near = [one[2] >= near for one, _ in pairs]
    as_text = [one[0] >= (numbers.get("least_short", least) if s else least) for one, s in pairs]
    by_lede = [one[1] >= lede or s for one, s in pairs]
    for how, passed in (
        ("as words near", by_near),
        ("as a whole", as_text),
        ("and by the lede, all in all", [all(one) for one in zip(by_near, as_text, by_lede, strict=True)]),
    ):
        print(f"{plan.form}: {sum(passed)} of {len(passed)} {what} pass {how} ({np.mean(passed):.4f})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, help="a folder of pages of any kind")
    gold, others = articles(), list(other_pages(parser.parse_args().pages))
    names, pages = [name for name, _ in others], [body for _, body in others]
    texts = [plain(body) for body in pages]
    lines = [
        "# Written by training/screen.py: what tells news of projects from other pages, and how surely.",
        "# `window` is how many bytes are looked at together, `least` the score to pass, of the phrases' weights in",
        "# hundredths; `lede` and `least_lede` the same for the first bytes of an article; `least_short` is for a text",
        "# of fewer than `short` characters, `near` and `least_near` for the words around the best place of a page.",
        "",
    ]
    for plan in PLANS:
        lines += learn(plan, gold, names, pages, texts)
    OUT.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
