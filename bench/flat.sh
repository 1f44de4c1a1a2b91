#!/usr/bin/env bash
# What a call costs in a large book against a small one, in turns: a machine whose speed changes within minutes favours neither. README.md says how to read it.
#   bench/flat.sh [--small 10000] [--large 1000000] [--turns 7] [--seconds 5] [--warm 60]
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib/start.sh
source "$bench/lib/start.sh"
declare -A books
trap 'for size in "${!books[@]}"; do turn_to "$size"; close_book; done; rm -rf "$work"' EXIT
use processes book slots measure

small=10000 large=1000000 turns=7 seconds=5 warm=60 connections=32 largest_connections=32 idle_seconds=0 parent=${TMPDIR:-/tmp}
allocation_settings=()
while (($# > 0)); do
  (($# > 1)) || fail "$1 needs a value; the options stand at the top of bench/flat.sh."
  [[ $2 =~ ^[1-9][0-9]*$ ]] || fail "\"$2\" is not a number."
  case $1 in
    --small) small=$2 ;;
    --large) large=$2 ;;
    --turns) turns=$2 ;;
    --seconds) seconds=$2 ;;
    --warm) warm=$2 ;;
    *) fail "There is no option $1; the options stand at the top of bench/flat.sh." ;;
  esac
  shift 2
done

# What the bench's functions know of the book that they are about.
names=(contacts data url server socket postmaster programs workspace fields groups first_field)

keep_book() {
  local name
  books[$contacts]=$(for name in "${names[@]}"; do printf '%s=%q\n' "$name" "${!name}"; done)
}

turn_to() { eval "${books[$1]}"; }

# Microseconds of the server's and PostgreSQL's CPU for each request, over some seconds. The run's number is in every value that it writes.
cost_of() {
  local slot=$1 time=$2 before requests _
  run=$3
  before=$(($(server_ticks) + $(postgres_ticks)))
  run_wrk "$slot" "$connections" "$time"
  IFS=$'\t' read -r requests _ <<< "$figures"
  echo $((($(server_ticks) + $(postgres_ticks) - before) * 1000000 / ticks_per_second / requests))
}

require_tools
"$root/run.sh" --help > /dev/null
for contacts in "$small" "$large"; do
  open_book
  seed_book
  keep_book
done

echo "| $connections connections, medians of $turns turns of $seconds seconds | $small contacts, µs | $large, µs | times, median (least, most) |"
echo '|---|--:|--:|--:|'
for slot in upsert look-up; do
  for contacts in "$small" "$large"; do
    turn_to "$contacts"
    set_keys "$slot"
    cost_of "$slot" "$warm" 0 > /dev/null
  done
  for ((turn = 0; turn < turns; turn++)); do
    for size in "$small" "$large"; do
      turn_to "$size"
      set_keys "$slot"
      cost_of "$slot" "$seconds" $((turn + 1))
    done | paste -s
  done | awk -v slot="$slot" '
    function sorted(values, count,   i, j, kept) {
      for (i = 2; i <= count; i++) for (j = i; j > 1 && values[j] < values[j - 1]; j--) { kept = values[j]; values[j] = values[j - 1]; values[j - 1] = kept }
    }
    { few[NR] = $1; many[NR] = $2; times[NR] = $2 / $1 }
    END { sorted(few, NR); sorted(many, NR); sorted(times, NR); middle = int((NR + 1) / 2)
      printf "| %s | %d | %d | %.2f (%.2f, %.2f) |\n", slot, few[middle], many[middle], times[middle], times[1], times[NR] }'
done
