"""Processes with a time limit, each in a group of its own that ends with it."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

TOLD = ("segtrain: ", "Error", "Exception", "FAILED")
LONGEST = 300  # letters of a reason
PAUSE = 0.1  # seconds
GRACE = 30  # seconds that a process has to end after SIGTERM

running = set()


@dataclass(frozen=True)
class Ended:
    """A process that ended: its exit code, negative after a signal; None after the time limit."""

    code: int
    seconds: float
    out: str
    err: str

    def reason(self):
        """Why it failed, in one line."""
        if self.code is None:
            return f"it did not end within {self.seconds:.0f} s"
        lines = [line.strip() for line in (self.out + "\n" + self.err).splitlines() if line.strip()]
        told = [line for line in lines if any(word in line for word in TOLD)]
        ending = f"signal {-self.code}" if self.code < 0 else f"exit code {self.code}"
        return ": ".join([ending, *(told[-1:] or lines[-1:])])[:LONGEST]


def run(words, log, seconds, environment=None, watch=None):
    """Runs to the end, or to the time limit. Output goes to LOG.txt and LOG.err.txt.

    `watch` is called now and then; if it returns True, the process is asked to end.
    """
    out, err = Path(f"{log}.txt"), Path(f"{log}.err.txt")
    begin = time.monotonic()
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        process = subprocess.Popen(
            [str(word) for word in words], env=environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
            start_new_session=True)
        running.add(process)
        try:
            in_time = _wait(process, begin + seconds, watch)
        finally:
            kill(process)
    texts = [file.read_text(errors="replace") for file in (out, err)]
    if not texts[1]:
        err.unlink()
    return Ended(process.returncode if in_time else None, time.monotonic() - begin, *texts)


def _wait(process, deadline, watch):
    """Whether the process ended by itself in time."""
    while process.poll() is None:
        if watch is not None and watch():
            process.terminate()
            watch = None
            deadline = min(deadline, time.monotonic() + GRACE)
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def kill(process):
    """Kills the group of a process, of which the process may be gone already."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    running.discard(process)


def kill_all():
    for process in list(running):
        kill(process)
