-- W1: one lead, any of the tenant's, by its id.
local common = dofile(os.getenv("WRK_DIR") .. "/common.lua")
local requests = {}

function init()
  math.randomseed(number * 7919 + 17)
  for id in io.lines(os.getenv("IDS_FILE")) do
    requests[#requests + 1] = wrk.format("GET", (os.getenv("REQ_PATH"):gsub("{id}", id)), common.headers())
  end
end

function request() return requests[math.random(#requests)] end
