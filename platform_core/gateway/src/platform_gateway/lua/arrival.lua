-- First filter: every request carries a usable request id and trace context before anything can refuse it.
math.randomseed(tonumber((tostring({}):gsub('^.*0x', '')), 16) % 2147483647 + os.time())
local function digits(count)
  local pieces = {}
  for i = 1, count do pieces[i] = string.format('%08x', math.random(0, 4294967295)) end
  return table.concat(pieces)
end

local function new_uuid()
  local text = digits(4)
  return text:sub(1, 8) .. '-' .. text:sub(9, 12) .. '-4' .. text:sub(14, 16) .. '-a' .. text:sub(18, 20) .. '-' ..
    text:sub(21)
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local trace = headers:get('traceparent')
  if not trace or #trace ~= 55 or not trace:find('^00%-%x+%-%x+%-%x%x$') or trace:find('%u')
    or trace:byte(36) ~= 45 or trace:byte(53) ~= 45 or trace:find('^00%-0+%-') or trace:find('%-0+%-%x%x$') then
    headers:replace('traceparent', '00-' .. digits(4) .. '-' .. digits(2) .. '-01')
    headers:remove('tracestate')
  end
  local id = headers:get('x-request-id') or ''
  if id == '' or #id > 128 or id:find('[^%w%._:%-]') then
    headers:replace('x-request-id', new_uuid())
    refuse(handle, 'BAD_REQUEST', 'X-Request-ID')
  end
end
