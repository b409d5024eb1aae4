#!/usr/bin/env bash
# Predicts with an exported folder (segtrain export --format djl) from four threads in each way that
# DJL offers, and prints by how many bytes the resident memory grows for each prediction.
#   tools/predictor-soak.sh FOLDER [COUNT]     20000 predictions unless given, and at least 60
set -euo pipefail
usage() { sed -n "s/^#   /usage: /p" "${BASH_SOURCE[0]}" >&2; exit 2; }
[ $# -ge 1 ] && [ $# -le 2 ] && [ -d "$1" ] || usage
count=${2:-20000}
[[ $count =~ ^[0-9]+$ ]] && [ "$((10#$count))" -ge 60 ] || usage
folder=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mvn -B -q -pl serving -am test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath.txt
# The Java heap cannot grow, so all growth is native; freed maps are given back.
MALLOC_MMAP_THRESHOLD_=16384 MALLOC_TRIM_THRESHOLD_=0 \
  java -Xms96m -Xmx96m -XX:+AlwaysPreTouch -XX:+UseSerialGC -Dai.djl.offline=true -Doffline=true \
  -cp "serving/target/test-classes:serving/target/classes:$(cat serving/target/classpath.txt)" \
  org.segtrain.serving.PredictorSoak "$folder" "$count"
