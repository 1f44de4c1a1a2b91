# rows.tsv to one line per book size, slot and number of connections: medians of the runs; sums of what went wrong and of what was read back.
# Out: contacts, slot, connections, runs, requests/s, p50 ms, p99 ms, pgbench/s, ratio, server µs, PostgreSQL µs, server MB, PostgreSQL MB,
# allocated bytes, refused, broken, read back, of; per request where it can be. Last: the largest share of the machine that others took,
# in %, and pgbench/s and the ratio with pgbench's simple protocol.

function median(name,    i, j, n, held, list) {
  n = count[key]
  for (i = 1; i <= n; i++) list[i] = value[key, name, i]
  for (i = 2; i <= n; i++) {
    held = list[i]
    for (j = i - 1; j > 0 && list[j] > held; j--) list[j + 1] = list[j]
    list[j + 1] = held
  }
  return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

function keep(name, number) { value[key, name, count[key]] = number }

BEGIN { FS = OFS = "\t" }

{
  key = $1 FS $2 FS $3
  if (!(key in count)) order[++keys] = key
  count[key]++
  good = $5 - $9
  rate = good * 1e6 / $6
  pgbench = ($11 + $12) / 2
  keep("rate", rate)
  keep("p50", $7 / 1000)
  keep("p99", $8 / 1000)
  keep("pgbench", pgbench)
  keep("ratio", rate / pgbench)
  keep("simple", $22)
  keep("simple_ratio", $22 > 0 ? rate / $22 : 0)
  keep("server", good > 0 ? $13 / good : 0)
  keep("postgres", good > 0 ? $14 / good : 0)
  keep("server_mb", $17 / 1024)
  keep("postgres_mb", $18 / 1024)
  keep("allocated", good > 0 ? $19 / good : 0)
  refused[key] += $9
  broken[key] += $10
  read_back[key] += $20
  of[key] += $21
  share = 100 * $16 / ($6 * cores)
  if (share > others[key] + 0) others[key] = share
}

END {
  for (k = 1; k <= keys; k++) {
    key = order[k]
    printf "%s\t%d\t%.1f\t%.2f\t%.2f\t%.1f\t%.2f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%d\t%d\t%d\t%d\t%.0f\t%.1f\t%.2f\n", key, count[key], median("rate"), median("p50"), median("p99"),
      median("pgbench"), median("ratio"), median("server"), median("postgres"), median("server_mb"), median("postgres_mb"), median("allocated"),
      refused[key], broken[key], read_back[key], of[key], others[key], median("simple"), median("simple_ratio")
  }
}
