#!/usr/bin/env python3
"""Measures exported files of segtrain beside PyTorch and ONNX Runtime, as ratios in alternating rounds of one process.

    tools/peer/inference.py --photographs my/images/images/training [--segtrain ./segtrain] [--backbones pvt_small,...]

It exports new weights of each backbone, and gives them to the models of this package, eager with PyTorch's fused
attention (sdpa) and with two products (matmul), plain and channels-last, and compiled, and to ONNX Runtime (package
onnxruntime). bf16 is autocast, or all of the model. A side makes --passes passes in each round, of which the quickest
counts; of the other sides the quickest counts. For int8 that is the fp32 file. It asserts that all outputs in fp32
agree. Prints a row for each backbone and precision: medians in ms, and the median ratio with the least and the largest.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import peer  # noqa: E402
from peer import pairs  # noqa: E402

BACKBONES = "pvt_small,shunted_small,mpvit_small,hrvit_b1,hrformer_small"
NEAR = 1e-3  # of the largest score

Pass = Callable[[], torch.Tensor]


class Case:
    """One backbone with exported files in a folder."""

    def __init__(self, asked: argparse.Namespace, backbone: str, folder: Path):
        self.asked = asked
        self.backbone = backbone
        self.folder = folder
        self.images = torch.randn(asked.batch, 3, asked.size, asked.size)
        self.plain = self.export("plain.pt")

    def export(self, name: str, *options: str) -> Path:
        file = self.folder / f"{self.backbone}-{name}"
        command = [self.asked.segtrain, "export", "--backbone", self.backbone, "--head", self.asked.head]
        command += ["--classes", str(self.asked.classes), "--crop", str(self.asked.size), "--out", str(file), *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return file

    def script(self, name: str, *options: str) -> Pass:
        model = torch.jit.load(str(self.export(name, *options))).eval()
        for _ in range(2):  # small, as docs/export.md says
            model(torch.zeros(1, 3, 64, 64))
        return lambda: model(self.images)

    def onnx(self) -> Pass:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        session = onnxruntime.InferenceSession(str(self.export("plain.onnx")), options)
        images = self.images.numpy()
        return lambda: torch.from_numpy(session.run(None, {"image": images})[0])

    def eager(self, attention: str, last: bool, compiled: bool = False, autocast=False, rounded=False) -> Pass:
        model = peer.build(self.backbone, self.asked.head, self.asked.classes, attention, auxiliary=False)
        model.load_state_dict(peer.state_dict(self.plain))
        model.eval()
        images = self.images
        if rounded:
            model, images = model.bfloat16(), images.bfloat16()
        if last:
            model = model.to(memory_format=torch.channels_last)
            images = images.contiguous(memory_format=torch.channels_last)
        run = torch.compile(model) if compiled else model

        def forward() -> torch.Tensor:
            with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
                return run(images).float()

        return forward

    def sides(self, precision: str) -> dict[str, Pass]:
        photographs = ["--int8", self.asked.photographs]
        if precision == "int8":
            return {"segtrain": self.script("int8.pt", *photographs), "fp32": self.script("cpu.pt", "--cpu")}
        low = [{}] if precision == "fp32" else [{"autocast": True}, {"rounded": True}]
        ours = ["--cpu", "--precision", precision]
        sides = {"segtrain": self.script(f"{precision}.pt", *ours)}
        for kind in low:
            name = " ".join(kind)
            for variant in self.asked.variants.split(","):
                attention, _, layout = variant.partition("-")
                sides[f"{name} {variant}".strip()] = self.eager(attention, layout == "last", **kind)
            if self.asked.compiled:
                sides[f"{name} compiled".strip()] = self.eager("sdpa", True, compiled=True, **kind)
        if precision == "fp32" and not self.asked.no_onnx:
            sides["onnxruntime"] = self.onnx()
        return sides

    def check(self, sides: dict[str, Pass]) -> None:
        wanted = sides["segtrain"]()
        for name, side in sides.items():
            gap = (side() - wanted).abs().max().item()
            assert gap <= NEAR * wanted.abs().max().item(), f"{self.backbone}: {name} differs by {gap}"

    def measure(self, precision: str) -> str:
        with torch.inference_mode():
            sides = self.sides(precision)
            if precision == "fp32":
                self.check(sides)
            for side in sides.values():
                side()
            turns = {name: timed(side, self.asked.passes) for name, side in sides.items()}
            rounds = pairs.alternate(turns, self.asked.rounds)
        others = {name: median(figures[name]["ms"] for figures in rounds) for name in sides if name != "segtrain"}
        best = min(others, key=others.__getitem__)
        own = median(figures["segtrain"]["ms"] for figures in rounds)
        ratio = pairs.row(pairs.ratios(rounds, "ms", "segtrain"))
        return f"| {self.backbone} | {precision} | {own:.0f} | {best} {others[best]:.0f} | {ratio} |"


def timed(side: Pass, passes: int) -> Callable[[], dict[str, float]]:
    """The quickest of some passes: the first has memory and caches of another side."""

    def run() -> dict[str, float]:
        times = []
        for _ in range(passes):
            start = time.perf_counter()
            side()
            times.append(1000 * (time.perf_counter() - start))
        return {"ms": min(times)}

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segtrain", default="./segtrain")
    parser.add_argument("--photographs", help="a folder of images, for int8")
    parser.add_argument("--backbones", default=BACKBONES)
    parser.add_argument("--head", default="fpn")
    parser.add_argument("--precisions", default="fp32,bf16,int8")
    parser.add_argument("--variants", default="sdpa,matmul,sdpa-last,matmul-last", help="of eager PyTorch")
    parser.add_argument("--compiled", action="store_true", help="also torch.compile, which takes minutes and g++")
    parser.add_argument("--no-onnx", action="store_true")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--classes", type=int, default=150)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print("| backbone | precision | segtrain ms | best of the others, ms | ratio |", "|---|---|---|---|---|", sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        for backbone in asked.backbones.split(","):
            case = Case(asked, backbone, Path(folder))
            for precision in asked.precisions.split(","):
                print(case.measure(precision), flush=True)


if __name__ == "__main__":
    main()
