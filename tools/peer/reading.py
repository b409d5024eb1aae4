#!/usr/bin/env python3
"""Measures the images per second that one core reads and augments: segtrain beside OpenCV-Python.

    tools/peer/reading.py [--rounds N] [--seconds S] [--classpath FILE] DATASET DATA CROP ...

DATASET is that of `segtrain train`, DATA its folder, CROP the side of the square crop: camvid DIR 360 ade20k DIR 512.
The other side has the transforms of MMSegmentation's training pipelines, written from its documentation: load the
photograph and the labels, RandomResize (0.5-2), RandomCrop (cat_max_ratio 0.75), RandomFlip, PhotoMetricDistortion,
padding. tools/augmentation_statistics.py has most of them. Both sides make bytes of the crop's size on one thread.
Figures are images per second of processor time; segtrain's includes the compiler's and the garbage collector's.

Needs Maven for segtrain's class path, or a file with it; numpy and opencv-python-headless.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy

sys.path[:0] = [str(folder) for folder in Path(__file__).resolve().parents[:2]]  # peer itself imports torch
from augmentation_statistics import Changed, mmsegmentation  # noqa: E402
from pairs import alternate, ratios, row  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
JVM = ["-Xmx2g", "-XX:+UseSerialGC", "-Djava.awt.headless=true"]  # the launcher's
VOID = 255
WARM_UP = 10  # seconds until Java has compiled


def class_path(given):
    if given:
        return given.read_text().strip()
    with tempfile.NamedTemporaryFile("r", suffix=".txt") as file:
        command = ["mvn", "-B", "-q", "-pl", "train", "-am", "test-compile", "dependency:build-classpath"]
        subprocess.run([*command, f"-Dmdep.outputFile={file.name}"], cwd=ROOT, check=True)
        classes = [str(ROOT / "train/target" / name) for name in ("test-classes", "classes")]
        return ":".join([*classes, Path(file.name).read_text().strip()])


class Segtrain:
    """The Java program, which stays warm between rounds."""

    def __init__(self, classes, dataset, data, crop):
        self.process = subprocess.Popen(
            ["java", *JVM, "-cp", classes, "org.segtrain.data.ReadingSpeed", dataset, data, str(crop)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def images(self, what, seconds):
        self.process.stdin.write(f"{what} {seconds}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Published:
    """MMSegmentation's transforms on OpenCV and numpy."""

    def __init__(self, dataset, data, crop):
        self.crop = crop
        self.has_background = dataset.startswith("ade20k")
        self.photographs = sorted(str(file) for file in Path(data).glob("**/images/train*/*.jpg"))
        if not self.photographs:
            sys.exit(f"{data} has no images/train*/*.jpg")
        self.count = 0

    def sample(self, is_augmented):
        name = self.photographs[self.count % len(self.photographs)]
        self.count += 1
        photograph = cv2.imread(name)
        labels = cv2.imread(name.replace("/images/", "/annotations/")[:-3] + "png", cv2.IMREAD_UNCHANGED)
        if self.has_background:  # reduce_zero_label
            labels[labels == 0] = VOID
            labels = labels - 1
            labels[labels == VOID - 1] = VOID
        if is_augmented:
            changed = Changed(photograph, labels)
            mmsegmentation(changed, self.crop)
            down, across = (max(0, self.crop - side) for side in changed.labels.shape)
            if down or across:
                cv2.copyMakeBorder(changed.image, 0, down, 0, across, cv2.BORDER_CONSTANT, value=(0, 0, 0))
                cv2.copyMakeBorder(changed.labels, 0, down, 0, across, cv2.BORDER_CONSTANT, value=VOID)

    def images(self, what, seconds):
        first, before, start = self.count, time.process_time(), time.perf_counter()
        while time.perf_counter() - start < seconds:
            self.sample(what == "augment")
        return (self.count - first) / (time.process_time() - before)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--classpath", type=Path)
    parser.add_argument("data", nargs="+", metavar="DATASET DATA CROP")
    options = parser.parse_args()
    if len(options.data) % 3 != 0:
        parser.error("give DATASET, DATA and CROP of each")
    cv2.setNumThreads(1)
    classes = class_path(options.classpath)
    print(f"OpenCV-Python {cv2.__version__}, numpy {numpy.__version__}")
    for dataset, data, crop in zip(*[iter(options.data)] * 3):
        segtrain = Segtrain(classes, dataset, str(Path(data).resolve()), int(crop))
        published = Published(dataset, data, int(crop))
        for what in ("read", "augment"):
            segtrain.images(what, WARM_UP)
            published.images(what, options.seconds / 3)
            rounds = alternate({
                "segtrain": lambda: {"images": segtrain.images(what, options.seconds)},
                "opencv": lambda: {"images": published.images(what, options.seconds)},
            }, options.rounds)
            figures = {side: row([each[side]["images"] for each in rounds]) for side in ("segtrain", "opencv")}
            ratio = row(ratios(rounds, "images", "segtrain"))
            print(json.dumps({"dataset": dataset, "what": what, "ratio": ratio, **figures}), flush=True)
        segtrain.close()


if __name__ == "__main__":
    main()
