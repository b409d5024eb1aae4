#!/usr/bin/env bash
# Kills a training run at random moments and resumes it, then compares its weights with those of a run
# that was never killed.
#   tools/kill-and-resume.sh [KILLS]     20 unless given; needs a few minutes
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
kills=${1:-20}
work=$(mktemp -d)
options=(--backbone pvt_tiny --dataset shapes --crop 64 --batch 2 --iterations 60 --eval-every 4
  --precision fp32 --threads 1)
start() { ./segtrain "${options[@]}" --out "$work/$1" "${@:2}"; }

start whole >"$work/whole.log" 2>&1 || { tail -n 3 "$work/whole.log"; exit 1; }
killed=0
resume=()
while [ "$killed" -lt "$kills" ]; do
  setsid bash -c 'exec "$@"' run ./segtrain "${options[@]}" --out "$work/killed" "${resume[@]}" \
    >"$work/killed.log" 2>&1 &
  run=$!
  sleep "$((RANDOM % 8 + 1)).$((RANDOM % 10))"
  if kill -9 -- "-$run" 2>/dev/null; then
    killed=$((killed + 1))
  fi
  wait "$run" 2>/dev/null
  if grep -q '^segtrain: ' "$work/killed.log"; then # refused to go on
    cat "$work/killed.log"
    exit 1
  fi
  [ -f "$work/killed/config.json" ] && resume=(--resume)
  if [ -f "$work/killed/last.safetensors" ]; then
    echo "killed $killed times; $(grep -c loss "$work/killed/log.jsonl") steps logged"
  else
    echo "killed $killed times; no checkpoint yet"
  fi
done
start killed "${resume[@]}" >"$work/killed.log" 2>&1 || { cat "$work/killed.log"; exit 1; }
cmp "$work/whole/last.safetensors" "$work/killed/last.safetensors" \
  && echo "after $kills kills the weights are those of a run that was never killed"
