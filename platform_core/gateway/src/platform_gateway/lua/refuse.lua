-- Answers in the contract's error shape. MESSAGES is written by Python in front of this text: code -> {status, zh, en}.
local function quoted(text)
  return (text:gsub('[%c"\\\127-\255]', function(c) return string.format('\\u%04x', c:byte()) end))
end

local function refuse(handle, code, reason, retry_after)
  local headers = handle:headers()
  local message = MESSAGES[code]
  local language = (headers:get('accept-language') or ''):sub(1, 2):lower()
  local text = language == 'en' and message.en or message.zh
  local details = reason and reason ~= '' and ('{"reason":"' .. quoted(reason) .. '"}') or '{}'
  local answer = { [':status'] = message.status, ['content-type'] = 'application/json' }
  if retry_after and retry_after ~= '' then answer['retry-after'] = retry_after end
  handle:respond(answer, '{"code":"' .. code .. '","message":"' .. text .. '","details":' .. details ..
    ',"requestId":"' .. quoted(headers:get('x-request-id') or '') .. '"}')
end
