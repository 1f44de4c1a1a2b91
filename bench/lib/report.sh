# Sourced by run.sh: rows.tsv and bulk.tsv as a plain table, results.md, results.json and pictures.

report() {
  awk -v cores="$(nproc)" -f "$bench/lib/medians.awk" "$rows" > "$out/medians.tsv"
  echo
  head_lines
  echo
  [[ ! -s $out/medians.tsv ]] || awk -f "$bench/lib/table.awk" "$out/medians.tsv"
  [[ ! -s $bulk_rows ]] || bulk_lines
  deliver_line
  report_markdown > "$out/results.md"
  report_json > "$out/results.json"
  draw throughput 5 'Requests per second'
  draw cpu 0 'CPU per request, server and PostgreSQL, µs'
  echo
  echo "Written: $out/results.md, results.json, throughput.svg, cpu.svg"
  [[ ! -s $out/mismatches ]] || fail "What was written did not read back: $out/mismatches"
}

head_lines() {
  echo "$machine"
  echo "$durability"
  echo "$(date -u +%Y-%m-%d), commit $(git -C "$root" rev-parse --short HEAD 2> /dev/null || echo unknown): median of $runs runs of $seconds seconds, pgbench of $seconds seconds before and after each; ready after $start_ms ms, idle with $((idle_rss / 1024)) MB ($((first_idle_rss / 1024)) MB after the first start)"
}

bulk_lines() {
  awk -F '\t' '{
    printf "Bulk, %d contacts: %d created, %.0f a second, CPU %.0f µs of the server and %.0f µs of PostgreSQL each, server %.0f MB after a quarter, %.0f MB at the end, peak %.0f MB, PostgreSQL %.0f MB, %.0f bytes allocated each, read back %d of %d\n",
      $1, $2, $2 * 1000 / $3, $4 / $1, $5 / $1, $6 / 1024, $7 / 1024, $8 / 1024, $9 / 1024, $10 / $1, $11, $12 }' "$bulk_rows"
}

deliver_line() {
  [[ ! -s $out/deliver.tsv ]] || awk -F '\t' '{ printf "Deliver: %d events in %.1f seconds\n", $1, $2 / 1000 }' "$out/deliver.tsv"
}

report_markdown() {
  head_lines | sed 's/^/- /'
  echo
  if [[ -s $out/medians.tsv ]]; then
    awk -v markdown=1 -f "$bench/lib/table.awk" "$out/medians.tsv"
    echo
    awk -f "$bench/lib/flat.awk" "$out/medians.tsv"
  fi
  if [[ -s $bulk_rows ]]; then
    echo
    bulk_lines | sed 's/^/- /'
  fi
  deliver_line | sed 's/^/- /'
}

report_json() {
  printf '{\n  "machine":"%s",\n  "postgres":"%s",\n  "commit":"%s",\n  "seconds":%d,\n  "ready_ms":%d,\n  "idle_mb":%d,\n  "first_idle_mb":%d,\n' "$machine" "$durability" \
    "$(git -C "$root" rev-parse HEAD 2> /dev/null || echo unknown)" "$seconds" "$start_ms" $((idle_rss / 1024)) $((first_idle_rss / 1024))
  printf '  "medians":[\n%s\n  ],\n' "$(awk -v kind=medians -f "$bench/lib/json.awk" "$out/medians.tsv")"
  printf '  "bulk":[\n%s\n  ],\n' "$(awk -v kind=bulk -f "$bench/lib/json.awk" "$bulk_rows")"
  printf '  "runs":[\n%s\n  ]\n}\n' "$(awk -v kind=rows -f "$bench/lib/json.awk" "$rows")"
}

# A picture at 32 connections, or at the most there were.
draw() {
  local shown
  shown=$(awk -F '\t' '$3 == 32 { found = 1 } $3 + 0 > most { most = $3 + 0 } END { print found ? 32 : most + 0 }' "$out/medians.tsv")
  awk -v column="$2" -v title="$3" -v connections="$shown" -f "$bench/lib/picture.awk" "$out/medians.tsv" > "$out/$1.svg"
}
