-- Updates of random seeded contacts by URN: a name and one value, unlike any that was there.
local bench = dofile(os.getenv("BENCH_WRK") .. "/common.lua")

function request()
  sent = sent + 1
  return bench.upsert()
end
