-- All routes but those that forward to cells: the route's context says what to do.
function envoy_on_request(handle)
  local headers, text = handle:headers(), context_of(handle)
  local context = text and (contexts[text] or remember(text, parsed(text))) or { 'refuse', 'NOT_FOUND' }
  local kind = context[1]
  ensure_trace(headers)
  if kind == 'self' then return end
  if kind == 'refuse' then
    if context[2] == 'BAD_REQUEST' then
      headers:replace('x-request-id', string.format('%08x-%04x-4%03x-a%03x-%08x%04x', random(0, MOST), random(0, 65535),
        random(0, 4095), random(0, 4095), random(0, MOST), random(0, 65535)))
    end
    return refuse(handle, context[2], context[3], context[4])
  end
  pass(handle, headers, context, headers:get(':path'))
end
