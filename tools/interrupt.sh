#!/usr/bin/env bash
# Kills commands that write files at random moments, then looks at what lies under their names and runs
# them again. Each file must be absent, or as an undisturbed run writes it; after the last run nothing
# else may lie there.
#   tools/interrupt.sh [KILLS]     10 of each command unless given; needs a few minutes and Python
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
kills=${1:-10}
work=$(mktemp -d)
segtrain=${SEGTRAIN:-$PWD/segtrain}
export SEGTRAIN_CACHE=$work/cache
failed=0

python3 - "$work/data" <<'P' || exit 1
import os, random, struct, sys, zlib

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

def png(path, width, height, colour, row):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + row() for _ in range(height)))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))

noise = random.Random(1)
for split in "training", "validation":
    for i in range(24):
        png(f"{sys.argv[1]}/images/{split}/{i}.png", 320, 240, 2, lambda: noise.randbytes(960))
        png(f"{sys.argv[1]}/annotations/{split}/{i}.png", 320, 240, 0, lambda: bytes([0] * 160 + [1] * 160))
with open(f"{sys.argv[1]}/classes.txt", "w") as file:
    file.write("left\nright\n")
P
"$segtrain" --backbone pvt_tiny --dataset folder --data "$work/data" --crop 64 --batch 2 --iterations 2 \
  --warmup 0 --precision fp32 --threads 1 --out "$work/run" >"$work/run.log" 2>&1 || { tail -n 3 "$work/run.log"; exit 1; }

# Pages and cards say when or where they were made.
same() {
  case $1 in
    *.html) tail -c 20 "$2" | grep -q '</html>' ;;
    *) cmp -s "$1" "$2" ;;
  esac
}

# whole REFERENCE PLACE: each file of the place is as that of the reference
whole() {
  while read -r file; do
    [ -f "$1/$file" ] && same "$1/$file" "$2/$file" || { echo "  half or foreign: $file"; return 1; }
  done < <(cd "$2" && find . -type f -not -path '*/.*.part/*')
}

# try NAME COMMAND...: the command writes below the working folder
try() {
  local name=$1 began seconds in_time=0
  shift
  mkdir "$work/$name.whole" "$work/$name"
  cd "$work/$name.whole" || exit 1
  began=$(date +%s%N)
  "$@" >"$work/log" 2>&1 || { echo "$name: $(tail -n 1 "$work/log")"; failed=1; return; }
  seconds=$((($(date +%s%N) - began) / 1000000))
  cd "$work/$name" || exit 1
  for _ in $(seq "$kills"); do
    setsid "$@" >"$work/log" 2>&1 &
    local run=$!
    sleep "$(awk -v r="$RANDOM" -v s="$seconds" 'BEGIN { print s / 1000 * (0.3 + 0.75 * r / 32767) }')"
    kill -9 -- "-$run" 2>/dev/null && in_time=$((in_time + 1))
    wait "$run" 2>/dev/null
    whole "$work/$name.whole" . || { echo "$name: broken by a kill"; failed=1; }
    case $name in eval | shard) rm -f ./*.json ./*.csv ./*.png ;; esac # which it never replaces
  done
  "$@" >"$work/log" 2>&1 || { echo "$name: does not run again: $(tail -n 1 "$work/log")"; failed=1; }
  whole "$work/$name.whole" . && whole . "$work/$name.whole" || failed=1
  if [ -n "$(find . -name '.*.part')" ]; then
    echo "$name: left $(find . -name '.*.part')"
    failed=1
  fi
  echo "$name: killed $in_time of $kills times, $((seconds / 1000)).$((seconds % 1000 / 100)) s each if left alone"
}

try export "$segtrain" export "$work/run" --out model.pt
try onnx "$segtrain" export "$work/run" --out model.onnx
try djl "$segtrain" export "$work/run" --out served --format djl
try predict "$segtrain" predict "$work/run" "$work/data/images/validation" --out predicted
try eval "$segtrain" eval "$work/run" --confusion pixels.csv --confusion shares.png --per-image images.csv
try shard "$segtrain" eval "$work/run" --shard 1/2 --out part.json
try check "$segtrain" data check --data "$work/data" --html page.html
try browse "$segtrain" data browse --data "$work/data" --out sheet.png
rm -rf "$work"
[ "$failed" = 0 ] && echo "nothing is half-written, and every command ran again"
exit "$failed"
