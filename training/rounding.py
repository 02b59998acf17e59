"""Training under the rounding that the shipped networks have, so that they learn to live with it.

Weights go through 7 bits with a scale a row, and what is multiplied by them through 8 bits with a range an article, as
onnxruntime's dynamic quantization does. Gradients pass as if nothing had been rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

MOST_WEIGHT, MOST = 63, 255


class Rounded(TorchFunctionMode):
    """Within it each linear map of [articles, words, size] is one of rounded numbers."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """`func` as it is, but for linear maps."""
        if func is nn.functional.linear and args[0].dim() == 3:
            return func(rounded(args[0]), rounded_weight(args[1]), *args[2:], **(kwargs or {}))
        return func(*args, **(kwargs or {}))


def rounded(x: Tensor) -> Tensor:
    """x [B, T, H] in steps of a 255th of its range, each row of B by its own."""
    x = x.float()
    with torch.no_grad():
        low, high = x.amin((1, 2)).clamp(max=0), x.amax((1, 2)).clamp(min=0)
        step = ((high - low) / MOST).clamp(min=1e-8)
        zero = (-low / step).round().clamp(0, MOST).to(torch.int32)
    return torch.fake_quantize_per_channel_affine(x, step, zero, 0, 0, MOST)


def rounded_weight(weight: Tensor) -> Tensor:
    """A weight [out, in] in steps of a 63rd of the largest of each row."""
    weight = weight.float()
    with torch.no_grad():
        step = (weight.abs().amax(1) / MOST_WEIGHT).clamp(min=1e-8)
    zero = torch.zeros_like(step, dtype=torch.int32)
    return torch.fake_quantize_per_channel_affine(weight, step, zero, 0, -MOST_WEIGHT - 1, MOST_WEIGHT)
