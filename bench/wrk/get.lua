-- One URL again and again: lists and groups.
local bench = dofile(os.getenv("BENCH_WRK") .. "/common.lua")
local path = os.getenv("BENCH_PATH")

function request() return bench.get(path) end
