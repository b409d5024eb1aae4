#!/usr/bin/env bash
# Builds the allocator of the CPU's arrays and the kernels for linux-x86_64, into the resources.
#   build.sh [--packages DIR] [--check]
# --packages DIR  takes PyTorch's wheel from DIR, and fetches it into DIR if it is not there
# --check         compares with the committed resources, and changes none
# Needs g++ of Debian 12, a JDK, pip and unzip. CXX names another compiler.
set -euo pipefail
shopt -s inherit_errexit

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
shared=$sources/../../../../collectives/src/main/native
resources=$sources/../resources/org/segtrain/engine/internal
list=$sources/../../test/resources/org/segtrain/engine/internal
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
. "$shared/packages.sh"
begin "$@"

# shellcheck disable=SC2086,SC2154 # three words, of packages.sh
unzip -q "$(package $torch)" 'torch/include/*' torch/lib/libc10.so torch/lib/libtorch_cpu.so -d "$work/build"
# All paths are relative, so none of this machine gets into the library.
cd "$work/build"
cp "$sources"/*.cpp "$sources"/*.h "$sources/exports.map" "$shared/older_systems.hpp" .
ln -s "$java/include" java

# compile SOURCE OBJECT FLAGS
compile() {
  local source=$1 object=$2
  shift 2
  # shellcheck disable=SC2086 # CXX may bring flags
  ${CXX:-g++} -std=c++17 -fPIC -fvisibility=hidden -ffunction-sections -Wall -Wextra -Werror \
    -frandom-seed=segtrain -isystem torch/include -isystem torch/include/torch/csrc/api/include \
    -isystem java -isystem java/linux "$@" -c "$source" -o "$object"
}

compile segtrain_memory.cpp memory.o -O2
compile segtrain_kernels.cpp kernels.o -O2 -fopenmp
compile segtrain_loops.cpp avx2.o -O3 -DSET=avx2 -march=x86-64-v3
compile segtrain_loops.cpp avx512.o -O3 -DSET=avx512 -march=x86-64-v4 -mprefer-vector-width=512
# The functions of OpenMP are those that libtorch_cpu.so has loaded: another libgomp would have
# threads of its own.
# shellcheck disable=SC2086 # CXX may bring flags
${CXX:-g++} -shared memory.o kernels.o avx2.o avx512.o -o linux-x86_64.so \
  -L torch/lib -lstdc++ -Wl,--no-as-needed -l:libtorch_cpu.so -l:libc10.so -Wl,--as-needed \
  -Wl,-z,now -Wl,--allow-shlib-undefined -Wl,--gc-sections \
  -Wl,--version-script=exports.map -Wl,--build-id=none -s
# Systems that PyTorch itself runs on have these versions, and may have no newer.
for limit in GLIBC_2.28 GLIBCXX_3.4.26 CXXABI_1.3.11; do
  name=${limit%%_*}
  newest=$(nm -D --undefined-only linux-x86_64.so | grep -oE "@${name}_[0-9.]+" | sort -Vu | tail -1)
  [ "$(printf '%s\n' "${newest#@}" "$limit" | sort -V | tail -1)" = "$limit" ] ||
    fail "the library needs ${newest#@}, but $limit is the newest that may be"
done
(cd "$sources" && sha256sum -- * | sort -k 2) > sources.sha256
if [ -n "$check" ]; then
  cmp linux-x86_64.so "$resources/linux-x86_64.so"
  cmp sources.sha256 "$list/sources.sha256"
else
  mkdir -p "$resources" "$list"
  install -m 644 linux-x86_64.so "$resources"
  install -m 644 sources.sha256 "$list"
fi
