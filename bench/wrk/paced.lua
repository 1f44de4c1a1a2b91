-- Upserts at a steady pace: each connection waits after each answer, so that BENCH_CONNECTIONS connections make about BENCH_RATE requests a second.
local bench = dofile(os.getenv("BENCH_WRK") .. "/common.lua")
local pause = math.floor(1000 * bench.connections / tonumber(os.getenv("BENCH_RATE")))

function delay() return pause end

function request()
  sent = sent + 1
  return bench.upsert()
end
