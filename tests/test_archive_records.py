"""Records of archives: damage costs one record, and what is unpacked in one go is what careful reading finds."""

from __future__ import annotations

import gzip
import random
import zlib
from pathlib import Path

import pytest
from conftest import Run
from test_archives import read, urls, written
from warc_makers import crawl, news, other, packed, record

from slatewatch.shards import members
from slatewatch.shards.records import carefully
from slatewatch.shards.sifting import sift

RANDOM = random.Random(4)


@pytest.mark.parametrize("place", [0.5, -6, 1], ids=["data", "check", "magic"])
def test_a_flipped_bit_costs_one_record(tmp_path: Path, place: float) -> None:
    parts = packed(crawl(8))
    broken = bytearray(parts[3])
    broken[int(place * len(broken)) if isinstance(place, float) else int(place)] ^= 0xFF
    found = read(written(tmp_path / "x.warc.gz", [*parts[:3], bytes(broken), *parts[4:]]))
    assert [url[-1] for url in urls(found)] == list("0124567")
    assert sum(one.lost for one in found) == 1


@pytest.mark.parametrize("place", ["body", "length", "version"])
def test_a_flipped_bit_of_a_plain_archive_costs_one_record(tmp_path: Path, place: str) -> None:
    parts = crawl(8)
    before, after = {"body": (b"Herbs", b"Hesbs"), "length": (b"-Length: ", b"-Lengtl: "), "version": (b"W", b"V")}[
        place
    ]
    parts[3] = parts[3].replace(before, after, 1)
    found = read(written(tmp_path / "x.warc", parts))
    assert [url[-1] for url in urls(found)] == list("0124567")
    assert sum(one.lost for one in found) == 1


@pytest.mark.parametrize("at", [3, 40, -30, -4])
def test_a_clipped_archive_ends_with_one_loss(tmp_path: Path, at: int) -> None:
    parts = packed(crawl(6))
    parts[5] = parts[5][:at]
    found = read(written(tmp_path / "x.warc.gz", parts))
    assert [url[-1] for url in urls(found)][:5] == list("01234")
    assert sum(one.lost for one in found) == 1


def test_a_clipped_plain_archive_ends_with_one_loss(tmp_path: Path) -> None:
    parts = crawl(6)
    found = read(written(tmp_path / "x.warc", [*parts[:5], parts[5][:900]]))
    assert [url[-1] for url in urls(found)] == list("01234")
    assert sum(one.lost for one in found) == 1


@pytest.mark.parametrize("seed", range(12))
def test_bits_flipped_anywhere_end_in_a_shard(tmp_path: Path, seed: int, run: Run, no_model: None) -> None:
    dice = random.Random(seed)
    body = bytearray(b"".join(packed(crawl(30)) if seed % 2 else crawl(30)))
    for _ in range(1 + seed // 2):
        body[dice.randrange(2000, len(body))] ^= 1 << dice.randrange(8)
    body = body[: dice.randrange(len(body) // 2, len(body))] if seed % 3 == 0 else body
    archive = written(tmp_path / ("x.warc.gz" if seed % 2 else "x.warc"), [bytes(body)])
    ran = run("archive", archive, "--to", tmp_path / "to", "--workers", "1", "--json")
    assert ran.code == 0, ran.err
    tally = ran.lines[0]
    assert tally["made"] == 1
    assert tally["lost"] >= 1 or tally["pages"] == 30  # type: ignore[operator]
    assert tally["pages"] >= (30 if seed % 3 else 15) - 2 * (1 + seed // 2)  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(60))
def test_members_unpacked_in_one_go_hold_what_careful_reading_finds(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    body = bytearray(b"".join(packed(crawl(dice.randrange(4, 12)))))
    for _ in range(dice.choice((0, 1, 1, 2, 4))):
        body[dice.randrange(100, len(body))] ^= 1 << dice.randrange(8)
    body = body[: dice.randrange(len(body) // 2, len(body))] if seed % 3 == 0 else body
    path = written(tmp_path / "x.warc.gz", [bytes(body)])
    with path.open("rb") as stream:
        slow = list(carefully(stream, path.name, 0))
    found = read(path)
    assert [one.page for one in found] == [one.page for one in slow]
    assert [one.lost for one in found] == [one.lost for one in slow]


def test_members_that_are_not_one_record_each_are_read_too(tmp_path: Path) -> None:
    parts = crawl(12)
    odd = record("https://o.example/é", other(99))
    flagged = packed([odd])[0]
    named = flagged[:3] + b"\x08" + flagged[4:10] + b"name\0" + flagged[10:]
    several = gzip.compress(b"".join(parts[6:9]), mtime=0)
    path = written(
        tmp_path / "x.warc.gz", [*packed(parts[:3]), named, *packed(parts[3:6]), several, *packed(parts[9:])]
    )
    assert [url.rpartition("/")[2] for url in urls(read(path))] == ["0", "1", "2", "é", *map(str, range(3, 12))]
    assert not any(one.lost for one in read(path))
    many = written(tmp_path / "y.warc.gz", [gzip.compress(b"".join(crawl(30)), mtime=0)])
    assert len(urls(read(many))) == 30


def test_without_libdeflate_an_archive_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "x.warc.gz", packed(crawl(6)))
    whole = read(path)
    monkeypatch.setattr(members, "_has_libdeflate", lambda: False)
    assert read(path) == whole


def test_of_pages_that_say_another_language_only_the_beginning_is_unpacked(tmp_path: Path) -> None:
    long = b"<p>" + bytes(RANDOM.choices(b"abcdefgh ", k=9000)) + b"</p></body>"
    german = [news(n).replace(b"lang=en", b"lang='de-DE'").replace(b"</body>", long) for n in range(3)]
    chunked = b"%x\r\n" % len(german[0]) + german[0] + b"\r\n0\r\n\r\n"
    parts = packed([
        *crawl(2),
        record("https://o.example/de", german[1]),
        record("https://o.example/pieces", chunked, head=b"Content-Type: text/html\r\nTransfer-Encoding: chunked"),
        record("https://o.example/gone", german[2], status=b"404 Not Found"),
        *crawl(2, start=2),
    ])  # fmt: skip
    path = written(tmp_path / "x.warc.gz", parts)
    found = read(path)
    with path.open("rb") as stream:
        slow = list(carefully(stream, path.name, 0))
    assert [(one.offset, one.lost, one.page is None) for one in found] == [
        (one.offset, one.lost, one.page is None) for one in slow
    ]
    cut = found[2].page
    assert cut is not None
    assert 0 < len(cut.body) < 4096
    assert german[1].startswith(cut.body)
    pieces = found[3].page
    assert pieces is not None
    assert pieces.body == german[0]
    for one, other_way in zip(found, slow, strict=True):
        assert (one.page and sift(one.page).reached) == (other_way.page and sift(other_way.page).reached)
    for at in (-30, -4):
        clipped = written(tmp_path / "y.warc.gz", [*parts[:2], parts[2][:at]])
        assert sum(one.lost for one in read(clipped)) == 1


def test_reading_from_any_record_on_gives_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path / "x.warc.gz", packed(crawl(6)))
    whole = read(path)
    for n, one in enumerate(whole):
        assert read(path, one.offset) == whole[n:]


def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    body = news(0)
    squeezed = zlib.compressobj(wbits=31)
    small = squeezed.compress(body) + squeezed.flush()
    pieces = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    kinds = b"Content-Type: text/html\r\n"
    path = written(tmp_path / "x.warc.gz", packed([
        record("https://o.example/gone", body, status=b"404 Not Found"),
        record("https://o.example/image", b"\x89PNG", head=b"Content-Type: image/png"),
        record("https://o.example/packed", small, head=kinds + b"Content-Encoding: gzip"),
        record("https://o.example/pieces", pieces, head=kinds + b"Transfer-Encoding: chunked"),
        record("https://o.example/broken", b"x" * 20 + small[20:], head=kinds + b"Content-Encoding: gzip"),
        record("https://o.example/bomb", gzip.compress(bytes(30_000_000)), head=kinds + b"Content-Encoding: gzip"),
    ]))  # fmt: skip
    found = read(path)
    assert {one.page.url: one.page.body for one in found if one.page} == {
        "https://o.example/packed": body,
        "https://o.example/pieces": body,
    }
    assert [one.lost for one in found] == [False, False, False, False, True, False]
