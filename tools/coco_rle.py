"""Compares predictions.json of `segtrain predict --format png,coco-rle` with its masks.

    pip install pycocotools numpy pillow
    python tools/coco_rle.py OUT

Decodes every entry by pycocotools, joins them to masks, compares these with OUT/masks, and encodes
the masks again, which must give the same texts. Without OUT it prints the texts of the masks in
CocoResultsTest.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from pycocotools import mask as coco

SMALL = [("010010110/101111000/000000001", 1), ("010010110/101111000/000000001", 0), ("1111", 1)]


def encoded(where):
    return coco.encode(np.asfortranarray(where, dtype=np.uint8))["counts"].decode()


def compare(out):
    masks = {}
    for entry in json.loads((out / "predictions.json").read_text()):
        name, lengths = entry["file_name"], entry["segmentation"]
        where = coco.decode(lengths).astype(bool)
        found = masks.setdefault(name, np.full(where.shape, 255, np.uint8))
        assert (found[where] == 255).all(), f"{name}: a pixel has two classes"
        found[where] = entry["category_id"]
        assert encoded(where) == lengths["counts"], f"{name}: pycocotools writes another text"
    for name, found in masks.items():
        mask = np.array(Image.open(out / "masks" / f"{name}.png"))
        assert np.array_equal(mask, found), f"{name}: the mask differs"
    print(f"{len(masks)} images are the same")


if len(sys.argv) > 1:
    compare(Path(sys.argv[1]))
else:
    for rows, label in SMALL:
        pixels = np.array([[int(c) for c in row] for row in rows.split("/")])
        print(rows, label, encoded(pixels == label))
