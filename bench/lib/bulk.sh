# Sourced by run.sh: contacts_bulk.json, a stream of lines into an empty book.

# The lines: two URNs, three values and one group each; and the samples to read back, by either URN in turn.
make_lines() {
  awk -v total="$contacts" -v step=$((contacts / 50)) -v samples="$work/samples" 'BEGIN {
    for (i = 0; i < total; i++) {
      tel = sprintf("%.0f", 250700000000 + i)
      printf "{\"name\":\"Contact v%d\",\"language\":\"eng\",\"urns\":[\"tel:+%s\",\"mailto:c%d@example.com\"],\"groups\":[\"Everyone\"],", i, tel, i
      printf "\"fields\":{\"field_1\":\"v%d\",\"field_2\":%d,\"field_3\":\"2026-01-31T10:00:00Z\"}}\n", i, i % 90
      if (i % step == 0) printf "%s\tv%d\n", sampled++ % 2 ? "mailto%3Ac" i "%40example.com" : "tel%3A%2B" tel, i > samples
    }
  }' > "$work/lines"
}

# The server's memory, four times a second, until the shell's parent ends it.
watch_memory() {
  while sleep 0.25; do rss_of "$server" VmRSS; done
}

# Loads the book once per size; adds a line to bulk.tsv.
run_bulk() {
  say "Bulk: $contacts contacts …"
  make_lines
  open_book
  local watcher began took made server_before postgres_before allocated checked
  reset_peak
  mark_allocations
  watch_memory > "$work/memory" &
  watcher=$!
  server_before=$(server_ticks) postgres_before=$(postgres_ticks)
  began=$(now_ms)
  # The body goes in chunks as the file is read; the answers are read, and counted, while it goes.
  made=$(curl -sS -X POST -T - -H 'Expect:' -H "Authorization: Token $token" -H 'Content-Type: application/x-ndjson' "$url/api/v2/contacts_bulk.json" \
    < "$work/lines" | grep -c '^{"status":201,' || true)
  took=$(($(now_ms) - began))
  local server_used=$(($(server_ticks) - server_before)) postgres_used=$(($(postgres_ticks) - postgres_before))
  kill "$watcher" && wait "$watcher" 2> /dev/null || true
  allocated=$(allocations_since_mark)
  checked=$(check_samples)
  [[ $(sql -c 'SELECT count(*) FROM contacts') == "$made" ]] || fail "The bulk call answered 201 $made times, and the book has another number of contacts."
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$contacts" "$made" "$took" \
    $((server_used * 1000000 / ticks_per_second)) $((postgres_used * 1000000 / ticks_per_second)) \
    "$(awk '{ kb[NR] = $1 } END { q = int((NR + 3) / 4); print (NR ? kb[q] : 0) }' "$work/memory")" "$(tail -n 1 "$work/memory")" \
    "$(rss_of "$server" VmHWM)" "$(postgres_memory)" "$allocated" "${checked%/*}" "${checked#*/}" >> "$bulk_rows"
  close_book
}
