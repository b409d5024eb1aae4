"""Part A: what exported files compute, on the device and beside the reference."""

from . import formulas
from .networks import first

FP32 = 1  # tolerances of `segtrain parity`
BF16 = 0.05  # of the largest element, as `segtrain export` allows
BATCHES = 1e-4  # of the largest element
EAGER = 1e-4  # of the largest element
CLASSES = {"_classes": 1e-3, "_bf16_classes": 0.1}  # share of the pixels, as `segtrain export` allows
LEARNED = 0.1  # of the first loss, after the last step; 0.005 to 0.034 on a CPU
STEPS = 100
CALLS = 200
GROWTH = {"cuda": 0, "cpu": 32 << 20}  # bytes


def goldens(device, network, notes, small):
    """The reference's numbers in both precisions, in batches of 1, 2 and 16, as class maps, and in eager PyTorch."""
    torch = device.torch
    model = device.filled(network)
    weights = model.state_dict()
    with torch.no_grad():
        with notes.guarded("float32"):
            _float32(device, network, model, notes)
        with notes.guarded("bf16"):
            _bf16(device, network, model, weights, notes)
        for form in CLASSES:
            with notes.guarded(form[1:]):
                _classes(device, network, form, weights, notes)
        with notes.guarded("batches"):
            _batches(device, model, notes)
        with notes.guarded("eager PyTorch"):
            _eager(device, network, model, weights, notes)
        with notes.guarded("memory"):
            _memory(device, model, notes, 40 if small else CALLS)


def _float32(device, network, model, notes):
    for shape, golden in network.goldens().items():
        found = first(model(formulas.image(device.torch, shape, device.name)))
        ratio = formulas.golden_ratio(device.torch, found, golden)
        notes.check(f"float32, images {shape}: difference from the reference, in tolerances of parity", ratio, FP32)


def _bf16(device, network, model, weights, notes):
    torch = device.torch
    half = device.form(network, "_bf16", weights)
    for shape, golden in network.goldens().items():
        images = formulas.image(torch, shape, device.name)
        found = first(half(images)).float()
        wanted = torch.tensor(golden["samples"], dtype=torch.float64)
        off = (formulas.samples(torch, found, len(wanted)) - wanted).abs().max() / wanted.abs().max()
        notes.check(f"bf16, images {shape}: difference from the reference, of its largest sample", off.item(), BF16)
        off = formulas.largest_share(torch, found, first(model(images)))
        notes.check(f"bf16, images {shape}: difference from float32, of the largest element", off, BF16)


def _classes(device, network, form, weights, notes):
    """The class map of photographs beside that of the float32 file on the CPU."""
    torch = device.torch
    pixels = (torch.arange(2 * 96 * 128 * 3) * 37 % 251).reshape(2, 96, 128, 3).to(torch.uint8)
    found = first(device.form(network, form, weights)(pixels.to(device.name))).cpu()
    exact = type(device)("cpu").form(network, "_classes", weights)
    share = (found != first(exact(pixels))).float().mean().item()
    notes.check(f"{form[1:]}: pixels of another class than in float32 on the CPU, share", share, CLASSES[form])


def _batches(device, model, notes):
    torch = device.torch
    images = formulas.image(torch, (16, 3, 64, 64), device.name)
    whole = first(model(images))
    for batch in (1, 2):
        parts = torch.cat([first(model(part)) for part in images.split(batch)])
        off = formulas.largest_share(torch, parts, whole)
        notes.check(f"batches of {batch} beside one of 16, of the largest element", off, BATCHES)


def _eager(device, network, model, weights, notes):
    try:
        peer = device.eager(network, weights)
    except ImportError as error:
        notes.left_out("eager PyTorch", f"the kit has no {network} in eager PyTorch: {error}")
        return
    images = formulas.image(device.torch, (2, 3, 128, 192), device.name)
    off = formulas.largest_share(device.torch, first(model(images)), first(peer(images)))
    notes.check("difference from eager PyTorch, of the largest element", off, EAGER)


def _memory(device, model, notes, calls):
    """What lives must not grow from call to call."""
    images = device.torch.zeros(1, 3, 64, 64, device=device.name)
    held = []
    for call in range(calls):
        first(model(images))
        if call in (calls // 2, calls - 1):
            held.append(device.held())
    notes.check(f"bytes that {calls // 2} calls leave", held[1] - held[0], GROWTH[device.name])


def training(device, network, notes, small):
    """A batch of two must be learned by heart."""
    torch = device.torch
    model = device.filled(network).train()
    images = formulas.image(torch, (2, 3, 64, 64), device.name)
    labels = (torch.arange(2 * 16 * 16, device=device.name) * 7 // 64 % 10).reshape(2, 16, 16)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], 1e-4)
    losses = []
    for _ in range(3 if small else STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(first(model(images)).float(), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    notes.figure("losses", losses[::10])
    notes.check(f"loss after {len(losses)} steps, of the first", losses[-1] / losses[0], 1 if small else LEARNED)


def of_a_run(device, folder, notes):
    """Files that segtrain exported on this machine give the same on the device as on the CPU."""
    torch = device.torch
    images = formulas.image(torch, (2, 3, 96, 128), "cpu")
    pixels = (images * 40 + 120).clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous()
    cpu = type(device)("cpu")
    with torch.no_grad():
        here, there = (first(one.load(folder / "model.pt")(images.to(one.name))) for one in (device, cpu))
        notes.check("logits beside the CPU's, of the largest element",
                    formulas.largest_share(torch, here, there), BATCHES)
        here, there = (first(one.load(folder / "classes.pt")(pixels.to(one.name))).cpu() for one in (device, cpu))
        notes.check("pixels of another class than on the CPU, share",
                    (here != there).float().mean().item(), CLASSES["_classes"])
