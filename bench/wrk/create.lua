-- New contacts, each with two URNs that nobody has.
local bench = dofile(os.getenv("BENCH_WRK") .. "/common.lua")

function request()
  sent = sent + 1
  return bench.create()
end
