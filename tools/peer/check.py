#!/usr/bin/env python3
"""Compares these models with recorded outputs of the authors' code, and their sizes with the project's counts.

    tools/peer/check.py [--attention matmul] [--threads N] [NAME ...]

Without names it also compares the sizes of all models, which takes minutes.
A name is that of a file among parity/src/test/resources/golden, such as pvt_small_semfpn. The closed formula of
those files (parity/src/main/java/org/segtrain/parity/Filling.java, HASH) fills weights and images. Needs PyTorch;
we used 2.7.1. Each figure is the largest difference of a model:

    eval, train  64 recorded values of each map or score, as a share of their standard deviation
    loss, norm   the loss and the norms of recorded gradients, as a share of the recorded value
    grad         recorded values of gradients, as a share of what float32 allows: 20 times the difference between
                 float32 and float64 in the authors' code

Evaluation runs in float32, training in float64. In float32 a rounding error turns some ReLUs on or off, and gradients
then differ by up to 0.03 of their standard deviation.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import zlib
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import peer  # noqa: E402
from peer.layers import Attention, DropPath  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "parity/src/test/resources/golden"
COUNTS = ROOT / "segmentation-heads/src/test/resources/reference/params.json"
HEADS = {"semfpn": "fpn", "segformer768": "segformer_768"}  # where the files have other names
LIMITS = {"eval": 2e-3, "train": 2e-3, "loss": 2e-3, "norm": 2e-2, "grad": 1}


def wave(size, name):
    """The hash formula, -1 to 1."""
    z = (torch.arange(size) + zlib.crc32(name.encode()) % 1000 * 0x9E3779B9) & 0xFFFFFFFF
    for _ in range(2):
        z = ((z ^ (z >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    z ^= z >> 16
    return z.double() / 2**32 * 2 - 1


def affine(name, shape):
    """Centre and scale of the values of an array."""
    last = name.rsplit(".", 1)[-1]
    if last.startswith("pos_embed") or "relative_position" in name:
        return 0, 0.02
    if len(shape) >= 2:
        return 0, math.sqrt(3 / math.prod(shape[1:]))
    if last in ("running_var", "weight"):
        return 1, 0.1
    return 0, 0.05  # a running mean or a bias


def fill(model):
    seen = set()
    for name, array in model.state_dict().items():
        if array.is_floating_point() and array.data_ptr() not in seen:
            seen.add(array.data_ptr())  # arrays of several names have the values of the first
            name = name.removeprefix("backbone.")
            centre, scale = affine(name, array.shape)
            array.copy_((centre + scale * wave(array.numel(), name)).reshape(array.shape))
    return model


def image(batch, _, height, width):
    h, w = torch.arange(height).double(), torch.arange(width).double()
    c, b = torch.arange(3).double(), torch.arange(1, batch + 1).double()
    smooth = torch.sin(0.05 * h[:, None] + 0.11 * c[:, None, None])  # C H 1
    smooth = smooth + 0.5 * torch.cos(0.07 * w * b[:, None, None, None])  # B C H W
    return (smooth.float().double() + wave(smooth.numel(), "input").reshape(smooth.shape)).float()


def labels(batch, _, height, width):
    b, h, w = torch.meshgrid(torch.arange(batch), torch.arange(height), torch.arange(width), indexing="ij")
    y = (h // 8 * 7 + w // 8 * 3 + b) % 151
    return y.masked_fill(y == 150, 255)


def off(array, golden):
    """The largest difference from recorded samples, as a share of the standard deviation."""
    if list(array.shape) != golden["shape"]:
        return math.inf
    flat, expected = array.detach().double().flatten(), torch.tensor(golden["samples"]).double()
    places = torch.arange(len(expected)) * (len(flat) - 1) // (len(expected) - 1)
    return ((flat[places] - expected).abs().max() / golden["std"]).item()


def relative(value, expected):
    return abs(float(value) - expected) / abs(expected)


def goldens(section):
    """The recorded maps or scores of a run."""
    return section.get("outputs") or [section[k] for k in ("logits", "aux_logits") if k in section]


def prepare(golden, attention):
    """The filled model, or the backbone alone, without dropout and stochastic depth."""
    if "head" in golden:
        head = HEADS.get(golden["head"], golden["head"])
        model = peer.build(golden["backbone"], head, 150, attention=attention)
    else:
        model = peer.build_backbone(golden["name"])
        for module in model.modules():
            if isinstance(module, Attention):
                module.sdpa = attention == "sdpa"
    assert sum(p.numel() for p in model.parameters()) == golden["params"]
    return fill(model)


def training(model):
    """Batch statistics, but neither dropout nor stochastic depth."""
    model.train()
    for module in model.modules():
        if isinstance(module, (DropPath, torch.nn.Dropout2d)):
            module.eval()
    return model


def objective(outputs, shape, golden):
    """The loss of a recorded backward pass."""
    if "head" in golden:
        return peer.loss(outputs, labels(*shape))
    return sum((x * torch.cos(0.01 * torch.arange(x.numel()).double()).float().view_as(x)).mean() for x in outputs)


def compare(golden, attention):
    """Largest differences: in evaluation, in training, of the loss, of gradients' norms and values."""
    model = prepare(golden, attention).eval()
    differences = {"eval": 0}
    with torch.no_grad():
        for shape, section in golden["hash"]["eval"].items():
            outputs = model(image(*map(int, shape.split("x"))))
            outputs = [outputs] if torch.is_tensor(outputs) else outputs
            pairs = zip(outputs, goldens(section))  # a model gives no auxiliary scores here
            differences["eval"] = max(differences["eval"], *(off(x, y) for x, y in pairs))
    section = golden["hash"]["train"]
    outputs = training(model).double()(image(*section["input"]).double())
    expected = goldens(section)
    if len(outputs) != len(expected):
        raise SystemExit(f"the model gives {len(outputs)} outputs, but {len(expected)} are recorded")
    loss = objective(outputs, section["input"], golden)
    loss.backward()
    total = section["loss"]
    differences["train"] = max(off(x, y) for x, y in zip(outputs, expected))
    differences["loss"] = relative(loss, total["total"] if isinstance(total, dict) else total)
    parameters = dict(model.named_parameters(remove_duplicate=False))
    gradients = {name: g for name, g in section["grads"].items() if not g.get("zero")}
    differences["norm"] = max(relative(parameters[name].grad.norm(), g["norm"]) for name, g in gradients.items())
    differences["grad"] = max(
        off(parameters[name].grad, g) / (20 * g["f64"]["rel_std"] + 1e-5) for name, g in gradients.items()
    )
    return differences


def count():
    """Asserts the number of parameters of every model that the project's table has."""
    models = 0
    for backbone, row in json.loads(COUNTS.read_text()).items():
        for head, sizes in row["heads"].items():
            with torch.device("meta"):
                model = peer.build(backbone, HEADS.get(head, head), 150)
            found, expected = sum(p.numel() for p in model.parameters()), sizes["total_with_backbone"]
            if found != expected:
                raise SystemExit(f"{backbone} {head} has {found} parameters, but the table {expected}")
            models += 1
    print(f"{models} models have the number of parameters of the table")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--attention", choices=["sdpa", "matmul"], default="sdpa")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    goldens_of = {file.stem: json.loads(file.read_text()) for file in sorted(GOLDEN.glob("*.json"))}
    known = [name for name, golden in goldens_of.items() if "hash" in golden]
    unknown = sorted(set(arguments.names) - set(known))
    if unknown:
        parser.error(f"no recorded outputs of {', '.join(unknown)}; there are those of {', '.join(known)}")
    if not arguments.names:
        count()
    failed = 0
    for name in arguments.names or known:
        golden = goldens_of[name]
        differences = compare(golden, arguments.attention)
        passed = all(value <= LIMITS[key] for key, value in differences.items())
        failed += not passed
        figures = "  ".join(f"{key} {value:.1e}" for key, value in differences.items())
        print(f"{'ok  ' if passed else 'FAIL'} {name:26}{figures}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
