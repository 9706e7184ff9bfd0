-- The routes that forward to a cell: nearly all requests. The context of such a route never changes while the gateway
-- runs (its key comes from the cell's name), so it is read once for each cell and then found by the path that the route
-- was chosen by: reading it costs as much as the signature.
function envoy_on_request(handle)
  local headers = handle:headers()
  local path = headers:get(':path')
  local name = path:match('^/api/v1/([^/?]+)')
  local context = name and contexts[name]
  if not context then
    local text = context_of(handle)
    context = text and parsed(text) or {}
    if context[1] ~= 'cell' or context[3] ~= name then return refuse(handle, 'NOT_FOUND') end
    remember(name, context)
  end
  ensure_trace(headers)
  pass(handle, headers, context, path)
end
