# medians.tsv, bulk.tsv and rows.tsv as JSON objects in lists; -v kind says which.

function number(name, value) { return "\"" name "\":" (value == "-" || value == "" ? "null" : value) }

BEGIN {
  FS = "\t"
  if (kind == "medians")
    head = "contacts,slot,connections,runs,requests_per_second,p50_ms,p99_ms,pgbench_per_second,ratio,server_cpu_us,postgres_cpu_us,server_peak_mb,postgres_mb,allocated_bytes,refused,broken,read_back,read_back_of,others_percent,pgbench_simple_per_second,simple_ratio"
  if (kind == "bulk")
    head = "contacts,created,milliseconds,server_cpu_us,postgres_cpu_us,server_kb_at_a_quarter,server_kb_at_the_end,server_peak_kb,postgres_kb,allocated_bytes,read_back,read_back_of"
  if (kind == "rows")
    head = "contacts,slot,connections,run,requests,microseconds,p50_us,p99_us,refused,broken,pgbench_before,pgbench_after,server_cpu_us,postgres_cpu_us,client_cpu_us,others_cpu_us,server_peak_kb,postgres_kb,allocated_bytes,read_back,read_back_of,pgbench_simple"
  columns = split(head, names, ",")
}

{
  line = NR > 1 ? ",\n    {" : "    {"
  for (c = 1; c <= columns; c++)
    line = line (c > 1 ? "," : "") (names[c] == "slot" ? "\"slot\":\"" $c "\"" : number(names[c], $c))
  printf "%s}", line
}

END { if (NR > 0) print "" }
