"""How much two texts have in common word for word: runs of three words, kept as a sketch of a few hundred bytes.

A sketch is a MinHash: for each of `ROWS` scramblings of the numbers that stand for the runs, the least of them. Two
texts agree in as large a part of these as their runs have in common (Broder, "On the resemblance and containment of
documents", 1997). Texts that share a band, three of these numbers in a row, are worth comparing; others need not be.
"""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from .names import plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Words of a run. Of three, one word in ten exchanged leaves 73 % of the runs; of five, 59 %.
RUN = 3
#: Numbers of a sketch, in bands of so many: of texts half of whose runs are the same, 98 % share a band.
BANDS, BAND = 30, 3
ROWS = BANDS * BAND
#: A text with fewer different runs has too little in it to tell a copy from a phrase; words beyond `MOST` are left out.
FEWEST, MOST = 30, 20_000

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """`size` is the number of different runs, `least` their MinHash: `ROWS` numbers of 32 bits, little-endian."""

    size: int
    least: bytes

    def bands(self) -> list[int]:
        """Numbers of 63 bits: what two sketches share if three of their numbers in a row are the same."""
        size = 4 * BAND
        marks = (self.least[at * size : at * size + size] + struct.pack("<H", at) for at in range(BANDS))
        return [int.from_bytes(hashlib.blake2b(mark, digest_size=8).digest(), "little") >> 1 for mark in marks]


def sketch(text: str) -> Sketch | None:
    """The sketch of a text; None where it is too short to be told from another."""
    import numpy as np

    words = _WORD.findall(plain(text))[:MOST]
    runs = {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    if len(runs) < FEWEST:
        return None
    digests = b"".join(hashlib.blake2b(run.encode("utf-8", "replace"), digest_size=8).digest() for run in runs)
    numbers = np.frombuffer(digests, "<u8")
    factors, offsets = _scramblings()
    least = np.full(ROWS, 2**64 - 1, "<u8")
    for at in range(0, len(numbers), 2048):
        scrambled = numbers[at : at + 2048, None] * factors + offsets
        np.minimum(least, scrambled.min(axis=0), out=least)
    return Sketch(len(runs), (least >> np.uint64(32)).astype("<u4").tobytes())


@cache
def _scramblings() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Odd factors and offsets, the same for good: sketches are kept and compared with later ones."""
    import numpy as np

    def drawn(what: str) -> NDArray[np.uint64]:
        digests = (hashlib.blake2b(f"{what} {row}".encode(), digest_size=8).digest() for row in range(ROWS))
        return np.frombuffer(b"".join(digests), "<u8")

    return drawn("factor") | np.uint64(1), drawn("offset")


def shares(left: Sketch, right: Sketch) -> tuple[float, float]:
    """What part of the left text's runs stands in the right text, and of the right one's in the left; each 0 to 1.

    Estimates: the first error is about 0.05 for texts of one length.
    """
    same = sum(a == b for a, b in zip(_numbers(left), _numbers(right), strict=True)) / ROWS
    common = same * (left.size + right.size) / (1 + same)
    return min(1.0, common / left.size), min(1.0, common / right.size)


def _numbers(made: Sketch) -> tuple[int, ...]:
    return struct.unpack(f"<{ROWS}I", made.least)
