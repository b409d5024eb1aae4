#!/usr/bin/env bash
# Does the same many times in one process, checks that answers and weights are the same each time, and
# prints by how many kilobytes the memory grows: the slope of a straight line, and its standard error.
#   tools/memory-soak.sh WAY COUNT
# training: steps of one run, with evaluations; evaluation: images; predictions: photographs of changing
# sizes; runs: whole runs of five steps; threads: seconds in which sixteen threads predict, each request
# with a predictor of its own; together: steps of two trainings beside which models are opened and used.
set -euo pipefail
usage() { sed -n "s/^#   /usage: /p" "${BASH_SOURCE[0]}" >&2; exit 2; }
[ $# -eq 2 ] && [[ $2 =~ ^[1-9][0-9]*$ ]] || usage
case $1 in training | evaluation | predictions | runs | threads | together) ;; *) usage ;; esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mvn -B -q -pl train -am test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath.txt
# The Java heap is all there from the start, so what grows is native.
MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2} OMP_NUM_THREADS=1 \
  java -Xms512m -Xmx512m -XX:+AlwaysPreTouch -XX:+UseSerialGC -Dai.djl.offline=true -Doffline=true \
  -cp "train/target/test-classes:train/target/classes:$(cat train/target/classpath.txt)" \
  org.segtrain.train.MemorySoak "${1^^}" "$2"
