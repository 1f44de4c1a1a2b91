-- One URL again and again: lists and groups.
local bench = dofile(os.getenv("BENCH_WRK") .. "/common.lua")
local prepared

function request()
  prepared = prepared or wrk.format("GET", os.getenv("BENCH_PATH"), bench.headers)
  return prepared
end
