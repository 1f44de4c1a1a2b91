# medians.tsv as an SVG: one measure against the size of the book, a line per slot. -v column is the measure's (0: CPU of both), -v title its name,
# -v connections the number of connections shown.

function x_of(contacts) { return left + (right - left) * (log(contacts) - log(low)) / (log(high) - log(low)) }

function y_of(value) { return bottom - (bottom - top) * value / ceiling }

# The next larger of 1, 2, 5 times a power of ten.
function round_up(value,    step) {
  step = 10 ^ int(log(value) / log(10) + 1e-9)
  if (step > value) step /= 10
  return value <= step ? step : value <= 2 * step ? 2 * step : value <= 5 * step ? 5 * step : 10 * step
}

BEGIN {
  FS = "\t"
  left = 70; right = 560; top = 50; bottom = 330
  split("#1f6feb #d1242f #1a7f37 #9a6700 #8250df", colours, " ")
}

$3 == connections && ($2 == "upsert" || $2 == "upsert-large" || $2 == "create" || $2 == "look-up" || $2 == "mix") {
  if (!($2 in place)) { place[$2] = ++slots; name[slots] = $2 }
  value = column > 0 ? $column : $10 + $11
  points[$2] = points[$2] " " $1 ":" value
  if (value > most) most = value
  if (low == 0 || $1 + 0 < low) low = $1 + 0
  if ($1 + 0 > high) high = $1 + 0
  sizes[$1] = 1
}

END {
  print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 380\" font-family=\"sans-serif\" font-size=\"13\">"
  print "<rect width=\"720\" height=\"380\" fill=\"#ffffff\"/>"
  printf "<text x=\"%d\" y=\"26\" font-size=\"16\">%s, %d connections</text>\n", left, title, connections
  if (slots > 0) {
    # One size alone stands in the middle.
    if (low == high) { low = low / 10; high = high * 10 }
    ceiling = round_up(most)
    for (i = 0; i <= 4; i++) {
      y = y_of(ceiling * i / 4)
      printf "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#d0d7de\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n", left, y, right, y, left - 8, y + 4, ceiling * i / 4
    }
    for (size in sizes)
      printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x_of(size), bottom + 20, size
    printf "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">contacts in the book</text>\n", (left + right) / 2, bottom + 40
    for (s = 1; s <= slots; s++) {
      n = split(substr(points[name[s]], 2), list, " ")
      path = ""
      for (p = 1; p <= n; p++) {
        split(list[p], at, ":")
        path = path sprintf(" %.1f,%.1f", x_of(at[1]), y_of(at[2]))
        printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n", x_of(at[1]), y_of(at[2]), colours[s]
      }
      printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", substr(path, 2), colours[s]
      printf "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>\n", right + 20, top + 22 * s - 8, colours[s], right + 42, top + 22 * s, name[s]
    }
  }
  print "</svg>"
}
