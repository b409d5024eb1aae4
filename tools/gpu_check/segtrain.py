"""Part B: the command, with the Java of the kit and a PyTorch of the machine. fp32 is without TF32."""

import json
import os
import shutil
import statistics
import subprocess
import time

from . import processes, speed
from .networks import CLASSES, KIT

COMMAND = "org.segtrain.cli.Segtrain"
HEAP = ("-Xmx4g",)
WHOLE_HEAP = ("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch")  # so that whatever grows is native
UTF8 = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
CONFUSING = ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "NVIDIA_TF32_OVERRIDE",
             "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "PYTORCH_LIBRARY_PATH", "PYTORCH_VERSION", "PYTORCH_FLAVOR")
START = ("--backbone", "pvt_tiny", "--head", "fpn", "--classes", 12)  # shapes has 12 classes
FIRST_LOSS = 1e-4  # relative difference; the weights are the same
FIRST_LOSSES = 0.005  # of the first steps; one thread and two of a CPU differ by 2e-5
ALL_LOSSES = 0.05  # mean of the relative differences
LAST_LOSSES = 1.1  # of the CPU's or of float32
LEARNED = 0.9  # of the first loss
SAME_SCORE = {"fp32": 0.005, "bf16": 0.02}  # difference of mIoU
GROWTH = {"resident": 96, "second half": 48, "gpu": 32}  # MB after step 100; a CPU grew by 44 from step 100 to 900


class Segtrain:
    """Runs commands, each in a process of its own with a time limit."""

    def __init__(self, libtorch, device, work, logs, notes, clock):
        self.libtorch = libtorch
        self.gpu = device == "cuda"
        self.device = "gpu" if self.gpu else "cpu"
        self.work = work
        self.logs = logs
        self.notes = notes
        self.clock = clock

    def java(self, main, arguments, heap):
        classes = os.pathsep.join([f"{KIT}/lib/*", *self.libtorch.jars])
        return [KIT / "runtime/bin/java", *heap, "-XX:+UseSerialGC", "-Djava.awt.headless=true",
                "-Dai.djl.offline=true", "-Doffline=true", "-Dsegtrain.command=segtrain", "-cp", classes, main,
                *arguments]

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if name not in CONFUSING}
        own = {"DJL_CACHE_DIR": str(self.work / "cache"), **self.libtorch.environment()}
        return {**kept, **UTF8, **own}

    def run(self, name, arguments, most, main=COMMAND, heap=HEAP, watch=None):
        """Runs a command for `most` seconds at most, or as long as there is time."""
        return processes.run(self.java(main, arguments, heap), self.logs / name, self.clock.within(most),
                             self.environment(), watch)

    def passes(self, name, arguments, most, **more):
        """Runs it, and its exit code is a check. Returns what it printed, or None if it failed."""
        done = self.run(name, arguments, most, **more)
        passed = done.code == 0
        self.notes.check(f"exit code of {name}", done.code, 0, passed, "" if passed else done.reason())
        return done.out if passed else None


def doctor(segtrain):
    """Whether segtrain starts, and on what. The first start may unpack PyTorch, 3.5 GB."""
    text = segtrain.passes("doctor", ["doctor", "--device", segtrain.device], 150)
    segtrain.notes.figure("doctor", (text or "").splitlines())
    return text is not None


def parity(segtrain, golden):
    """The reference's numbers about one network, as the project's tests compare them."""
    words = ["parity", "--device", segtrain.device, KIT / f"golden/{golden}.json"]
    text = segtrain.passes(f"parity-{golden}", words, 90)
    if text:
        segtrain.notes.figure("result", text.splitlines()[-1])


# ---- training ----


def train(segtrain, name, steps, most, device=None, precision="fp32", threads=None, **more):
    """A training on generated scenes. Returns its folder, or None if it failed."""
    folder = segtrain.work / name
    words = [*_options(segtrain, steps, precision), *_place(segtrain, device, threads), "--out", folder]
    return None if segtrain.passes(f"train-{name}", words, most, **more) is None else folder


def _options(segtrain, steps, precision):
    return ["--backbone", "pvt_tiny", "--head", "fpn", "--dataset", "shapes", "--weights", _start(segtrain),
            "--crop", 64, "--batch", 4, "--warmup", 0, "--precision", precision, "--save-every", 0,
            "--iterations", steps, "--eval-every", 2 * steps]


def _place(segtrain, device, threads):
    device = device or segtrain.device
    threads = threads or (1 if device == segtrain.device == "cpu" else min(8, os.cpu_count()))
    return ["--device", device, "--threads", threads, "--workers", min(4, os.cpu_count())]


def _start(segtrain):
    """The weights that all runs begin with. New ones are drawn on the device, where a seed may give others."""
    file = segtrain.work / "start.pt"
    if not file.exists():
        done = segtrain.run("export-start", ["export", *START, "--out", file], 60)
        if done.code != 0:
            raise RuntimeError(f"no weights to begin with: {done.reason()}")
    return file


def trained(segtrain):
    """The folder of the training beside the CPU, which other phases start from."""
    folder = segtrain.work / "device"
    if not (folder / "last.safetensors").exists():
        raise RuntimeError("there is no run: the phase \"training beside the CPU\" failed or was left out")
    return folder


def log_of(folder):
    """The steps of a run, of which one may be half written."""
    path = folder / "log.jsonl"
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    steps = (json.loads(line) for line in lines if line.endswith("\n"))
    return [step for step in steps if "loss" in step]


def losses(folder):
    return [step["loss"] for step in log_of(folder)]


def training(segtrain, steps):
    """The loss of each step beside that of the CPU."""
    here = train(segtrain, "device", steps, 120)
    there = train(segtrain, "cpu", steps, 150, "cpu", threads=None if segtrain.gpu else 2)
    if here is None or there is None:
        raise RuntimeError("there are no two curves to compare")
    found, wanted = losses(here), losses(there)
    segtrain.notes.check("steps in the log", len(found), steps, len(found) == len(wanted) == steps)
    _compare(segtrain.notes, found, wanted)
    notes = segtrain.notes
    notes.figure("losses here and on the CPU", [[a, b] for a, b in list(zip(found, wanted))[::max(1, steps // 15)]])
    for where, folder in (("here", here), ("on the CPU", there)):
        notes.figure(f"images/s {where}, median", statistics.median(s["images_per_s"] for s in log_of(folder)[2:]))


def _compare(notes, found, wanted):
    """Two curves of losses from the same weights and images."""
    off = [abs(a / b - 1) for a, b in zip(found, wanted)]
    begin, tail = max(2, len(off) // 30), max(2, len(off) // 10)
    end, wanted_end = statistics.mean(found[-tail:]), statistics.mean(wanted[-tail:])
    notes.check("first loss, relative difference from the CPU's", off[0], FIRST_LOSS)
    notes.check(f"first {begin} losses, largest relative difference", max(off[:begin]), FIRST_LOSSES)
    notes.check("all losses, mean relative difference", statistics.mean(off), ALL_LOSSES)
    notes.check(f"mean of the last {tail} losses, of the CPU's or the other way round",
                max(end / wanted_end, wanted_end / end), LAST_LOSSES)
    notes.check(f"mean of the last {tail} losses, of the first loss", end / found[0], LEARNED)


def resume(segtrain, steps):
    """A training that is stopped in the middle and resumed gives the bits of one that was not."""
    whole, half = trained(segtrain), segtrain.work / "half"
    words = [*_options(segtrain, steps, "fp32"), *_place(segtrain, None, None), "--out", half]
    segtrain.run("train-half", words, 90, watch=lambda: len(log_of(half)) >= steps // 2)
    done = len(losses(half))
    segtrain.notes.check("steps before the interruption", done, steps - 1, 0 < done < steps)
    place = _place(segtrain, None, None)
    if segtrain.passes("train-resumed", ["--resume", half, *place], 90) is None:
        return
    found, wanted = losses(half), losses(whole)
    off = max(abs(a / b - 1) for a, b in zip(found, wanted)) if len(found) == len(wanted) else float("nan")
    same = _same(half, whole)
    detail = ""
    if not same:
        again = train(segtrain, "again", steps, 90)
        detail = "" if again is None else (
            "two uninterrupted runs have the same bits" if _same(again, whole) else "two uninterrupted runs differ too")
    segtrain.notes.check("losses of the resumed run, largest relative difference", off, 0, detail=detail)
    segtrain.notes.check("checkpoints of both runs that differ", int(not same), 0, detail=detail)


def _same(one, other):
    """Whether two runs ended with the same bytes."""
    files = [folder / "last.safetensors" for folder in (one, other)]
    return files[0].stat().st_size == files[1].stat().st_size and _bytes(files[0]) == _bytes(files[1])


def _bytes(file):
    return file.read_bytes()


class GpuMemory:
    """Asks nvidia-smi now and then how much memory all processes hold on the GPU, MB."""

    def __init__(self, every=1.0):
        self.command = shutil.which("nvidia-smi")
        self.every = every
        self.next = 0
        self.highest = None

    def watch(self):
        """Returns the memory, or None if it was not asked."""
        now = time.monotonic()
        if self.command is None or now < self.next:
            return None
        self.next = now + self.every
        try:
            text = subprocess.run(
                [self.command, "--query-gpu=memory.used", "--format=csv,noheader,nounits"],
                capture_output=True, text=True, timeout=10, check=True).stdout
            used = int(text.split()[0])
        except (OSError, ValueError, IndexError, subprocess.SubprocessError):
            self.command = None
            return None
        self.highest = max(used, self.highest or 0)
        return used


def memory(segtrain, steps):
    """Neither the process nor the GPU holds more from step to step."""
    gpu, seen = GpuMemory(), []
    folder = segtrain.work / "memory"

    def watch():
        used = gpu.watch()
        if used is not None:
            seen.append((len(log_of(folder)), used))
        return False

    train(segtrain, "memory", steps, 150, heap=WHOLE_HEAP, watch=watch)
    log = log_of(folder)
    notes = segtrain.notes
    notes.check("steps in the log", len(log), steps, len(log) == steps)
    resident = [step["resident_mb"] for step in log]
    begin = steps // 10
    for start, limit in ((begin, GROWTH["resident"]), (steps // 2, GROWTH["second half"])):
        notes.check(f"MB by which the process grew from step {start} to {steps}", growth(resident[start:]), limit)
    notes.figure("resident MB at every tenth of the steps", resident[::max(1, begin)] + resident[-1:])
    notes.figure("kB a step in the second half, by a straight line", 1024 * slope(resident[steps // 2:]))
    held = [used for step, used in seen if begin <= step < steps]
    if segtrain.gpu and len(held) < 2:
        notes.left_out("memory of the GPU", "nvidia-smi gave no two figures")
    elif segtrain.gpu:
        name = f"MB by which the GPU's memory grew from step {begin} to {steps}"
        notes.check(name, max(held) - held[0], GROWTH["gpu"])
        notes.figure("GPU's MB", [held[0], max(held), held[-1]])
    shutil.rmtree(folder, ignore_errors=True)


def growth(values):
    """From the mean of the first tenth to that of the last."""
    tenth = max(1, len(values) // 10)
    return statistics.mean(values[-tenth:]) - statistics.mean(values[:tenth])


def slope(values):
    """Of the straight line through values at 0, 1, ...: least squares."""
    middle, mean = (len(values) - 1) / 2, statistics.mean(values)
    squares = sum((i - middle) ** 2 for i in range(len(values)))
    return sum((i - middle) * (value - mean) for i, value in enumerate(values)) / squares


def bf16(segtrain, steps):
    """Training in bf16 beside float32, and the score of one checkpoint in each precision beside the CPU's."""
    whole = trained(segtrain)
    run = train(segtrain, "bf16", steps, 90, precision="bf16")
    if run is not None:
        tail = max(2, steps // 10)
        share = statistics.mean(losses(run)[-tail:]) / statistics.mean(losses(whole)[steps - tail:steps])
        segtrain.notes.check(f"mean of the losses before step {steps} in bf16, of those in float32", share, LAST_LOSSES)
    wanted = _score(segtrain, whole, "cpu", "fp32")
    for precision, limit in SAME_SCORE.items():
        found = _score(segtrain, whole, segtrain.device, precision)
        if found is not None and wanted is not None:
            segtrain.notes.check(f"mIoU in {precision}, difference from float32 on the CPU", abs(found - wanted), limit)
            segtrain.notes.figure(f"mIoU in {precision}, and on the CPU", [found, wanted])


def _score(segtrain, run, device, precision):
    words = ["eval", run, "--json", "--precision", precision, "--device", device]
    text = segtrain.passes(f"eval-{device}-{precision}", words, 60)
    return None if text is None else json.loads(text)["meanIou"]


def export(segtrain):
    """Files of the run, which part A's Python then loads. Export itself computes on the CPU."""
    run = trained(segtrain)
    made = [segtrain.passes(f"export-{name}", ["export", run, "--out", segtrain.work / f"{name}.pt", *options], 90)
            for name, options in (("model", []), ("classes", ["--input", "uint8", "--output", "class_map"]))]
    return all(text is not None for text in made)


# ---- times ----


def benchmark(segtrain, network, small):
    """Rows of the same table as those of part A: each figure in a process of its own."""
    size, batches, repeats = speed.sizes(small)
    for batch in [batch for batch in batches if batch > 1] or batches:
        for mode in ("inference", "training"):
            for precision in speed.PRECISIONS if segtrain.gpu else ("fp32", "bf16"):
                name = f"{network}, {mode}, {precision}, batch {batch}"
                if segtrain.clock.left() < 20:
                    segtrain.notes.left_out(name, "no time was left")
                    continue
                with segtrain.notes.guarded(name):
                    _measure(segtrain, network, mode, precision, batch, size, repeats)


def _measure(segtrain, network, mode, precision, batch, size, repeats):
    gpu = GpuMemory(0.5)
    words = ["benchmark", "--one", "--backbone", network.backbone, "--head", network.head, "--classes", CLASSES,
             "--size", size, "--batch", batch, "--mode", mode, "--precision", precision,
             "--warm-up", speed.WARM_UP, "--repeats", repeats, "--device", segtrain.device]
    done = segtrain.run(f"benchmark-{network}-{mode}-{precision}-{batch}", words, 60,
                        watch=lambda: gpu.watch() is False)
    if done.code != 0:
        raise RuntimeError(done.reason())
    found = json.loads(done.out.splitlines()[-1])
    segtrain.notes.row(
        model=str(network), batch=batch, size=size, mode=mode, precision=precision, what="segtrain",
        ms=round(found["median"], 2), fastest=round(found["fastest"], 2), slowest=round(found["slowest"], 2),
        images_per_s=round(1000 * batch / found["median"], 1), gpu_mb=gpu.highest)


def profile(segtrain, network, small):
    """Operations of a training pass. DJL's profiler times each on the GPU by events, so its gaps are not seen."""
    trace = segtrain.work / "trace.json"
    words = [segtrain.device, network.backbone, network.head, 64 if small else 512, trace]
    text = segtrain.passes("profile", words, 60, main="Profile")
    if text is not None:
        segtrain.notes.figure(f"training pass of {network}, segtrain", {
            "ms without the profiler": float(text.split()[-1]), **_summary(json.loads(trace.read_text()))})


def _summary(events):
    spans = {"CPU": [], "CUDA": []}
    for event in events:
        place = str(event.get("pid")).split(" ")[0]  # "CPU Functions"
        if event.get("ph") == "X" and place in spans:
            spans[place].append((event["name"], event["dur"] / 1000))
    return {"host operations": len(spans["CPU"]),
            "longest on the host, with what they call": speed.longest(spans["CPU"]),
            "operations on the GPU": len(spans["CUDA"]), "longest on the GPU": speed.longest(spans["CUDA"])}
