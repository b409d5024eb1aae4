"""HRViT: Gu et al., Multi-Scale High-Resolution Vision Transformer, arXiv:2111.01236, section 3.
Images B 3 H W, whose sides are multiples of 32, -> four maps of strides 4, 8, 16, 32."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import Attention, DropPath, depthwise, drop_path_rates, init_linear, to_map, to_tokens

VARIANTS = {  # channels, dim of a head, feed-forward ratios, layers of stages 5 and 6, rate of stochastic depth
    "hrvit_b1": ([32, 64, 128, 256], 32, [4, 4, 4, 4], [[1, 1, 6, 2], [1, 1, 2, 2]], 0.1),
    "hrvit_b2": ([48, 96, 240, 384], 24, [2, 3, 3, 3], [[1, 1, 6, 2], [1, 1, 6, 2]], 0.2),
    "hrvit_b3": ([64, 128, 256, 512], 32, [2, 2, 2, 2], [[1, 1, 6, 3], [1, 1, 6, 3]], 0.3),
}
STEM = 64
FIRST_STAGES = [[1], [1, 1], [1, 1, 6], [1, 1, 6]]  # layers of each branch
WINDOWS = [1, 2, 7, 7]  # rows or columns of a strip, of each branch


class CrossShapedAttention(Attention):
    """Section 3.2, HRViTAttn: half of the channels attends within strips of rows, half within strips of columns.
    Keys are values; a convolution of the values adds what is near. B N C -> B N C."""

    def __init__(self, dim: int, dim_head: int, window: int):
        super().__init__()
        self.window = window
        self.dim_head = min(dim // (dim // dim_head), dim // 2)
        self.to_qkv = nn.Linear(dim, 2 * dim)
        self.to_out = nn.Sequential(nn.Linear(dim, dim))
        self.act = nn.Hardswish()
        self.attn_bn = nn.BatchNorm1d(dim)
        self.parallel_conv = nn.Sequential(nn.Hardswish(), depthwise(dim, 3))
        nn.init.zeros_(self.attn_bn.weight)  # the branch begins silent

    def split(self, x: Tensor) -> Tensor:
        """B H W C/2 -> strips of `window` rows, Bn h M d."""
        b, height, width, c = x.shape
        x = x.reshape(b * height // self.window, self.window * width, c // self.dim_head, self.dim_head)
        return x.transpose(1, 2)

    def strips(self, q: Tensor, v: Tensor) -> Tensor:
        """Attention within strips of rows, B H W C/2, B H W C/2 -> B H W C/2."""
        b, height, width, c = q.shape
        padding = -height % self.window
        bias = None
        if padding:
            q, v = (F.pad(x, (0, 0, 0, 0, 0, padding)) for x in (q, v))
            n = (height + padding) // self.window
            bias = q.new_zeros(n, 1, 1, self.window * width)
            bias[-1, :, :, (self.window - padding) * width :] = -100  # keys beyond the edge, in the last strip
            bias = bias.repeat(b, 1, 1, 1)  # Bn 1 1 M
        v = self.split(v)
        x = self.attend(self.split(q), v, v, bias).transpose(1, 2)  # Bn M h d
        return x.reshape(b, height + padding, width, c)[:, :height]

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        b, n, c = x.shape
        q, v = self.to_qkv(x).chunk(2, dim=-1)  # B N C
        near = to_tokens(self.parallel_conv(to_map(v, height, width)))
        q_rows, q_columns = q.reshape(b, height, width, c).chunk(2, dim=-1)
        v_rows, v_columns = v.reshape(b, height, width, c).chunk(2, dim=-1)
        rows = self.strips(q_rows, v_rows)
        columns = self.strips(q_columns.transpose(1, 2), v_columns.transpose(1, 2)).transpose(1, 2)
        x = torch.cat([rows, columns], dim=-1).reshape(b, n, c)
        x = self.to_out(self.act(x + near))
        return self.attn_bn(x.flatten(0, 1)).reshape(b, n, c)


class DiversityShortcut(nn.Module):
    """Section 3.2, diversity-enhanced shortcut: the channels as a matrix, between two small ones. B N C -> B N C."""

    def __init__(self, dim: int):
        super().__init__()
        self.columns = 2 ** math.ceil(math.floor(math.log2(dim)) / 2)
        self.rows = dim // self.columns
        self.proj_right = nn.Linear(self.columns, self.columns)
        self.proj_left = nn.Linear(self.rows, self.rows)
        self.act = nn.GELU()

    def forward(self, x: Tensor) -> Tensor:
        b, n, c = x.shape
        x = self.proj_right(x.reshape(b, n, self.rows, self.columns)).transpose(-2, -1)  # B N columns rows
        return self.proj_left(self.act(x)).transpose(-2, -1).reshape(b, n, c)


class MixConv(nn.Module):
    """Half of the channels through 3x3 and half through 5x5 depth-wise kernels, B C H W -> B C H W."""

    def __init__(self, dim: int):
        super().__init__()
        self.conv_3 = depthwise(dim // 2, 3)
        self.conv_5 = depthwise(dim - dim // 2, 5)

    def forward(self, x: Tensor) -> Tensor:
        small, large = x.chunk(2, dim=1)
        return torch.cat([self.conv_3(small), self.conv_5(large)], dim=1)


class MixCFN(nn.Module):
    """Section 3.2, mixed-scale convolutional feed-forward network. B N C -> B N C."""

    def __init__(self, dim: int, hidden: int):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.conv = MixConv(hidden)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        x = self.conv(to_map(self.fc1(x), height, width))
        return self.fc2(to_tokens(self.act(x)))


class Block(nn.Module):
    """Section 3.2, figure 3: attention beside the shortcut, then the feed-forward network. B N C -> B N C."""

    def __init__(self, dim: int, dim_head: int, window: int, mlp_ratio: int, drop_path: float):
        super().__init__()
        self.attn_norm = nn.LayerNorm(dim)
        self.attn = CrossShapedAttention(dim, dim_head, window)
        self.des = DiversityShortcut(dim)
        self.drop_path = DropPath(drop_path)
        self.ffn_norm = nn.LayerNorm(dim)
        self.ffn = MixCFN(dim, dim * mlp_ratio)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        x = x + self.drop_path(self.attn(self.attn_norm(x), height, width) + self.des(x))
        return x + self.drop_path(self.ffn(self.ffn_norm(x), height, width))


class PatchEmbed(nn.Module):
    """Section 3.3, efficient patch embedding. B C H W -> tokens B N C'."""

    def __init__(self, in_channels: int, dim: int):
        super().__init__()
        self.proj = nn.Sequential(nn.Conv2d(in_channels, dim, 1), depthwise(dim, 3))
        self.norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(to_tokens(self.proj(x)))


class Stage(nn.Module):
    """The branches side by side, each map B Cᵢ Hᵢ Wᵢ -> B Cᵢ' Hᵢ Wᵢ."""

    def __init__(self, in_dims: list[int], dims: list[int], blocks: list[list[Block]]):
        super().__init__()
        self.patch_embed = nn.ModuleList(PatchEmbed(c, dim) for c, dim in zip(in_dims, dims))
        self.branches = nn.ModuleList(nn.ModuleList(branch) for branch in blocks)
        self.norm = nn.ModuleList(nn.LayerNorm(dim) for dim in dims)

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        outputs = []
        for x, embed, branch, norm in zip(maps, self.patch_embed, self.branches, self.norm):
            height, width = x.shape[2:]
            x = embed(x)
            for block in branch:
                x = block(x, height, width)
            outputs.append(to_map(norm(x), height, width))
        return outputs


class Fusion(nn.Module):
    """Section 3.3, cross-resolution fusion: each output is the sum of all maps, brought to its size."""

    def __init__(self, in_dims: list[int], out_dims: list[int]):
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.ModuleList(self.way(i, j, in_dims[j], out) for j in range(len(in_dims)))
            for i, out in enumerate(out_dims)
        )
        self.act = nn.GELU()

    @staticmethod
    def way(i: int, j: int, in_dim: int, out_dim: int) -> nn.Module:
        """From map j to output i."""
        if i == j:
            return nn.Identity()
        if i < j:
            up = nn.Upsample(scale_factor=2 ** (j - i), mode="nearest")
            return nn.Sequential(nn.Conv2d(in_dim, out_dim, 1), nn.BatchNorm2d(out_dim), up)
        stride = 2 ** (i - j)
        return nn.Sequential(
            depthwise(in_dim, stride + 1, stride, bias=False),
            nn.BatchNorm2d(in_dim),
            nn.Conv2d(in_dim, out_dim, 1),
            nn.BatchNorm2d(out_dim),
        )

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        outputs = []
        for ways in self.blocks:
            y = ways[0](maps[0])
            for way, x in zip(ways[1:], maps[1:]):
                y = y + way(x)
            outputs.append(self.act(y))
        return outputs


class Stem(nn.Module):
    """Two strided convolutions. Images B 3 H W -> B 64 H/4 W/4."""

    def __init__(self, dim: int):
        super().__init__()
        self.conv1 = nn.Conv2d(3, dim // 2, 3, 2, 1)
        self.bn1 = nn.BatchNorm2d(dim // 2)
        self.conv2 = nn.Conv2d(dim // 2, dim, 3, 2, 1)
        self.bn2 = nn.BatchNorm2d(dim)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.act(self.bn1(self.conv1(x)))
        return self.act(self.bn2(self.conv2(x)))


class Hrvit(nn.Module):
    """The network. Images B 3 H W -> four maps."""

    def __init__(
        self, dims: list[int], dim_head: int, mlp_ratios: list[int], last_stages: list[list[int]], drop_path: float
    ):
        super().__init__()
        self.channels = dims
        self.stem = Stem(STEM)
        self.features = nn.ModuleList()
        stages = FIRST_STAGES + last_stages
        rates = drop_path_rates(drop_path, [max(stage) for stage in stages])
        before = [STEM]
        for stage, stage_rates in zip(stages, rates):
            fused = before + dims[len(before) : len(stage)]  # a new branch has its final channels
            blocks = [
                [Block(dims[i], dim_head, WINDOWS[i], mlp_ratios[i], rate) for rate in stage_rates[:depth]]
                for i, depth in enumerate(stage)
            ]
            self.features.append(Fusion(before, fused))
            self.features.append(Stage(fused, dims[: len(stage)], blocks))
            before = dims[: len(stage)]
        self.apply(init_linear)

    def forward(self, x: Tensor) -> list[Tensor]:
        maps = [self.stem(x)]
        for feature in self.features:
            maps = feature(maps)
        return maps
