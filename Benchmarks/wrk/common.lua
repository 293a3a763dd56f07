-- What the scripts share. Everything comes from the environment: TOKEN, AUTH (what stands before it),
-- REQ_PATH, IDS_FILE, BODY_FILE, RUN_TAG, PAUSE. The last line of a run is its figures as JSON.
local common = {}

local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

-- Milliseconds between an answer and the connection's next request; none unless told otherwise.
if os.getenv("PAUSE") then
  function delay() return tonumber(os.getenv("PAUSE")) end
end

function common.headers(more)
  local headers = { ["Authorization"] = (os.getenv("AUTH") or "Bearer ") .. (os.getenv("TOKEN") or "") }
  for name, value in pairs(more or {}) do headers[name] = value end
  return headers
end

function common.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'FIGURES {"requests":%d,"seconds":%.6f,"bytes":%d,"p50":%.3f,"p99":%.3f,"max":%.3f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, latency.max / 1000, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end

return common
