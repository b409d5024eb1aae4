"""Draws samples with the published training transforms and compares them with segtrain's.

    python tools/augmentation_statistics.py RULES CROP COUNT FOLDER [--linear] [--seed N]

tools/augmentation.sh calls it. FOLDER has the photographs that segtrain read (N.ppm, with labels N.pgm)
and a row for each of its samples (segtrain.csv). The same rows of the published transforms go to
published.csv, and a table of Kolmogorov-Smirnov distances to the output.

The transforms are written here from what they document and compute, not copied:

- aligned, exact: MMSegmentation 1.x (Apache-2.0), RandomResize with keep_ratio, RandomCrop with
  cat_max_ratio 0.75, RandomFlip, PhotoMetricDistortion, and the padding of its SegDataPreProcessor;
  mmcv.imrescale of MMCV 2 (Apache-2.0).
- openseg, hrformer: configs/ade20k/H_48_D_4.json of HRFormer (MIT), with the transforms and the collation of
  openseg.pytorch (MIT), which its code is built on. --linear resizes linearly, as the rules hrformer do.

Needs numpy and opencv-python-headless.
"""

import argparse
import csv
import math
import pathlib
import random

import cv2
import numpy

VOID = 255
HUES = 180
COLUMNS = [
    "scale", "aspect", "left", "top", "flipped", "share", "padding", "offset",
    "red", "redSpread", "green", "greenSpread", "blue", "blueSpread", "hue", "hueSpread",
]


class Changed:
    """A photograph (B G R) on its way, and what was done to it."""

    def __init__(self, image, labels):
        self.image, self.labels = image, labels
        self.height, self.width = labels.shape
        self.resized = (self.width, self.height)
        self.left = self.top = 0
        self.flipped = False

    def resize(self, width, height, interpolation):
        self.image = cv2.resize(self.image, (width, height), interpolation=interpolation)
        self.labels = cv2.resize(self.labels, (width, height), interpolation=cv2.INTER_NEAREST)
        self.resized = (width, height)

    def crop(self, left, top, side):
        self.image = self.image[top:top + side, left:left + side]
        self.labels = self.labels[top:top + side, left:left + side]
        self.left, self.top = left, top

    def flip(self):
        self.image = cv2.flip(self.image, 1)
        self.labels = cv2.flip(self.labels, 1)
        self.flipped = True


def mmsegmentation(changed, crop):
    """Returns where the crop lies in the padded square: at its top left."""
    draw = numpy.random
    ratio = draw.random_sample() * (2.0 - 0.5) + 0.5
    long_edge, short_edge = int(4 * crop * ratio), int(crop * ratio)
    scale = min(
        long_edge / max(changed.width, changed.height),
        short_edge / min(changed.width, changed.height))
    changed.resize(
        int(changed.width * scale + 0.5), int(changed.height * scale + 0.5), cv2.INTER_LINEAR)
    changed.crop(*varied_corner(changed.labels, crop), crop)
    if draw.random_sample() < 0.5:
        changed.flip()
    changed.image = photometric_distortion(changed.image)
    return 0, 0


def varied_corner(labels, crop, cat_max_ratio=0.75):
    def corner():
        top = numpy.random.randint(0, max(labels.shape[0] - crop, 0) + 1)
        left = numpy.random.randint(0, max(labels.shape[1] - crop, 0) + 1)
        return left, top

    left, top = corner()
    for _ in range(10):
        inside = labels[top:top + crop, left:left + crop]
        count = numpy.bincount(inside.ravel(), minlength=256)[:VOID]
        if (count > 0).sum() > 1 and count.max() / count.sum() < cat_max_ratio:
            break
        left, top = corner()
    return left, top


def photometric_distortion(image):
    draw = numpy.random

    def converted(values, alpha=1.0, beta=0.0):
        return numpy.clip(values.astype(numpy.float32) * alpha + beta, 0, 255).astype(numpy.uint8)

    def contrast(values):
        return converted(values, alpha=draw.uniform(0.5, 1.5)) if draw.randint(2) else values

    if draw.randint(2):
        image = converted(image, beta=draw.uniform(-32, 32))
    contrast_first = draw.randint(2)
    if contrast_first:
        image = contrast(image)
    if draw.randint(2):
        hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
        hsv[:, :, 1] = converted(hsv[:, :, 1], alpha=draw.uniform(0.5, 1.5))
        image = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
    if draw.randint(2):
        hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
        hsv[:, :, 0] = (hsv[:, :, 0].astype(int) + draw.randint(-18, 18)) % HUES
        image = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
    if not contrast_first:
        image = contrast(image)
    return image


def hrformer(changed, crop, interpolation):
    """Returns where the crop lies in the padded square: anywhere."""
    if random.random() <= 0.5:
        changed.flip()
    scale = crop / min(changed.width, changed.height)
    changed.resize(
        int(round(changed.width * scale)), int(round(changed.height * scale)), interpolation)
    scale = random.uniform(0.5, 2.0)
    aspect = random.uniform(0.9, 1.1)
    width, height = changed.resized
    changed.resize(
        int(width * math.sqrt(aspect) * scale), int(height * math.sqrt(1 / aspect) * scale),
        interpolation)
    width, height = changed.resized
    left = random.randint(0, width - min(crop, width))
    top = random.randint(0, height - min(crop, height))
    changed.crop(left, top, crop)
    shifted = changed.image.astype(numpy.float32) + random.randint(-10, 10)
    changed.image = numpy.clip(numpy.around(shifted), 0, 255).astype(numpy.uint8)
    height, width = changed.labels.shape
    return random.randint(0, crop - width), random.randint(0, crop - height)


def row(image, labels, rules, crop, interpolation):
    changed = Changed(image, labels)
    if rules in ("openseg", "hrformer"):
        offset = hrformer(changed, crop, interpolation)
    else:
        offset = mmsegmentation(changed, crop)
    width, height = changed.resized
    across, down = width / changed.width, height / changed.height
    count = numpy.bincount(changed.labels.ravel(), minlength=256)[:VOID]
    values = [
        math.sqrt(across * down), across / down, changed.left / width, changed.top / height,
        float(changed.flipped), count.max() / count.sum() if count.sum() else 0,
        1 - changed.labels.size / crop ** 2, (offset[0] + offset[1]) / crop,
    ]
    mean, spread = cv2.meanStdDev(changed.image)
    for channel in (2, 1, 0):
        values += [mean[channel, 0], spread[channel, 0]]
    hue = cv2.cvtColor(changed.image, cv2.COLOR_BGR2HSV)[:, :, 0]
    share = numpy.bincount(hue.ravel(), minlength=HUES) / hue.size
    direction = share @ numpy.exp(2j * numpy.pi * numpy.arange(HUES) / HUES)
    return values + [math.degrees(numpy.angle(direction)), 1 - abs(direction)]


def read(file):
    with open(file, newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0][1:] == COLUMNS, rows[0]
    numbers = numpy.array(rows[1:], dtype=float)
    return {int(k): numbers[numbers[:, 0] == k, 1:] for k in numpy.unique(numbers[:, 0])}


def distance(one, two):
    """Kolmogorov and Smirnov's: the largest difference of the two distribution functions."""
    places = numpy.concatenate([one, two])
    return numpy.abs(
        numpy.searchsorted(numpy.sort(one), places, "right") / len(one)
        - numpy.searchsorted(numpy.sort(two), places, "right") / len(two)).max()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rules", choices=["aligned", "exact", "openseg", "hrformer"])
    parser.add_argument("crop", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--linear", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    interpolation = cv2.INTER_LINEAR if options.linear else cv2.INTER_CUBIC
    cv2.setNumThreads(0)
    numpy.random.seed(options.seed)
    random.seed(options.seed)
    published = options.folder / "published.csv"
    with open(published, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["photograph"] + COLUMNS)
        for file in sorted(options.folder.glob("*.ppm"), key=lambda file: int(file.stem)):
            image = cv2.imread(str(file), cv2.IMREAD_COLOR)
            labels = cv2.imread(str(file.with_suffix(".pgm")), cv2.IMREAD_UNCHANGED)
            for _ in range(options.count):
                values = row(image, labels, options.rules, options.crop, interpolation)
                writer.writerow([int(file.stem)] + [f"{value:.6f}" for value in values])
    ours, theirs = read(options.folder / "segtrain.csv"), read(published)
    print("| statistic |" + "".join(f" photograph {k + 1} |" for k in ours))
    print("|---|" + "---|" * len(ours))
    for i, name in enumerate(COLUMNS):
        distances = [distance(ours[k][:, i], theirs[k][:, i]) for k in ours]
        print(f"| {name} |" + "".join(f" {value:.4f} |" for value in distances))


if __name__ == "__main__":
    main()
