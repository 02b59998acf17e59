"""The model folder that ships -> networks to train on: who has the package can go on from it and needs no other file.

The weights come back as they ship, rounded to 7 bits, which the end of every training has them live with anyway. The
vectors of words are the encoder's own: training leaves them as they are.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from slatewatch.claims.words import FEATURES

from .network import Judge, Reader
from .train import Options, networks
from .widths import fit

Arrays = dict[str, npt.NDArray[np.float32]]
#: What stands on the layers, as the graphs call it; all other products are the layers' own, in their order.
ON_TOP = ("tags.0", "tags.3", "tie_from", "tie_to", "source.0", "source.2", "mix.0", "out")
OF_A_LAYER = ("attention.output.dense", "intermediate.dense", "output.dense")
MADE_FOR_ATTENTION = ("query", "key", "value")


class Graph:
    """A network as it ships: its numbers by name, and its products in the order in which they are worked out."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(str(path)).graph
        self.numbers: Arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.products = {n.name: n.input[1] for n in graph.node if n.op_type == "MatMulInteger"}
        self.biases = iter([name for name in self.numbers if name.startswith("onnx::Add_")])

    def plain(self, under: str) -> dict[str, Tensor]:
        """The numbers that ship as they are, word vectors left out, by the names that the networks have for them."""
        names = [n for n in self.numbers if n.startswith(under) and "word_embeddings" not in n]
        return {name.removeprefix(under): tensor(self.numbers[name]) for name in names}

    def weight(self, name: str) -> Tensor:
        """A weight [out, in] out of its 8-bit integers and the scale of each row."""
        stem = name.removesuffix("_quantized")
        return tensor(self.numbers[name].astype(np.float32) * self.numbers[f"{stem}_scale"][None]).T.contiguous()

    def on_top(self) -> dict[str, Tensor]:
        """The weights of what stands on the layers."""
        named = {self.called(product): name for product, name in self.products.items()}
        return {f"{called}.weight": self.weight(name) for called, name in named.items() if called}

    def of_layers(self) -> Iterator[Tensor]:
        """The weights of the layers, in their order."""
        yield from (self.weight(name) for product, name in self.products.items() if not self.called(product))

    @staticmethod
    def called(product: str) -> str | None:
        """What stands on the layers that a product is of."""
        part = product.split("/")[-2]
        return part if part in ON_TOP else None


def tensor(array: npt.NDArray[np.float32]) -> Tensor:
    """An array as a tensor of its own."""
    return torch.from_numpy(np.array(array))


def layer(weights: Iterator[Tensor], attention: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
    """The weights of a layer; `attention` are weight and bias of its queries, keys and values, one below the other."""
    found = {f"{name}.weight": next(weights) for name in OF_A_LAYER}
    for name, weight, bias in zip(MADE_FOR_ATTENTION, *(x.chunk(3) for x in attention), strict=True):
        found |= {f"attention.self.{name}.weight": weight.clone(), f"attention.self.{name}.bias": bias.clone()}
    return found


def feature_tables(graph: Graph) -> dict[str, Tensor]:
    """A table for each feature out of those that ship, which hold the sums of several: the smallest that add up so."""
    found: dict[str, Tensor] = {}
    for name in ("first", "second"):
        rows, strides = graph.numbers[f"{name}.rows"], graph.numbers[f"{name}.strides"].astype(np.int64)
        columns = [c for c, stride in enumerate(strides) if stride]
        sizes = [FEATURES[c][1] for c in columns]
        combined = np.array(list(itertools.product(*map(range, sizes))))
        begins = np.concatenate([[0], np.cumsum(sizes)])
        holds = np.zeros((len(combined), int(begins[-1])))
        for place in range(len(columns)):
            holds[np.arange(len(combined)), begins[place] + combined[:, place]] = 1
        solved = np.linalg.lstsq(holds, rows[combined @ strides[columns]].astype(np.float64), rcond=None)[0]
        for place, column in enumerate(columns):
            table = solved[begins[place] : begins[place + 1]].astype(np.float32)
            found[f"features.{column}.weight"] = tensor(table)
    return found


def load_shipped(folder: Path) -> tuple[Reader, Judge]:
    """The networks of a model folder, as wide as they ship.

    Raises:
        FileNotFoundError: there are no networks in the folder.
    """
    options = Options()
    reader, judge = networks(options)
    read, judged = Graph(folder / "read.onnx"), Graph(folder / "judge.onnx")
    of_read, of_judged = read.of_layers(), judged.of_layers()
    reads = {**others(reader), **read.plain("reader."), **read.on_top(), **feature_tables(read)}
    for number in range(options.depth):
        made = (next(of_read), tensor(read.numbers[next(read.biases)]))
        reads |= {f"layers.{number}.{name}": weight for name, weight in layer(of_read, made).items()}
    judges = {**judged.plain("judge."), **judged.on_top()}
    # What the judge's first layer makes of a state is worked out where the article is read.
    made = (next(of_read), tensor(read.numbers[next(read.biases)]))
    for number in range(len(judge.layers)):
        if number:
            made = (next(of_judged), tensor(judged.numbers[next(judged.biases)]))
        judges |= {f"layers.{number}.{name}": weight for name, weight in layer(of_judged, made).items()}
    for net, weights in ((reader, reads), (judge, judges)):
        fit(net.layers, weights)
        net.load_state_dict(weights)
    return reader, judge


def others(reader: Reader) -> dict[str, Tensor]:
    """What the reader has from the encoder and keeps."""
    return {name: weight for name, weight in reader.state_dict().items() if name.startswith("embeddings.")}
