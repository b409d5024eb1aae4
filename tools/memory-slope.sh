#!/usr/bin/env bash
# Prints by how many kilobytes a step the resident memory of a run grew, from its log: the slope of a
# straight line, and its standard error.
#   tools/memory-slope.sh RUN [FROM]     from step 100 on unless given
set -euo pipefail
usage() { sed -n "s/^#   /usage: /p" "${BASH_SOURCE[0]}" >&2; exit 2; }
[ $# -ge 1 ] && [ $# -le 2 ] && [ -f "$1/log.jsonl" ] || usage
sed -n 's/.*"step":\([0-9]*\).*"resident_mb":\([0-9]*\).*/\1 \2/p' "$1/log.jsonl" | awk -v from="${2:-100}" '
  $1 >= from {
    n++
    if (n == 1) { first = $1; before = $2 }
    last = $1; after = $2
    # Welford: no difference of large sums
    dx = $1 - x; x += dx / n
    dy = $2 - y; y += dy / n
    xx += dx * ($1 - x); yy += dy * ($2 - y); xy += dx * ($2 - y)
  }
  END {
    if (n < 3) { print "fewer than three steps" > "/dev/stderr"; exit 1 }
    slope = xy / xx
    rest = yy - slope * xy
    if (rest < 0) rest = 0
    printf "%.3f +- %.3f kB a step from step %d to %d; %d MB, then %d MB\n", 1024 * slope,
      1024 * sqrt(rest / (n - 2) / xx), first, last, before, after
  }'
