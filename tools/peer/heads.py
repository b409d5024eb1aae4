"""The heads, each a whole model: a backbone, and the parts that read its four maps B Cᵢ H/2ⁱ⁺¹ W/2ⁱ⁺¹.

Images B 3 H W -> scores B K H/4 W/4; in training a list of these and of the scores of auxiliary heads, if any.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import Attention, to_map, to_tokens

AUXILIARY_WEIGHT = 0.4


def resize(x: Tensor, like: Tensor, align_corners: bool = False) -> Tensor:
    """B C H W -> B C H' W', bilinear."""
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=align_corners)


def concat(maps: list[Tensor], align_corners: bool = False) -> Tensor:
    """All maps at the size of the finest, B ΣCᵢ H/4 W/4."""
    return torch.cat(maps[:1] + [resize(x, maps[0], align_corners) for x in maps[1:]], dim=1)


def loss(scores: list[Tensor], labels: Tensor, align_corners: bool = False) -> Tensor:
    """Cross entropy of the scores, and 0.4 of that of the auxiliary ones. Labels B H W; 255 is ignored."""
    losses = [F.cross_entropy(resize(x, labels[:, None], align_corners), labels, ignore_index=255) for x in scores]
    return losses[0] + AUXILIARY_WEIGHT * sum(losses[1:])


class ConvModule(nn.Module):
    """Convolution, batch norm and ReLU, B C H W -> B C' H W; or a convolution alone."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, plain: bool = False):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel, padding=kernel // 2, bias=plain)
        self.bn = nn.Identity() if plain else nn.BatchNorm2d(out_channels)
        self.activate = nn.Identity() if plain else nn.ReLU(inplace=True)
        nn.init.kaiming_normal_(self.conv.weight, mode="fan_out", nonlinearity="relu")
        if plain:
            nn.init.zeros_(self.conv.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.activate(self.bn(self.conv(x)))


class Head(nn.Module):
    """Base of the parts that end with a classifier behind a dropout of channels."""

    def __init__(self, features: int, classes: int, dropout: float):
        super().__init__()
        self.conv_seg = nn.Conv2d(features, classes, 1)
        self.dropout = nn.Dropout2d(dropout)
        nn.init.normal_(self.conv_seg.weight, std=0.01)
        nn.init.zeros_(self.conv_seg.bias)

    def classify(self, x: Tensor) -> Tensor:
        """B C H W -> B K H W."""
        return self.conv_seg(self.dropout(x))


class Segmentor(nn.Module):
    """Base of the models. A subclass adds its parts and joins them in `decode`: maps -> list of scores."""

    def __init__(self, backbone: nn.Module):
        super().__init__()
        self.backbone = backbone

    def forward(self, images: Tensor) -> Tensor | list[Tensor]:
        scores = self.decode(self.backbone(images))
        return scores if self.training else scores[0]


# ---- Semantic FPN: Kirillov et al., arXiv:1901.02446, section 3 ----


class FpnNeck(nn.Module):
    """The pyramid (Lin et al., arXiv:1612.03144, section 3): four maps of Cᵢ channels -> four of 256."""

    def __init__(self, channels: list[int], features: int):
        super().__init__()
        self.lateral_convs = nn.ModuleList(ConvModule(c, features, 1, plain=True) for c in channels)
        self.fpn_convs = nn.ModuleList(ConvModule(features, features, 3, plain=True) for _ in channels)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        maps = [conv(x) for conv, x in zip(self.lateral_convs, maps)]
        for i in range(len(maps) - 1, 0, -1):
            maps[i - 1] = maps[i - 1] + F.interpolate(maps[i], size=maps[i - 1].shape[2:], mode="nearest")
        return [conv(x) for conv, x in zip(self.fpn_convs, maps)]


class FpnHead(Head):
    """Section 3.2, figure 3: each map through convolutions and upsampling to stride 4, then their sum."""

    def __init__(self, in_channels: int, features: int, classes: int, dropout: float = 0.1):
        super().__init__(features, classes, dropout)
        self.scale_heads = nn.ModuleList()
        for level in range(4):
            layers = []
            for i in range(max(1, level)):
                layers.append(ConvModule(features if i else in_channels, features, 3))
                if level:
                    layers.append(nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False))
            self.scale_heads.append(nn.Sequential(*layers))

    def forward(self, maps: list[Tensor]) -> Tensor:
        x = self.scale_heads[0](maps[0])
        for head, y in zip(self.scale_heads[1:], maps[1:]):
            x = x + resize(head(y), x)
        return self.classify(x)


class SemanticFpn(Segmentor):
    """A pyramid of 256 channels, then a head of 128."""

    def __init__(self, backbone: nn.Module, classes: int):
        super().__init__(backbone)
        self.neck = FpnNeck(backbone.channels, 256)
        self.decode_head = FpnHead(256, 128, classes)

    def decode(self, maps: list[Tensor]) -> list[Tensor]:
        return [self.decode_head(self.neck(maps))]


# ---- UPerNet: Xiao et al., arXiv:1807.10221, section 3 ----


class FcnHead(Head):
    """A convolution over all maps at the size of the finest, then the classifier (arXiv:1411.4038)."""

    def __init__(self, channels: list[int], features: int, kernel: int, classes: int, dropout: float):
        super().__init__(features, classes, dropout)
        self.convs = nn.Sequential(ConvModule(sum(channels), features, kernel))

    def forward(self, maps: list[Tensor]) -> Tensor:
        return self.classify(self.convs(concat(maps)))


class UperHead(Head):
    """Section 3.1: pyramid pooling (arXiv:1612.01105) of the last map, and a pyramid of all maps."""

    def __init__(self, channels: list[int], features: int, classes: int, dropout: float = 0.1):
        super().__init__(features, classes, dropout)
        *finer, last = channels
        self.psp_modules = nn.ModuleList(
            nn.Sequential(nn.AdaptiveAvgPool2d(side), ConvModule(last, features, 1)) for side in (1, 2, 3, 6)
        )
        self.bottleneck = ConvModule(last + 4 * features, features, 3)
        self.lateral_convs = nn.ModuleList(ConvModule(c, features, 1) for c in finer)
        self.fpn_convs = nn.ModuleList(ConvModule(features, features, 3) for _ in finer)
        self.fpn_bottleneck = ConvModule(len(channels) * features, features, 3)

    def pool(self, x: Tensor) -> Tensor:
        return self.bottleneck(torch.cat([x] + [resize(psp(x), x) for psp in self.psp_modules], dim=1))

    def forward(self, maps: list[Tensor]) -> Tensor:
        maps = [conv(x) for conv, x in zip(self.lateral_convs, maps)] + [self.pool(maps[-1])]
        for i in range(len(maps) - 1, 0, -1):
            maps[i - 1] = maps[i - 1] + resize(maps[i], maps[i - 1])
        maps[:-1] = [conv(x) for conv, x in zip(self.fpn_convs, maps)]
        return self.classify(self.fpn_bottleneck(concat(maps)))


class UperNet(Segmentor):
    """UPerNet of 512 channels; training adds a plain head of 256 on the third map."""

    def __init__(self, backbone: nn.Module, classes: int):
        super().__init__(backbone)
        self.decode_head = UperHead(backbone.channels, 512, classes)
        self.auxiliary_head = FcnHead(backbone.channels[2:3], 256, 3, classes, dropout=0.1)

    def decode(self, maps: list[Tensor]) -> list[Tensor]:
        scores = [self.decode_head(maps)]
        if self.training and self.auxiliary_head is not None:
            scores.append(self.auxiliary_head(maps[2:3]))
        return scores


class Fcn(Segmentor):
    """HRNet's head (Sun et al., arXiv:1904.04514, section 3.2): one 1x1 convolution over all maps."""

    def __init__(self, backbone: nn.Module, classes: int):
        super().__init__(backbone)
        self.decode_head = FcnHead(backbone.channels, sum(backbone.channels), 1, classes, dropout=0)

    def decode(self, maps: list[Tensor]) -> list[Tensor]:
        return [self.decode_head(maps)]


# ---- SegFormer: Xie et al., arXiv:2105.15203, section 3.2 ----


class SegformerHead(Head):
    """Equation 4: every map to the same channels and size, then one convolution over all."""

    def __init__(self, channels: list[int], features: int, plain: bool, classes: int, dropout: float = 0.1):
        super().__init__(features, classes, dropout)
        self.convs = nn.ModuleList(ConvModule(c, features, 1, plain) for c in channels)
        self.fusion_conv = ConvModule(len(channels) * features, features, 1)

    def forward(self, maps: list[Tensor]) -> Tensor:
        return self.classify(self.fusion_conv(concat([conv(x) for conv, x in zip(self.convs, maps)])))


class Segformer(Segmentor):
    """The head of SegFormer; `plain` leaves out the norms of its branches, as HRViT does."""

    def __init__(self, backbone: nn.Module, classes: int, features: int = 256, plain: bool = True):
        super().__init__(backbone)
        self.decode_head = SegformerHead(backbone.channels, features, plain, classes)

    def decode(self, maps: list[Tensor]) -> list[Tensor]:
        return [self.decode_head(maps)]


# ---- OCR: Yuan et al., Object-Contextual Representations, arXiv:1909.11065, section 3.2 ----


def gather(features: Tensor, scores: Tensor) -> Tensor:
    """Equation 2: the mean features of each class. B C H W, B K H W -> B C K 1."""
    belonging = scores.flatten(2).softmax(dim=-1)  # B K N, over the pixels
    return (belonging @ to_tokens(features)).transpose(1, 2).unsqueeze(-1)


def attend_objects(attention: Attention, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Equations 3 and 4, with one head: queries B d H W, keys and values B d K 1 -> B d H W."""
    height, width = q.shape[2:]
    q, k, v = (to_tokens(x).unsqueeze(1) for x in (q, k, v))  # B 1 N d, B 1 K d
    return to_map(attention.attend(q, k, v).squeeze(1), height, width)


def conv_bn(in_channels: int, out_channels: int, kernel: int = 1) -> list[nn.Module]:
    """Convolution, and batch norm with ReLU under HRFormer's names; the convolution keeps its bias."""
    conv = nn.Conv2d(in_channels, out_channels, kernel, padding=kernel // 2)
    return [conv, nn.Sequential(nn.BatchNorm2d(out_channels), nn.ReLU(inplace=True))]


class ObjectAttention(Attention):
    """Equations 3 and 4, in HRFormer's form. Features B C H W, objects B C K 1 -> contexts B C H W."""

    def __init__(self, features: int, dim: int):
        super().__init__()
        self.f_pixel = nn.Sequential(*conv_bn(features, dim), *conv_bn(dim, dim))
        self.f_object = nn.Sequential(*conv_bn(features, dim), *conv_bn(dim, dim))
        self.f_down = nn.Sequential(*conv_bn(features, dim))
        self.f_up = nn.Sequential(*conv_bn(dim, features))

    def forward(self, x: Tensor, objects: Tensor) -> Tensor:
        return self.f_up(attend_objects(self, self.f_pixel(x), self.f_object(objects), self.f_down(objects)))


class ObjectContext(nn.Module):
    """Equation 5, in HRFormer's form: contexts and features together. B C H W, B C K 1 -> B C H W."""

    def __init__(self, features: int, dim: int):
        super().__init__()
        self.object_context_block = ObjectAttention(features, dim)
        self.conv_bn_dropout = nn.Sequential(*conv_bn(2 * features, features), nn.Dropout2d(0.05))

    def forward(self, x: Tensor, objects: Tensor) -> Tensor:
        return self.conv_bn_dropout(torch.cat([self.object_context_block(x, objects), x], dim=1))


class Ocr(Segmentor):
    """OCR of 512 channels as HRFormer has it; its maps are resized with aligned corners."""

    def __init__(self, backbone: nn.Module, classes: int):
        super().__init__(backbone)
        width = sum(backbone.channels)
        self.conv3x3 = nn.Sequential(*conv_bn(width, 512, 3))
        self.ocr_distri_head = ObjectContext(512, 256)
        self.cls_head = nn.Conv2d(512, classes, 1)
        self.aux_head = nn.Sequential(*conv_bn(width, 512, 3), nn.Conv2d(512, classes, 1))

    def decode(self, maps: list[Tensor]) -> list[Tensor]:
        x = concat(maps, align_corners=True)
        coarse = self.aux_head(x)
        x = self.conv3x3(x)
        x = self.ocr_distri_head(x, gather(x, coarse))
        return [self.cls_head(x), coarse]


class SelfAttentionBlock(Attention):
    """Equations 3-5, in MMSegmentation's form. Features B C H W, objects B C K 1 -> B C H W."""

    def __init__(self, features: int, dim: int):
        super().__init__()
        self.key_project = nn.Sequential(ConvModule(features, dim, 1), ConvModule(dim, dim, 1))
        self.query_project = nn.Sequential(ConvModule(features, dim, 1), ConvModule(dim, dim, 1))
        self.value_project = ConvModule(features, dim, 1)
        self.out_project = ConvModule(dim, features, 1)
        self.bottleneck = ConvModule(2 * features, features, 1)

    def forward(self, x: Tensor, objects: Tensor) -> Tensor:
        q, k, v = self.query_project(x), self.key_project(objects), self.value_project(objects)
        context = self.out_project(attend_objects(self, q, k, v))
        return self.bottleneck(torch.cat([context, x], dim=1))


class OcrHead(Head):
    """The second head of MMSegmentation's cascade: maps and coarse scores -> scores."""

    def __init__(self, channels: list[int], features: int, dim: int, classes: int):
        super().__init__(features, classes, dropout=0)
        self.object_context_block = SelfAttentionBlock(features, dim)
        self.bottleneck = ConvModule(sum(channels), features, 3)

    def forward(self, maps: list[Tensor], coarse: Tensor) -> Tensor:
        x = self.bottleneck(concat(maps))
        return self.classify(self.object_context_block(x, gather(x, coarse)))


class OcrMmseg(Segmentor):
    """OCR of 512 channels as MMSegmentation has it: a cascade of a plain head and of OCR's."""

    def __init__(self, backbone: nn.Module, classes: int):
        super().__init__(backbone)
        channels = backbone.channels
        self.decode_head = nn.ModuleList(
            [FcnHead(channels, sum(channels), 1, classes, dropout=0), OcrHead(channels, 512, 256, classes)]
        )

    def decode(self, maps: list[Tensor]) -> list[Tensor]:
        coarse = self.decode_head[0](maps)
        return [self.decode_head[1](maps, coarse), coarse]


HEADS = {
    "fpn": SemanticFpn,
    "upernet": UperNet,
    "fcn": Fcn,
    "segformer": Segformer,
    "segformer_768": lambda backbone, classes: Segformer(backbone, classes, features=768),
    "segformer_mmseg": lambda backbone, classes: Segformer(backbone, classes, plain=False),
    "ocr": Ocr,
    "ocr_mmseg": OcrMmseg,
}
