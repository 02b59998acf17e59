"""Archives into shards: what is found, damage, stopping and going on, many processes and machines, S3."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from conftest import Run
from s3_stand_in import s3
from test_copies import OTHER as OTHER_STORY
from test_copies import STORY, reworded
from warc_makers import NEWS, TITLES, WHO, crawl, news, other, packed, record

from slatewatch.errors import BadInput
from slatewatch.model import Page
from slatewatch.projects.copies import roots
from slatewatch.projects.mentions import report_of
from slatewatch.shards import writing
from slatewatch.shards.copies import Stories
from slatewatch.shards.loading import read_shards, shard_files
from slatewatch.shards.records import Record, records
from slatewatch.shards.sifting import Sifted, sift
from slatewatch.shards.sources import archives, shard_name
from slatewatch.store import open_store

COMMAND = [sys.executable, "-m", "slatewatch"]
RANDOM = random.Random(4)


def written(path: Path, parts: list[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(parts))
    return path


def read(path: Path, start: int = 0) -> list[Record]:
    with path.open("rb") as stream:
        return list(records(stream, path.name, start))


def urls(found: list[Record]) -> list[str]:
    return [one.page.url or "" for one in found if one.page]


def shards(folder: Path) -> dict[str, bytes]:
    assert not list(folder.glob("*.part"))
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small archives, packed and plain."""
    folder = tmp_path_factory.mktemp("crawls")
    written(folder / "a.warc.gz", packed(crawl(40)))
    written(folder / "b.warc.gz", packed(crawl(40, start=40)))
    written(folder / "c.warc", crawl(30, start=80))
    return folder


@pytest.fixture(scope="module")
def alone(crawls: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shards of one process."""
    to = tmp_path_factory.mktemp("alone")
    ran = subprocess.run([*COMMAND, "archive", str(crawls), "--to", str(to), "--workers", "1"], check=False)
    assert ran.returncode == 0
    return to


def test_a_shard_is_sorted_and_counts_what_it_was_made_of(alone: Path) -> None:
    lines = (alone / "a.shard.jsonl").read_bytes().splitlines()
    tally, articles = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    assert tally["archive"] == "a.warc.gz"
    assert (tally["records"], tally["pages"], tally["lost"]) == (40, 40, 0)
    assert tally["articles"] == len(articles) >= 7
    assert tally["after_bytes"] <= 8
    assert lines[1:] == sorted(lines[1:])
    for one in articles:
        words = f"{one['title']}\n\n{one['text']}"
        assert one["claims"]
        assert all(words[c["start"] : c["end"]] == c["quote"] for c in one["claims"])
        assert one["seen"] == "2024-05-01T00:00:00Z"


def test_an_archive_that_has_its_shard_is_not_read_again(crawls: Path, alone: Path, run: Run) -> None:
    before = shards(alone)
    ran = run("archive", crawls, "--to", alone, "--workers", "1", "--json")
    assert ran.code == 0
    assert ran.lines[0]["there"] == 3
    assert ran.lines[0]["made"] == 0
    assert shards(alone) == before


def test_daft_on_this_machine_makes_the_same_shards(crawls: Path, alone: Path, tmp_path: Path) -> None:
    pytest.importorskip("daft", reason="Daft is not installed: pip install 'slatewatch[archives]'")
    command = [*COMMAND, "-q", "archive", str(crawls), "--to", str(tmp_path / "to"), "--workers", "2"]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
    assert shards(tmp_path / "to") == shards(alone)


CLUSTER = """
import sys
from ray.cluster_utils import Cluster
size = {"object_store_memory": 100_000_000, "include_dashboard": False}
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **size})
for _ in range(2):
    cluster.add_node(num_cpus=1, object_store_memory=100_000_000)
print("address", cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
"""


@pytest.fixture
def cluster() -> Iterator[str]:
    """The address of a Ray cluster of two workers on this machine."""
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'slatewatch[cluster]'")
    environment = os.environ | {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen([sys.executable, "-c", CLUSTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          env=environment, stderr=subprocess.DEVNULL) as head:  # fmt: skip
        assert head.stdout is not None
        address = next((line.split()[1] for line in head.stdout if line.startswith("address ")), None)
        assert address, "the cluster did not start"
        yield address
        assert head.stdin is not None
        head.stdin.close()
        head.wait(timeout=60)


def said_by_us(errors: str) -> bool:
    """Whether all of a command's notes are its own: Ray and Daft draw bars and tell of themselves unless kept quiet."""
    return all(line.startswith("slatewatch: ") for line in errors.splitlines())


def test_a_ray_cluster_makes_the_same_shards_and_projects(
    cluster: str, crawls: Path, alone: Path, tmp_path: Path, run: Run
) -> None:
    command = [*COMMAND, "archive", str(crawls), "--to", str(tmp_path / "to"), "--workers", "2", "--ray", cluster]
    ran = subprocess.run([*command, "--json"], check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["made"] == 3
    assert said_by_us(ran.stderr), ran.stderr
    assert shards(tmp_path / "to") == shards(alone)
    here = run("merge", alone, "--to", tmp_path / "here", "--workers", "1")
    assert here.code == 0
    command = [*COMMAND, "merge", str(alone), "--to", str(tmp_path / "there"), "--workers", "2", "--ray", cluster]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert said_by_us(ran.stderr), ran.stderr
    assert shards(tmp_path / "there") == shards(tmp_path / "here")
    assert any(shards(tmp_path / "here").values())


def test_merging_shards_gives_the_projects_of_the_store(alone: Path, tmp_path: Path, run: Run) -> None:
    assert run("merge", alone, "--to", tmp_path / "to", "--workers", "1").code == 0
    merged = sorted(line for body in shards(tmp_path / "to").values() for line in body.splitlines())
    assert run("--db", tmp_path / "s.db", "add", alone).code == 0
    stored = sorted(run("--db", tmp_path / "s.db", "projects", "--json").out.encode().splitlines())
    assert merged
    assert merged == stored


def written_news(outlet: str, day: int, story: str, *, title: str = "Undertow", who: str = "Ines Marlow") -> bytes:
    """A page of an outlet: the news, and a story beneath it that others may have taken over."""
    body = NEWS.format(who=who, title=f"“{title}”").replace("</article>", f"<p>{story}</p></article>")
    head = (f"<head><meta property='og:site_name' content='{outlet}'>"
            f"<meta property='article:published_time' content='2024-05-{day:02}T09:00:00Z'>")  # fmt: skip
    return body.replace("<head>", head).encode()


def stories(count: int) -> list[bytes]:
    """Records of news in which some articles pass on the words of others, whole, cut, reworded, and credited.

    Between the first and most of its copies another outlet has news of its own: the director is no longer in talks.
    """
    found = []
    for n in range(count):
        title, who = TITLES[n % len(TITLES)], WHO[n % len(WHO)]
        own = f"The keeper of part {n} will not leave. {reworded(OTHER_STORY, 3, n)}"
        texts = (STORY, reworded(STORY, 12, n), STORY[:450], own, f"As first reported by Reel Ledger. {STORY}")
        for at, text in enumerate(texts):
            outlet = ("Reel Ledger", "Dolly Weekly", "Gaffer Gazette", "Slate Courier", "Boom Post")[at]
            page = written_news(outlet, n + (2, 9, 10, 5, 2)[at], f"{title}: {text}", title=title, who=who)
            if at == 3:
                page = page.replace(b"is in talks to direct", b"has signed on to direct")
            found.append(record(f"https://{outlet.split()[0].lower()}.example/{n}", page))
    return found


def test_merging_shards_finds_the_copies_of_the_store(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    records_ = stories(4)
    written(tmp_path / "in/a.warc.gz", packed(records_[::2]))
    written(tmp_path / "in/b.warc.gz", packed(records_[1::2]))
    assert run("archive", tmp_path / "in", "--to", tmp_path / "shards", "--workers", "1").code == 0
    assert run("merge", tmp_path / "shards", "--to", tmp_path / "to", "--workers", "1").code == 0
    db = tmp_path / "s.db"
    assert run("--db", db, "add", tmp_path / "shards").code == 0
    stored = sorted(run("--db", db, "projects", "--json").out.encode().splitlines())
    with closing(open_store(db)) as store:
        pairs = {row[0]: row[1] for row in store.execute("SELECT article, original FROM copies")}
    merged = sorted(line for body in shards(tmp_path / "to").values() for line in body.splitlines())
    assert len(pairs) >= 4
    assert merged == stored
    found = Stories()
    for one in read_shards(shard_files([str(tmp_path / "shards")])):
        assert isinstance(one, tuple)
        article, claims = one
        found.add(article, claims, report_of(article, first_seen=article.seen or ""))
    assert found.originals() == roots(pairs)
    monkeypatch.setattr(Stories, "originals", lambda self: {})
    assert run("merge", tmp_path / "shards", "--to", tmp_path / "none", "--workers", "1").code == 0
    assert shards(tmp_path / "none") != shards(tmp_path / "to"), "without copies the projects would be others"


def test_adding_shards_again_changes_nothing(alone: Path, tmp_path: Path, run: Run) -> None:
    db = tmp_path / "s.db"
    first = run("--db", db, "add", *sorted(alone.iterdir()), "--json").lines[0]
    again = run("--db", db, "add", *sorted(alone.iterdir()), "--json").lines[0]
    assert first["new"] == again["same"] > 0  # type: ignore[operator]
    assert again["new"] == again["edited"] == again["unreadable"] == 0


def test_killed_at_random_and_run_again_gives_the_same_shards(crawls: Path, alone: Path, tmp_path: Path) -> None:
    command = [*COMMAND, "-q", "archive", str(crawls), "--to", str(tmp_path), "--workers", "1"]
    for _ in range(12):
        with subprocess.Popen(command, start_new_session=True) as process:
            try:
                code = process.wait(timeout=2 + 3 * RANDOM.random())
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                continue
        assert code == 0
        break
    else:
        subprocess.run(command, check=True)
    assert shards(tmp_path) == shards(alone)


def test_a_stopped_run_goes_on_where_it_was(
    crawls: Path, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    seen = list[int]()

    def stopping(page: Page) -> Sifted:
        seen.append(page.offset or 0)
        if len(seen) == 25:
            raise KeyboardInterrupt
        return sift(page)

    monkeypatch.setattr(writing, "RECORDS", 10)
    monkeypatch.setattr(writing, "SECONDS", 1e9)
    monkeypatch.setattr(writing, "sift", stopping)
    archive = crawls / "a.warc.gz"
    assert run("archive", archive, "--to", tmp_path, "--workers", "1").code in (1, 130)
    assert (tmp_path / "a.shard.jsonl.part").exists()
    assert not (tmp_path / "a.shard.jsonl").exists()
    with (tmp_path / "a.shard.jsonl.part").open("ab") as torn:
        torn.write(b'{"id":"half a li')
    seen.clear()
    seen.extend([-1] * 30)
    assert run("archive", archive, "--to", tmp_path, "--workers", "1").code == 0
    assert len(seen) - 30 == 20
    assert shards(tmp_path)["a.shard.jsonl"] == shards(alone)["a.shard.jsonl"]


def test_an_archive_that_has_changed_is_begun_anew(tmp_path: Path, run: Run) -> None:
    (tmp_path / "to").mkdir()
    archive = written(tmp_path / "x.warc.gz", packed(crawl(5)))
    (tmp_path / "to/x.shard.jsonl.part").write_bytes(b'{"archive":"x.warc.gz","size":1}\n{"at":999,"tally":{}}\n')
    assert run("archive", archive, "--to", tmp_path / "to", "--workers", "1", "--json").lines[0]["pages"] == 5


def test_sources_are_files_folders_globs_and_lists(tmp_path: Path) -> None:
    a = written(tmp_path / "in/a.warc.gz", packed(crawl(1)))
    b = written(tmp_path / "in/deep/b.warc", crawl(1))
    written(tmp_path / "in/readme.txt", [b"no archive"])
    assert archives([str(tmp_path / "in")]) == [str(a), str(b)]
    assert archives([str(tmp_path / "in/*.gz"), str(a)]) == [str(a)]
    listed = written(tmp_path / "warc.paths.gz", [gzip.compress(b"crawl-data/x/1.warc.gz\ncrawl-data/x/2.warc.gz\n")])
    assert archives([str(listed)]) == [f"s3://commoncrawl/crawl-data/x/{n}.warc.gz" for n in (1, 2)]
    assert archives([str(listed)], base="/mirror/")[0] == "/mirror/crawl-data/x/1.warc.gz"
    assert shard_name("s3://commoncrawl/crawl-data/x/1.warc.gz") == "1.shard.jsonl"
    for wrong in ("nothing.warc", str(tmp_path / "*.wrac")):
        with pytest.raises(BadInput):
            archives([wrong])
    written(tmp_path / "in/deep/a.warc", crawl(1))
    with pytest.raises(BadInput, match="two archives"):
        archives([str(tmp_path / "in")])


def test_an_archive_that_is_none_fails_alone(tmp_path: Path, run: Run, no_model: None) -> None:
    written(tmp_path / "in/a.warc.gz", [b"this is no archive at all"])
    written(tmp_path / "in/b.warc.gz", packed(crawl(5)))
    ran = run("archive", tmp_path / "in", "--to", tmp_path / "to", "--workers", "1", "--json")
    assert ran.code == 1
    assert (ran.lines[0]["made"], ran.lines[0]["failed"]) == (1, 1)
    assert "a.warc.gz: not a web archive" in ran.err
    assert [path.name for path in (tmp_path / "to").glob("*.jsonl")] == ["b.shard.jsonl"]


def test_what_is_no_shard_is_said(tmp_path: Path, run: Run) -> None:
    wrong = written(tmp_path / "x.shard.jsonl", [b'{"id":"a"}\n'])
    ran = run("merge", wrong, "--to", tmp_path / "to", "--workers", "1")
    assert (ran.code, "not a shard" in ran.err) == (1, True)
    assert run("merge", tmp_path / "none", "--to", tmp_path / "to").code == 2


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from slatewatch.cli import main; main(['archive', '--help']); print(sorted(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"daft", "ray", "fastwarc", "hyperscan", "obstore", "numpy"} & set(ran.stdout.split("'"))


def test_a_page_that_holds_another_address_goes_by_it(tmp_path: Path, run: Run, no_model: None) -> None:
    link = b"<head><link rel=canonical href='https://outlet.example/one'>"
    pages = [record(f"https://outlet.example/{n}", news(0).replace(b"<head>", link), date=f"2024-05-0{n}T00:00:00Z")
             for n in (1, 2)]  # fmt: skip
    archive = written(tmp_path / "x.warc.gz", packed([*pages, record("https://outlet.example/3", other(1))]))
    assert run("archive", archive, "--to", tmp_path / "to", "--workers", "1").code == 0
    lines = (tmp_path / "to/x.shard.jsonl").read_bytes().splitlines()[1:]
    assert len({json.loads(line)["id"] for line in lines}) == 1
    assert [json.loads(line)["seen"][:10] for line in lines] == ["2024-05-01", "2024-05-02"]


def test_archives_on_s3_make_the_same_shards(crawls: Path, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             run: Run) -> None:  # fmt: skip
    objects = {f"crawl/2024/{path.name}": path.read_bytes() for path in crawls.iterdir()}
    objects["crawl/warc.paths.gz"] = gzip.compress(b"2024/a.warc.gz\n2024/b.warc.gz\n")
    with s3(objects) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        assert archives(["s3://crawl/2024"]) == [f"s3://crawl/2024/{path.name}" for path in sorted(crawls.iterdir())]
        assert archives(["s3://crawl/2024/*.gz"]) == archives(["s3://crawl/warc.paths.gz"], base="s3://crawl/")
        here = run("archive", "s3://crawl/2024/*", "--to", tmp_path, "--workers", "1", "--json")
        assert (here.code, here.lines[0]["made"]) == (0, 3), here.err
        assert shards(tmp_path) == shards(alone)
        there = (
            "archive",
            "s3://crawl/warc.paths.gz",
            "--base",
            "s3://crawl",
            "--to",
            "s3://own/out",
            "--workers",
            "1",
        )
        assert run(*there, "--json").lines[0]["made"] == 2
        assert objects["own/out/a.shard.jsonl"] == shards(alone)["a.shard.jsonl"]
        assert run(*there, "--json").lines[0]["there"] == 2
        assert run("--db", tmp_path / "s.db", "add", "s3://own/out/a.shard.jsonl").code == 0
        assert run("merge", "s3://own/out", "--to", tmp_path / "projects", "--workers", "1", "--json").code == 0
        missing = run("archive", "s3://crawl/none.warc.gz", "--to", tmp_path / "none", "--workers", "1")
        assert (missing.code, missing.err.count("\n")) == (1, 2), missing.err


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere", "ray://127.0.0.1:1"])
def test_a_cluster_that_is_not_there_is_one_line(address: str, crawls: Path, tmp_path: Path, run: Run) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'slatewatch[cluster]'")
    ran = run("archive", crawls, "--to", tmp_path, "--ray", address)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "no Ray cluster answers" in ran.err
