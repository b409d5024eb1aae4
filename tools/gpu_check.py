#!/usr/bin/env python3
"""Checks segtrain on a GPU, from the kit that tools/gpu-check.sh packs. Needs Python 3.9 with a PyTorch for CUDA.

Part A runs exported files in that PyTorch, of any version. Part B runs segtrain, which needs a PyTorch 2.7.1 for
CUDA 12: in PYTORCH_LIBRARY_PATH, in Python, or as jars of the JavaCPP presets. All of it ends within nine minutes.

It writes gpu-check.json and gpu-check.txt after each phase. Exit codes: 0 all checks passed, 1 some failed, 3 none
failed but some were left out.
"""

import argparse
import os
import platform
import re
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from gpu_check import exported, libtorch, networks, processes, segtrain, speed
from gpu_check.notes import Lines, Report, first_line

SECONDS = 540
RESERVE = 8  # seconds that the last report may take
CHILD_START = 15  # seconds that a child needs for more than its figures
FIRST = ("machine", "libtorch", "doctor")  # which others need
SMALLEST = ("pvt_tiny", "shunted_tiny", "mpvit_tiny", "hrvit_b1", "hrformer_tiny")  # of each family
MORE_OF_SMALLEST = ("trajectory_pvt_tiny_semfpn", "trajectory_shunted_tiny_semfpn", "trajectory_mpvit_tiny_upernet",
                    "trajectory_hrvit_b1_segformer", "hrvit_b1_segformer", "hrvit_b1_segformer_mmseg",
                    "hrvit_b1_upernet")


class Clock:
    def __init__(self, seconds, patience=1):
        self.end = time.monotonic() + seconds
        self.patience = patience

    def left(self):
        return self.end - time.monotonic()

    def within(self, most):
        """Seconds that a process may take: at most so many, and never more than are left."""
        return max(1, min(most * self.patience, self.left() - RESERVE))


@dataclass(frozen=True)
class Phase:
    """A part of the check. It begins only if `least` seconds are left."""

    name: str
    part: str
    least: int
    run: Callable


class Check:
    """All phases, the most important first."""

    def __init__(self, options):
        self.options = options
        self.small = options.small
        self.out = Path(options.out).absolute()
        self.logs = self.out / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.work = Path(tempfile.mkdtemp(prefix="gpu-check-", dir=options.work))
        self.clock = Clock(options.seconds, 1 if options.device == "cuda" else 5)
        self.report = Report(self.out, facts(options, self.work))
        self.stopped = {}  # part -> why nothing of it can run
        self.command = None

    def phases(self):
        every = [str(network) for network in networks.NETWORKS.values()]
        steps = 6 if self.small else 300
        yield Phase("machine", "A", 10, self.machine)
        yield Phase("libtorch", "B", 10, self.libtorch)
        yield from (Phase(f"goldens {name}", "A", 25, self.child("goldens", name, 60)) for name in every)
        yield Phase("doctor", "B", 10, self.doctor)
        yield from (Phase(f"parity {name}", "B", 15, self.java(segtrain.parity, name)) for name in SMALLEST)
        yield Phase("training beside the CPU", "B", 40, self.java(segtrain.training, steps))
        yield Phase("resume", "B", 30, self.java(segtrain.resume, steps))
        yield Phase("memory", "B", 40, self.java(segtrain.memory, 30 if self.small else 1000))
        yield Phase("bf16", "B", 30, self.java(segtrain.bf16, max(4, steps // 3)))
        yield Phase("export", "B", 25, self.export)
        yield from (Phase(f"training {name}", "A", 20, self.child("training", name, 40)) for name in every)
        yield from (Phase(f"parity {name}", "B", 15, self.java(segtrain.parity, name)) for name in MORE_OF_SMALLEST)
        yield from self.times(every[:1])
        yield Phase(f"profile {every[0]}", "A", 20, self.child("profile", every[0], 45))
        yield Phase(f"profile of segtrain, {every[0]}", "B", 20,
                    self.java(segtrain.profile, networks.NETWORKS[every[0]], self.small))
        yield Phase(f"compiled {every[0]}", "A", 30, self.child("compiled", every[0], 75))
        yield from self.times(every[1:])
        yield from (Phase(f"parity {name}", "B", 15, self.java(segtrain.parity, name)) for name in self.other_goldens())
        yield from (Phase(f"compiled {name}", "A", 40, self.child("compiled", name, 75)) for name in every[1:])

    def times(self, names):
        """Exported files, eager PyTorch and segtrain."""
        for name in names:
            yield Phase(f"speed {name}", "A", 25, self.child("speed", name, 60))
            yield Phase(f"benchmark {name}", "B", 20,
                        self.java(segtrain.benchmark, networks.NETWORKS[name], self.small))

    def other_goldens(self):
        """Of larger variants."""
        return [file.stem for file in sorted((networks.KIT / "golden").glob("*.json"))
                if file.stem not in SMALLEST + MORE_OF_SMALLEST]

    def run(self):
        try:
            for phase in self.phases():
                if phase.part in self.options.parts and self.wanted(phase):
                    self.one(phase)
        finally:
            processes.kill_all()
            shutil.rmtree(self.work, ignore_errors=True)
        print(self.report.text(self.options.seconds - self.clock.left()), end="")
        return self.report.exit_code()

    def wanted(self, phase):
        """Whether --only names it."""
        return phase.name in FIRST or re.search(self.options.only, phase.name)

    def one(self, phase):
        """Runs a phase, or leaves it out. Nothing that happens in it stops the next."""
        report, begin = self.report, time.monotonic()
        report.phase = phase.name
        if phase.part in self.stopped:
            report.left_out(phase.name, self.stopped[phase.part])
        elif self.clock.left() - RESERVE < phase.least:
            report.left_out(phase.name, f"it takes {phase.least} s, and {max(0, self.clock.left()):.0f} s were left")
        else:
            print(f"{self.clock.left():4.0f} s left: {phase.name}", flush=True)
            with report.guarded(phase.name):
                phase.run()
            report.add("phases", {"name": phase.name, "seconds": round(time.monotonic() - begin, 1)})
        report.write()

    # ---- phases ----

    def child(self, kind, name, most):
        """A phase of part A: Python again, in a process of its own."""
        return lambda: self.ask(kind, name, most)

    def ask(self, kind, name, most):
        own = f"{kind}-{name}" if name else kind
        lines = self.work / f"{own}.jsonl"
        seconds = self.clock.within(most)
        words = [sys.executable, __file__, "--child", kind, "--network", name, "--lines", lines, "--device",
                 self.options.device, "--seconds", max(1, seconds - CHILD_START), "--work", self.work]
        caches = {cache: str(self.work / cache.lower()) for cache in ("TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR")}
        done = processes.run(words + ["--small"] * self.small, self.logs / own, seconds,
                             {**os.environ, **caches})
        self.report.read(lines)
        if done.code is None and kind == "compiled":
            self.report.left_out("the rest", done.reason())
        elif done.code != 0:
            self.report.failed(own, done.reason())
        return done.code == 0

    def machine(self):
        if not self.ask("machine", "", 60):
            self.stopped["A"] = "Python's PyTorch does not compute on the device"

    def libtorch(self):
        found, reasons = libtorch.find(self.options.device, self.work)
        for reason in reasons:
            self.report.figure("not taken", reason)
        if found is None:
            self.stopped["B"] = "no PyTorch 2.7.1 for CUDA; the figures of phase libtorch say why"
            self.report.left_out("libtorch", "; ".join(reasons))
            return
        self.report.check("symbols that DJL's JNI library misses", 0, 0)
        self.report.figure("taken", f"{found.place}, {found.flavor}")
        self.command = segtrain.Segtrain(found, self.options.device, self.work, self.logs, self.report, self.clock)

    def doctor(self):
        if not segtrain.doctor(self.command):
            self.stopped["B"] = "segtrain does not start, see phase doctor"

    def java(self, phase, *arguments):
        """A phase of part B."""
        return lambda: phase(self.command, *arguments)

    def export(self):
        if segtrain.export(self.command):
            self.ask("export", "", 40)


def facts(options, work):
    """What was run, for the head of the report."""
    kit = networks.KIT / "version"
    return {"kit": kit.read_text().strip() if kit.exists() else "unknown", "began": time.strftime("%Y-%m-%d %H:%M:%S"),
            "device": options.device, "sizes": "small" if options.small else "full", "parts": options.parts,
            "phases": options.only or "all",
            "room": f"{shutil.disk_usage(work).free / 1e9:.1f} GB in {work.parent}, of which 2 GB are needed",
            "machine": f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"}


# ---- children ----


def machine(device, notes):
    """What computes, and whether it does."""
    torch = device.torch
    notes.figure("PyTorch", f"{torch.__version__}, CUDA {torch.version.cuda}")
    if device.gpu:
        properties = torch.cuda.get_device_properties(0)
        notes.figure("GPU", f"{properties.name}, {properties.total_memory >> 20} MB, compute capability "
                            f"{properties.major}.{properties.minor}, of {torch.cuda.device_count()}")
    ones = torch.ones(512, 512, device=device.name)
    notes.check("a product of matrices, difference", ((ones @ ones).max().item() - 512), 0)


def be_child(options):
    notes = Lines(options.lines)
    deadline = time.monotonic() + options.seconds
    try:
        device = networks.Device(options.device)
        if options.child == "machine":
            machine(device, notes)
        elif options.child == "export":
            exported.of_a_run(device, Path(options.work), notes)
        else:
            network = networks.NETWORKS[options.network]
            kinds = {"goldens": exported.goldens, "training": exported.training}
            timed = {"speed": speed.exported, "compiled": speed.compiled, "profile": speed.profile}
            if options.child in kinds:
                kinds[options.child](device, network, notes, options.small)
            else:
                timed[options.child](device, network, notes, options.small, deadline)
    except Exception as error:  # its first line goes into the report, all of it into the log
        print(first_line(error), file=sys.stderr)
        raise
    return 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda", help="cpu tries the kit itself (cuda)")
    parser.add_argument("--small", action="store_true", help="small sizes and few steps, to try the kit itself")
    parser.add_argument("--parts", choices=["A", "B", "AB"], default="AB", help="what to run (AB)")
    parser.add_argument("--only", default="", help="regular expression that finds names of phases to run (all)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"time for all of it ({SECONDS})")
    parser.add_argument("--out", default="gpu-check-results", help="folder of the results (gpu-check-results)")
    parser.add_argument("--work", help="folder for runs and unpacked libraries, some GB (that of temporary files)")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--network", help=argparse.SUPPRESS)
    parser.add_argument("--lines", help=argparse.SUPPRESS)
    return parser.parse_args()


def end(signal_number, frame):
    raise SystemExit(128 + signal_number)  # the blocks around it clean up


def main():
    options = parse()
    if options.child:
        return be_child(options)
    signal.signal(signal.SIGTERM, end)
    return Check(options).run()


if __name__ == "__main__":
    sys.exit(main())
