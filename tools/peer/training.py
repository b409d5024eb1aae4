#!/usr/bin/env python3
"""Measures training of segtrain beside PyTorch: time and peak memory, as ratios in alternating rounds.

    tools/peer/training.py [--segtrain ./segtrain] [--kind step] [--backbones pvt_small,...] [--head fpn]

segtrain's passes are those of `segtrain benchmark --mode training`; its steps are those of `segtrain train` on noise
without photometric distortion. PyTorch's are those of passes.py in the variants of --variants, of which the
quickest counts in each round, and the lightest for the memory. Prints a row for each backbone and precision: the
median, and the least and largest ratio.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
import sys
import tempfile
import zlib
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peer import pairs  # noqa: E402

BACKBONES = "pvt_small,shunted_small,mpvit_small,hrvit_b1,hrformer_small"
VARIANTS = {
    "plain": [],
    "matmul": ["--attention", "matmul"],
    "channels-last": ["--channels-last"],
    "compiled": ["--compiled"],
}
WARM_UP = 6  # Java compiles meanwhile


def png(side: int, values: bytes, colours: int) -> bytes:
    """A picture of `colours` bytes a pixel, 1 or 3."""
    rows = b"".join(b"\0" + values[i : i + side * colours] for i in range(0, len(values), side * colours))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2 if colours == 3 else 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def noise(folder: Path, side: int, classes: int) -> None:
    """A data set of four images to train on and one to evaluate on; the labels are noise, too."""
    drawn = random.Random(1)
    for split, count in (("training", 4), ("validation", 1)):
        images, masks = folder / "images" / split, folder / "annotations" / split
        images.mkdir(parents=True)
        masks.mkdir(parents=True)
        for i in range(count):
            (images / f"{i}.png").write_bytes(png(side, drawn.randbytes(side * side * 3), 3))
            labels = bytes(value % classes for value in drawn.randbytes(side * side))
            (masks / f"{i}.png").write_bytes(png(side, labels, 1))
    (folder / "classes.txt").write_text("".join(f"class{i}\n" for i in range(classes)))


class Case:
    """One model in one precision."""

    def __init__(self, asked: argparse.Namespace, backbone: str, precision: str):
        self.asked = asked
        self.backbone = backbone
        self.precision = precision

    def sides(self) -> dict:
        ours = self.steps if self.asked.kind == "step" else self.passes
        names = self.asked.variants.split(",")
        return {"segtrain": ours, **{name: lambda name=name: self.peer(VARIANTS[name]) for name in names}}

    def common(self) -> list[str]:
        asked = self.asked
        return ["--precision", self.precision, "--batch", str(asked.batch)]

    def peer(self, variant: list[str]) -> dict:
        asked = self.asked
        command = [sys.executable, str(Path(__file__).with_name("passes.py")), self.backbone, asked.head]
        command += ["--kind", asked.kind, "--size", str(asked.size), "--classes", str(asked.classes)]
        command += ["--warm-up", str(WARM_UP), "--repeats", str(asked.repeats), *self.common(), *variant]
        out, peak = pairs.process(command)
        return {"ms": json.loads(out)["ms"], "mb": peak}

    def passes(self) -> dict:
        asked = self.asked
        command = [asked.segtrain, "benchmark", "--one", "--backbone", self.backbone, "--mode", "training"]
        command += ["--size", str(asked.size), "--warm-up", str(WARM_UP), "--repeats", str(asked.repeats)]
        command += self.common()
        if asked.head != "none":
            command += ["--head", asked.head, "--classes", str(asked.classes)]
        out, peak = pairs.process(command)
        return {"ms": json.loads(out)["median"], "mb": peak}

    def steps(self) -> dict:
        asked = self.asked
        with tempfile.TemporaryDirectory() as folder:
            data, run = Path(folder) / "data", Path(folder) / "run"
            noise(data, asked.size, asked.classes)
            steps = WARM_UP + asked.repeats
            command = [asked.segtrain, "train", "--backbone", self.backbone, "--head", asked.head]
            command += ["--dataset", "folder", "--data", str(data), "--crop", str(asked.size), "--workers", "1"]
            command += ["--no-photometric"]
            command += ["--iterations", str(steps), "--eval-every", str(steps), "--out", str(run), *self.common()]
            _, peak = pairs.process(command)
            rates = [json.loads(line).get("images_per_s") for line in (run / "log.jsonl").read_text().splitlines()]
            return {"ms": median(1000 * asked.batch / x for x in [x for x in rates if x][WARM_UP:]), "mb": peak}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segtrain", default="./segtrain")
    parser.add_argument("--kind", choices=["gradients", "step"], default="gradients")
    parser.add_argument("--backbones", default=BACKBONES)
    parser.add_argument("--head", default="none", help='"none" for the bare backbone (gradients only)')
    parser.add_argument("--precisions", default="fp32,bf16")
    parser.add_argument("--variants", default="plain,matmul", help=f"of {', '.join(VARIANTS)}")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--classes", type=int, default=150)
    parser.add_argument("--repeats", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print("| backbone | precision | time | peak memory |", "|---|---|---|---|", sep="\n", flush=True)
    for backbone in asked.backbones.split(","):
        for precision in asked.precisions.split(","):
            rounds = pairs.alternate(Case(asked, backbone, precision).sides(), asked.rounds)
            time, memory = (pairs.row(pairs.ratios(rounds, figure, "segtrain")) for figure in ("ms", "mb"))
            print(f"| {backbone} | {precision} | {time} | {memory} |", flush=True)


if __name__ == "__main__":
    main()
