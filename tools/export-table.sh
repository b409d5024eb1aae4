#!/usr/bin/env bash
# Exports models with new weights, and compares the files in DJL and in Python's PyTorch with the blocks
# at three unseen sizes and batches. Measures all at 512 x 512, and prints a table.
#   tools/export-table.sh [-b BACKBONES] [-h HEADS] [-n PASSES] [-t THREADS] [-o FOLDER]
# BACKBONES and HEADS are names with commas (all 18; fpn,segformer,upernet). A median is over PASSES
# (20). Results stay in FOLDER (runs/export-table), and a second call resumes there. It measures rows of
# other PASSES or THREADS again.
# PYTHON names a Python that has PyTorch 2.7.1 (python3).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
backbones=
heads=fpn,segformer,upernet
passes=20
threads=$(nproc)
folder=runs/export-table
while getopts b:h:n:t:o: option; do
  case $option in
    b) backbones=$OPTARG ;;
    h) heads=$OPTARG ;;
    n) passes=$OPTARG ;;
    t) threads=$OPTARG ;;
    o) folder=$OPTARG ;;
    *) exit 2 ;;
  esac
done
[ -n "$backbones" ] || backbones=$(./segtrain models --markdown |
  sed -n 's/^| \([a-z_0-9]*\) | [0-9,]* |.*/\1/p' | paste -sd,)
python=${PYTHON:-python3}
mkdir -p "$folder"

mvn -B -q -pl export -am test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath.txt
class_path=export/target/test-classes:export/target/classes:$(cat export/target/classpath.txt)
java() {
  MALLOC_ARENA_MAX=2 command java -Xmx1g -XX:+UseSerialGC -Dai.djl.offline=true -cp "$class_path" \
    org.segtrain.export.ExportMeasurement "$@"
}
keep() { # PART COMMAND...: keeps in the row what the command prints
  local part=$1
  if ! "${@:2}" >"$work/part" 2>"$row/log"; then
    cat "$row/log" >&2
    echo "$name: $part failed; the text above is in $row/log" >&2
    exit 1
  fi
  mv "$work/part" "$row/$part.json"
}

arguments="-n $passes -t $threads"
names=()
for backbone in ${backbones//,/ }; do
  for head in ${heads//,/ }; do
    name=$backbone-$head
    names+=("$name")
    row=$folder/$name
    work=$row/work
    if [ -f "$row/python.json" ]; then # the last part
      [ "$(cat "$row/arguments" 2>/dev/null)" = "$arguments" ] && continue
      echo "$name was measured with other arguments than $arguments, so again" >&2
    fi
    rm -rf "$row"
    mkdir -p "$work"
    echo "$arguments" >"$row/arguments"
    for part in export compare latency peak-eager peak-exported; do
      keep "$part" java "$part" "$backbone" "$head" "$work" "$passes" "$threads"
    done
    keep python "$python" tools/measure_torchscript.py "$work" "$passes" "$threads"
    rm -rf "$work" "$row/log"
    echo "$name is done" >&2
  done
done
"$python" tools/export_table.py "$folder" "${names[@]}"
