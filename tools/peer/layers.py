"""Layers that several families share.

Letters of all shape comments: B images, C channels, H W the sides of a map, N = HW tokens, h heads,
d channels of a head, K classes.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F


def to_tokens(x: Tensor) -> Tensor:
    """B C H W -> B N C."""
    return x.flatten(2).transpose(1, 2)


def to_map(x: Tensor, height: int, width: int) -> Tensor:
    """B N C -> B C H W."""
    return x.transpose(1, 2).reshape(x.shape[0], -1, height, width)


class Attention(nn.Module):
    """Base of all layers that attend by softmax(q kᵀ / √d) v; `sdpa` chooses PyTorch's fused kernel."""

    sdpa = True

    def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None = None) -> Tensor:
        """B h N d, B h M d, B h M d -> B h N d; `bias`, which broadcasts to B h N M, is added to the scores."""
        if self.sdpa:
            return F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        scores = (q @ k.transpose(-2, -1)) * q.shape[-1] ** -0.5
        if bias is not None:
            scores = scores + bias
        return scores.softmax(dim=-1) @ v


class DropPath(nn.Module):
    """Stochastic depth (arXiv:1603.09382): in training drops a residual branch of each image by chance."""

    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.rate == 0:
            return x
        keep = 1 - self.rate
        mask = x.new_empty((x.shape[0],) + (1,) * (x.ndim - 1)).bernoulli_(keep)
        return x * mask.div_(keep)


def drop_path_rates(rate: float, depths: list[int]) -> list[list[float]]:
    """Rates of the layers of each stage; they grow linearly from 0 to `rate` over all stages."""
    steps = sum(depths) - 1
    starts = [sum(depths[:i]) for i in range(len(depths))]
    return [[rate * (start + j) / steps for j in range(depth)] for start, depth in zip(starts, depths)]


class Mlp(nn.Module):
    """The feed-forward network of transformers, B N C -> B N C."""

    def __init__(self, dim: int, hidden: int):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.act(self.fc1(x)))


def depthwise(dim: int, kernel: int, stride: int = 1, bias: bool = True) -> nn.Conv2d:
    """A depth-wise convolution that keeps the size, apart from its stride."""
    return nn.Conv2d(dim, dim, kernel, stride, kernel // 2, groups=dim, bias=bias)


def init_linear(module: nn.Module) -> None:
    """The initialisation of linear layers that most families share; for `module.apply`."""
    if isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=0.02)
        nn.init.zeros_(module.bias)


def init_conv(conv: nn.Conv2d, groups: int = 1) -> None:
    """A normal distribution by the fan-out, as residual networks have it."""
    fan_out = conv.kernel_size[0] * conv.kernel_size[1] * conv.out_channels // groups
    nn.init.normal_(conv.weight, std=(2 / fan_out) ** 0.5)
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)
