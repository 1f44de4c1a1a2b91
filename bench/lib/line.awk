# One measurement of rows.tsv as a line for the person who watches.
{
  pgbench = ($11 + $12) / 2
  rate = ($5 - $9) * 1e6 / $6
  printf "  %-12s %3d connections, run %d: %7.0f a second, pgbench %7.0f and %7.0f, ratio %.2f, to the simple protocol %.2f, p50 %.1f ms, p99 %.1f ms, %d refused, %d broken, read back %d of %d\n",
    $2, $3, $4, rate, $11, $12, rate / pgbench, ($22 > 0 ? rate / $22 : 0), $7 / 1000, $8 / 1000, $9, $10, $20, $21
}
