#!/usr/bin/env python3
"""Puts the rows that tools/export-table.sh measured, JSON files in a folder, into a Markdown table."""

import json
import sys
from pathlib import Path

HEADING = [
    "model", "export s", "MB", "difference, DJL", "equal %", "difference, Python", "equal %",
    "eager ms", "exported ms", "ratio", "Python ms", "eager peak MB", "exported peak MB",
]


def percent(share):
    return f"{int(share * 1e6) / 1e4:g}"


def cells(name, row):
    yield name
    yield f"{row['seconds']:.1f}"
    yield f"{row['megabytes']:.1f}"
    yield f"{row['difference']:.1e}" if row["difference"] else "0"
    yield percent(row["equal"])
    yield f"{row['pythonDifference']:.1e}" if row["pythonDifference"] else "0"
    yield percent(row["pythonEqual"])
    yield f"{row['eager']:.0f}"
    yield f"{row['exported']:.0f}"
    yield f"{row['ratio']:.3f}"
    yield f"{row['python']:.0f}"
    yield f"{row['eagerPeak']:.0f}"
    yield f"{row['exportedPeak']:.0f}"


def main():
    lines = [HEADING, ["---"] * len(HEADING)]
    for name in sys.argv[2:]:
        parts = sorted((Path(sys.argv[1]) / name).glob("*.json"))
        row = {k: v for part in parts for k, v in json.loads(part.read_text()).items()}
        lines.append(list(cells(name.replace("-", " + "), row)))
    for line in lines:
        print("| " + " | ".join(line) + " |")


if __name__ == "__main__":
    main()
