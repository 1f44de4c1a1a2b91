# Sourced by run.sh: one measurement of one slot, with wrk or with pgbench.

threads_for() { echo $(($1 < 2 ? 1 : 2)); }

# pgbench doing a slot's transaction, with prepared statements unless told otherwise; prints transactions per second.
run_pgbench() {
  local slot=$1 connections=$2 time=$3 protocol=${4:-prepared} scripts=$bench/pgbench output arguments
  read -ra arguments <<< "$(pgbench_of "$slot")"
  [[ $protocol != simple ]] || scripts=$(simple_scripts)
  output=$(cd "$scripts" && "$programs/pgbench" -h "$socket" -U contacts -n -M "$protocol" -c "$connections" -j "$(threads_for "$connections")" -T "$time" \
    -D "workspace=$workspace" -D "field=$first_field" -D "first=$first" -D "last=$last" -D "size=$(size_of "$slot")" \
    -D "deep_time=${deep_time:-none}" -D "deep_id=${deep_id:-none}" -D "group_key=$(group_of "$slot")" "${arguments[@]}" contacts 2> "$work/pgbench.err") \
    || { cat "$work/pgbench.err" >&2; fail "pgbench failed in the slot $slot."; }
  awk '/^tps = / { print $3 }' <<< "$output"
}

# The scripts for pgbench's simple protocol, in which values are put into the text: those that are no numbers need quotes.
simple_scripts() {
  local folder=$work/simple script
  if [[ ! -d $folder ]]; then
    mkdir "$folder"
    for script in "$bench"/pgbench/*.sql; do
      sed -E "/^\\\\set/! s/:(workspace|id|fields|field|group_key|deep_time|deep_id)\\b/':\\1'/g" "$script" > "$folder/${script##*/}"
    done
  fi
  echo "$folder"
}

# wrk doing a slot's requests; prints requests, microseconds, p50, p99 (microseconds), answers of 400 and above, failed connections.
run_wrk() {
  local slot=$1 connections=$2 time=$3
  run=$((run + 1))
  rm -f "$work/samples"
  BENCH_WRK=$bench/wrk BENCH_TOKEN=$token BENCH_RUN=$run BENCH_CONNECTIONS=$connections BENCH_FIRST=$first BENCH_LAST=$last BENCH_PATH=$(path_of "$slot") \
    BENCH_SAMPLES=$work/samples wrk -t "$(threads_for "$connections")" -c "$connections" -d "${time}s" --timeout 30s --latency -s "$bench/wrk/$(script_of "$slot")" "$url" \
    > "$work/wrk.out" 2>&1 || { cat "$work/wrk.out" >&2; fail "wrk failed in the slot $slot."; }
  figures=$(sed -n 's/^bench\t//p' "$work/wrk.out")
  [[ -n $figures ]] || { cat "$work/wrk.out" >&2; fail "wrk gave no figures in the slot $slot."; }
}

# One run of a slot between two of pgbench; adds a line to rows.tsv.
measure() {
  local slot=$1 connections=$2 number=$3 before=$4 after simple
  local server_before postgres_before machine_before client_before
  local requests micros p50 p99 refused broken
  reset_peak
  mark_allocations
  server_before=$(server_ticks) postgres_before=$(postgres_ticks) machine_before=$(machine_ticks) client_before=$(client_ticks)
  run_wrk "$slot" "$connections" "$seconds"
  local server_used=$(($(server_ticks) - server_before)) postgres_used=$(($(postgres_ticks) - postgres_before))
  local machine_used=$(($(machine_ticks) - machine_before)) client_used=$(($(client_ticks) - client_before))
  local peak postgres_peak allocated checked
  peak=$(rss_of "$server" VmHWM) postgres_peak=$(postgres_memory) allocated=$(allocations_since_mark)
  checked=$(check_samples)
  drain_outbox
  after=$(run_pgbench "$slot" "$connections" "$seconds")
  simple=$(run_pgbench "$slot" "$connections" "$seconds" simple)
  IFS=$'\t' read -r requests micros p50 p99 refused broken <<< "$figures"
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
    "$contacts" "$slot" "$connections" "$number" "$requests" "$micros" "$p50" "$p99" "$refused" "$broken" "$before" "$after" \
    $((server_used * 1000000 / ticks_per_second)) $((postgres_used * 1000000 / ticks_per_second)) $((client_used * 1000000 / ticks_per_second)) \
    $(((machine_used - server_used - postgres_used - client_used) * 1000000 / ticks_per_second)) \
    "$peak" "$postgres_peak" "$allocated" "${checked%/*}" "${checked#*/}" "$simple" >> "$rows"
  tail -n 1 "$rows" | awk -F '\t' -f "$bench/lib/line.awk" >&2
  last_pgbench=$after
}

# CPU of the bench's own ended children (wrk, and the little that the measuring itself takes), in ticks.
client_ticks() { awk '{ sub(/.*\) /, ""); print $14 + $15 }' "/proc/$$/stat"; }
