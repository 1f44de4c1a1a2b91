# Sourced by the benches first: what each of them needs before it reads its options. The caller knows its folder as $bench.

root=$(dirname "$bench")
export LC_ALL=C
# shellcheck source=../../scripts/prerequisites.sh
source "$root/scripts/prerequisites.sh"

fail() {
  say "$*"
  exit 1
}

# Sources files of this folder by their names.
use() {
  local file
  for file in "$@"; do
    # shellcheck disable=SC1090
    source "$bench/lib/$file.sh"
  done
}

work=$(mktemp -d)
data='' server='' run=0
token=0123456789abcdef0123456789abcdef01234567
