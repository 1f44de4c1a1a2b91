# Sums the counter "alloc-rate" in a piece of a .nettrace file, given as hexadecimal digits in one line.
# Its record: name, display name "Allocation Rate", scale "00:00:01", each UTF-16 with a final zero, then the increment: a little-endian double.

function digit(place) { return index("0123456789abcdef", substr($0, place, 1)) - 1 }

function byte(place) { return digit(place) * 16 + digit(place + 1) }

function double_at(place,    i, mantissa, exponent) {
  exponent = byte(place + 14) % 128 * 16 + int(byte(place + 12) / 16)
  mantissa = byte(place + 12) % 16
  for (i = 10; i >= 0; i -= 2) mantissa = mantissa * 256 + byte(place + i)
  return exponent == 0 ? 0 : (1 + mantissa / 2 ^ 52) * 2 ^ (exponent - 1023)
}

{
  name = "61006c006c006f0063002d007200610074006500000041006c006c006f0063006100740069006f006e0020005200610074006500"
  rest = $0
  passed = 0
  while ((at = index(rest, name)) > 0) {
    sum += double_at(passed + at + 144)
    seen++
    passed += at
    rest = substr($0, passed + 1)
  }
}

END { if (seen > 0) printf "%.0f\n", sum; else print "-" }
