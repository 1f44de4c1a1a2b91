#!/usr/bin/env bash
# What the record of calls and its live page cost; README.md says how to read it.
#   bench/console.sh [--seconds 5] [--pairs 5] [--calls 100000] [--viewers 5]
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib/start.sh
source "$bench/lib/start.sh"
viewing=()

stop_viewers() {
  ((${#viewing[@]} == 0)) || kill "${viewing[@]}" 2> /dev/null || true
  viewing=()
}

trap 'stop_viewers; close_book; rm -rf "$work"' EXIT
use processes book slots allocations check measure

seconds=5 pairs=5 calls=100000 viewers=5 contacts=10000 parent=${TMPDIR:-/tmp} largest_connections=32
while (($# > 0)); do
  (($# > 1)) || fail "$1 needs a value; the options stand at the top of bench/console.sh."
  case $1 in
    --seconds) seconds=$2 ;;
    --pairs) pairs=$2 ;;
    --calls) calls=$2 ;;
    --viewers) viewers=$2 ;;
    *) fail "There is no option $1; the options stand at the top of bench/console.sh." ;;
  esac
  shift 2
done

records() {
  local status
  status=$(curl -s -o "$work/answer" -w '%{http_code}' -X PATCH -H "Authorization: Token $token" -H 'Content-Type: application/json' -d "{\"recording\":\"$1\"}" "$url/manage/api/workspace")
  [[ $status == 200 ]] || fail "PATCH workspace answered $status: $(< "$work/answer")"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# Upserts at 32 connections: requests per second, and microseconds of the server's and PostgreSQL's CPU for each.
rate() {
  local before
  before=$(($(server_ticks) + $(postgres_ticks)))
  run_wrk upsert 32 "$seconds"
  awk -F '\t' -v ticks=$(($(server_ticks) + $(postgres_ticks) - before)) -v second="$ticks_per_second" \
    '{ printf "%.0f %.0f\n", $1 * 1e6 / $2, ticks * 1e6 / second / $1 }' <<< "$figures"
}

sign_in() {
  local guard
  guard=$(curl -s -c "$work/jar" "$url/console/sign-in" | sed -n 's/.*name="__RequestVerificationToken" value="\([^"]*\)".*/\1/p' | head -n 1)
  curl -s -o /dev/null -b "$work/jar" -c "$work/jar" --data-urlencode "__RequestVerificationToken=$guard" -d _handler=sign-in -d "token=$token" "$url/console/sign-in"
  curl -sf -o /dev/null -b "$work/jar" "$url/console/calls" || fail 'Signing in did not work.'
}

start_viewers() {
  local n
  for ((n = 1; n <= viewers; n++)); do
    curl -sN -b "$work/jar" -H 'Accept: text/event-stream' "$url/console/calls/live" > "$work/live.$n" &
    viewing+=($!)
  done
}

paced() {
  BENCH_WRK=$bench/wrk BENCH_TOKEN=$token BENCH_RUN=$((run += 1)) BENCH_CONNECTIONS=20 BENCH_RATE=1000 BENCH_FIRST=$first BENCH_LAST=$last \
    wrk -t 2 -c 20 -d "$((seconds * 2))s" --timeout 30s --latency -s "$bench/wrk/paced.lua" "$url" | sed -n 's/^bench\t//p' \
    | awk -F '\t' -v what="$1" '{ printf "| %s | %.0f | %.1f | %.1f | %d |\n", what, $1 * 1e6 / $2, $3 / 1000, $4 / 1000, $5 + $6 }'
}

require_tools
"$root/run.sh" --help > /dev/null
export Contacts__Calls__PerSecond=100000
open_book
seed_book
set_keys upsert
run_wrk upsert 32 2

say "Filling the record with $calls calls …"
while (($(sql -c "SELECT count(*) FROM request_log") < calls)); do
  run_wrk upsert 32 3
  sleep 1
done
unset Contacts__Calls__PerSecond
stop_server
start_server
sign_in
run_wrk upsert 32 3

say 'Recording against not recording …'
for ((pair = 1; pair <= pairs; pair++)); do
  records all
  sleep 2
  with=$(rate)
  records off
  sleep 2
  without=$(rate)
  echo "$with $without" | awk '{ printf "%.3f\n", $1 / $3 }' >> "$work/ratios"
  echo "$with $without" | awk '{ printf "%.3f\n", $2 / $4 }' >> "$work/costs"
  say "pair $pair: recorded ${with/ / a second, } µs each; not recorded ${without/ / a second, } µs each"
done
records all

say 'The first page …'
for _ in {1..11}; do
  curl -s -o "$work/page" -w '%{time_total}\n' -b "$work/jar" "$url/console/calls" >> "$work/pages"
done
kept=$(sql -c "SELECT count(*) FROM request_log")

say 'At 1,000 calls a second …'
paced 'nobody looks' > "$work/paced"
start_viewers
paced "$viewers pages are open" >> "$work/paced"
sleep 1
stop_viewers
seen=$(grep -c '^event: rows' "$work/live.1" || true)

machine_line
echo "Recorded against not recorded, upserts at 32 connections, median of $pairs pairs: throughput $(median < "$work/ratios"), CPU for each $(median < "$work/costs")"
echo "First page with $kept recorded calls ($(wc -c < "$work/page") bytes), median of 11: $(median < "$work/pages") s"
echo
echo '| 1,000 upserts a second | reached | p50, ms | p99, ms | failed |'
echo '|---|--:|--:|--:|--:|'
cat "$work/paced"
echo
echo "Batches of rows that the first open page got in $((seconds * 2)) s: $seen"
