"""Part A: times and memory of exported files beside eager and compiled PyTorch, and a profile of a step."""

import itertools
import statistics
import time
from contextlib import contextmanager, nullcontext

from .networks import all_of, first

PRECISIONS = ("fp32", "tf32", "bf16")
WARM_UP = 3
PATIENCE = 6  # seconds of repeats of one figure
TOP = 10  # kernels and operations that a profile lists


def sizes(small):
    """Edge of the images, batches, repeats."""
    return (64, (1,), 2) if small else (512, (2, 16, 1), 10)


def exported(device, network, notes, small, deadline):
    """The files, each beside the same network in eager PyTorch."""
    model = device.filled(network)
    subjects = {"exported": {"fp32": model, "bf16": device.form(network, "_bf16", model.state_dict())}}
    peer = _eager(device, network, model.state_dict(), notes)
    if peer is not None:
        subjects["eager"] = {"fp32": peer}
    _measure(device, network, subjects, notes, small, deadline)


def compiled(device, network, notes, small, deadline):
    """The network in eager PyTorch through torch.compile, which takes its time at the first pass."""
    peer = _eager(device, network, device.filled(network).state_dict(), notes)
    if peer is not None:
        subjects = {"compiled": {"fp32": device.torch.compile(peer, dynamic=False)}}
        _measure(device, network, subjects, notes, small, deadline)


def _eager(device, network, weights, notes):
    """The network in eager PyTorch, or None with a note."""
    try:
        return device.eager(network, weights)
    except ImportError as error:
        notes.left_out("eager PyTorch", f"the kit has no {network} in eager PyTorch: {error}")
        return None


def _measure(device, network, subjects, notes, small, deadline):
    """`subjects` have models by precision. One that has none in bf16 runs under autocast."""
    size, batches, repeats = sizes(small)
    figures = itertools.product(batches, ("inference", "training"), PRECISIONS, subjects)
    for batch, mode, precision, what in figures:
        name = f"{what}, {mode}, {precision}, batch {batch}"
        if _skipped(device, what, mode, precision, batch):
            continue
        if time.monotonic() > deadline:
            notes.left_out(name, "no time was left")
            continue
        with notes.guarded(name), _precision(device, subjects[what], precision) as model:
            images = device.torch.rand(batch, 3, size, size, device=device.name)
            cells = _times(device, _step(device, model, images, mode), repeats, deadline)
            notes.row(model=str(network), batch=batch, size=size, mode=mode, precision=precision, what=what, **cells,
                      images_per_s=round(1000 * batch / cells["ms"], 1))


def _skipped(device, what, mode, precision, batch):
    """What has no meaning: TF32 on a CPU, training of a file in bf16, compiling for single images."""
    return (precision == "tf32" and not device.gpu
            or what == "exported" and mode == "training" and precision == "bf16"
            or batch == 1 and device.gpu and (mode == "training" or what == "compiled"))


@contextmanager
def _precision(device, models, precision):
    device.tf32(precision == "tf32")
    alone = models.get(precision, models["fp32"])
    half = device.torch.autocast(device.name, dtype=device.torch.bfloat16)
    try:
        with half if precision == "bf16" and "bf16" not in models else nullcontext():
            yield alone
    finally:
        device.tf32(False)


def _step(device, model, images, mode):
    """A pass as `segtrain benchmark` makes it: training has gradients of all parameters and no optimiser."""
    torch = device.torch
    if mode == "inference":
        model.eval()

        def infer():
            with torch.no_grad():
                model(images)

        return infer
    model.train()
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]

    def learn():
        sum(one.float().sum() for one in all_of(model(images))).backward()
        for parameter in learned:
            parameter.grad = None

    return learn


def _times(device, step, repeats, deadline):
    """The median of the passes after the first few, milliseconds; also the first, which compiles.

    pass_mb is the GPU's memory that a pass takes, without weights and images.
    """
    times = []
    begin = time.monotonic()
    for i in range(WARM_UP + repeats):
        if i == WARM_UP:
            held = device.restart_peak()
            begin = time.monotonic()
        start = time.perf_counter()
        step()
        device.wait()
        times.append(1000 * (time.perf_counter() - start))
        if i > WARM_UP and (time.monotonic() - begin > PATIENCE or time.monotonic() > deadline):
            break
    counting = times[WARM_UP:]
    return {"ms": round(statistics.median(counting), 2), "fastest": round(min(counting), 2),
            "slowest": round(max(counting), 2), "first_pass_ms": round(times[0]), "pass_mb": device.peak_mb(held)}


def profile(device, network, notes, small, deadline):
    """Where a training step of the file goes: kernels, the gaps between them, the host's time."""
    del deadline  # it is short
    model = device.filled(network)
    subjects = {"exported": model}
    peer = _eager(device, network, model.state_dict(), notes)
    if peer is not None:
        subjects["eager"] = peer
    for what, subject in subjects.items():
        with notes.guarded(what):
            notes.figure(f"training step of {network}, {what}", _profile(device, subject, small))


def _profile(device, model, small):
    torch = device.torch
    size = 64 if small else 512
    images = torch.rand(2, 3, size, size, device=device.name)
    optimizer = torch.optim.AdamW([p for p in model.train().parameters() if p.requires_grad], 1e-5)

    def step():
        optimizer.zero_grad()
        first(model(images)).float().square().mean().backward()
        optimizer.step()
        device.wait()

    walls = []
    for _ in range(5):
        start = time.perf_counter()
        step()
        walls.append(1000 * (time.perf_counter() - start))
    kinds = torch.profiler.ProfilerActivity
    with torch.profiler.profile(activities=[kinds.CPU, kinds.CUDA] if device.gpu else [kinds.CPU]) as found:
        step()
    return {"ms without the profiler": min(walls), **_summary(torch, list(found.events()))}


def _summary(torch, events):
    """Microseconds come in."""
    host = [event for event in events if event.device_type == torch.autograd.DeviceType.CPU]
    kernels = [event for event in events if event.device_type == torch.autograd.DeviceType.CUDA]
    spans = [(event.time_range.start, event.time_range.end) for event in kernels]
    lengths = [(event.name, (end - start) / 1000) for event, (start, end) in zip(kernels, spans)]
    return {"host operations": len(host),
            "longest on the host": longest((event.name, event.self_cpu_time_total / 1000) for event in host),
            **gpu_time(spans), "longest kernels": longest(lengths)}


def gpu_time(spans):
    """Kernels, and how long the GPU worked and waited between the first and the last; microseconds in."""
    if not spans:
        return {"kernels": 0}
    spans = sorted(spans)
    busy, gaps, end = 0, [], spans[0][0]
    for begin, stop in spans:
        if begin > end:
            gaps.append(begin - end)
        busy += max(0, stop - max(begin, end))
        end = max(end, stop)
    return {"kernels": len(spans), "GPU busy ms": busy / 1000, "GPU idle ms": sum(gaps) / 1000, "gaps": len(gaps),
            "longest gap ms": max(gaps, default=0) / 1000}


def longest(times):
    """The names with the most time, milliseconds, and how often they came."""
    sums = {}
    for name, milliseconds in times:
        total, count = sums.get(name, (0, 0))
        sums[name] = total + milliseconds, count + 1
    best = sorted(sums.items(), key=lambda item: -item[1][0])[:TOP]
    return [f"{name[:60]} {total:.2f} ms in {count}" for name, (total, count) in best]
