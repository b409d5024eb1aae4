"""HRFormer: Yuan et al., High-Resolution Transformer for Dense Prediction, arXiv:2110.09408, section 3.
Images B 3 H W -> four maps of strides 4, 8, 16, 32."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import Attention, DropPath, depthwise, drop_path_rates, to_map, to_tokens

VARIANTS = {  # channels, heads, modules of stages 2-4, published rate of stochastic depth
    "hrformer_tiny": ([18, 36, 72, 144], [1, 2, 4, 8], [1, 3, 2], 0),
    "hrformer_small": ([32, 64, 128, 256], [1, 2, 4, 8], [1, 4, 2], 0.2),
    "hrformer_base": ([78, 156, 312, 624], [2, 4, 8, 16], [1, 4, 2], 0.2),
}
DEPTH = 2  # layers of a branch in a module
MLP_RATIO = 4
WINDOW = 7


class WindowAttention(Attention):
    """Attention within a window, with a bias for relative positions (Swin, arXiv:2103.14030, section 3.2).
    Bn M C -> Bn M C, of M = 7·7 tokens."""

    def __init__(self, dim: int, heads: int, window: int):
        super().__init__()
        self.heads = heads
        self.relative_position_bias_table = nn.Parameter(torch.empty((2 * window - 1) ** 2, heads))
        places = torch.stack(torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij")).flatten(1)
        offsets = places[:, :, None] - places[:, None] + window - 1  # 2 M M
        self.register_buffer("relative_position_index", offsets[0] * (2 * window - 1) + offsets[1])
        self.k_proj = nn.Linear(dim, dim)
        self.v_proj = nn.Linear(dim, dim)
        self.q_proj = nn.Linear(dim, dim)
        self.out_proj = nn.Linear(dim, dim)
        nn.init.trunc_normal_(self.relative_position_bias_table, std=0.02)

    def forward(self, x: Tensor) -> Tensor:
        b, n, c = x.shape
        q, k, v = (
            proj(x).reshape(b, n, self.heads, c // self.heads).transpose(1, 2)
            for proj in (self.q_proj, self.k_proj, self.v_proj)
        )  # Bn h M d
        bias = self.relative_position_bias_table[self.relative_position_index.flatten()]
        bias = bias.reshape(n, n, self.heads).permute(2, 0, 1).unsqueeze(0)  # 1 h M M
        return self.out_proj(self.attend(q, k, v, bias).transpose(1, 2).reshape(b, n, c))


class LocalWindowAttention(nn.Module):
    """Section 3.1, local-window self-attention: windows that do not overlap, on a map with zeros around it.
    B N C -> B N C."""

    def __init__(self, dim: int, heads: int, window: int):
        super().__init__()
        self.window = window
        self.attn = WindowAttention(dim, heads, window)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        b, n, c = x.shape
        w = self.window
        bottom, right = -height % w, -width % w
        top, left = bottom // 2, right // 2
        x = x.reshape(b, height, width, c)
        x = F.pad(x, (0, 0, left, right - left, top, bottom - top))
        rows, columns = x.shape[1] // w, x.shape[2] // w
        x = x.reshape(b, rows, w, columns, w, c).transpose(2, 3).reshape(-1, w * w, c)  # Bn M C
        x = self.attn(x)
        x = x.reshape(b, rows, columns, w, w, c).transpose(2, 3).reshape(b, rows * w, columns * w, c)
        return x[:, top : top + height, left : left + width].reshape(b, n, c)


class MlpDWBN(nn.Module):
    """Section 3.1, feed-forward network with a depth-wise convolution. B N C -> B N C."""

    def __init__(self, dim: int, hidden: int):
        super().__init__()
        self.fc1 = nn.Conv2d(dim, hidden, 1)
        self.norm1 = nn.BatchNorm2d(hidden)
        self.dw3x3 = depthwise(hidden, 3)
        self.norm2 = nn.BatchNorm2d(hidden)
        self.fc2 = nn.Conv2d(hidden, dim, 1)
        self.norm3 = nn.BatchNorm2d(dim)
        self.act = nn.GELU()

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        x = to_map(x, height, width)
        x = self.act(self.norm1(self.fc1(x)))
        x = self.act(self.norm2(self.dw3x3(x)))
        return to_tokens(self.act(self.norm3(self.fc2(x))))


class Block(nn.Module):
    """Section 3.1, figure 2: attention and feed-forward network, each with its residual. B C H W -> B C H W."""

    def __init__(self, dim: int, heads: int, drop_path: float):
        super().__init__()
        self.attn = LocalWindowAttention(dim, heads, WINDOW)
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.drop_path = DropPath(drop_path)
        self.mlp = MlpDWBN(dim, dim * MLP_RATIO)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[2:]
        x = to_tokens(x)
        x = x + self.drop_path(self.attn(self.norm1(x), height, width))
        x = x + self.drop_path(self.mlp(self.norm2(x), height, width))
        return to_map(x, height, width)


def conv_bn(in_channels: int, out_channels: int, kernel: int, stride: int = 1, relu: bool = True) -> nn.Sequential:
    """Convolution, batch norm and ReLU, B C H W -> B C' H/s W/s."""
    conv = nn.Conv2d(in_channels, out_channels, kernel, stride, kernel // 2, bias=False)
    layers = [conv, nn.BatchNorm2d(out_channels)]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if relu else nn.Sequential(*layers)


def down(in_channels: int, out_channels: int, relu: bool) -> nn.Sequential:
    """A depth-wise separable convolution of stride 2, B C H W -> B C' H/2 W/2."""
    layers = [depthwise(in_channels, 3, 2, bias=False), nn.BatchNorm2d(in_channels)]
    return nn.Sequential(*layers, *conv_bn(in_channels, out_channels, 1, relu=relu))


class HighResolutionModule(nn.Module):
    """Section 3.2: layers in each branch, then each branch gets the sum of all. Maps B Cᵢ Hᵢ Wᵢ keep shapes."""

    def __init__(self, dims: list[int], heads: list[int], rates: list[float]):
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Sequential(*(Block(dim, h, rate) for rate in rates)) for dim, h in zip(dims, heads)
        )
        self.fuse_layers = nn.ModuleList(
            nn.ModuleList(self.way(i, j, dims) for j in range(len(dims))) for i in range(len(dims))
        )
        self.relu = nn.ReLU()

    @staticmethod
    def way(i: int, j: int, dims: list[int]) -> nn.Module:
        """From branch j to branch i."""
        if i == j:
            return nn.Identity()
        if i < j:
            up = nn.Upsample(scale_factor=2 ** (j - i), mode="nearest")
            return nn.Sequential(*conv_bn(dims[j], dims[i], 1, relu=False), up)
        steps = [down(dims[j], dims[j], relu=True) for _ in range(i - j - 1)]
        return nn.Sequential(*steps, down(dims[j], dims[i], relu=False))

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        maps = [branch(x) for branch, x in zip(self.branches, maps)]
        outputs = []
        for i, ways in enumerate(self.fuse_layers):
            y = ways[0](maps[0])
            for j in range(1, len(maps)):
                x = ways[j](maps[j])
                if j > i:  # of odd sizes it is larger
                    x = F.interpolate(x, size=maps[i].shape[2:], mode="bilinear", align_corners=True)
                y = y + x
            outputs.append(self.relu(y))
        return outputs


class Bottleneck(nn.Module):
    """The residual block of stage 1 (ResNet, arXiv:1512.03385, section 4.1). B C H W -> B 256 H W."""

    def __init__(self, in_channels: int, planes: int = 64):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, 4 * planes, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * planes)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = nn.Identity()
        if in_channels != 4 * planes:
            self.downsample = conv_bn(in_channels, 4 * planes, 1, relu=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        return self.relu(self.bn3(self.conv3(y)) + self.downsample(x))


class Hrformer(nn.Module):
    """The network. Images B 3 H W -> four maps."""

    def __init__(self, dims: list[int], heads: list[int], modules: list[int], drop_path: float):
        super().__init__()
        self.channels = dims
        self.conv1 = nn.Conv2d(3, 64, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.conv2 = nn.Conv2d(64, 64, 3, 2, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = nn.Sequential(Bottleneck(64), Bottleneck(256))
        first = [conv_bn(256, dims[0], 3), nn.Sequential(conv_bn(256, dims[1], 3, 2))]
        self.transition1 = nn.ModuleList(first)
        rates = iter(drop_path_rates(drop_path, [DEPTH] * sum(modules)))
        for stage, count in enumerate(modules, start=2):
            if stage > 2:  # the new branch comes from the coarsest
                new = nn.Sequential(conv_bn(dims[stage - 2], dims[stage - 1], 3, 2))
                kept = [nn.Identity() for _ in range(stage - 1)]
                setattr(self, f"transition{stage - 1}", nn.ModuleList(kept + [new]))
            layers = [HighResolutionModule(dims[:stage], heads[:stage], next(rates)) for _ in range(count)]
            setattr(self, f"stage{stage}", nn.Sequential(*layers))

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        x = self.layer1(x)  # B 256 H/4 W/4
        maps = self.stage2([way(x) for way in self.transition1])
        for stage in (3, 4):
            ways = getattr(self, f"transition{stage - 1}")
            maps = getattr(self, f"stage{stage}")([way(x) for way, x in zip(ways, maps + maps[-1:])])
        return maps
