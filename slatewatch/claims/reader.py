"""The learned reader: two small networks in one folder, run by onnxruntime.

`read` looks at an article once and tags its words; `judge` looks again for each project, with the mentions marked, and
says of every word which part it has there. Both work on one article at a time; long articles are read in windows, and
judged for each project where it is named.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .vocabulary import TIES
from .weighing import Weigher, read_weigher
from .words import FEATURES, KEPT_WORD, Words

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

WINDOW = 510  # pieces the encoder can place, its own two marks left out
LIMIT = 4000  # pieces an article is read to: the longest feature stories have 3,000
KEPT_WORDS = 1 << 15  # words whose pieces are kept
#: What a word is marked as when the article is judged for one project.
MARKS = ("none", "this", "PROJECT", "WORK", "PERSON", "COMPANY", "PLACE", "CHARACTER", "UNTITLED", "DATE")
TIE_SIZE = 64
JUDGED = 640  # words that a project is judged over at the most: what is looked at costs by the square of its length
OPENING, AROUND = 60, 120  # words of those: the headline with the first sentences, and on each side of a mention
UNLIKELY = -12.0  # log-odds of what was not looked at


@dataclass(frozen=True, slots=True)
class Reading:
    """What the first network says of each of the `kept` words: tags and sources as log-odds, tie vectors.

    `state` is for the second: a row for each word, between one for the beginning of the article and one for its end.
    """

    kept: int
    tags: Floats
    tie_from: Floats
    tie_to: Floats
    source: Floats
    state: Floats


class Reader(Protocol):
    """Anything that reads words and judges them for projects; the trained networks, in onnxruntime or in torch."""

    settings: dict[str, Any]
    weigher: Weigher

    def read(self, words: Words) -> Reading:
        """The first look."""
        ...

    def judge(self, reading: Reading, marks: Ints) -> list[Floats]:
        """The second look: marks [projects, words] -> for each project log-odds [words, outputs]."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces of a stretch of words, with the encoder's marks around them.

    `heads` is the first piece of each word, with those marks around. The first `known` words were read in the window
    before and stand here as context alone.
    """

    ids: Ints
    features: Ints
    heads: Ints
    known: int


class Pieces:
    """Words in the pieces that the encoder knows, kept: an article's words are mostly those of the one before."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer, self.kept = tokenizer, dict[str, list[int]]()
        self.cls, self.sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")

    def of(self, tokens: list[str]) -> tuple[list[int], list[int]]:
        """The pieces of words, `LIMIT` at most, and the number of the word that each is of."""
        ids: list[int] = []
        owner: list[int] = []
        made = self.made(tokens[:LIMIT])
        for number, word in enumerate(tokens[:LIMIT]):
            found = self.kept[word] if word in self.kept else made[word]
            ids += found
            owner += [number] * len(found)
        if len(self.kept) > KEPT_WORDS:
            self.kept.clear()
        self.kept.update((word, found) for word, found in made.items() if len(word) <= KEPT_WORD)
        return ids[:LIMIT], owner[:LIMIT]

    def made(self, tokens: list[str]) -> dict[str, list[int]]:
        """The pieces of the words that are not kept, all cut in one call."""
        new = [word for word in dict.fromkeys(tokens) if word not in self.kept]
        made: dict[str, list[int]] = {word: [] for word in new}
        if new:
            cut_up = self.tokenizer.encode(new, is_pretokenized=True, add_special_tokens=False)
            for number, piece in zip(cut_up.word_ids, cut_up.ids, strict=True):
                made[new[number]].append(piece)
        return made


def windows(words: Words, pieces: Pieces) -> list[Window]:
    """The article in stretches that the encoder can place, each as long as it can be, cut before a sentence."""
    ids, owner = pieces.of(words.tokens)
    cls, sep = pieces.cls, pieces.sep
    blank = (0,) * len(FEATURES)
    if not ids:  # nothing that the encoder knows as a sign: every word is looked at through its first mark
        ids, owner = [sep], [0]
    found, start, done = [], 0, 0
    while start < len(ids):
        end = cut(words, owner, start)
        first = max(0, end - WINDOW) if start else 0
        while first and first < start and owner[first] == owner[first - 1]:
            first += 1
        inside = owner[first:end]
        lowest = inside[0] if start else 0
        last = inside[-1] if end < len(owner) or len(owner) == LIMIT else len(words.tokens) - 1
        rows = [blank, *(words.features[w] for w in inside), blank]
        found.append(Window(
            np.array([cls, *ids[first:end], sep], np.int64), np.array(rows, np.int64),
            np.array([0, *first_pieces(inside, lowest, last), len(inside) + 1], np.int64), done - lowest,
        ))  # fmt: skip
        start, done = end, last + 1
    return found


def first_pieces(owner: list[int], lowest: int, last: int) -> list[int]:
    """The first piece of each word from `lowest` to `last`; a word without pieces is looked at through the next one."""
    heads: list[int] = []
    for piece, word in enumerate(owner, 1):
        while len(heads) <= word - lowest:
            heads.append(piece)
    return heads + [len(owner)] * (last + 1 - lowest - len(heads))


def cut(words: Words, owner: list[int], start: int) -> int:
    """Where a window that begins at piece `start` ends: before a sentence in its last third, else before a word."""
    end = start + WINDOW
    if end >= len(owner):
        return len(owner)
    for i in range(end, start + 2 * WINDOW // 3, -1):
        if owner[i] != owner[i - 1] and words.sentence[owner[i]] != words.sentence[owner[i - 1]]:
            return i
    while owner[end] == owner[end - 1] and end > start + 1:
        end -= 1
    return end


class OnnxReader:
    """The networks that ship with the package, with the weigher beside them or another."""

    def __init__(self, folder: Any, weigher: Weigher | None = None) -> None:
        import onnxruntime as ort
        from tokenizers import Tokenizer

        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        providers = ["CPUExecutionProvider"]
        self.settings: dict[str, Any] = json.loads((folder / "settings.json").read_text("utf-8"))
        self.weigher = weigher or read_weigher((folder / "weigher.json").read_text("utf-8"))
        self._read = ort.InferenceSession(str(folder / "read.onnx"), options, providers=providers)
        self._judge = ort.InferenceSession(str(folder / "judge.onnx"), options, providers=providers)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._pieces = Pieces(tokenizer)

    def read(self, words: Words) -> Reading:
        """The first look, window by window."""
        parts = []
        for window in windows(words, self._pieces):
            out = self._read.run(None, {
                "ids": window.ids[None], "features": window.features[None], "heads": window.heads[None],
            })  # fmt: skip
            parts.append((window, [x[0] for x in out]))
        return join(parts)

    def judge(self, reading: Reading, marks: Ints) -> list[Floats]:
        """The second look, one project at a time so that memory stays flat."""
        return judge_each(
            reading, marks, lambda x, row: self._judge.run(None, {"x": x[None], "marks": row[None]})[0][0]
        )


def judge_each(reading: Reading, marks: Ints, look: Callable[[Floats, Ints], Floats]) -> list[Floats]:
    """The second look for each row of marks, over the words that are near what it marks as the project.

    `look` takes the states and marks of words, each between those for the article's two ends.
    """
    if marks.shape[1] <= JUDGED:
        return [look(reading.state, row) for row in np.pad(marks, ((0, 0), (1, 1)))]
    found = []
    for row in marks:
        near = nearby(row)
        seen = look(reading.state[np.concatenate([[0], near + 1, [-1]])], np.pad(row[near], 1))
        out = np.full((len(row), seen.shape[1]), UNLIKELY, np.float32)
        out[near] = seen
        out[:, -1] = seen[row[near] == 1, -1].mean() if (row[near] == 1).any() else UNLIKELY  # is it a project
        found.append(out)
    return found


def nearby(row: Ints) -> Ints:
    """The words of a long article to judge a project by: its opening and what is around mentions."""
    near = np.zeros(len(row), np.bool_)
    near[:OPENING] = True
    for word in np.flatnonzero(row == 1).tolist():
        here = slice(max(0, word - AROUND), word + AROUND)
        if near.sum() + (~near[here]).sum() <= JUDGED:
            near[here] = True
    return np.flatnonzero(near)


def join(parts: list[tuple[Window, list[Any]]]) -> Reading:
    """The windows of one article as one reading, what was read as context alone left out."""
    states = [out[0][window.known + 1 : -1] for window, out in parts]
    tags, left, right, source = (np.concatenate([out[k][window.known :] for window, out in parts]) for k in range(1, 5))
    return Reading(
        kept=len(tags), state=np.concatenate([parts[0][1][0][:1], *states, parts[-1][1][0][-1:]]), tags=tags,
        tie_from=left.reshape(-1, len(TIES), TIE_SIZE), tie_to=right.reshape(-1, len(TIES), TIE_SIZE), source=source,
    )  # fmt: skip


@cache
def shipped_reader() -> Reader:
    """The reader that ships with the package, loaded on its first use."""
    with as_file(files(__package__) / "model") as folder:
        return OnnxReader(folder)
