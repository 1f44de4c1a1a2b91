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

-- A value that no other request of this bench writes; always as long.
function bench.unique() return string.format("v%05d.%d.%09d", bench.run, thread_number, sent) end

-- A request of which only what is marked changes: made once in each thread, since putting it together anew would take the processor from the server.
-- Marks are as long as what takes their place: $K… a seeded key, $V… a value, $D… the digits of a new number.
local function template(method, path, body)
  local text = wrk.format(method, path, bench.headers, body)
  local parts, places, from = {}, {}, 1
  for at, mark, after in text:gmatch("()(%$[KVD]+)()") do
    parts[#parts + 1] = text:sub(from, at - 1)
    parts[#parts + 1] = mark
    places[#places + 1] = { #parts, mark:sub(2, 2) }
    from = after
  end
  parts[#parts + 1] = text:sub(from)
  return function(values)
    for i = 1, #places do parts[places[i][1]] = values[places[i][2]] end
    return table.concat(parts)
  end
end

local KEY, VALUE, DIGITS = "$" .. ("K"):rep(11), "$" .. ("V"):rep(17), "$" .. ("D"):rep(14)
local seeded = "/api/v2/contacts.json?urn=tel%3A%2B" .. KEY
local values, made = {}, {}

local function made_once(name, method, path, body)
  made[name] = made[name] or template(method, path, body)
  return made[name]
end

-- Samples in which a key is never written twice keep the latest of them as well.
function bench.next_sample() return sent % every == 0 and math.floor(sent / every) % ring + 1 or nil end

function bench.keep(slot, urn, value)
  samples[slot] = urn .. "\t" .. value
  sample_times[slot] = sent
end

function bench.upsert()
  local key, slot = bench.next_key()
  values.K, values.V = string.format("%.0f", 250700000000 + key), bench.unique()
  if slot then bench.keep(slot, "tel%3A%2B" .. values.K, values.V) end
  return made_once("upsert", "POST", seeded, '{"name":"Contact ' .. VALUE .. '","fields":{"field_1":"' .. VALUE .. '"}}')(values)
end

-- Fifteen digits: none of the seeded numbers, and none of another run's.
function bench.create()
  local slot = bench.next_sample()
  values.V, values.D = bench.unique(), string.format("8%05d%d%08d", bench.run, thread_number, sent)
  if slot then bench.keep(slot, "tel%3A%2B" .. values.D, values.V) end
  local body = '{"name":"Contact ' .. VALUE .. '","urns":["tel:+' .. DIGITS .. '","mailto:c' .. DIGITS .. '@example.com"],"fields":{"field_1":"' .. VALUE .. '"}}'
  return made_once("create", "POST", "/api/v2/contacts.json", body)(values)
end

function bench.look_up()
  values.K = string.format("%.0f", 250700000000 + bench.random_key())
  return made_once("look-up", "GET", seeded)(values)
end

-- One URL again and again.
function bench.get(path) return made_once(path, "GET", path)(values) end

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
