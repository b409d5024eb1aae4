#!/usr/bin/env python3
"""Measures how soon segtrain starts, beside the import of PyTorch, in alternating rounds.

    tools/peer/startup.py [--segtrain PATH,PATH] [--kind version] [--rounds 10]

`version` is the time of `segtrain --version`. `step` is the time until a training has logged its first step:
`segtrain train --backbone pvt_tiny --dataset shapes`. Beside both stands `python -c "import torch"`. With several
launchers, such as those of two builds, all are measured in each round. A first start that is not counted comes before:
it unpacks the native libraries and lets a launcher write its archive of classes. Prints a row for each side: the
median in seconds with the least and the largest, and the ratio to the first launcher.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peer import pairs  # noqa: E402

TRAINING = ["train", "--backbone", "pvt_tiny", "--dataset", "shapes", "--iterations", "1000"]
SETTLES = 10  # seconds in which a launcher writes its archive
POLL = 0.002


def whole(command: list[str]) -> dict:
    begin = time.perf_counter()
    pairs.process(command)
    return {"s": time.perf_counter() - begin}


def first_step(launcher: str) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "run" / "log.jsonl"
        with open(Path(folder) / "said", "w+") as said:
            begin = time.perf_counter()
            child = subprocess.Popen(
                [launcher, *TRAINING, "--out", str(log.parent)], stdout=said, stderr=subprocess.STDOUT
            )
            try:
                while not (log.exists() and log.stat().st_size):
                    if child.poll() is not None:
                        said.seek(0)
                        raise RuntimeError(f"{launcher} ended before its first step: {said.read().strip()}")
                    time.sleep(POLL)
                return {"s": time.perf_counter() - begin}
            finally:
                child.kill()
                child.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segtrain", default="./segtrain", help="launchers, with commas between")
    parser.add_argument("--kind", choices=["version", "step"], default="version")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--no-torch", action="store_true", help="leave the import of PyTorch out")
    asked = parser.parse_args()
    launchers = asked.segtrain.split(",")
    starts = {
        launcher: (lambda launcher=launcher: whole([launcher, "--version"]))
        if asked.kind == "version"
        else (lambda launcher=launcher: first_step(launcher))
        for launcher in launchers
    }
    for start in starts.values():
        start()
    time.sleep(SETTLES)
    torch = {} if asked.no_torch else {"import torch": lambda: whole([sys.executable, "-c", "import torch; print(1)"])}
    rounds = pairs.alternate({**starts, **torch}, asked.rounds)
    print("| | seconds | ratio to the first |")
    print("|---|---|---|")
    for side in [*starts, *torch]:
        seconds = [figures[side]["s"] for figures in rounds if side in figures]
        if not seconds:
            print(f"| {side} | - | - |")
            continue
        ratio = pairs.row(pairs.ratios(rounds, "s", side, [launchers[0]])) if side != launchers[0] else "1"
        print(f"| {side} | {median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f}) | {ratio} |")


if __name__ == "__main__":
    main()
