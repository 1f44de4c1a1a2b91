# medians.tsv as a table: plain columns for the terminal, or Markdown with -v markdown=1.

BEGIN {
  FS = "\t"
  head = "contacts,slot,conn.,req/s,pgbench,ratio,simple,ratio,p50 ms,p99 ms,server µs,PG µs,both µs,server MB,PG MB,alloc. B,refused,broken,read back,others %"
  columns = split(head, names, ",")
  for (c = 1; c <= columns; c++) cell[0, c] = names[c]
}

{
  n = split($1 "," $2 "," $3 "," sprintf("%.0f", $5) "," sprintf("%.0f", $8) "," $9 "," sprintf("%.0f", $20) "," $21 "," $6 "," $7 "," $10 "," $11 "," ($10 + $11) "," $12 "," $13 "," $14 "," $15 "," $16 "," \
    ($18 > 0 ? $17 " of " $18 : "-") "," $19, parts, ",")
  for (c = 1; c <= n; c++) cell[NR, c] = parts[c]
}

# mawk counts bytes; µ is two of them, one column wide.
function wide(text,    copy) { copy = text; return length(copy) - gsub(/µ/, "", copy) * (length("µ") - 1) }

END {
  for (c = 1; c <= columns; c++)
    for (r = 0; r <= NR; r++)
      if (wide(cell[r, c]) > width[c]) width[c] = wide(cell[r, c])
  for (r = 0; r <= NR; r++) {
    line = markdown ? "|" : ""
    for (c = 1; c <= columns; c++) {
      pad = sprintf("%" (width[c] - wide(cell[r, c])) "s", "")
      if (width[c] == wide(cell[r, c])) pad = ""
      text = c == 2 ? cell[r, c] pad : pad cell[r, c]
      line = line (markdown ? " " text " |" : text "  ")
    }
    print line
    if (r == 0 && markdown) {
      line = "|"
      for (c = 1; c <= columns; c++) line = line (c == 2 ? "---|" : "--:|")
      print line
    }
  }
}
