#!/usr/bin/env bash
# Trains in two processes, kills one of them at random moments, lets the launcher start both again, and
# compares the weights with those of a run that was never killed.
#   tools/kill-processes.sh [KILLS]     10 kills unless given, under --processes
#   TORCHRUN=torchrun tools/kill-processes.sh [KILLS]     the same under torchrun
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
kills=${1:-10}
segtrain=${SEGTRAIN:-$PWD/segtrain}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
options=(--backbone pvt_tiny --dataset shapes --crop 32 --batch 2 --iterations $((kills * 40)) --warmup 0
  --eval-every 1000 --save-every 0.02 --precision fp32 --threads 1 --workers 1)

launch() { # DIR
  if [ -n "${TORCHRUN:-}" ]; then
    "$TORCHRUN" --standalone --nproc-per-node 2 --max-restarts "$kills" --no-python \
      "$segtrain" train "${options[@]}" --out "$1"
  else
    "$segtrain" train "${options[@]}" --out "$1" --processes 2 --max-restarts "$kills"
  fi
}

# one RANK: the process of that rank in the run that is killed
one() {
  local id
  for id in $(pgrep -x java); do
    if tr '\0' '\n' <"/proc/$id/environ" 2>/dev/null | grep -qx "RANK=$1" \
      && tr '\0' '\n' <"/proc/$id/cmdline" | grep -qx "$work/killed"; then
      echo "$id"
      return
    fi
  done
}

launch "$work/whole" >"$work/whole.log" 2>&1 || { tail -n 5 "$work/whole.log"; exit 1; }
launch "$work/killed" >"$work/killed.log" 2>&1 &
launched=$!
last=$work/killed/last.safetensors
killed_at=$work/killed-at
touch "$killed_at"
done=0
early=0 # kills of a start that had saved nothing yet
while [ "$done" -lt "$kills" ] && kill -0 "$launched" 2>/dev/null; do
  if [ $((RANDOM % 4)) -gt 0 ]; then # most starts make some steps first
    until [ "$last" -nt "$killed_at" ] || ! kill -0 "$launched" 2>/dev/null; do sleep 0.2; done
  fi
  sleep "$((RANDOM % 5)).$((RANDOM % 10))"
  victim=$(one $((RANDOM % 2)))
  if [ -n "$victim" ] && kill -9 "$victim" 2>/dev/null; then
    done=$((done + 1))
    [ "$last" -nt "$killed_at" ] || early=$((early + 1))
    touch "$killed_at"
    while kill -0 "$victim" 2>/dev/null; do sleep 0.1; done
  fi
done
wait "$launched"
code=$?
echo "$done kills ($early before the start had saved anything), exit code $code"
grep -c "starts all processes again\|Restarting worker group\|restart" "$work/killed.log" | sed 's/$/ lines about restarts/'
tail -n +1 "$work/killed.log" | grep -E "rank [01] (on|was)" | sed 's/ for [0-9]* s//' | sort | uniq -c
if cmp "$work/whole/last.safetensors" "$work/killed/last.safetensors"; then
  echo "the weights are those of a run that was never killed"
else
  exit 1
fi
exit "$code"
