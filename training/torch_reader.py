"""The trained networks in torch, behind the calls of the shipped reader: to score them before they are exported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from slatewatch.claims.reader import Floats, Ints, Pieces, Reading, join, judge_each, windows
from slatewatch.claims.reader import Reader as Reads
from slatewatch.claims.vocabulary import TREE_SIGNS
from slatewatch.claims.weighing import read_weigher
from slatewatch.claims.words import Words

from .network import Judge, Reader
from .train import encoder_folder, load_tokenizer, load_weights

#: A weigher of no trees that thinks everything likely.
CREDULOUS = read_weigher(json.dumps({
    "signs": TREE_SIGNS, "wording": {"shift": 0.0, "terms": {}},
    "start": 5.0, "depth": 0, "roots": [], "sign": [], "most": [], "yes": [], "no": [], "value": [],
}))  # fmt: skip


class TorchReader:
    """Reader and judge with the settings to decide by; everything is likely until a weigher is given."""

    def __init__(self, reader: Reader, judge: Judge, tokenizer: Tokenizer, settings: dict[str, Any]) -> None:
        self.reader, self.judge_net, self.pieces, self.settings = (
            reader.eval(),
            judge.eval(),
            Pieces(tokenizer),
            settings,
        )
        self.weigher = CREDULOUS

    @torch.no_grad()
    def read(self, words: Words) -> Reading:
        """The first look."""
        parts = []
        for w in windows(words, self.pieces):
            ids, features, heads = (torch.tensor(t)[None] for t in (w.ids, w.features, w.heads))
            out = self.reader(ids, None, features, heads)
            parts.append((w, [t[0].numpy() for t in out]))
        return join(parts)

    @torch.no_grad()
    def judge(self, reading: Reading, marks: Ints) -> list[Floats]:
        """The second look."""

        def look(x: Floats, row: Ints) -> Floats:
            return np.asarray(self.judge_net(torch.from_numpy(x)[None], None, torch.from_numpy(row)[None])[0].numpy())

        return judge_each(reading, marks, look)


class Remembering:
    """A reader that looks at each article once, however often it is asked: fitting asks again and again."""

    def __init__(self, reader: Reads) -> None:
        self.reader, self.settings, self.weigher = reader, reader.settings, reader.weigher
        self.wordings: Any = None  # for crosswise scores: wordings by what they have not seen
        self.readings: dict[str, Reading] = {}
        self.judged: dict[tuple[int, bytes], list[Floats]] = {}

    def read(self, words: Words) -> Reading:
        """The first look, kept."""
        if words.string not in self.readings:
            self.readings[words.string] = self.reader.read(words)
        return self.readings[words.string]

    def judge(self, reading: Reading, marks: Ints) -> list[Floats]:
        """The second look, kept: readings live as long as this does, so that each is known by its place in memory."""
        key = (id(reading), marks.tobytes())
        if key not in self.judged:
            self.judged[key] = self.reader.judge(reading, marks)
        return self.judged[key]


def load(path: Path, settings: dict[str, Any]) -> TorchReader:
    """The networks of a weights file."""
    reader, judge, _ = load_weights(path)
    return TorchReader(reader, judge, load_tokenizer(encoder_folder()), settings)
