"""Evaluates an exported model as MMSegmentation does, without segtrain, to compare figures with.

    segtrain export RUN --out model.pt --precision fp32
    python tools/evaluate.py model.pt IMAGES MASKS --classes 11 --edges 1440x360 --divisor 32
    segtrain eval RUN --precision fp32

IMAGES and MASKS are folders of files with the same names; masks hold class numbers, 255 is void.
It follows MMSegmentation 0.x (Apache-2.0) as documented: images are resized with
mmcv.imrescale's rounding, windows' scores are averaged (slide_inference), the probabilities of
scales and mirrored images are averaged (aug_test), scores are enlarged to the image before the
maximum is taken. The figures are written out here from their definitions, on integers.

Needs torch, numpy, opencv-python-headless and pillow.
"""

import argparse
import json
import pathlib

import cv2
import numpy
import torch
from PIL import Image

VOID = 255
MEAN = numpy.array([123.675, 116.28, 103.53], dtype=numpy.float32)
STD = numpy.array([58.395, 57.12, 57.375], dtype=numpy.float32)


def edges(text):
    numbers = sorted(int(number) for number in text.split("x"))
    return numbers[1], numbers[0]


def sides(text):
    numbers = [int(number) for number in text.split("x")]
    return (numbers[0], numbers[0]) if len(numbers) == 1 else tuple(numbers)


def rounded_up(pixels, divisor):
    return max(-(-max(pixels, 32) // divisor) * divisor, 32)


def view(image, options, ratio, mirrored):
    """The image as the model reads it, with the size of what is no padding."""
    height, width = image.shape[:2]
    if options.edges == "original":
        width_to, height_to = int(width * ratio + 0.5), int(height * ratio + 0.5)
    else:
        long_edge, short_edge = (int(edge * ratio) for edge in edges(options.edges))
        scale = min(long_edge / max(height, width), short_edge / min(height, width))
        width_to, height_to = int(width * scale + 0.5), int(height * scale + 0.5)
    if (width_to, height_to) != (width, height):
        image = cv2.resize(image, (width_to, height_to), interpolation=cv2.INTER_LINEAR)
    across, down = rounded_up(width_to, options.divisor), rounded_up(height_to, options.divisor)
    if not options.padded and (across, down) != (width_to, height_to):
        image = cv2.resize(image, (across, down), interpolation=cv2.INTER_LINEAR)
        width_to, height_to = across, down
    if mirrored:
        image = cv2.flip(image, 1)
    if options.padded:
        filled = numpy.empty((down, across, 3), numpy.uint8)
        filled[:] = numpy.round(MEAN).astype(numpy.uint8)
        filled[:height_to, :width_to] = image
        image = filled
    return image, height_to, width_to


def tensor(image, options):
    pixels = image.astype(numpy.float32)
    if options.bgr:
        pixels = pixels[:, :, ::-1]
    return torch.from_numpy(((pixels - MEAN) / STD).transpose(2, 0, 1).copy())[None]


def enlarged(scores, height, width, options):
    return torch.nn.functional.interpolate(
        scores, size=(height, width), mode="bilinear", align_corners=options.align_corners)


def slid(model, image, options):
    height, width = image.shape[2:]
    high, wide = sides(options.window)
    down, across = sides(options.stride) if options.stride else (high * 2 // 3, wide * 2 // 3)
    rows = max(height - high + down - 1, 0) // down + 1
    columns = max(width - wide + across - 1, 0) // across + 1
    sums = torch.zeros(1, options.classes, height, width)
    counts = torch.zeros(1, 1, height, width)
    for row in range(rows):
        for column in range(columns):
            bottom, right = min(row * down + high, height), min(column * across + wide, width)
            top, left = max(bottom - high, 0), max(right - wide, 0)
            part = image[:, :, top:bottom, left:right]
            scores = enlarged(model(part), bottom - top, right - left, options)
            sums[:, :, top:bottom, left:right] += scores
            counts[:, :, top:bottom, left:right] += 1
    return sums / counts


def scores_of(model, image, options, ratio, mirrored):
    """Scores at the size of the image, the right way round."""
    read, height, width = view(image, options, ratio, mirrored)
    batch = tensor(read, options)
    scores = slid(model, batch, options) if options.window else model(batch)
    if (height, width) != read.shape[:2]:
        scores = enlarged(scores, *read.shape[:2], options)[:, :, :height, :width]
    scores = enlarged(scores, *image.shape[:2], options)
    return scores


def prediction(model, image, options):
    views = [(ratio, flip) for ratio in options.scales for flip in ([False, True] if options.flip else [False])]
    if len(views) == 1:
        return scores_of(model, image, options, *views[0]).argmax(1)[0].numpy()
    shares = 0
    for ratio, mirrored in views:
        share = scores_of(model, image, options, ratio, mirrored).softmax(1)
        shares = shares + (share.flip(3) if mirrored else share)
    return (shares / len(views)).argmax(1)[0].numpy()


def figures(matrix):
    both = matrix.diagonal().astype(float)
    labelled, predicted = matrix.sum(1).astype(float), matrix.sum(0).astype(float)
    with numpy.errstate(invalid="ignore", divide="ignore"):
        iou = both / (labelled + predicted - both)
        recall, precision = both / labelled, both / predicted
        f1 = 2 * precision * recall / (precision + recall)
        return {
            "iou": iou, "precision": precision, "recall": recall, "f1": f1,
            "mIoU": numpy.nanmean(iou), "mAcc": numpy.nanmean(recall),
            "aAcc": both.sum() / labelled.sum(),
            "fwIoU": numpy.nansum(labelled / labelled.sum() * iou),
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("images", type=pathlib.Path)
    parser.add_argument("masks", type=pathlib.Path)
    parser.add_argument("--classes", type=int, required=True)
    parser.add_argument("--edges", default="2048x512", help="LONGxSHORT, or original")
    parser.add_argument("--divisor", type=int, default=32)
    parser.add_argument("--padded", action="store_true")
    parser.add_argument("--scales", default="1")
    parser.add_argument("--flip", action="store_true")
    parser.add_argument("--window")
    parser.add_argument("--stride")
    parser.add_argument("--bgr", action="store_true")
    parser.add_argument("--align-corners", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    options.scales = [float(scale) for scale in options.scales.split(",")]
    torch.set_num_threads(options.threads)
    model = torch.jit.load(options.model).eval()

    def run(batch):
        scores = model(batch)
        return (scores[0] if isinstance(scores, (tuple, list)) else scores).float()

    matrix = numpy.zeros((options.classes, options.classes), dtype=numpy.int64)
    with torch.inference_mode():
        for mask in sorted(options.masks.iterdir()):
            file = next(options.images.glob(mask.stem + ".*"))
            image = numpy.asarray(Image.open(file).convert("RGB"))
            labels = numpy.asarray(Image.open(mask)).astype(numpy.int64)
            found = prediction(run, image, options)
            valid = labels != VOID
            cells = labels[valid] * options.classes + found[valid]
            matrix += numpy.bincount(cells, minlength=matrix.size).reshape(matrix.shape)
    result = figures(matrix)
    print(json.dumps(matrix.tolist()))
    for name, value in result.items():
        print(name, numpy.round(value, 6).tolist() if numpy.ndim(value) else f"{value:.6f}")


if __name__ == "__main__":
    main()
