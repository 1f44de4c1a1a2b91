-- What all scripts share: settings from the environment, random keys, samples of what was written, and one line of figures at the end.

local bench = {}

local function number(name) return tonumber(os.getenv(name)) end

bench.first = number("BENCH_FIRST")
bench.last = number("BENCH_LAST")
bench.run = number("BENCH_RUN")
bench.connections = number("BENCH_CONNECTIONS")
bench.headers = { ["Authorization"] = "Token " .. os.getenv("BENCH_TOKEN"), ["Content-Type"] = "application/json" }

-- Keys that only samples write, so that it is known which value was written last. They are written again only after
-- ring * every further requests of the thread, far more than can be under way.
local ring, every, threads_at_most = 50, 40, 2
bench.reserved = ring * threads_at_most

-- Threads are Lua states of their own; these globals are how setup, init and done pass values between them.
local threads = {}
sent = 0
samples = {}
sample_times = {}

function setup(thread)
  thread:set("thread_number", #threads)
  threads[#threads + 1] = thread
end

function init()
  math.randomseed(bench.run * 100 + thread_number)
  for _ = 1, 10 do math.random() end
end

-- The number of a seeded contact, none of those that samples write.
function bench.random_key() return math.random(bench.first + bench.reserved, bench.last) end

-- The key to write next: mostly a random one, now and then the next of this thread's own.
function bench.next_key()
  if sent % every ~= 0 then return bench.random_key(), nil end
  local slot = math.floor(sent / every) % ring
  return bench.first + thread_number * ring + slot, slot + 1
end

-- A value that no other request of this bench writes.
function bench.unique() return string.format("v%d.%d.%d", bench.run, thread_number, sent) end

-- Samples in which a key is never written twice keep the latest of them as well.
function bench.next_sample() return sent % every == 0 and math.floor(sent / every) % ring + 1 or nil end

function bench.keep(slot, urn, value)
  samples[slot] = urn .. "\t" .. value
  sample_times[slot] = sent
end

function bench.seeded_urn(key) return string.format("tel%%3A%%2B%d", 250700000000 + key) end

function bench.upsert()
  local key, slot = bench.next_key()
  local urn, value = bench.seeded_urn(key), bench.unique()
  if slot then bench.keep(slot, urn, value) end
  local body = '{"name":"Contact ' .. value .. '","fields":{"field_1":"' .. value .. '"}}'
  return wrk.format("POST", "/api/v2/contacts.json?urn=" .. urn, bench.headers, body)
end

-- Fifteen digits: none of the seeded numbers, and none of another run's.
function bench.create()
  local value, slot = bench.unique(), bench.next_sample()
  local digits = string.format("8%05d%d%08d", bench.run, thread_number, sent)
  if slot then bench.keep(slot, "tel%3A%2B" .. digits, value) end
  local body = '{"name":"Contact ' .. value .. '","urns":["tel:+' .. digits .. '","mailto:c' .. digits .. '@example.com"],"fields":{"field_1":"' .. value .. '"}}'
  return wrk.format("POST", "/api/v2/contacts.json", bench.headers, body)
end

function bench.look_up()
  return wrk.format("GET", "/api/v2/contacts.json?urn=" .. bench.seeded_urn(bench.random_key()), bench.headers)
end

-- Samples whose request may not have been answered before the end are left out.
local function write_samples()
  local name = os.getenv("BENCH_SAMPLES")
  if not name then return end
  local file = assert(io.open(name, "w"))
  for _, thread in ipairs(threads) do
    local total = thread:get("sent")
    local kept, times = thread:get("samples"), thread:get("sample_times")
    for slot, line in pairs(kept) do
      if times[slot] < total - 5 * bench.connections then file:write(line, "\n") end
    end
  end
  file:close()
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("bench\t%d\t%d\t%d\t%d\t%d\t%d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.status, errors.connect + errors.read + errors.write + errors.timeout))
  write_samples()
end

return bench
