# Sourced by scripts that build native libraries: their options, and packages of registries by their SHA-256.

fail() { echo "build.sh: $*" >&2; exit 1; }
usage() { sed -n 's/^#   /usage: /p' "$0" >&2; exit 2; }

# begin ARGUMENTS: reads the options. $packages and $work are folders then, and $work is gone in the end;
# $check is empty unless it was given.
begin() {
  packages= check=
  while [ $# -gt 0 ]; do
    case $1 in
      --packages) [ $# -ge 2 ] || usage; mkdir -p "$2"; packages=$(realpath "$2"); shift 2 ;;
      --check) check=1; shift ;;
      *) usage ;;
    esac
  done
  export LC_ALL=C
  umask 022
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  packages=${packages:-$work/packages}
  mkdir -p "$packages" "$work/build"
}

# SHA-256 and beginning of the file's name of each package, then its name in the registry.
torch='06eea61f859436622e78dd0cdd51dbc8f8c6d76917a9cf0555a333f9eac31ec1 torch-2.7.1- torch==2.7.1'

fetched() { find "$packages" -maxdepth 1 -name "$1*" -print -quit; }

# Prints the path of a package, fetched if it is not there.
package() {
  local sum=$1 start=$2 name=$3
  if [ -z "$(fetched "$start")" ]; then
    echo "fetching $name" >&2
    case $name in
      *==*) pip download -q --no-deps --only-binary=:all: --python-version 3.11 \
              --platform manylinux_2_28_x86_64 --platform manylinux2014_x86_64 \
              -d "$packages" "$name" >&2 ;;
      *) (cd "$packages" && apt-get download -qq "$name" >&2) ;;
    esac
  fi
  local file
  file=$(fetched "$start")
  [ "$(sha256sum < "$file" | cut -d ' ' -f 1)" = "$sum" ] ||
    fail "$file is not the package of SHA-256 $sum; remove it and run again"
  echo "$file"
}
