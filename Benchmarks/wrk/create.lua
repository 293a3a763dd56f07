-- W3: a new lead; `@@` in the body becomes a number of twelve digits that comes once.
local common = dofile(os.getenv("WRK_DIR") .. "/common.lua")
local before, after, prefix
local count = 0

function init()
  prefix = string.format("%03d%d", tonumber(os.getenv("RUN_TAG")) % 1000, number)
  local body = common.read(os.getenv("BODY_FILE"))
  local place = body:find("@@", 1, true)
  local whole = wrk.format(
    "POST", os.getenv("REQ_PATH"), common.headers({ ["Content-Type"] = "application/json" }),
    body:sub(1, place - 1) .. "000000000000" .. body:sub(place + 2))
  local start = whole:find("000000000000", whole:find("\r\n\r\n", 1, true), true)
  before, after = whole:sub(1, start - 1), whole:sub(start + 12)
end

function request()
  count = count + 1
  return string.format("%s%s%08d%s", before, prefix, count, after)
end
