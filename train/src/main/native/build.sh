#!/usr/bin/env bash
# Builds the native decoder of images for linux-x86_64, into the resources.
#   build.sh [--packages DIR] [--check]
# --packages DIR  takes Debian's packages from DIR, and fetches into it those that it lacks
# --check         compares with the committed resources, and changes none
# Needs gcc of Debian 12, a JDK and apt-get, but no root. CC names another compiler.
set -euo pipefail
shopt -s inherit_errexit

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
shared=$sources/../../../../collectives/src/main/native
resources=$sources/../resources/org/segtrain/data
list=$sources/../../test/resources/org/segtrain/data
java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
. "$shared/packages.sh"
begin "$@"
mkdir -p "$work/resources"

# As in packages.sh, which has torch.
turbo='90a257e4a77dea3e1f99e589639f9c4838946c6d6af27908a6f7587ea3813b80 libturbojpeg0-dev_ libturbojpeg0-dev=1:2.1.5-2'
headers='10485411f751c24472c43b28fe24ab6389fedb027d496bbc2c831496f750ab01 libjpeg62-turbo-dev_ libjpeg62-turbo-dev=1:2.1.5-2'
deflate='8b3fd9dc5a942a8b4bf4f91e618575842a4e9112970eebfed3c4d8bfb40b1ef5 libdeflate-dev_ libdeflate-dev=1.14-1'
for each in "$turbo" "$headers" "$deflate"; do
  # shellcheck disable=SC2086 # three words
  dpkg -x "$(package $each)" "$work/build/debian"
done

# All paths are relative, so none of this machine gets into the library.
cd "$work/build"
cp "$sources"/*.c "$sources/exports.map" .
ln -s "$java/include" java
# shellcheck disable=SC2086 # CC may bring flags
${CC:-gcc} -std=c11 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra -Werror \
  -isystem java -isystem java/linux -isystem debian/usr/include \
  -isystem debian/usr/include/x86_64-linux-gnu \
  segtrain_images.c -o "$work/resources/linux-x86_64.so" \
  debian/usr/lib/x86_64-linux-gnu/libturbojpeg.a debian/usr/lib/x86_64-linux-gnu/libdeflate.a \
  -Wl,--version-script=exports.map -Wl,--gc-sections -Wl,-z,defs -Wl,-z,now \
  -Wl,--build-id=none -s
cat debian/usr/share/doc/libturbojpeg0-dev/copyright debian/usr/share/doc/libdeflate-dev/copyright \
  > "$work/resources/linux-x86_64-licenses.txt"
(cd "$sources" && sha256sum -- *.sh *.c *.map | sort -k 2) > "$work/sources.sha256"

if [ -n "$check" ]; then
  for file in "$work/resources"/*; do cmp "$file" "$resources/$(basename "$file")"; done
  cmp "$work/sources.sha256" "$list/sources.sha256"
else
  mkdir -p "$resources" "$list"
  install -m 644 "$work/resources"/* "$resources"
  install -m 644 "$work/sources.sha256" "$list"
fi
