-- OUTBOX: a message to each contact of IDS_FILE once; `@@` in the body becomes the contact. When there is nobody left,
-- the connections rest.
local common = dofile(os.getenv("WRK_DIR") .. "/common.lua")
local before, after
-- wrk asks the first thread for one request that it does not send.
local ids, turn = {}, nil

function init()
  turn = number == 0 and -1 or 0
  local place = 0
  for id in io.lines(os.getenv("IDS_FILE")) do
    if place % 2 == number then ids[#ids + 1] = id end
    place = place + 1
  end
  local body = common.read(os.getenv("BODY_FILE"))
  local mark = body:find("@@", 1, true)
  local filled = body:sub(1, mark - 1) .. ids[1] .. body:sub(mark + 2)
  local whole = wrk.format(
    "POST", os.getenv("REQ_PATH"), common.headers({ ["Content-Type"] = "application/json" }), filled)
  local start = whole:find(ids[1], 1, true)
  before, after = whole:sub(1, start - 1), whole:sub(start + #ids[1])
end

function delay()
  if turn >= #ids then return 1000 end
  return 0
end

function request()
  turn = turn + 1
  if turn < 1 or turn > #ids then return wrk.format("GET", "/healthz") end
  return before .. ids[turn] .. after
end
