"""The body of an article and pages a second: read_article beside trafilatura, over the same pages in the same run.

    git clone --depth 1 https://github.com/scrapinghub/article-extraction-benchmark /tmp/benchmark
    python bench/reading.py --benchmark /tmp/benchmark      a clone, bare or not; nothing of it is kept here

The measure is the benchmark's own: texts are compared as bags of four consecutive words, precision and recall are means
over the pages, and F1 is made of the two means. read_article finds more than the body (title, outlet, author, dates,
language, what is in italics); trafilatura is asked for the body alone, as the benchmark asks it, and once more with
its metadata (`trafilatura+`). Each reader runs in a process of its own, pinned to the same core with one thread, the
rounds in turns. Time is that of the processor, so that a busy machine spoils little, and the best round counts.
Loading and one page to warm up are not timed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean

HOME = "https://github.com/scrapinghub/article-extraction-benchmark"
Reader = Callable[[str, bytes], str | None]
READERS = ("slatewatch", "trafilatura", "trafilatura+")
WORD = re.compile(r"\w+")
RUN_OF_WORDS = 4
GOAL_F1 = 0.955


def slatewatch_reader() -> Reader:
    from slatewatch import Page, read_article
    from slatewatch.errors import UnreadablePage

    def read(name: str, body: bytes) -> str | None:
        try:
            return read_article(Page(name=name, body=body, media_type="text/html")).text
        except UnreadablePage:
            return None

    return read


def trafilatura_reader() -> Reader:
    import trafilatura

    return lambda name, body: trafilatura.extract(body, include_comments=False)


def full_trafilatura_reader() -> Reader:
    import trafilatura

    def read(name: str, body: bytes) -> str | None:
        document = trafilatura.bare_extraction(body, include_comments=False, with_metadata=True)
        return document.text if document else None

    return read


def turned_away(name: str, body: bytes) -> str:
    """The body of a page that read_article does not take for its language: found, then thrown away."""
    from slatewatch import Page
    from slatewatch.decoding import decoded
    from slatewatch.errors import UnreadablePage
    from slatewatch.hypertext import article_of

    try:
        return article_of(decoded(body, "text/html"), Page(name=name, body=body), name).text
    except UnreadablePage:
        return ""


def runs_of_words(text: str) -> Counter[tuple[str, ...]]:
    """How often each run of four words stands in a text; a shorter text is one run."""
    words = WORD.findall(text)
    last = max(1, len(words) - RUN_OF_WORDS + 1) if words else 0
    return Counter(tuple(words[i : i + RUN_OF_WORDS]) for i in range(last))


def score(pairs: list[tuple[str, str]]) -> tuple[float, float, float]:
    """F1, precision and recall of (what is right, what was found) pairs. Finding nothing has no precision."""
    precisions, recalls = [], []
    for right, found in pairs:
        wanted, got = runs_of_words(right), runs_of_words(found)
        shared = (wanted & got).total()
        if got:
            precisions.append(shared / got.total())
        if wanted:
            recalls.append(shared / wanted.total())
    precision, recall = mean(precisions or [0.0]), mean(recalls or [0.0])
    return 2 * precision * recall / (precision + recall or 1.0), precision, recall


def one_round(reader: str, folder: Path) -> None:
    """In the child: read all pages once, print the scores and the seconds as JSON."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    makers = (slatewatch_reader, trafilatura_reader, full_trafilatura_reader)
    read = dict(zip(READERS, makers, strict=True))[reader]()
    right = {name: one["articleBody"] for name, one in json.loads((folder / "ground-truth.json").read_text()).items()}
    pages = {name: gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()) for name in sorted(right)}
    name, body = next(iter(pages.items()))
    read(name, body)
    start = time.process_time()
    found = {name: read(name, body) for name, body in pages.items()}
    seconds = time.process_time() - start
    away = [name for name, text in found.items() if text is None and reader == "slatewatch"]
    found |= {name: turned_away(name, pages[name]) for name in away}
    f1, precision, recall = score([(right[name], found[name] or "") for name in pages])
    scores = {"f1": f1, "precision": precision, "recall": recall, "away": len(away)}
    print(json.dumps(scores | {"speed": len(pages) / seconds}))


def measure(reader: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--reader", reader, "--benchmark", str(folder)]
    ran = subprocess.run(
        command, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise SystemExit(f"{reader}: {ran.stderr.strip() or 'failed'}")
    result: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return result


def unpack(clone: Path, folder: Path) -> Path:
    """The pages and their right texts out of a clone's git directory, where it has no files of its own."""
    if (clone / "ground-truth.json").exists():
        return clone
    if not (clone / "HEAD").exists():
        raise SystemExit(f"{clone}: no clone of the benchmark; git clone --depth 1 {HOME} {clone}")
    git = ["git", "--git-dir", str(clone)]
    listed = subprocess.run(
        [*git, "ls-tree", "--name-only", "HEAD", "html/"], capture_output=True, text=True, check=True
    )
    (folder / "html").mkdir()
    for path in ("ground-truth.json", *listed.stdout.split()):
        with (folder / path).open("wb") as file:
            subprocess.run([*git, "show", f"HEAD:{path}"], stdout=file, check=True)
    return folder


def report(rounds: list[dict[str, dict[str, float]]]) -> None:
    print(f"{'':<14}{'F1':>8}{'precision':>11}{'recall':>8}{'pages/s':>9}")
    speed = {reader: max(r[reader]["speed"] for r in rounds) for reader in READERS}
    for reader in READERS:
        one = rounds[0][reader]
        print(f"{reader:<14}{one['f1']:>8.3f}{one['precision']:>11.3f}{one['recall']:>8.3f}{speed[reader]:>9.1f}")
    ours, rival, full = READERS
    of_rival, of_full = speed[ours] / speed[rival], speed[ours] / speed[full]
    print(f"F1 is {rounds[0][ours]['f1'] / rounds[0][rival]['f1']:.3f} of trafilatura's (goal: {GOAL_F1} in itself)")
    print(f"pages a second: {of_rival:.2f} of trafilatura's, {of_full:.2f} of trafilatura's with metadata")
    print(f"{rounds[0][ours]['away']:.0f} pages in other languages count by the body found before they are turned away")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--benchmark", type=Path, metavar="DIR", help=f"a clone of {HOME}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.benchmark is None:
        raise SystemExit(f"name the benchmark's folder: git clone --depth 1 {HOME} DIR, then --benchmark DIR")
    if args.reader:
        one_round(args.reader, args.benchmark)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = unpack(args.benchmark, Path(scratch))
        rounds = [{reader: measure(reader, folder) for reader in READERS} for _ in range(args.rounds)]
    report(rounds)


if __name__ == "__main__":
    main()
