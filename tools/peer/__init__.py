"""segtrain's models in plain eager PyTorch, to measure segtrain against.

The modules are written from the papers. They have the names, shapes and numbers of the authors' state dicts, so a
checkpoint or an export of segtrain loads with `strict=True`. `check.py` compares them with recorded outputs.
"""

from torch import nn

from . import hrformer, hrvit, mpvit, pvt, shunted
from .heads import HEADS, loss
from .layers import Attention

__all__ = ["BACKBONES", "HEADS", "build", "build_backbone", "loss"]

_FAMILIES = [
    (pvt.Pvt, pvt.VARIANTS),
    (shunted.Shunted, shunted.VARIANTS),
    (mpvit.Mpvit, mpvit.VARIANTS),
    (hrvit.Hrvit, hrvit.VARIANTS),
    (hrformer.Hrformer, hrformer.VARIANTS),
]
BACKBONES = {name: (family, values) for family, variants in _FAMILIES for name, values in variants.items()}


def build_backbone(backbone: str, drop_path: float | None = None) -> nn.Module:
    """Images B 3 H W -> list of four maps; `channels` has their channels. The default rate is the published one."""
    family, (*values, published) = BACKBONES[backbone]
    return family(*values, drop_path=published if drop_path is None else drop_path)


def build(
    backbone: str, head: str, classes: int, attention: str = "sdpa", drop_path: float | None = None
) -> nn.Module:
    """Normalised images B 3 H W -> scores B K H/4 W/4; in training a list of these and of auxiliary scores.

    `attention` is "sdpa", PyTorch's fused kernel, or "matmul", two products around a softmax.
    """
    if attention not in ("sdpa", "matmul"):
        raise ValueError(f'attention must be "sdpa" or "matmul", but is "{attention}"')
    model = HEADS[head](build_backbone(backbone, drop_path), classes)
    for module in model.modules():
        if isinstance(module, Attention):
            module.sdpa = attention == "sdpa"
    return model
