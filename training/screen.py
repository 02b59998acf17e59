"""Labelled articles and other pages -> slatewatch/screen.toml: which phrases tell news of projects, and how surely.

    python -m training.screen PAGES      a folder of pages of any kind (docs/archives.md names public ones)

1. Candidates are runs of one to three small words that stand in labelled articles with claims far more often than in
   the other pages. 2. A logistic regression whose weights are at least zero, most of them zero, is fitted to them; of
   another page the window counts that scores best so far, and that for a few rounds. 3. Thresholds are the scores that
   all but a few articles of held-out slices reach, each slice scored by weights fitted without it. Every second of the
   other pages is kept out of the fit, and the share of those that pass is printed beside that of the rest.

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
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from slatewatch.screen import Hit, by_hyperscan, score

ROOT = Path(__file__).parents[1]
OUT = ROOT / "slatewatch" / "screen.toml"
WINDOW, TEXT_WINDOW = 6000, 3000
#: Of articles on held-out slices so many pass: the bytes of a page are let through more easily than its text.
RECALL_BYTES, RECALL_TEXT = 0.99, 0.985
#: Candidates at most, the least log-ratio and number of articles of one; the fit.
COUNT, LEAST_RATIO, LEAST_ARTICLES, PENALTY, ROUNDS, STEPS = 500, 1.0, 8, 6e-4, 4, 250
Floats = npt.NDArray[np.float32]


def articles() -> list[dict[str, Any]]:
    """The labelled articles with claims of gold/train and gold/more."""
    paths = sorted(path for part in ("train", "more") for path in (ROOT / "gold" / part).glob("[a-z][0-9]*.json"))
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


def candidates(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    """The runs of small words that tell most, the best first."""
    here, there = [runs(text) for text in texts], [runs(text) for text in others]
    small = Counter(run for one in here for run in one if run == run.lower())
    named = Counter(run.lower() for one in here for run in one if run != run.lower())
    away = Counter(run for one in there for run in {run.lower() for run in one})
    rated = []
    for run, count in small.items():
        ratio = np.log((count + 0.5) / (len(here) + 1)) - np.log((away[run] + 0.5) / (len(there) + 1))
        if count >= LEAST_ARTICLES and named[run] <= count and ratio >= LEAST_RATIO and _telling(run):
            rated.append((float(ratio) * count, run))
    return [run for _, run in sorted(rated, reverse=True)[:COUNT]]


def _telling(run: str) -> bool:
    """Whether a run is made of plain words and does not end in one that means nothing without the next."""
    return re.fullmatch(r"[a-z -]+", run) is not None and re.search(r"\b(said|no|it|he|she|was|were|a)$", run) is None


def best_window(hits: Sequence[Hit], weights: Floats, window: int) -> set[int]:
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


def fit(here: Floats, there: Floats) -> Floats:
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
        new = np.maximum(ahead - (x.T @ wrong + PENALTY) / bound, 0).astype(np.float32)
        new_shift = shift_ahead - float(wrong.sum()) / bound
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = new + (pace - 1) / faster * (new - weights)
        shift_ahead = new_shift + (pace - 1) / faster * (new_shift - shift)
        weights, shift, pace = new, new_shift, faster
    return weights


def train(here: Sequence[Sequence[Hit]], there: Sequence[Sequence[Hit]], count: int) -> list[int]:
    """The weights in hundredths, after a few rounds of looking for each other page's worst window."""

    def row(phrases: set[int]) -> Floats:
        one = np.zeros(count, np.float32)
        one[list(phrases)] = 1
        return one

    articles_ = np.stack([row({phrase for _, phrase in hits}) for hits in here])
    rows = [row({phrase for _, phrase in hits}) for hits in there]
    weights = fit(articles_, np.stack(rows))
    rows = []
    for _ in range(ROUNDS):
        rows += [row(best_window(hits, weights, WINDOW)) for hits in there]
        weights = fit(articles_, np.stack(rows))
    return [round(100 * float(weight)) for weight in weights]


def rendered(one: dict[str, Any]) -> bytes:
    """A labelled article as a bare page."""
    return "".join(f"<p>{html.escape(part)}</p>\n" for part in [one["title"], *one["text"].split("\n\n")]).encode()


def plain(body: bytes) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    from slatewatch.decoding import decoded
    from slatewatch.errors import UnreadablePage

    try:
        return str(extract_plain_text(decoded(body, "text/html"), main_content=True))
    except UnreadablePage:
        return ""


def held_out(slices: Sequence[str], hits: Sequence[Sequence[Hit]], texts: Sequence[Sequence[Hit]],
             there: Sequence[Sequence[Hit]], count: int) -> tuple[list[int], list[int]]:  # fmt: skip
    """The scores of each article as page and as text, by weights fitted without its slice."""
    pages, plains = [0] * len(hits), [0] * len(hits)
    for one in sorted(set(slices)):
        weights = train([h for h, s in zip(hits, slices, strict=True) if s != one], there, count)
        for at in (n for n, s in enumerate(slices) if s == one):
            pages[at] = score(hits[at], weights, WINDOW)
            plains[at] = score(texts[at], weights, TEXT_WINDOW)
    return pages, plains


def write(phrases: Sequence[str], weights: Sequence[int], least: tuple[int, int]) -> int:
    kept = sorted(((w, p) for p, w in zip(phrases, weights, strict=True) if w > 0), key=lambda one: (-one[0], one[1]))
    lines = [
        "# Written by training/screen.py: what tells news of projects from other pages, and how surely.",
        "# How much is looked at together, in bytes: of a page with its markup, and of text.",
        f"window = {WINDOW}",
        f"text_window = {TEXT_WINDOW}",
        "# The least score of a page's bytes, of its text, and of the article found in it.",
        f"least_bytes = {least[0]}",
        f"least_text = {least[1]}",
        f"least_article = {least[1]}",
        "",
        "# Weights in hundredths.",
        "[phrases]",
        *(f"{json.dumps(phrase)} = {weight}" for weight, phrase in kept),
    ]
    OUT.write_text("\n".join(lines) + "\n", "utf-8")
    return len(kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, help="a folder of pages of any kind")
    gold, others = articles(), list(other_pages(parser.parse_args().pages))
    texts = [f"{one['title']}\n{one['text']}" for one in gold]
    phrases = candidates(texts, [plain(body) for _, body in others])
    scan = by_hyperscan(phrases)
    pages, plains = [scan(rendered(one)) for one in gold], [scan(f" {text} ".encode()) for text in texts]
    there = [scan(body) for _, body in others]
    seen = [zlib.crc32(name.encode()) % 2 == 0 for name, _ in others]
    learned = [hits for hits, one in zip(there, seen, strict=True) if one]
    as_page, as_text = held_out([one["id"][0] for one in gold], pages, plains, learned, len(phrases))
    least = (int(np.quantile(as_page, 1 - RECALL_BYTES)), int(np.quantile(as_text, 1 - RECALL_TEXT)))
    weights = train(pages, learned, len(phrases))
    print(f"{write(phrases, weights, least)} phrases; least score {least[0]} as a page, {least[1]} as text")
    for what, scores, limit in (("page", as_page, least[0]), ("text", as_text, least[1])):
        print(f"held-out articles that pass as {what}: {np.mean([s >= limit for s in scores]):.4f} of {len(scores)}")
    for name, chosen in (("fitted on", True), ("kept out", False)):
        passed = [
            score(hits, weights, WINDOW) >= least[0] for hits, one in zip(there, seen, strict=True) if one == chosen
        ]
        print(f"other pages {name} whose bytes pass: {np.mean(passed):.4f} of {len(passed)}")


if __name__ == "__main__":
    main()
