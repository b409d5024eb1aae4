"""Shunted Transformer: Ren et al., Shunted Self-Attention via Multi-Scale Token Aggregation, arXiv:2111.15193,
section 3. Images B 3 H W -> four maps B Cᵢ H/2ⁱ⁺¹ W/2ⁱ⁺¹. Each stage ends with a norm, also for the next one."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .layers import Attention, DropPath, depthwise, drop_path_rates, init_conv, init_linear, to_map, to_tokens

DIMS = [64, 128, 256, 512]
VARIANTS = {  # depth of each stage, 3x3 convolutions in the stem, published rate of stochastic depth
    "shunted_tiny": ([1, 2, 4, 1], 0, 0.1),
    "shunted_small": ([2, 4, 12, 1], 1, 0.2),
    "shunted_base": ([3, 4, 24, 2], 2, 0.3),
}
HEADS = [2, 4, 8, 16]
MLP_RATIOS = [8, 8, 4, 4]
SR_RATIOS = [8, 4, 2, 1]


class DWConv(nn.Module):
    """A depth-wise 3x3 convolution of tokens, B N C -> B N C."""

    def __init__(self, dim: int):
        super().__init__()
        self.dwconv = depthwise(dim, 3)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        return to_tokens(self.dwconv(to_map(x, height, width)))


class Mlp(nn.Module):
    """Section 3.3, equation 5: the detail-specific feed-forward network. B N C -> B N C."""

    def __init__(self, dim: int, hidden: int):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.dwconv = DWConv(hidden)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        x = self.fc1(x)
        return self.fc2(self.act(x + self.dwconv(x, height, width)))


class ShuntedAttention(Attention):
    """Section 3.2, equations 1-3: half of the heads attend to tokens merged by `sr_ratio`, half to tokens merged
    by half of it. B N C -> B N C."""

    def __init__(self, dim: int, heads: int, sr_ratio: int):
        super().__init__()
        self.heads = heads
        self.act = nn.GELU()
        self.q = nn.Linear(dim, dim)
        self.proj = nn.Linear(dim, dim)
        self.sr1 = nn.Conv2d(dim, dim, sr_ratio, sr_ratio)
        self.norm1 = nn.LayerNorm(dim)
        self.sr2 = nn.Conv2d(dim, dim, sr_ratio // 2, sr_ratio // 2)
        self.norm2 = nn.LayerNorm(dim)
        self.kv1 = nn.Linear(dim, dim)
        self.kv2 = nn.Linear(dim, dim)
        self.local_conv1 = depthwise(dim // 2, 3)
        self.local_conv2 = depthwise(dim // 2, 3)

    def keys_values(self, x: Tensor, i: int) -> tuple[Tensor, Tensor]:
        """Keys and values of one half, B C H W -> 2 of B h/2 M d."""
        x = getattr(self, f"sr{i}")(x)  # B C H' W'
        height, width = x.shape[2:]
        x = self.act(getattr(self, f"norm{i}")(to_tokens(x)))  # B M C
        k, v = getattr(self, f"kv{i}")(x).chunk(2, dim=-1)  # B M C/2
        v = v + to_tokens(getattr(self, f"local_conv{i}")(to_map(v, height, width)))
        return self.split(k), self.split(v)

    def split(self, x: Tensor) -> Tensor:
        """B M C/2 -> B h/2 M d."""
        return x.reshape(x.shape[0], x.shape[1], self.heads // 2, -1).transpose(1, 2)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        b, n, c = x.shape
        q = self.q(x).reshape(b, n, self.heads, c // self.heads).transpose(1, 2)  # B h N d
        x = to_map(x, height, width)
        halves = [self.attend(q_half, *self.keys_values(x, i + 1)) for i, q_half in enumerate(q.chunk(2, dim=1))]
        x = torch.cat([half.transpose(1, 2).reshape(b, n, c // 2) for half in halves], dim=-1)
        return self.proj(x)


class FullAttention(Attention):
    """The attention of the last stage, whose values also go through a local convolution. B N C -> B N C."""

    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(dim, dim)
        self.proj = nn.Linear(dim, dim)
        self.kv = nn.Linear(dim, 2 * dim)
        self.local_conv = depthwise(dim, 3)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        b, n, c = x.shape
        q, k, v = (
            y.reshape(b, n, self.heads, c // self.heads).transpose(1, 2)
            for y in (self.q(x), *self.kv(x).chunk(2, dim=-1))
        )  # B h N d
        local = self.local_conv(to_map(v.transpose(1, 2).reshape(b, n, c), height, width))
        x = self.attend(q, k, v).transpose(1, 2).reshape(b, n, c) + to_tokens(local)
        return self.proj(x)


class Block(nn.Module):
    """Section 3.1: attention and feed-forward network, each with its residual. B N C -> B N C."""

    def __init__(self, dim: int, heads: int, mlp_ratio: int, sr_ratio: int, drop_path: float):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.attn = ShuntedAttention(dim, heads, sr_ratio) if sr_ratio > 1 else FullAttention(dim, heads)
        self.drop_path = DropPath(drop_path)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = Mlp(dim, dim * mlp_ratio)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        x = x + self.drop_path(self.attn(self.norm1(x), height, width))
        return x + self.drop_path(self.mlp(self.norm2(x), height, width))


class Stem(nn.Module):
    """Section 3.4: the patch embedding of the first stage. Images B 3 H W -> tokens B N C, and their map's sides."""

    def __init__(self, dim: int, convs: int):
        super().__init__()
        layers = [nn.Conv2d(3, dim, 7, 2, 3, bias=False), nn.BatchNorm2d(dim), nn.ReLU(inplace=True)]
        for _ in range(convs):
            layers += [nn.Conv2d(dim, dim, 3, 1, 1, bias=False), nn.BatchNorm2d(dim), nn.ReLU(inplace=True)]
        self.conv = nn.Sequential(*layers, nn.Conv2d(dim, dim, 2, 2))
        self.norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor) -> tuple[Tensor, int, int]:
        x = self.conv(x)
        height, width = x.shape[2:]
        return self.norm(to_tokens(x)), height, width


class PatchEmbed(nn.Module):
    """Patches that overlap. B C H W -> tokens B N C', and the sides of their map."""

    def __init__(self, in_channels: int, dim: int):
        super().__init__()
        self.proj = nn.Conv2d(in_channels, dim, 3, 2, 1)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor) -> tuple[Tensor, int, int]:
        x = self.proj(x)
        height, width = x.shape[2:]
        return self.norm(to_tokens(x)), height, width


class Shunted(nn.Module):
    """The network. Images B 3 H W -> four maps."""

    def __init__(self, depths: list[int], stem_convs: int, drop_path: float):
        super().__init__()
        self.channels = DIMS
        rates = drop_path_rates(drop_path, depths)
        for i, dim in enumerate(DIMS):
            embed = PatchEmbed(DIMS[i - 1], dim) if i else Stem(dim, stem_convs)
            blocks = [Block(dim, HEADS[i], MLP_RATIOS[i], SR_RATIOS[i], rate) for rate in rates[i]]
            setattr(self, f"patch_embed{i + 1}", embed)
            setattr(self, f"block{i + 1}", nn.ModuleList(blocks))
            setattr(self, f"norm{i + 1}", nn.LayerNorm(dim, eps=1e-6))
        self.apply(init_linear)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                init_conv(module, module.groups)

    def forward(self, x: Tensor) -> list[Tensor]:
        maps = []
        for i in range(4):
            x, height, width = getattr(self, f"patch_embed{i + 1}")(x)
            for block in getattr(self, f"block{i + 1}"):
                x = block(x, height, width)
            x = to_map(getattr(self, f"norm{i + 1}")(x), height, width)  # B Cᵢ Hᵢ Wᵢ
            maps.append(x)
        return maps
