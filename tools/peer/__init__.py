"""segtrain's models in plain eager PyTorch, to measure segtrain against.

The modules are written from the papers. Names and shapes of their arrays are those of the authors' state dicts, so a
checkpoint or an export of segtrain loads with `strict=True`. `check.py` compares them with recorded outputs.

    from peer import build, state_dict  # with PYTHONPATH=tools

    model = build("pvt_small", "fpn", 150)
    model.load_state_dict(state_dict("runs/mine/best.safetensors"))  # needs the package safetensors
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from . import hrformer, hrvit, mpvit, pvt, shunted
from .heads import HEADS, loss
from .layers import Attention

__all__ = ["BACKBONES", "HEADS", "build", "build_backbone", "loss", "state_dict"]

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
    backbone: str,
    head: str,
    classes: int,
    attention: str = "sdpa",
    drop_path: float | None = None,
    auxiliary: bool = True,
) -> nn.Module:
    """Normalised images B 3 H W -> scores B K H/4 W/4; in training a list of these and of auxiliary scores.

    `attention` is "sdpa", PyTorch's fused kernel, or "matmul", two products around a softmax. Exports of segtrain lack
    UPerNet's auxiliary head; they need `auxiliary=False`.
    """
    if attention not in ("sdpa", "matmul"):
        raise ValueError(f'attention must be "sdpa" or "matmul", but is "{attention}"')
    model = HEADS[head](build_backbone(backbone, drop_path), classes)
    if not auxiliary and hasattr(model, "auxiliary_head"):
        model.auxiliary_head = None
    for module in model.modules():
        if isinstance(module, Attention):
            module.sdpa = attention == "sdpa"
    return model


def state_dict(file: str | Path) -> dict[str, Tensor]:
    """The arrays of a model in a checkpoint or a TorchScript export of segtrain, without those of its optimiser."""
    if Path(file).suffix != ".safetensors":
        return torch.jit.load(file, map_location="cpu").state_dict()
    from safetensors.torch import load_file

    arrays = load_file(file)
    return {name.removeprefix("model."): x for name, x in arrays.items() if name.startswith("model.")}
