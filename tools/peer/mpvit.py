"""MPViT: Lee et al., Multi-Path Vision Transformer for Dense Prediction, arXiv:2112.11010, section 3.
Images B 3 H W -> four maps of strides 4, 8, 16, 32; a stage ends with the channels that the next one reads."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .layers import DropPath, Mlp, depthwise, drop_path_rates, init_conv, init_linear, to_map, to_tokens

VARIANTS = {  # channels, layers of a path, feed-forward ratio, published rate of stochastic depth
    "mpvit_tiny": ([64, 96, 176, 216], [1, 2, 4, 1], 2, 0),
    "mpvit_xsmall": ([64, 128, 192, 256], [1, 2, 4, 1], 4, 0),
    "mpvit_small": ([64, 128, 216, 288], [1, 3, 6, 3], 4, 0.2),
    "mpvit_base": ([128, 224, 368, 480], [1, 3, 8, 3], 4, 0.4),
}
PATHS = [2, 3, 3, 3]
HEADS = 8
CRPE_WINDOWS = {3: 2, 5: 3, 7: 3}  # side of the kernel: number of heads


class ConvBN(nn.Module):
    """Convolution, batch norm and Hardswish, B C H W -> B C' H/s W/s."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int = 1, act: bool = True):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel, stride, kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(out_channels)
        self.act = nn.Hardswish() if act else nn.Identity()
        init_conv(self.conv)

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.bn(self.conv(x)))


class DWConvBN(nn.Module):
    """A depth-wise separable convolution, batch norm and Hardswish, B C H W -> B C H/s W/s."""

    def __init__(self, dim: int, stride: int):
        super().__init__()
        self.dwconv = depthwise(dim, 3, stride, bias=False)
        self.pwconv = nn.Conv2d(dim, dim, 1, bias=False)
        self.bn = nn.BatchNorm2d(dim)
        self.act = nn.Hardswish()
        init_conv(self.dwconv)
        init_conv(self.pwconv)

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.bn(self.pwconv(self.dwconv(x))))


class PatchEmbed(nn.Module):
    """One embedding of the chain, B C H W -> B C H/s W/s."""

    def __init__(self, dim: int, stride: int):
        super().__init__()
        self.patch_conv = DWConvBN(dim, stride)

    def forward(self, x: Tensor) -> Tensor:
        return self.patch_conv(x)


class PatchEmbedStage(nn.Module):
    """Section 3.2, multi-scale patch embedding: each path reads what the one before gives, so it sees more."""

    def __init__(self, dim: int, paths: int, stride: int):
        super().__init__()
        self.patch_embeds = nn.ModuleList(PatchEmbed(dim, 1 if i else stride) for i in range(paths))

    def forward(self, x: Tensor) -> list[Tensor]:
        paths = []
        for embed in self.patch_embeds:
            x = embed(x)
            paths.append(x)
        return paths


class ConvPosEnc(nn.Module):
    """Convolutional position encoding (CoaT, arXiv:2104.06399, section 3.2). B N C -> B N C."""

    def __init__(self, dim: int):
        super().__init__()
        self.proj = depthwise(dim, 3)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        x = to_map(x, height, width)
        return to_tokens(self.proj(x) + x)


class ConvRelPosEnc(nn.Module):
    """Convolutional relative position encoding (CoaT, section 3.1): q ∘ conv(v). B h N d, B h N d -> B h N d."""

    def __init__(self, head_dim: int):
        super().__init__()
        self.splits = [heads * head_dim for heads in CRPE_WINDOWS.values()]
        self.conv_list = nn.ModuleList(depthwise(c, kernel) for c, kernel in zip(self.splits, CRPE_WINDOWS))

    def forward(self, q: Tensor, v: Tensor, height: int, width: int) -> Tensor:
        b, h, n, d = v.shape
        v = v.transpose(-2, -1).reshape(b, h * d, height, width)
        v = torch.cat([conv(x) for conv, x in zip(self.conv_list, v.split(self.splits, dim=1))], dim=1)
        return q * v.reshape(b, h, d, n).transpose(-2, -1)


class FactorAttention(nn.Module):
    """Factorised attention (CoaT, section 3.1): q (softmax(k)ᵀ v) / √d + positions. B N C -> B N C."""

    def __init__(self, dim: int, crpe: ConvRelPosEnc):
        super().__init__()
        self.scale = (dim // HEADS) ** -0.5
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)
        self.crpe = crpe

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, HEADS, c // HEADS).permute(2, 0, 3, 1, 4)  # B h N d
        context = k.softmax(dim=2).transpose(-2, -1) @ v  # B h d d
        x = self.scale * (q @ context) + self.crpe(q, v, height, width)  # B h N d
        return self.proj(x.transpose(1, 2).reshape(b, n, c))


class MHCABlock(nn.Module):
    """A layer: positions, attention and feed-forward network, each with its residual. B N C -> B N C."""

    def __init__(self, dim: int, mlp_ratio: int, cpe: ConvPosEnc, crpe: ConvRelPosEnc, drop_path: float):
        super().__init__()
        self.cpe = cpe
        self.crpe = crpe
        self.factoratt_crpe = FactorAttention(dim, crpe)
        self.mlp = Mlp(dim, dim * mlp_ratio)
        self.drop_path = DropPath(drop_path)
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)

    def forward(self, x: Tensor, height: int, width: int) -> Tensor:
        x = self.cpe(x, height, width)
        x = x + self.drop_path(self.factoratt_crpe(self.norm1(x), height, width))
        return x + self.drop_path(self.mlp(self.norm2(x)))


class MHCAEncoder(nn.Module):
    """A path: its layers share both position encodings. B C H W -> B C H W."""

    def __init__(self, dim: int, mlp_ratio: int, rates: list[float]):
        super().__init__()
        self.cpe = ConvPosEnc(dim)
        self.crpe = ConvRelPosEnc(dim // HEADS)
        self.MHCA_layers = nn.ModuleList(MHCABlock(dim, mlp_ratio, self.cpe, self.crpe, rate) for rate in rates)
        self.register_load_state_dict_pre_hook(self.name_shared)

    @staticmethod
    def name_shared(encoder: nn.Module, state: dict[str, Tensor], prefix: str, *_) -> None:
        """Adds the names that shared arrays have in layers; checkpoints of segtrain have each array once."""
        for name in list(state):
            array = name.removeprefix(prefix)
            for i in range(len(encoder.MHCA_layers)):
                if array.startswith(("cpe.", "crpe.")):
                    state.setdefault(f"{prefix}MHCA_layers.{i}.{array}", state[name])
                if array.startswith("crpe."):
                    state.setdefault(f"{prefix}MHCA_layers.{i}.factoratt_crpe.{array}", state[name])

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[2:]
        x = to_tokens(x)
        for layer in self.MHCA_layers:
            x = layer(x, height, width)
        return to_map(x, height, width)


class InvertedResidual(nn.Module):
    """The path of convolutions (section 3.3), B C H W -> B C H W."""

    def __init__(self, dim: int):
        super().__init__()
        self.conv1 = ConvBN(dim, dim, 1)
        self.dwconv = depthwise(dim, 3, bias=False)
        self.norm = nn.BatchNorm2d(dim)
        self.act = nn.Hardswish()
        self.conv2 = ConvBN(dim, dim, 1, act=False)
        init_conv(self.dwconv, groups=dim)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(self.act(self.norm(self.dwconv(self.conv1(x)))))


class MHCAStage(nn.Module):
    """Section 3.3, global-to-local feature interaction: all paths of B C H W -> B C' H W."""

    def __init__(self, dim: int, out_dim: int, mlp_ratio: int, paths: int, rates: list[float]):
        super().__init__()
        self.mhca_blks = nn.ModuleList(MHCAEncoder(dim, mlp_ratio, rates) for _ in range(paths))
        self.InvRes = InvertedResidual(dim)
        self.aggregate = ConvBN((paths + 1) * dim, out_dim, 1)

    def forward(self, paths: list[Tensor]) -> Tensor:
        outputs = [self.InvRes(paths[0])] + [encoder(x) for encoder, x in zip(self.mhca_blks, paths)]
        return self.aggregate(torch.cat(outputs, dim=1))


class Mpvit(nn.Module):
    """The network. Images B 3 H W -> four maps."""

    def __init__(self, dims: list[int], depths: list[int], mlp_ratio: int, drop_path: float):
        super().__init__()
        self.channels = dims[1:] + dims[-1:]
        rates = drop_path_rates(drop_path, depths)
        self.stem = nn.Sequential(ConvBN(3, dims[0] // 2, 3, 2), ConvBN(dims[0] // 2, dims[0], 3, 2))
        self.patch_embed_stages = nn.ModuleList(
            PatchEmbedStage(dim, paths, 2 if i else 1) for i, (dim, paths) in enumerate(zip(dims, PATHS))
        )
        self.mhca_stages = nn.ModuleList(
            MHCAStage(dim, out, mlp_ratio, paths, stage_rates)
            for dim, out, paths, stage_rates in zip(dims, self.channels, PATHS, rates)
        )
        self.apply(init_linear)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.stem(x)
        maps = []
        for embed, stage in zip(self.patch_embed_stages, self.mhca_stages):
            x = stage(embed(x))
            maps.append(x)
        return maps
