#!/usr/bin/env bash
# Builds the stand-in for a GPU for linux-x86_64, into the test resources.
#   build.sh [--packages DIR] [--check]
# --packages DIR  takes PyTorch's wheel from DIR, and fetches it into DIR if it is not there
# --check         compares with the committed resources, and changes none
# Needs g++ of Debian 12, pip and unzip. CXX names another compiler.
set -euo pipefail
shopt -s inherit_errexit

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
shared=$sources/../../../../collectives/src/main/native
resources=$sources/../resources/org/segtrain/standin
. "$shared/packages.sh"
begin "$@"

# shellcheck disable=SC2086,SC2154 # three words, of packages.sh
unzip -q "$(package $torch)" 'torch/include/*' torch/lib/libc10.so torch/lib/libtorch_cpu.so -d "$work/build"
# All paths are relative, so none of this machine gets into the library.
cd "$work/build"
cp "$sources/stand_in_gpu.cpp" "$sources/exports.map" "$shared/older_systems.hpp" .
# shellcheck disable=SC2086 # CXX may bring flags
${CXX:-g++} -std=c++17 -O2 -fPIC -shared -fvisibility=hidden -ffunction-sections \
  -Wall -Wextra -Werror -frandom-seed=segtrain \
  -isystem torch/include -isystem torch/include/torch/csrc/api/include \
  stand_in_gpu.cpp -o linux-x86_64.so \
  -L torch/lib -lstdc++ -Wl,--no-as-needed -l:libtorch_cpu.so -l:libc10.so -Wl,--as-needed \
  -Wl,-z,defs -Wl,-z,now -Wl,--allow-shlib-undefined -Wl,--gc-sections \
  -Wl,--version-script=exports.map -Wl,--build-id=none -s
{
  (cd "$sources" && sha256sum ./* | sed "s# ./# #" | sort -k 2)
  (cd "$shared" && sha256sum older_systems.hpp packages.sh)
} > sources.sha256
if [ -n "$check" ]; then
  cmp linux-x86_64.so "$resources/linux-x86_64.so"
  cmp sources.sha256 "$resources/sources.sha256"
else
  mkdir -p "$resources"
  install -m 644 linux-x86_64.so sources.sha256 "$resources"
fi
