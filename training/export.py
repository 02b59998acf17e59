"""Weights -> the files that ship: read.onnx and judge.onnx in 8-bit integers, the tokenizer, the settings.

python -m training.export --weights DIR/weights.pt --chosen DIR --to slatewatch/claims/model
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from slatewatch.claims.words import FEATURES

from .network import Judge, Reader, for_attention, run_layers
from .torch_reader import TorchReader, load
from .train import encoder_folder

SPLIT = 6  # the features before it are one table, those from it on another: 896 and 48 combinations


class SmallEmbedding(nn.Module):
    """A table of word vectors in 8-bit integers with a scale a row: one scale for all rows costs two points of F1."""

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        weight = table.weight.detach()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """ids [B, T] -> vectors [B, T, H]."""
        return self.rows[ids].to(torch.float32) * self.scale[ids]


class Together(nn.Module):
    """Several tables of small features as one, with a row for each combination: one look-up in place of many."""

    def __init__(self, tables: list[nn.Embedding], columns: list[int]) -> None:
        super().__init__()
        rows = torch.zeros(1, tables[0].embedding_dim)
        strides = [0] * len(FEATURES)
        for column, table in reversed(list(zip(columns, tables, strict=True))):
            strides[column] = len(rows)
            rows = (table.weight.detach()[:, None] + rows[None]).flatten(0, 1)
        self.register_buffer("rows", rows)
        self.register_buffer("strides", torch.tensor(strides))

    def forward(self, features: Tensor) -> Tensor:
        """features [B, T, F] -> vectors [B, T, H]."""
        return self.rows[(features * self.strides).sum(-1)]


class ReadOnce(nn.Module):
    """The reader for one article, without padding.

    Beside each state stands what the judge's first layer makes of it: that is the same for every project.
    """

    def __init__(self, reader: Reader, judge: Judge) -> None:
        super().__init__()
        self.reader, self.judged_by = reader, judge.layers[0]
        self.reader.embeddings.word_embeddings = SmallEmbedding(reader.embeddings.word_embeddings)
        tables = list(reader.features)
        self.first, self.second = (
            Together(tables[a:b], list(range(a, b))) for a, b in ((0, SPLIT), (SPLIT, len(tables)))
        )

    def forward(self, ids: Tensor, features: Tensor, heads: Tensor) -> tuple[Tensor, ...]:
        """As `Reader`, every piece being there."""
        x = self.reader.embeddings(input_ids=ids) + (self.first(features) + self.second(features))
        state, *rest = self.reader.look(x, None, heads)
        return torch.cat([state, for_attention(self.judged_by, state)], -1), *rest


class JudgeOnce(nn.Module):
    """The judge for one article and one project, without padding."""

    def __init__(self, judge: Judge) -> None:
        super().__init__()
        self.judge, self.size = judge, judge.out.in_features
        with torch.no_grad():
            self.register_buffer("made", for_attention(judge.layers[0], judge.marks.weight, bias=False))

    def forward(self, x: Tensor, marks: Tensor) -> Tensor:
        """As `Judge`, every word being there; x as `ReadOnce` gives it."""
        state, begun = x.split([self.size, x.shape[-1] - self.size], -1)
        x = run_layers(self.judge.layers, state + self.judge.marks(marks), None, begun + self.made[marks])
        return self.judge.out(self.judge.mix(x[:, 1:-1]))


#: The free lengths of each input and output, by axis.
AXES = {
    **{name: {1: "pieces"} for name in ("ids", "features")},
    **{name: {1: "words and marks"} for name in ("heads", "state", "x", "marks")},
    **{name: {1: "words"} for name in ("tags", "tie_from", "tie_to", "source", "scores")},
}


def export(weights: Path, settings: dict[str, Any], weigher: str, to: Path) -> None:
    """Write the folder that the package reads its networks from."""
    export_networks(load(weights, {}), to)
    shutil.copy(encoder_folder() / "tokenizer.json", to / "tokenizer.json")
    (to / "settings.json").write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n", "utf-8")
    (to / "weigher.json").write_text(weigher, "utf-8")


def export_networks(loaded: TorchReader, to: Path) -> None:
    """Write the networks alone, as a model ships them."""
    to.mkdir(parents=True, exist_ok=True)
    heads = torch.arange(26)[None]
    read = {
        "ids": torch.randint(5, 1000, (1, 30)), "features": torch.zeros(1, 30, len(FEATURES), dtype=torch.long),
        "heads": heads,
    }  # fmt: skip
    width = loaded.reader.tie_from.in_features + 3 * loaded.judge_net.layers[0].attention.self.query.out_features
    judge = {"x": torch.randn(1, 26, width), "marks": torch.zeros_like(heads)}
    write(
        ReadOnce(loaded.reader, loaded.judge_net),
        read,
        ("state", "tags", "tie_from", "tie_to", "source"),
        to / "read.onnx",
    )
    write(JudgeOnce(loaded.judge_net), judge, ("scores",), to / "judge.onnx")


def write(module: nn.Module, inputs: dict[str, Tensor], outputs: tuple[str, ...], to: Path) -> None:
    """One network as a graph whose lengths are free, its matrix products in 8-bit integers."""
    axes = {name: AXES[name] for name in (*inputs, *outputs)}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            module.eval(), tuple(inputs.values()), str(plain), input_names=list(inputs), output_names=list(outputs),
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            plain,
            to,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul"],
        )


def main() -> None:
    """The command line of the export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--chosen", type=Path, required=True, help="the folder that training.held_back wrote")
    parser.add_argument("--to", type=Path, required=True)
    args = parser.parse_args()
    settings = json.loads((args.chosen / "settings.json").read_text("utf-8"))
    export(args.weights, settings, (args.chosen / "weigher.json").read_text("utf-8"), args.to)
    print({p.name: p.stat().st_size for p in sorted(args.to.iterdir())})


if __name__ == "__main__":
    main()
