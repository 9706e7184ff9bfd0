-- After the token check: tenant rule and signature. x-tenant-id and x-user-id can only come from a verified token
-- here, since what the client sent under these names was set aside before any filter ran. Without a route context
-- nothing is let through.
function envoy_on_request(handle)
  local headers, context = handle:headers(), handle:filterContext()
  local kind = context and context:get('kind')
  if kind == 'self' then return end
  if kind == 'refuse' then return refuse(handle, context:get('code'), context:get('reason'), context:get('retry_after')) end
  local tenant, user = '', ''
  if kind == 'cell' or kind == 'platform' then
    tenant, user = headers:get('x-tenant-id') or '', headers:get('x-user-id') or ''
    if tenant == '' or user == '' then return refuse(handle, 'UNAUTHORIZED') end
    local asked = headers:get('x-asked-tenant-id') or ''
    if asked == '' then
      if kind == 'cell' and REQUIRE_TENANT_ID then return refuse(handle, 'MISSING_TENANT_ID') end
    elseif asked:lower() ~= tenant then
      return refuse(handle, 'FORBIDDEN', 'X-Tenant-Id')
    end
  elseif kind ~= 'public' then
    return refuse(handle, 'NOT_FOUND')
  end
  local time = handle:timestampString()
  local signed = hmac(context:get('key') or '', 'v1\n' .. headers:get(':method') .. '\n' .. headers:get(':path') .. '\n' ..
    tenant .. '\n' .. user .. '\n' .. headers:get('x-request-id') .. '\n' .. time)
  if not signed then return refuse(handle, 'INTERNAL') end
  headers:replace('x-gateway-time', time)
  headers:replace('x-gateway-signature', 'v1=' .. signed)
end
