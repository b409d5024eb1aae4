#!/usr/bin/env bash
# Kills training at random moments and resumes it, then compares its weights with those of a run that
# was never killed. A tenth of the kills come inside the save of a checkpoint, a fifth before the first
# step. In one session of twenty-five the disk fills up first, or nothing new can be written into the
# folder any more.
#   tools/kill-and-resume.sh [KILLS [AT_ONCE]]     20 kills, one run at a time, unless given
# Where it may mount, each run lies on a small disk of its own, which is filled; elsewhere the size of
# files is limited (ulimit -f).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
kills=${1:-20}
at_once=${2:-1}
own=$((kills / at_once)) # kills of each run
[ "$own" -ge 1 ] || { echo "$kills kills are too few for $at_once runs at once"; exit 2; }
iterations=$((own * 4 > 60 ? own * 4 : 60))
options=(--backbone pvt_tiny --dataset shapes --crop 32 --batch 2 --iterations "$iterations" --warmup 0
  --eval-every 20 --save-every 0.01 --keep 1 --precision fp32 --threads 1 --workers 1)
work=$(mktemp -d)
chains=()
exec {never}<> <(:) # from which nothing is ever read

now() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); } # ms
pause() { read -rt "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))" -u "$never"; } # ms
note() { echo "$*" >>"$work/notes"; }
count() { grep -c "^$1" "$work/notes"; }
finish() {
  for disk in "$work"/disk-*/; do
    chattr -i "$disk/run" 2>/dev/null
    umount -l "$disk" 2>/dev/null
  done
  rm -rf "$work"
}
trap finish EXIT
trap 'kill "${chains[@]}" "${whole:-}" 2>/dev/null; [ ! -f "$work/notes" ] || report; exit 1' INT TERM

# whole FILE: as long as its header says, and with the checksum, which is written last
whole() {
  local length header
  length=$(od -An -tu8 -N8 "$1" | tr -d ' ')
  [ "${length:-0}" -gt 0 ] && [ "$length" -lt 10000000 ] || return 1
  header=$(head -c $((length + 8)) "$1" | tail -c "$length")
  grep -q '"crc32c":"[0-9a-f]\{8\}"' <<<"$header" && ! grep -q '"crc32c":"00000000"' <<<"$header" || return 1
  [ "$(stat -c %s "$1")" = $((length + 8 + $(grep -o '"data_offsets":\[[0-9,]*' <<<"$header" \
    | sed 's/.*,//' | sort -n | tail -n 1))) ]
}

# look DIR: each file that has its name is whole
look() {
  local file
  for file in "$1"/*.safetensors; do
    [ ! -f "$file" ] || whole "$file" || { echo "broken: $file"; note broken; }
  done
  [ ! -f "$1/config.json" ] || cmp -s "$work/whole/config.json" "$1/config.json" \
    || { echo "broken: $1/config.json"; note broken; }
}

# compare DIR: a run at its end is as if it was never killed
compare() {
  local file drafts
  while kill -0 "$whole" 2>/dev/null; do pause 1000; done
  for file in last best; do
    if cmp -s "$work/whole/$file.safetensors" "$1/$file.safetensors"; then
      note "equal $file"
    else
      echo "other weights: $1/$file.safetensors"
      note "other $file"
    fi
  done
  sed -n 's/^{"step":\([0-9]*\),.*"loss".*/\1/p' "$1/log.jsonl" | cmp -s - <(seq "$iterations") \
    || { echo "broken: $1/log.jsonl has not each step once"; note broken; }
  drafts=$(find "$1" -name '.*.part')
  [ -z "$drafts" ] || { echo "left: $drafts"; note broken; }
}

# begun: whether a checkpoint is being written, or was when the process died
begun() {
  local draft
  for draft in "$run"/.*.safetensors.*.part; do
    [ ! -d "$draft" ] || [[ $before == *"$draft"* ]] || return 0
  done
  return 1
}

# steps: whether the session is past its start
steps() { [ "$run/log.jsonl" -nt "$log" ]; }

# await WHAT: waits for it, five minutes at most, or for the end of the session
await() {
  local until=$(($(now) + 300000))
  until "$1" || ! kill -0 "$pid" 2>/dev/null || [ "$(now)" -gt "$until" ]; do pause 5; done
}

# spoil: fills the disk but for less than a checkpoint, or closes the folder
spoil() {
  case $kind in
    full)
      [ -z "$mounted" ] || fallocate -l \
        "$(($(df --output=avail -B1 "$disk" | tail -n 1) - RANDOM * 4000))" "$disk/filler"
      ;;
    closed) chattr +i "$run" 2>/dev/null || chmod a-w "$run" ;;
  esac
}

mend() {
  rm -f "$disk/filler"
  chattr -i "$run" 2>/dev/null
  chmod -f u+w "$run"
}

# session KIND: training goes on until it is killed, or ends; sets code
session() {
  local kind=$1 limit="" resume=() before
  [ -f "$run/config.json" ] && resume=(--resume)
  [ "$kind" = full ] && [ -z "$mounted" ] && limit=$((RANDOM * 4)) # KiB
  before=$(echo "$run"/.*.part)
  (
    [ -z "$limit" ] || ulimit -f "$limit"
    exec "$segtrain" "${options[@]}" --out "$run" "${resume[@]}"
  ) >"$log" 2>&1 &
  pid=$!
  case $kind in
    start) pause $((start / 4 + RANDOM % (start * 3 / 4))) ;;
    plain)
      await steps
      pause $((RANDOM % 1500))
      ;;
    save)
      await begun
      pause $((RANDOM % 250))
      ;;
    *)
      await steps
      pause $((RANDOM % 1000))
      spoil
      pause $((RANDOM % 3000))
      ;;
  esac
  kill -9 "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  code=$?
  mend
  if [ "$code" = 137 ]; then
    killed=$((killed + 1))
    note "kill $kind"
    if begun; then
      inside=$((inside + 1))
      note inside
    fi
  elif [ "$code" != 0 ] && [[ $kind = full || $kind = closed ]] && [ "$(grep -c '^segtrain: ' "$log")" = 1 ]; then
    note "ended $(tail -n 1 "$log")"
  elif [ "$code" != 0 ]; then
    tail -n 3 "$log"
    note lost
    return 1
  fi
  return 0
}

# chain ID: runs one after another, until there are enough kills
chain() {
  local id=$1 disk=$work/disk-$1 run=$work/disk-$1/run log=$work/log-$1
  local killed=0 inside=0 sessions=0 mounted="" kind code pid told=0
  trap 'kill -9 "$pid" 2>/dev/null; exit 1' TERM
  mkdir "$disk"
  truncate -s 1200M "$work/image-$id" && mkfs.ext4 -q -m 0 "$work/image-$id" \
    && mount -o loop "$work/image-$id" "$disk" && mounted=1
  while [ "$killed" -lt "$own" ]; do
    sessions=$((sessions + 1))
    kind=plain
    [ $((sessions % 5)) = 0 ] && kind=start
    [ $((inside * 10)) -lt "$killed" ] && kind=save
    [ $((sessions % 50)) = 20 ] && kind=full
    [ $((sessions % 50)) = 45 ] && kind=closed
    session "$kind" || return
    look "$run"
    if [ "$code" = 0 ]; then
      compare "$run"
      rm -rf "$run"
    fi
    if [ "$killed" -ge $((told + 50)) ]; then
      told=$killed
      echo "run $id: killed $killed times, $inside times inside a save"
    fi
  done
  local resume=()
  [ -f "$run/config.json" ] && resume=(--resume)
  if "$segtrain" "${options[@]}" --out "$run" "${resume[@]}" >"$log" 2>&1; then
    look "$run"
    compare "$run"
  else
    tail -n 3 "$log"
    note lost
  fi
}

report() {
  local other
  other=$(count other)
  echo "$(count kill) kills in $((($(now) - began) / 60000)) min: $(count 'kill start') before the first step, $(count inside) inside a save, $(count 'kill full') on a full disk, $(count 'kill closed') in a closed folder"
  echo "there $(count ended) sessions ended by themselves, each with one sentence"
  echo "lost runs: $(count lost); broken files: $(count broken); runs that came to their end: $((($(count equal) + other) / 2))"
  [ "$other" = 0 ] && [ "$(count equal)" -gt 0 ] \
    && echo "their final weights are byte-identical to those of a run that was never killed"
  [ "$(count lost) $(count broken) $other" = "0 0 0" ]
}

if [ -z "${SEGTRAIN:-}" ]; then
  ./segtrain --version >/dev/null || exit 1 # which builds
  segtrain=$PWD/distribution/target/launcher/segtrain/bin/segtrain
else
  segtrain=$SEGTRAIN
fi
# A run of two steps writes the classes that training needs to an archive, so that others begin sooner.
more=${SEGTRAIN_OPTS:-}
export SEGTRAIN_ARCHIVE_CLASSES=0 SEGTRAIN_OPTS="$more -XX:ArchiveClassesAtExit=$work/classes.jsa"
"$segtrain" "${options[@]}" --iterations 2 --out "$work/first" >"$work/log" 2>&1 || { tail -n 3 "$work/log"; exit 1; }
export SEGTRAIN_OPTS="$more -XX:SharedArchiveFile=$work/classes.jsa -XX:TieredStopAtLevel=1"
began=$(now)
"$segtrain" "${options[@]}" --out "$work/whole" >"$work/whole.log" 2>&1 &
whole=$!
until [ -s "$work/whole/log.jsonl" ]; do
  kill -0 "$whole" 2>/dev/null || { tail -n 3 "$work/whole.log"; exit 1; }
  pause 20
done
start=$(($(now) - began)) # until the first step
echo "a start takes $start ms; a run has $iterations steps"
touch "$work/notes"
for ((i = 1; i <= at_once; i++)); do
  chain "$i" &
  chains+=($!)
done
wait "${chains[@]}"
report
