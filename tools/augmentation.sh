#!/usr/bin/env bash
# Compares the augmentation of segtrain's image rules with the published transforms that they follow:
# Kolmogorov-Smirnov distances of what both do to the same photographs.
#   tools/augmentation.sh [-n COUNT] [-o FOLDER] [-s SEED] [-l] RULES DATASET DATA NAME...
# RULES are aligned, exact, openseg or hrformer. Of DATASET below DATA the training photographs with NAME in
# their names are taken, COUNT samples of each (10000). The samples stay in FOLDER (runs/augmentation).
# SEED is that of the published side (1).
# -l resizes linearly in HRFormer's transforms too. PYTHON names a Python that has numpy and OpenCV.
set -euo pipefail
usage() { sed -n "s/^#   /usage: /p" "${BASH_SOURCE[0]}" >&2; exit 2; }
count=10000
folder=
published=()
while getopts n:o:s:l option; do
  case $option in
    n) count=$OPTARG ;;
    o) folder=$OPTARG ;;
    s) published+=(--seed "$OPTARG") ;;
    l) published+=(--linear) ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -ge 4 ] || usage
rules=$1
data=$(cd "$3" && pwd)
case $rules in
  aligned | exact) crop=512 ;;
  openseg | hrformer) crop=520 ;; # as published for ADE20K
  *) usage ;;
esac
folder=$(realpath -m "${folder:-$(dirname "${BASH_SOURCE[0]}")/../runs/augmentation}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mvn -B -q -pl train -am test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath.txt
java -Dai.djl.offline=true \
  -cp "train/target/test-classes:train/target/classes:$(cat train/target/classpath.txt)" \
  org.segtrain.augment.AugmentationStatistics \
  "$rules" "$crop" "$count" "$folder" "$2" "$data" "${@:4}"
"${PYTHON:-python3}" tools/augmentation_statistics.py \
  "$rules" "$crop" "$count" "$folder" "${published[@]}"
