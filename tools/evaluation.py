"""Computes what `segtrain eval --json` reports again, from masks that `segtrain predict` wrote.

    segtrain eval RUN --json > eval.json
    segtrain predict RUN DATA/images/validation --out predicted
    python3 tools/evaluation.py eval.json predicted/masks DATA/annotations/validation

Needs NumPy, SciPy and Pillow. Nothing of segtrain is used: the confusion matrix and its figures are
plain sums, Boundary IoU erodes the mask of each class as its authors do (a square of 3 pixels, d
times, the outside of the image being background; a pixel without a label is of every class, so that
it is no background, and then of none), and the interval draws with Java's published generator.
Exits with 1 if a figure differs by more than 1e-12.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

VOID = 255


def region(labels, k, void):
    height, width = labels.shape
    d = max(1, int(round(0.02 * np.sqrt(height**2 + width**2))))
    own = labels == k
    square = np.ones((3, 3), bool)
    inner = ndimage.binary_erosion(own | void, square, iterations=d, border_value=0)
    return own & ~inner


class JavaRandom:
    """The generator that the documentation of java.util.Random prescribes."""

    def __init__(self, seed):
        self.state = (seed ^ 0x5DEECE66D) & (2**48 - 1)

    def bits(self, count):
        self.state = (self.state * 0x5DEECE66D + 0xB) & (2**48 - 1)
        return self.state >> (48 - count)

    def below(self, bound):
        if bound & (bound - 1) == 0:
            return bound * self.bits(31) >> 31
        while True:
            value = self.bits(31)
            rest = value % bound
            if value - rest + bound - 1 < 2**31:
                return rest


def mean_iou(matrix):
    both = np.diagonal(matrix, axis1=-2, axis2=-1)
    either = matrix.sum(-1) + matrix.sum(-2) - both
    return np.nanmean(both / np.where(either == 0, np.nan, either))


def main():
    reported = json.loads(Path(sys.argv[1]).read_text())
    predictions, annotations = Path(sys.argv[2]), Path(sys.argv[3])
    size = len(reported["classes"])
    matrices, regions = [], np.zeros((3, size), np.int64)
    for file in sorted(annotations.rglob("*.png")):
        labels = np.array(Image.open(file)).astype(int)
        found = np.array(Image.open(predictions / file.relative_to(annotations))).astype(int)
        void = labels == VOID
        cells = np.bincount((labels * size + found)[~void], minlength=size * size)
        matrices.append(cells.reshape(size, size))
        found[void] = VOID
        for k in range(size):
            truth, guess = region(labels, k, void), region(found, k, void)
            regions[:, k] += [truth.sum(), guess.sum(), (truth & guess).sum()]
    matrices = np.array(matrices)
    matrix = matrices.sum(0)
    both, labelled, predicted = np.diagonal(matrix), matrix.sum(1), matrix.sum(0)
    with np.errstate(all="ignore"):
        iou = both / (labelled + predicted - both)
        columns = {
            "iou": iou,
            "accuracy": both / labelled,
            "precision": both / predicted,
            "f1": 2 * both / (labelled + predicted),
            "boundaryIou": regions[2] / (regions[0] + regions[1] - regions[2]),
            "pixels": labelled.astype(float),
            "predicted": predicted.astype(float),
        }
    means = {
        "meanAccuracy": np.nanmean(columns["accuracy"]),
        "accuracy": both.sum() / labelled.sum(),
        "meanPrecision": np.nanmean(columns["precision"]),
        "meanF1": np.nanmean(columns["f1"]),
        "frequencyWeightedIou": np.nansum(labelled * iou) / labelled.sum(),
        "meanBoundaryIou": np.nanmean(columns["boundaryIou"]),
    }
    random = JavaRandom(0)
    useful = [m for m in matrices if m.sum() > 0]
    resampled = []
    for _ in range(1000):
        drawn = [useful[random.below(len(useful))] for _ in useful]
        resampled.append(mean_iou(np.sum(drawn, 0)))
    low, high = np.percentile(resampled, [2.5, 97.5])

    pairs = [("meanIou", np.nanmean(iou), reported["meanIou"])]
    pairs += [(name, value, reported["means"][name]) for name, value in means.items()]
    pairs += [("low", low, reported["meanIouInterval"]["low"])]
    pairs += [("high", high, reported["meanIouInterval"]["high"])]
    for name, values in columns.items():
        for k, value in enumerate(values):
            pairs.append((f"{name} of {k}", value, reported["classes"][k][name]))
    wrong = 0
    for name, ours, theirs in pairs:
        theirs = np.nan if theirs is None else theirs
        differs = not (np.isnan(ours) and np.isnan(theirs)) and not abs(ours - theirs) <= 1e-12
        wrong += differs
        if differs or " of " not in name:
            print(f"{name}: {ours!r} here, {theirs!r} reported{', DIFFERENT' if differs else ''}")
    print(f"{len(pairs)} figures of {len(matrices)} images, {wrong} different")
    sys.exit(1 if wrong else 0)


main()
