-- W2: the newest fifty leads.
local common = dofile(os.getenv("WRK_DIR") .. "/common.lua")
local page

function init() page = wrk.format("GET", os.getenv("REQ_PATH"), common.headers()) end

function request() return page end
