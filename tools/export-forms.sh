#!/usr/bin/env bash
# Exports a model with new weights in several forms, runs them in turns at 512 x 512, and prints a table
# of what each option costs.
#   tools/export-forms.sh [-b BACKBONE] [-h HEAD] [-n PASSES] [-t THREADS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
backbone=pvt_small
head=fpn
passes=20
threads=$(nproc)
while getopts b:h:n:t: option; do
  case $option in
    b) backbone=$OPTARG ;;
    h) head=$OPTARG ;;
    n) passes=$OPTARG ;;
    t) threads=$OPTARG ;;
    *) exit 2 ;;
  esac
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mvn -B -q -pl export -am test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath.txt
java -Xmx1g -Dai.djl.offline=true \
  -cp "export/target/test-classes:export/target/classes:$(cat export/target/classpath.txt)" \
  org.segtrain.export.FormMeasurement "$backbone" "$head" "$folder" "$passes" "$threads" 2>"$folder/log" ||
  { cat "$folder/log" >&2; exit 1; }
