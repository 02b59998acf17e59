"""Muon: a matrix moves by its momentum with all singular values made alike: no direction of it waits for others.

The networks learn as much in two thirds of the steps (docs/experiments.md). torch has it, one matrix at a time and in
bfloat16 alone, which takes many times as long on processors without it; here those of one shape go together, in the
numbers that the processor multiplies fastest.

Source: https://kellerjordan.github.io/posts/muon/ (the method and its constants).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

A, B, C = 3.4445, -4.7750, 2.0315  # of the polynomial that brings singular values near 1
TIMES = 5
MOMENTUM = 0.95
AS_ADAM = 0.2  # a step's root mean square is about that of AdamW at the same rate


class Muon(torch.optim.Optimizer):
    """Moves matrices [out, in]; `kind` is the type of number that it multiplies in."""

    def __init__(self, matrices: Iterable[Tensor], rate: float, decay: float, kind: torch.dtype) -> None:
        super().__init__(list(matrices), {"lr": rate, "weight_decay": decay})
        self.kind = kind

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> None:  # type: ignore[override]
        """One step of all matrices that have a gradient."""
        for group in self.param_groups:
            alike: dict[tuple[int, int], list[Tensor]] = defaultdict(list)
            for p in group["params"]:
                if p.grad is not None:
                    alike[min(p.shape), max(p.shape)].append(p)
            for (_, longer), some in alike.items():
                turned = flattened(torch.stack([wide(self.ahead(p)) for p in some]).to(self.kind))
                for p, way in zip(some, turned, strict=True):
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                    p.sub_(wide(way, like=p), alpha=group["lr"] * AS_ADAM * longer**0.5)

    def ahead(self, p: Tensor) -> Tensor:
        """The gradient of a matrix and where its momentum will be (Nesterov's)."""
        assert p.grad is not None
        kept: Tensor = self.state[p].setdefault("momentum", torch.zeros_like(p))
        kept.lerp_(p.grad, 1 - MOMENTUM)
        return p.grad.lerp(kept, MOMENTUM)


def wide(x: Tensor, like: Tensor | None = None) -> Tensor:
    """A matrix lying on its longer side; or, back again, as another one lies."""
    turn = x.shape[0] > x.shape[1] if like is None else x.shape != like.shape
    return x.T if turn else x


def flattened(x: Tensor) -> Tensor:
    """x [N, short, long] with its singular values brought near 1."""
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    for _ in range(TIMES):
        square = x @ x.transpose(1, 2)
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=B, alpha=C), x, beta=A)
    return x
