#!/usr/bin/env bash
# Builds the native library for linux-x86_64: for a CPU (Gloo), and for CUDA (Gloo and NCCL).
#   build.sh [--packages DIR] [--check]
# --packages DIR  takes the packages from DIR, and fetches into it those that it lacks
# --check         compares with the committed resources, and changes none
# Needs g++ of Debian 12, pip, unzip and apt-get, but no root. CXX names another compiler.
set -euo pipefail
shopt -s inherit_errexit

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
resources=$sources/../resources/org/segtrain/collectives
lists=$sources/../../test/resources/org/segtrain/collectives
compiler=${CXX:-g++}
made_with='12.2.0-14+deb12u1' # the committed libraries
. "$sources/packages.sh"
begin "$@"
mkdir -p "$work/resources" "$work/lists"

# As in packages.sh, which has torch.
cuda='a84d15d5e1da416dd4774cb42edf5e954a3e60cc945698dc1d5be02321c44dc8 nvidia_cuda_runtime_cu12-12.6.77- nvidia-cuda-runtime-cu12==12.6.77'
nvcc='b66bb5dd6b8ae62262586691977d3b4a425e91db61b4b9bc2f6b42bcd4154b96 nvidia_cuda_nvcc_cu12-12.6.77- nvidia-cuda-nvcc-cu12==12.6.77'
cccl='86ef75453d27b4f36af14d296cd9ac7f3013338ba8625cb9fd2cbba25253d9c8 nvidia_cuda_cccl_cu12-12.6.77- nvidia-cuda-cccl-cu12==12.6.77'
nccl='694cf3879a206553cc9d7dbda76b13efaf610fdb70a50cba303de1b0d1530ac6 nvidia_nccl_cu12-2.26.2- nvidia-nccl-cu12==2.26.2'
gloo='80529c9fd8af452faf489e686b94bf87075965c40673803810c4f41634b1e299 libgloo-dev_ libgloo-dev=0.0~git20220518.5b14351-3'

for each in "$torch" "$cuda" "$nvcc" "$cccl" "$nccl" "$gloo"; do
  # shellcheck disable=SC2086 # three words
  file=$(package $each)
  case $file in
    *.deb) dpkg -x "$file" "$work/build/debian" ;;
    *torch-*) unzip -q "$file" 'torch/include/*' torch/lib/libc10.so \
                torch/lib/libtorch_cpu.so torch/lib/libtorch_cuda.so -d "$work/build" ;;
    *) unzip -q "$file" 'nvidia/*/include/*' -d "$work/build" ;;
  esac
done

# All paths are relative, so none of this machine gets into the library.
cd "$work/build"
cp "$sources"/*.cpp "$sources"/*.hpp "$sources"/exports.map .
mkdir cuda_names
for name in cublas_v2 cublasLt cusparse cusolverDn cusolver_common; do
  cp "$sources/cuda_names.h" cuda_names/$name.h
done

# compile NAME FLAGS: an optimised library that exports nothing. The loader resolves all its symbols
# before it runs any of its code (-z now), so an unfit PyTorch gives an error and no crash. libtorch
# exports copies of functions of libstdc++, which therefore comes first.
compile() {
  local name=$1
  shift
  # shellcheck disable=SC2086 # CXX may bring flags
  $compiler -std=c++17 -O2 -fPIC -shared -fvisibility=hidden -ffunction-sections \
    -Wall -Wextra -Werror -frandom-seed=segtrain \
    -DUSE_DISTRIBUTED -DUSE_C10D -DUSE_C10D_GLOO \
    -isystem torch/include -isystem torch/include/torch/csrc/api/include \
    -isystem debian/usr/include \
    segtrain_collectives.cpp -o "$work/resources/$name.so" \
    -L torch/lib -lstdc++ -Wl,--no-as-needed -l:libtorch_cpu.so -l:libc10.so "$@" -Wl,--as-needed \
    -Wl,-z,defs -Wl,-z,now -Wl,--allow-shlib-undefined -Wl,--gc-sections \
    -Wl,--version-script=exports.map -Wl,--build-id=none -s
  # What it needs of PyTorch: PyTorch's symbols have no version, all others have one.
  nm -D --undefined-only "$work/resources/$name.so" | awk '$1 == "U" && !/@/ { print $2 }' |
    sort > "$work/lists/$name.symbols"
}

compile linux-x86_64
compile linux-x86_64-cuda -DUSE_C10D_NCCL \
  -isystem nvidia/cuda_runtime/include -isystem nvidia/cuda_nvcc/include \
  -isystem nvidia/cuda_cccl/include -isystem nvidia/nccl/include -isystem cuda_names \
  -l:libtorch_cuda.so
(cd "$sources" && sha256sum *.sh *.cpp *.h *.hpp *.map | sort -k 2) > "$work/lists/sources.sha256"

(cd "$work/resources" && sha256sum -- *)
same=1
for file in "$work"/resources/* "$work"/lists/*; do
  home=$resources
  case $file in "$work"/lists/*) home=$lists ;; esac
  if [ -z "$check" ]; then
    mkdir -p "$home"
    install -m 644 "$file" "$home"
  elif ! cmp -s "$file" "$home/$(basename "$file")"; then
    echo "build.sh: $(basename "$file") differs from the committed one" >&2
    same=
  fi
done
if [ -z "$same" ]; then
  $compiler --version | grep -qF "$made_with" ||
    echo "build.sh: the committed ones come from g++ $made_with, these from $($compiler -dumpfullversion)" >&2
  exit 1
fi
