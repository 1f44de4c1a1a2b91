# medians.tsv as the comparisons that say whether cost stays flat: the largest book against the smallest, a deep page against the first,
# a full group against an empty one. Costs are CPU of server and PostgreSQL per request; times are the inverse of requests per second.

BEGIN { FS = "\t" }

{
  at = $2 FS $3
  if (!(at in smallest)) { order[++n] = at; smallest[at] = largest[at] = $1 + 0 }
  if ($1 + 0 < smallest[at]) smallest[at] = $1 + 0
  if ($1 + 0 > largest[at]) largest[at] = $1 + 0
  cost[at, $1 + 0] = $10 + $11
  time[at, $1 + 0] = $5 > 0 ? 1 / $5 : 0
}

function compare(what, connections, a, i, b, j) {
  if (cost[b, j] == 0 || time[b, j] == 0) return
  if (!lines++) print "| compared | conn. | CPU, times | time, times |\n|---|--:|--:|--:|"
  printf "| %s | %d | %.2f | %.2f |\n", what, connections, cost[a, i] / cost[b, j], time[a, i] / time[b, j]
}

END {
  for (i = 1; i <= n; i++) {
    split(order[i], part, FS)
    if (largest[order[i]] > smallest[order[i]])
      compare(part[1] ": " largest[order[i]] " contacts against " smallest[order[i]], part[2], order[i], largest[order[i]], order[i], smallest[order[i]])
  }
  for (i = 1; i <= n; i++) {
    split(order[i], part, FS)
    size = largest[order[i]]
    if (part[1] == "deep-list") compare("deep page against page 1, " size " contacts", part[2], order[i], size, "list" FS part[2], size)
    if (part[1] == "group-full") compare("group with every contact against an empty one, " size " contacts", part[2], order[i], size, "group-empty" FS part[2], size)
  }
}
