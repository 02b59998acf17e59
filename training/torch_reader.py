"""The trained networks in torch, behind the calls of the shipped reader: to score them before they are exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from slatewatch.claims.reader import Floats, Ints, Reading, join, windows
from slatewatch.claims.words import Words

from .network import Judge, Reader, pretrained
from .train import encoder_folder, load_tokenizer


class TorchReader:
    """Reader and judge with the settings to decide by."""

    def __init__(self, reader: Reader, judge: Judge, tokenizer: Tokenizer, settings: dict[str, Any]) -> None:
        self.reader, self.judge_net, self.tokenizer, self.settings = reader.eval(), judge.eval(), tokenizer, settings

    @torch.no_grad()
    def read(self, words: Words) -> Reading:
        """The first look."""
        parts = []
        for w in windows(words, self.tokenizer):
            ids = torch.tensor(w.ids)[None]
            out = self.reader(ids, torch.ones(ids.shape), torch.tensor(w.features)[None], torch.tensor(w.heads)[None])
            parts.append((w, [x[0].numpy() for x in out]))
        return join(parts)

    @torch.no_grad()
    def judge(self, reading: Reading, marks: Ints) -> Floats:
        """The second look."""
        rows = np.zeros((len(marks), len(reading.owner)), np.int64)
        known = reading.owner >= 0
        rows[:, known] = marks[:, reading.owner[known]]
        n = len(rows)
        x = torch.tensor(reading.state)[None].expand(n, -1, -1)
        heads = torch.tensor(reading.heads)[None].expand(n, -1)
        return np.asarray(self.judge_net(x, torch.ones(rows.shape), torch.tensor(rows), heads).numpy())


def load(path: Path, settings: dict[str, Any]) -> TorchReader:
    """The networks of a weights file."""
    saved = torch.load(path)
    bert = pretrained(encoder_folder())
    reader, judge = Reader(bert, saved["depth"]), Judge(bert, saved["depth"])
    reader.load_state_dict(saved["reader"])
    judge.load_state_dict(saved["judge"])
    return TorchReader(reader, judge, load_tokenizer(encoder_folder()), settings)
