-- The gateway's own decisions, after the token check: trace context, tenant rule, signature. Two scripts end with
-- this one's functions: cell.lua for the routes that forward to cells, policy.lua for all others.
--
-- x-tenant-id and x-user-id can only come from a verified token here: what the client sent under these names was set
-- aside before any filter ran, when x-gateway-time was set as well. Without a route context nothing is let through. A
-- context is one text, its parts joined by '|', because every look into it costs: 'cell|key|name', 'platform|key',
-- 'account|key' (open although the password has to be changed), 'public|key', 'self', or
-- 'refuse|code|reason|retry after'.
local contexts, known = {}, 0

local function remember(by, parts)
  -- Keys and reasons are few; a table that grew for ever would be the sign of a fault.
  if known >= 1000 then contexts, known = {}, 0 end
  contexts[by], known = parts, known + 1
  return parts
end

local function context_of(handle)
  local filter = handle:filterContext()
  return filter and filter:get('context')
end

local function parsed(text)
  local parts = {}
  for part in (text .. '|'):gmatch('([^|]*)|') do parts[#parts + 1] = part end
  return parts
end

-- A new trace context: half of the trace id is this worker's own, the rest is random. Written into one buffer, since
-- string.format with six numbers costs as much as the signature.
math.randomseed(tonumber((tostring({}):gsub('^.*0x', '')), 16) % 2147483647 + os.time())
local random, MOST = math.random, 4294967295
local trace_text = ffi.new('char[56]', string.format('00-%08x%08x%016d-%016d-01', random(0, MOST), random(1, MOST), 0, 0))

local function write_digits(at, value)
  for i = 7, 0, -1 do
    trace_text[at + i] = DIGITS[band(value, 15)]
    value = rshift(value, 4)
  end
end

local function new_trace()
  write_digits(19, random(0, MOST))
  write_digits(27, random(0, MOST))
  write_digits(36, random(0, MOST))
  write_digits(44, random(1, MOST))
  return ffi.string(trace_text, 55)
end

local function usable(trace)
  return #trace == 55 and trace:find('^00%-%x+%-%x+%-%x%x$') and not trace:find('%u') and trace:byte(36) == 45
    and trace:byte(53) == 45 and not trace:find('^00%-0+%-') and not trace:find('%-0+%-%x%x$')
end

-- A token may be limited: to changing the password ('password'), or to the cells of the tenant's package
-- ('cells,crm,erp,'). Most carry no limit.
local function limited(limits, kind, cell)
  if limits == 'password' then return kind ~= 'account' and 'PASSWORD_CHANGE_REQUIRED' end
  return kind == 'cell' and not limits:find(',' .. cell .. ',', 1, true) and 'CELL_NOT_INCLUDED'
end

local function ensure_trace(headers)
  local trace = headers:get('traceparent')
  if not trace or not usable(trace) then
    headers:replace('traceparent', new_trace())
    if trace then headers:remove('tracestate') end
  end
end

-- Lets a request through with its signature, or refuses it.
local function pass(handle, headers, context, path)
  local kind, tenant, user = context[1], '', ''
  if kind ~= 'public' then
    tenant, user = headers:get('x-tenant-id') or '', headers:get('x-user-id') or ''
    if tenant == '' or user == '' then return refuse(handle, 'UNAUTHORIZED') end
    local limits = headers:get('x-gateway-limits')
    local limit = limits and limited(limits, kind, context[3])
    if limit then return refuse(handle, limit) end
    local asked = headers:get('x-asked-tenant-id')
    if not asked or asked == '' then
      if kind == 'cell' and REQUIRE_TENANT_ID then return refuse(handle, 'MISSING_TENANT_ID') end
    elseif asked ~= tenant and asked:lower() ~= tenant then
      return refuse(handle, 'FORBIDDEN', 'X-Tenant-Id')
    end
  end
  local time = headers:get('x-gateway-time')
  local signed = hmac(context[2] or '', 'v1\n' .. headers:get(':method') .. '\n' .. path .. '\n' ..
    tenant .. '\n' .. user .. '\n' .. headers:get('x-request-id') .. '\n' .. time)
  if not signed then return refuse(handle, 'INTERNAL') end
  headers:replace('x-gateway-signature', 'v1=' .. signed)
end
