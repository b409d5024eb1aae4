"""PVT: Wang et al., Pyramid Vision Transformer, arXiv:2102.12122, section 3. Images B 3 H W -> four maps
B Cᵢ H/2ⁱ⁺¹ W/2ⁱ⁺¹, i = 1..4. Dense form: no class token and no norm behind the stages."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import Attention, DropPath, Mlp, drop_path_rates, init_linear, to_map, to_tokens

DIMS = [64, 128, 320, 512]
VARIANTS = {  # depth of each stage, published rate of stochastic depth
    "pvt_tiny": ([2, 2, 2, 2], 0.1),
    "pvt_small": ([3, 4, 6, 3], 0.1),
    "pvt_medium": ([3, 4, 18, 3], 0.1),
    "pvt_large": ([3, 8, 27, 3], 0.1),
}
HEADS = [1, 2, 5, 8]
MLP_RATIOS = [8, 8, 4, 4]
SR_RATIOS = [8, 4, 2, 1]
PATCHES = [4, 2, 2, 2]
GRIDS = [56, 28, 14, 7]  # of the tables of positions, which images of 224x224 have


class SpatialReductionAttention(Attention):
    """Section 3.3: keys and values come from a map that a strided convolution reduces. B N C -> B N C."""

    def __init__(self, dim: int, heads: int, sr_ratio: int):
        super().__init__()
        self.heads = heads
        self.sr_ratio = sr_ratio
        self.q = nn.Linear(dim, dim)
        self.kv = nn.Linear(dim, 2 * dim)
        self.proj = nn.Linear(dim, dim)
        if sr_ratio > 1:
            self.sr = nn.Conv2d(dim, dim, sr_ratio, sr_ratio)
            self.norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        b, n, c = x.shape
        q = self.q(x).reshape(b, n, self.heads, c // self.heads).transpose(1, 2)  # B h N d
        if self.sr_ratio > 1:
            x = self.norm(to_tokens(self.sr(to_map(x, height, width))))  # B M C
        k, v = self.kv(x).reshape(b, -1, 2, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)  # B h M d
        x = self.attend(q, k, v).transpose(1, 2).reshape(b, n, c)
        return self.proj(x)


class Block(nn.Module):
    """Section 3.3, figure 3: attention and feed-forward network, each with its residual. B N C -> B N C."""

    def __init__(self, dim: int, heads: int, mlp_ratio: int, sr_ratio: int, drop_path: float):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.attn = SpatialReductionAttention(dim, heads, sr_ratio)
        self.drop_path = DropPath(drop_path)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = Mlp(dim, dim * mlp_ratio)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        x = x + self.drop_path(self.attn(self.norm1(x), height, width))
        return x + self.drop_path(self.mlp(self.norm2(x)))


class PatchEmbed(nn.Module):
    """Section 3.2: patches that do not overlap. B C H W -> tokens B N C', and the sides of their map."""

    def __init__(self, in_channels: int, dim: int, patch: int):
        super().__init__()
        self.proj = nn.Conv2d(in_channels, dim, patch, patch)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor) -> tuple[Tensor, int, int]:
        x = self.proj(x)
        height, width = x.shape[2:]
        return self.norm(to_tokens(x)), height, width


class Pvt(nn.Module):
    """The network. Images B 3 H W -> four maps."""

    def __init__(self, depths: list[int], drop_path: float):
        super().__init__()
        self.channels = DIMS
        rates = drop_path_rates(drop_path, depths)
        for i, dim in enumerate(DIMS):
            blocks = [Block(dim, HEADS[i], MLP_RATIOS[i], SR_RATIOS[i], rate) for rate in rates[i]]
            rows = GRIDS[i] ** 2 + (i == 3)  # row 0 of the last table belongs to the class token
            setattr(self, f"patch_embed{i + 1}", PatchEmbed(DIMS[i - 1] if i else 3, dim, PATCHES[i]))
            setattr(self, f"pos_embed{i + 1}", nn.Parameter(torch.empty(1, rows, dim)))
            setattr(self, f"block{i + 1}", nn.ModuleList(blocks))
            nn.init.trunc_normal_(getattr(self, f"pos_embed{i + 1}"), std=0.02)
        self.apply(init_linear)

    def positions(self, i: int, height: int, width: int) -> Tensor:
        """The table of stage i, resized to a map: 1 N C."""
        table = getattr(self, f"pos_embed{i + 1}")[:, -GRIDS[i] ** 2 :]
        if (height, width) == (GRIDS[i], GRIDS[i]):
            return table
        table = to_map(table, GRIDS[i], GRIDS[i])
        return to_tokens(F.interpolate(table, size=(height, width), mode="bilinear"))

    def forward(self, x: Tensor) -> list[Tensor]:
        maps = []
        for i in range(4):
            x, height, width = getattr(self, f"patch_embed{i + 1}")(x)
            x = x + self.positions(i, height, width)
            for block in getattr(self, f"block{i + 1}"):
                x = block(x, height, width)
            x = to_map(x, height, width)  # B Cᵢ Hᵢ Wᵢ
            maps.append(x)
        return maps
