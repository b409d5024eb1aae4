#!/usr/bin/env bash
# Looks at segtrain in a real terminal (tmux): that its lines stay, that its bar leaves nothing behind.
#   tools/terminal.sh [DIR]      DIR takes what was seen, a text file a case (a temporary folder)
# SEGTRAIN is the command, unless it is that of this checkout.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seen=$(realpath -m "${1:-$(mktemp -d)}")
mkdir -p "$seen"
segtrain=${SEGTRAIN:-$PWD/segtrain}
work=$(mktemp -d)
session=segtrain-$$
trap 'tmux kill-session -t "$session" 2>/dev/null || true; rm -rf "$work"' EXIT
failed=0
train="$segtrain --backbone pvt_tiny --dataset shapes --crop 64 --batch 2 --iterations 60 --warmup 0 --eval-every 20 --threads 1 --workers 1"

check() { # WHAT COMMAND...: says whether the command is true
  local what=$1
  shift
  if "$@"; then echo "ok: $what"; else
    echo "WRONG: $what"
    failed=1
  fi
}

# terminal NAME COLUMNS COMMAND [RESIZED]: runs it in a terminal, to its end
terminal() {
  tmux new-session -d -s "$session" -x "$2" -y 50 "env -u NO_COLOR bash --norc"
  tmux send-keys -t "$session" "PS1='$ '; clear; $3; touch $work/$1.done" Enter
  local i
  for ((i = 0; i < 1200; i++)); do
    [ ! -e "$work/$1.done" ] || break
    if [ $((i % 10)) = 5 ]; then tmux capture-pane -p -t "$session" >"$seen/$1-$((i / 10)).txt"; fi
    [ -z "${4:-}" ] || [ "$i" != 60 ] || tmux resize-window -t "$session" -x "$4"
    sleep 0.5
  done
  sleep 1
  tmux capture-pane -p -S - -t "$session" >"$seen/$1.txt"
  tmux capture-pane -e -p -S - -t "$session" >"$seen/$1.escapes" # with colours
  tmux kill-session -t "$session"
}

lines() { [ "$(grep -c 'mIoU .*aAcc' "$seen/$1.txt")" = 3 ]; }
clean() { ! grep -q '% |' "$seen/$1.txt" && ! grep -q NaN "$seen/$1.txt"; }
had_bar() { grep -qs 'step .*% |' "$seen/$1"-*.txt; }
no_bar() { ! grep -qs 'step .*% |' "$seen/$1"*.txt; }
one_a_line() { ! grep -q 'aAcc.*|' "$seen/$1.txt"; }

for columns in 80 100; do
  terminal "columns-$columns" "$columns" "$train --out $work/run-$columns"
  check "$columns columns: a line for each evaluation" lines "columns-$columns"
  check "$columns columns: a bar meanwhile" had_bar "columns-$columns"
  check "$columns columns: nothing left of the bar" clean "columns-$columns"
  check "$columns columns: no bar in a line" one_a_line "columns-$columns"
done
terminal narrower 100 "$train --out $work/run-narrower" 80
check "made narrower: a line for each evaluation" lines narrower
check "made narrower: nothing left of the bar" clean narrower
terminal wider 80 "$train --out $work/run-wider" 100
check "made wider: nothing left of the bar" clean wider
terminal dumb 80 "TERM=dumb $train --out $work/run-dumb"
check "TERM=dumb: lines" lines dumb
check "TERM=dumb: no bar" no_bar dumb
terminal colour 80 "NO_COLOR=1 $segtrain predict $work/run-80 $work/run-80/predictions --out $work/predicted"
check "NO_COLOR: no escape sequences" bash -c "! grep -q $'\033' '$seen/colour.escapes'"
terminal head 80 "$train --out $work/run-head | head -n 2; test -s $work/run-head/best.safetensors && echo whole"
check "| head: the run comes to its end" grep -q '^whole' "$seen/head.txt"
$train --out "$work/run-none" >"$seen/none.txt" 2>&1
check "no terminal: lines" lines none
check "no terminal: no escape sequences" bash -c "! grep -q $'\033' '$seen/none.txt'"
exit $failed
