-- Random seeded contacts by URN.
local bench = dofile(os.getenv("BENCH_WRK") .. "/common.lua")

function request() return bench.look_up() end
