#!/usr/bin/env bash
# Packs a kit that checks segtrain on a machine with an NVIDIA GPU, where Python has a PyTorch and nothing
# else is: no Java, no Maven, no network.
#   tools/gpu-check.sh KIT.tar.xz     there: tar -xf KIT.tar.xz && python3 gpu-check/gpu_check.py
# It needs a JDK of 17 or newer with jlink, Maven, Python 3, tar and xz. tools/gpu_check.py says what is checked,
# docs/cuda.md what comes out. Files of models stay in target/gpu-check for the next kit of the same build.
set -euo pipefail
usage() { sed -n "s/^#   /usage: /p" "${BASH_SOURCE[0]}" >&2; exit 2; }
fail() { echo "gpu-check.sh: $*" >&2; exit 1; }
[ $# -eq 1 ] && [[ $1 != -* ]] || usage
[[ $1 = /* ]] && kit=$1 || kit=$PWD/$1
cd "$(dirname "${BASH_SOURCE[0]}")/.."

most=60000000 # bytes
modules=java.base,java.desktop,java.logging,java.management,java.net.http,java.sql,java.xml,jdk.management,jdk.unsupported,jdk.zipfs
golden=parity/src/test/resources/golden
launcher=distribution/target/launcher
models=target/gpu-check

java_tool() { # NAME: that of JAVA_HOME, else that on the path
  local tool=${JAVA_HOME:+$JAVA_HOME/bin/}$1
  command -v "$tool" || fail "a JDK of 17 or newer is needed, but there is no $tool"
}
for tool in mvn python3 tar xz; do
  command -v $tool >/dev/null || fail "$tool is needed"
done
jlink=$(java_tool jlink)
javac=$(java_tool javac)
[ ! -d "$kit" ] || fail "$kit is a folder; name a file, such as gpu-check.tar.xz"
[ -d "$(dirname "$kit")" ] && [ -w "$(dirname "$kit")" ] || fail "$(dirname "$kit") is no folder that can be written"

work=$(mktemp -d)
trap 'rm -rf "$work" "$kit.part" "$models"/.*.part' EXIT
trap 'exit 130' INT TERM
folder=$work/gpu-check
mkdir -p "$folder/models" "$folder/golden" "$folder/lib" "$models"

./segtrain --version >/dev/null # which builds

export_model() { # FILE OPTIONS...: with its weights taken out
  local file=$1
  if [ ! "$models/$file.pt" -nt "$launcher/built" ]; then
    echo "exporting $file" >&2
    ./segtrain export --classes 150 --out "$work/$file.pt" "${@:2}" >"$work/log" 2>&1 \
      || { tail -n 3 "$work/log" >&2; fail "the export of $file failed"; }
    python3 tools/gpu_check/strip.py model "$work/$file.pt" "$models/.$file.part"
    mv "$models/.$file.part" "$models/$file.pt"
    rm "$work/$file.pt"
  fi
  cp "$models/$file.pt" "$folder/models"
}
export_forms() { # BACKBONE HEAD
  local network=(--backbone "$1" --head "$2") classes=(--input uint8 --output class_map)
  export_model "$1_$2" "${network[@]}"
  export_model "$1_$2_bf16" "${network[@]}" --precision bf16
  export_model "$1_$2_classes" "${network[@]}" "${classes[@]}"
  export_model "$1_$2_bf16_classes" "${network[@]}" --precision bf16 "${classes[@]}"
}
# One of each family, which the reference has whole numbers of: networks.py has the same.
export_forms pvt_small fpn
export_forms shunted_small fpn
export_forms mpvit_small upernet
export_forms hrvit_b1 segformer
export_forms hrformer_small ocr

for file in "$golden"/*.json; do
  case $file in
    */formula_check.json) ;; # no device computes it
    *) cp "$file" "$folder/golden" ;;
  esac
done
for jar in "$launcher"/segtrain/lib/*.jar; do # PyTorch for the CPU lies in a folder below
  case $jar in
    */onnxruntime-*) ;;
    *) python3 tools/gpu_check/strip.py jar "$jar" "$folder/lib/${jar##*/}" ;;
  esac
done
mkdir "$work/classes"
"$javac" -d "$work/classes" -cp "$launcher/segtrain/lib/*" tools/gpu_check/Profile.java
(cd "$work/classes" && python3 -m zipfile -c "$folder/lib/profile.jar" Profile.class)
"$jlink" --add-modules $modules --strip-debug --no-header-files --no-man-pages --output "$folder/runtime" \
  || fail "jlink failed; does the JDK have its jmods folder?"
cp tools/gpu_check.py "$folder"
mkdir "$folder/gpu_check"
cp tools/gpu_check/*.py "$folder/gpu_check"
[ ! -d tools/peer ] || cp -R tools/peer "$folder/peer" # the same networks in eager PyTorch
find "$folder" -name __pycache__ -prune -exec rm -r {} +
git describe --always --dirty >"$folder/version" 2>/dev/null || echo unknown >"$folder/version"

tar -C "$work" -c gpu-check | xz -3 -T0 >"$kit.part"
size=$(wc -c <"$kit.part")
[ "$size" -le $most ] || fail "the kit would have $size bytes, more than $most; it was not written"
mv "$kit.part" "$kit"
echo "$kit: $((size / 1000000)) MB"
