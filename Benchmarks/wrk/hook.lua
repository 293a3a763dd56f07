-- W4: an event that comes once, signed beforehand. The file of this thread has lines of one width: an id of 20
-- characters, and its signature of 44.
local common = dofile(os.getenv("WRK_DIR") .. "/common.lua")
local width = 65
local signed, count, before, between, after, swapped
local turn = 0

function init()
  signed = common.read(os.getenv("SIGNED_FILE") .. "." .. number)
  count = #signed / width
  local id, signature = string.rep("I", 20), string.rep("S", 44)
  local whole = wrk.format("POST", os.getenv("REQ_PATH"), {
    ["Content-Type"] = "application/json", ["webhook-id"] = id, ["webhook-timestamp"] = os.getenv("TIMESTAMP"),
    ["webhook-signature"] = "v1," .. signature,
  }, common.read(os.getenv("BODY_FILE")))
  local first, second = whole:find(id, 1, true), whole:find(signature, 1, true)
  swapped = second < first
  if swapped then
    before, between, after = whole:sub(1, second - 1), whole:sub(second + 44, first - 1), whole:sub(first + 20)
  else
    before, between, after = whole:sub(1, first - 1), whole:sub(first + 20, second - 1), whole:sub(second + 44)
  end
end

function request()
  local place = (turn % count) * width
  turn = turn + 1
  local id, signature = signed:sub(place + 1, place + 20), signed:sub(place + 21, place + 64)
  if swapped then return before .. signature .. between .. id .. after end
  return before .. id .. between .. signature .. after
end
