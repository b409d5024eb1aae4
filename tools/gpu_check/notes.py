"""What was found: checks, rows of the table of times, figures, and what was left out."""

import json
import math
import os
import time
from contextlib import contextmanager


def first_line(error):
    """What an exception says, in one line."""
    lines = [line.strip() for line in str(error).strip().splitlines()] or [""]
    told = " ".join(lines[:2]) if lines[0].endswith(":") else lines[0]
    return f"{type(error).__name__}: {told}"[:300]


class Notes:
    """Takes notes; what becomes of them, a subclass says in add(kind, entry)."""

    def check(self, name, value, limit, passed=None, detail=""):
        """A figure that must not be above its limit. NaN is."""
        passed = bool(value <= limit) if passed is None else bool(passed)
        self.add("checks", {"check": name, "value": finite(value), "limit": limit, "passed": passed, "detail": detail})
        return passed

    def failed(self, name, reason):
        self.add("checks", {"check": name, "value": None, "limit": None, "passed": False, "detail": reason})

    def left_out(self, name, reason):
        self.add("left_out", {"check": name, "reason": reason})

    def row(self, **cells):
        """A row of the table of times."""
        self.add("rows", cells)

    def figure(self, name, value):
        self.add("figures", {"name": name, "value": value})

    @contextmanager
    def guarded(self, name):
        """An exception inside is a failed check, and the next thing follows."""
        try:
            yield
        except Exception as error:  # whatever it is, it is noted
            self.failed(name, first_line(error))


def place_in_table(row):
    """What measured the same stands together in the table."""
    return [row.get(name) for name in ("model", "batch", "mode", "precision", "what")]


def finite(value):
    """JSON has no infinity and no NaN."""
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)


class Lines(Notes):
    """Notes of a child process: a line of JSON each, which outlives the process."""

    def __init__(self, path):
        self.path = path

    def add(self, kind, entry):
        with open(self.path, "a") as file:
            file.write(json.dumps({"kind": kind, "entry": entry}) + "\n")


class Report(Notes):
    """Notes of the whole check, which are written to two files after each phase."""

    KINDS = ("checks", "left_out", "rows", "figures", "phases")

    def __init__(self, folder, facts):
        self.folder = folder
        self.facts = facts
        self.notes = {kind: [] for kind in self.KINDS}
        self.phase = ""
        self.begin = time.monotonic()

    def add(self, kind, entry):
        self.notes[kind].append({"phase": self.phase, **entry})
        if kind == "checks" and not entry["passed"]:
            print(f"     FAILED {one_check(entry)}", flush=True)

    def read(self, path):
        """Takes over the notes of a child, also of one that died."""
        if path.exists():
            for line in path.read_text().splitlines():
                try:
                    note = json.loads(line)
                except ValueError:
                    continue  # it died while it wrote the line
                self.add(note["kind"], note["entry"])

    def failures(self):
        return [check for check in self.notes["checks"] if not check["passed"]]

    def exit_code(self):
        """0 all passed, 1 something failed, 3 nothing failed but something was left out."""
        if self.failures() or not self.notes["checks"]:
            return 1
        return 3 if self.notes["left_out"] else 0

    def write(self):
        seconds = round(time.monotonic() - self.begin, 1)
        whole = {**self.facts, "seconds": seconds, "exit_code": self.exit_code(), **self.notes}
        publish(self.folder / "gpu-check.json", json.dumps(whole, indent=1))
        publish(self.folder / "gpu-check.txt", self.text(seconds))

    def text(self, seconds):
        checks, failures, left_out = self.notes["checks"], self.failures(), self.notes["left_out"]
        lines = [f"{name}: {value}" for name, value in self.facts.items()]
        lines += ["", f"{len(checks) - len(failures)} of {len(checks)} checks passed, {len(failures)} failed; "
                  f"{len(left_out)} left out, which is no pass; {seconds:.0f} s"]
        lines += section("Failed", [f"{check['phase']}: {one_check(check)}" for check in failures])
        lines += section("Left out", by_reason(left_out))
        lines += section("Times", table(sorted(self.notes["rows"], key=place_in_table)))
        lines += section("Figures", [line for note in self.notes["figures"]
                                     for line in outline(f"{note['phase']}: {note['name']}", note["value"])])
        lines += section("Passed", [f"{check['phase']}: {one_check(check)}" for check in checks if check["passed"]])
        lines += section("Phases", [f"{note['seconds']:6.1f} s  {note['name']}" for note in self.notes["phases"]])
        return "\n".join(lines) + "\n"


def publish(path, text):
    """The file appears whole."""
    part = path.with_name(path.name + ".part")
    part.write_text(text)
    os.replace(part, path)


def one_check(entry):
    value, limit = entry["value"], entry["limit"]
    figures = "" if value is None else f" {shown(value)} (limit {shown(limit)})"
    return f"{entry['check']}:{figures}{' ' + entry['detail'] if entry['detail'] else ''}"


def by_reason(left_out):
    """A line for each reason."""
    names = {}
    for note in left_out:
        own = note["phase"] if note["check"] == note["phase"] else f"{note['phase']}: {note['check']}"
        names.setdefault(note["reason"], []).append(own)
    return [f"{reason}: {', '.join(those)}" for reason, those in names.items()]


def section(title, lines):
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def shown(value):
    if isinstance(value, float):
        return f"{value:.4g}"
    if value is None:
        return "-"
    if isinstance(value, list):
        return "; ".join("/".join(map(shown, one)) if isinstance(one, list) else shown(one) for one in value)
    return str(value)


def outline(name, value):
    """A figure in one line; texts and parts of it in lines of their own."""
    if isinstance(value, dict):
        parts = [line for part in value.items() for line in outline(*part)]
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        parts = value
    else:
        return [f"{name}: {shown(value)}"]
    return [f"{name}:", *(f"  {line}" for line in parts)]


def table(rows):
    """Rows of cells, with one width for each column."""
    names = list(dict.fromkeys(name for row in rows for name in row if name != "phase"))
    cells = [names, *([shown(row.get(name, "-")) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells if rows]
