"""Measures sides against each other: in rounds, one process after the other, so that drifts of the machine cancel.

    sides = {"segtrain": lambda: {"ms": 812.0}, "eager": lambda: {"ms": 1010.0}, "compiled": ...}
    rounds = alternate(sides, 5)
    row(ratios(rounds, "ms", "segtrain"))  # "0.80 (0.78-0.83)"
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from statistics import median

Round = dict[str, dict[str, float]]


def alternate(sides: dict[str, Callable[[], dict[str, float]]], rounds: int) -> list[Round]:
    """The figures of each side in each round. Every other round runs backwards. A side that fails is left out."""
    all_rounds = []
    for number in range(rounds):
        names = list(sides) if number % 2 == 0 else list(reversed(sides))
        figures: Round = {}
        for name in names:
            try:
                figures[name] = sides[name]()
            except Exception as failure:  # noqa: BLE001: another side's figures stay worth having
                print(f"{name}: {failure}", file=sys.stderr)
        all_rounds.append(figures)
        print(json.dumps(figures), file=sys.stderr, flush=True)
    return all_rounds


def ratios(rounds: list[Round], figure: str, ours: str, others: Iterable[str] | None = None) -> list[float]:
    """Of each round our figure over the smallest of the others."""
    found = []
    for figures in rounds:
        names = set(figures) - {ours} if others is None else set(others) & set(figures)
        if ours in figures and names:
            found.append(figures[ours][figure] / min(figures[name][figure] for name in names))
    return found


def row(values: list[float]) -> str:
    """The median with the spread, "0.80 (0.78-0.83)"."""
    if not values:
        return "-"
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def process(command: list[str], **variables: str) -> tuple[str, float]:
    """Runs a command. Returns the last line of its output, and the most memory it had resident in MB."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, **variables})
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        for stream in (out, err):
            stream.seek(0)
        lines = out.read().strip().splitlines()
        if child.returncode != 0 or not lines:
            told = err.read().strip().splitlines()
            raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}: {told[-1] if told else ''}")
        return lines[-1], usage.ru_maxrss / 1024
