#!/usr/bin/env python3
"""Runs an exported file in PyTorch: compares it with what the blocks gave, and measures its time.

The folder holds model.pt, and cases.json with the inputs and outputs that it lists, as
tools/export-table.sh leaves them. Prints JSON.
"""

import json
import sys
import time
from pathlib import Path
from statistics import median

import torch

WARM_UP = 3


def array(folder, entry):
    data = bytearray((folder / entry["file"]).read_bytes())
    return torch.frombuffer(data, dtype=torch.float32).reshape(entry["shape"])


def compare(model, folder):
    difference, equal = 0.0, []
    for case in json.loads((folder / "cases.json").read_text()):
        wanted = array(folder, case["output"])
        found = model(array(folder, case["input"]))
        difference = max(difference, (found - wanted).abs().max().item())
        equal.append((found.argmax(1) == wanted.argmax(1)).double().mean().item())
    return {"pythonDifference": difference, "pythonEqual": sum(equal) / len(equal)}


def milliseconds(model, passes):
    image = torch.randn(1, 3, 512, 512)
    times = []
    for _ in range(WARM_UP + passes):
        start = time.perf_counter()
        model(image)
        times.append(1000 * (time.perf_counter() - start))
    return {"python": median(times[WARM_UP:])}


def main():
    folder, passes, threads = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    model = torch.jit.load(folder / "model.pt")
    with torch.no_grad():
        print(json.dumps({**compare(model, folder), **milliseconds(model, passes)}))


if __name__ == "__main__":
    main()
