#!/usr/bin/env bash
# Measures Contacts beside pgbench on the same PostgreSQL in the same run; README.md says how and how to read it.
#   bench/run.sh [--contacts 10000,100000] [--seconds 10] [--connections 1,8,32,128] [--runs 3] [--warm 60] [--only upsert,look-up] [--data-in /tmp] [--out DIR]
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib/start.sh
source "$bench/lib/start.sh"
deep_time='' deep_id=''
trap 'unsubscribe; close_book; rm -rf "$work"' EXIT
use processes book receiver slots allocations check measure bulk report

sizes=10000,100000 seconds=10 only='' connections_given='' runs=3 warm=60 parent=${TMPDIR:-/tmp} out=''
while (($# > 0)); do
  (($# > 1)) || fail "$1 needs a value; the options stand at the top of bench/run.sh."
  case $1 in
    --contacts) sizes=$2 ;;
    --seconds) seconds=$2 ;;
    --connections) connections_given=$2 ;;
    --runs) runs=$2 ;;
    --warm) warm=$2 ;;
    --only) only=$2 ;;
    --data-in) parent=$2 ;;
    --out) out=$2 ;;
    *) fail "There is no option $1; the options stand at the top of bench/run.sh." ;;
  esac
  shift 2
done

IFS=, read -ra sizes <<< "$sizes"
IFS=, read -ra slots <<< "${only:-$(IFS=,; echo "${all_slots[*]}")}"
IFS=, read -ra connections_given <<< "$connections_given"
largest_connections=128
for number in "${sizes[@]}" "$seconds" "$runs" "$warm" "${connections_given[@]}"; do
  [[ $number =~ ^[1-9][0-9]*$ ]] || fail "\"$number\" is not a number."
done
for number in "${connections_given[@]}"; do
  ((number <= largest_connections)) || largest_connections=$number
done
for number in "${sizes[@]}"; do
  ((number >= 5000)) || fail "A book of $number contacts is too small: 5000 at least."
done
for slot in "${slots[@]}"; do
  [[ " ${all_slots[*]} " == *" $slot "* ]] || fail "There is no slot $slot. The slots: ${all_slots[*]}"
done

out=${out:-$root/artifacts/bench}
mkdir -p "$out"
rows=$out/rows.tsv bulk_rows=$out/bulk.tsv
rm -f "$out"/{results.md,results.json,medians.tsv,deliver.tsv,mismatches,throughput.svg,cpu.svg}
: > "$rows"
: > "$bulk_rows"

require_tools
"$root/run.sh" --help > /dev/null

if [[ " ${slots[*]} " == *' deliver '* ]]; then
  run_deliver
fi

for contacts in "${sizes[@]}"; do
  open_book
  machine=$(machine_line)
  say "$machine"
  say "$durability"
  say "Ready after $start_ms ms, idle with $((idle_rss / 1024)) MB, after a first start, which makes the schema, with $((first_idle_rss / 1024)) MB."
  seed_book
  warm_up
  for slot in "${slots[@]}"; do
    [[ $slot != bulk && $slot != deliver ]] || continue
    for connections in ${connections_given[*]:-$(connections_of "$slot")}; do
      run_slot "$slot" "$connections"
    done
  done
  close_book
  if [[ " ${slots[*]} " == *' bulk '* ]]; then
    run_bulk
  fi
done

report
