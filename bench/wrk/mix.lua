-- 70 % upserts, 20 % look-ups, 5 % creates, 5 % lists of 25. What is sampled is always an upsert.
local bench = dofile(os.getenv("BENCH_WRK") .. "/common.lua")

function request()
  sent = sent + 1
  local dice = math.random(100)
  if dice <= 70 or bench.next_sample() then return bench.upsert() end
  if dice <= 90 then return bench.look_up() end
  if dice <= 95 then return bench.create() end
  return bench.get("/api/v2/contacts.json?limit=25")
end
