"""The closed formulas of the reference's runs: weights, images, tolerances. Filling.java has the same.

They compute on the device of the model. Only the standard library is needed until one is called.
"""

import math
import zlib

MASK = 0xFFFFFFFF
GOLDEN_RATIO = 0x9E3779B9
MIXER = 0x45D9F3B
TIMES_NOISE = 20  # Tolerance.java: of the reference's own noise in float32
FLOOR = 1e-5  # of the spread


def wave(torch, size, number, device):
    """Pseudo-random numbers, float64 between -1 and 1."""
    z = (torch.arange(size, dtype=torch.int64, device=device) + number * GOLDEN_RATIO) & MASK
    for _ in range(2):
        z = ((z ^ (z >> 16)) * MIXER) & MASK
    z = z ^ (z >> 16)
    return z.double() / 2**32 * 2 - 1


def number(name):
    return zlib.crc32(name.encode()) % 1000


def affine(name, shape):
    """Shift and scale of the values of an array."""
    last = name.rsplit(".", 1)[-1]
    if last.startswith("pos_embed") or "relative_position" in name:
        return 0, 0.02
    if len(shape) >= 2:
        return 0, math.sqrt(3) / math.sqrt(math.prod(shape[1:]))
    if last == "running_mean":
        return 0, 0.05
    if last in ("running_var", "weight"):
        return 1, 0.1
    return 0, 0.05  # a bias


def fill(torch, model):
    """Gives a model the reference's weights. Arrays of several names have the values of the first."""
    seen = set()
    with torch.no_grad():
        for name, array in model.state_dict().items():
            if array.is_floating_point() and array.data_ptr() not in seen:
                seen.add(array.data_ptr())
                bare = name[len("backbone."):] if name.startswith("backbone.") else name
                shift, scale = affine(bare, array.shape)
                values = wave(torch, array.numel(), number(bare), array.device)
                array.copy_((shift + scale * values).reshape(array.shape))
    return model


def image(torch, shape, device):
    """The reference's images, B 3 H W."""
    batch, channels, height, width = shape
    b, c, h, w = (
        torch.arange(size, dtype=torch.float64, device=device).reshape([-1 if i == axis else 1 for i in range(4)])
        for axis, size in enumerate(shape))
    smooth = (torch.sin(0.05 * h + 0.11 * c) + 0.5 * torch.cos(0.07 * w * (b + 1))).float()
    noise = wave(torch, batch * channels * height * width, number("input"), device)
    return (smooth.double() + noise.reshape(smooth.shape)).float()


def samples(torch, array, count):
    """Values at places that are spread over an array."""
    flat = array.detach().double().cpu().reshape(-1)
    places = torch.arange(count) * (flat.numel() - 1) // (count - 1)
    return flat[places]


def golden_ratio(torch, found, golden):
    """How far an array is from the reference's, in tolerances of `segtrain parity`."""
    wanted = torch.tensor(golden["samples"], dtype=torch.float64)
    off = samples(torch, found, len(wanted)) - wanted
    noise, spread = golden["f64"], golden["std"]
    rms = math.hypot(golden["mean"], spread)
    allowed = (TIMES_NOISE * noise["rel_l2"] + FLOOR) * rms
    values = found.detach().double()
    return max(
        (off.abs().max() / (TIMES_NOISE * noise["max_abs"] + FLOOR * spread)).item(),
        (off.square().mean().sqrt() / allowed).item(),
        abs(values.mean().item() - golden["mean"]) / allowed,
        abs(values.std(unbiased=False).item() - spread) / allowed)


def largest_share(torch, found, wanted):
    """The largest difference, of the largest element."""
    found, wanted = found.detach().double().cpu(), wanted.detach().double().cpu()
    return ((found - wanted).abs().max() / wanted.abs().max()).item()
