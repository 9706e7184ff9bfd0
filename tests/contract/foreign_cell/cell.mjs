// A cell without the kit: plain Node, no packages. Memos live in an append-only file, one line a transaction: the row,
// the answer kept for repeats and the event stand in the line together, or not at all.
import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
const NAME = 'memos', ENTITY = 'memos.memo', BASE = '/api/v1/memos', PATH = `${BASE}/memos`, env = process.env
const HOST = env.SERVICE_HOST ?? '127.0.0.1', label = { zh: '备忘', en: 'Memo' }, version = '1.0.0', up = { body: { status: 'up' } }
const CELLS = '/api/governance/cells', url = `http://${HOST}:${env.SERVICE_PORT}`
const MANIFEST = { name: NAME, version, label, entities: [{ key: ENTITY, kind: 'document', label, path: PATH }],
  permissions: ['read', 'create', 'update'].map(verb => `${ENTITY}.${verb}`), menus: [{ key: ENTITY, label, path: '/memos/memos' }],
  publishes: [`${ENTITY}.created.v1`, `${ENTITY}.updated.v1`], subscribes: [], reports: [] }
const properties = { title: { type: 'string', minLength: 1, maxLength: 200 }, version: { type: 'integer' } }
const body = required => ({ requestBody: { content: { 'application/json': { schema:
  { type: 'object', properties, required, additionalProperties: false } } } } })
const OPENAPI = { openapi: '3.1.0', info: { title: label.en, version }, paths: { [PATH]: { get: {}, post: body(['title']) },
  [`${PATH}/{id}`]: { get: {}, patch: body(['version']) }, [`${BASE}/_meta`]: { get: {} }, [`${BASE}/_inbox`]: { post: {} } } }
const ERRORS = { BAD_REQUEST: [400, '请求不正确', 'Bad request'], UNAUTHORIZED: [401, '请重新登录', 'Please log in'],
  FORBIDDEN: [403, '没有权限', 'Not permitted'], SIGNATURE_INVALID: [403, '签名无效', 'Invalid signature'], NOT_FOUND: [404, '没有找到', 'Not found'],
  METHOD_NOT_ALLOWED: [405, '不支持的方法', 'Method not allowed'], CONFLICT: [409, '已被他人修改', 'Changed by others'],
  IDEMPOTENT_CONFLICT: [409, '请求号已用过', 'Id used already'], UNSUPPORTED_MEDIA_TYPE: [415, '应为 JSON', 'JSON expected'],
  VALIDATION_FAILED: [422, '数据不符合要求', 'The data is not valid'], EVENT_TYPE_UNKNOWN: [422, '不处理此类事件', 'Not handled here'],
  UNAVAILABLE: [503, '请稍后再试', 'Try again later'] }
const refuse = (code, details = {}) => { throw Object.assign(new Error(code), { code, details }) }
const need = (holds, code, details) => holds || refuse(code, details)

// Storage. A last line that a crash cut off was never answered, so it is left out.
const rows = new Map(), kept = new Map(), outbox = new Map(), FILE = env.DATA_FILE ?? 'memos.jsonl'
function apply({ row, answer, event, delivered }) {
  if (row) { rows.set(row.id, row); kept.set(answer.key, answer); outbox.set(event.id, { event, sent: new Set() }) }
  outbox.delete(delivered)
}
for (const line of readFileSync(FILE, { encoding: 'utf8', flag: 'a+' }).split('\n')) try { apply(JSON.parse(line)) } catch { }
const commit = record => { appendFileSync(FILE, `\n${JSON.stringify(record)}`, { flush: true }); apply(record) }

// Who calls: the gateway's signature, and the caller's role document from identity, asked for with a service token.
const sign = (...parts) => 'v1=' + createHmac('sha256', env.GATEWAY_SIGNING_SECRET).update(['v1', ...parts].join('\n')).digest('hex')
function checkSignature({ method, url, headers }, { tenant, user, id }) {
  const time = headers['x-gateway-time'] ?? '', given = Buffer.from(headers['x-gateway-signature'] ?? '')
  const right = Buffer.from(sign(method, url, tenant, user, id, time)), late = Math.abs(Date.now() - Number(time))
  need(/^\d+$/.test(time) && late <= 60_000 && given.length === right.length && timingSafeEqual(given, right), 'SIGNATURE_INVALID')
}
const cache = new Map(), forget = key => setTimeout(() => cache.delete(key), 5000)
const cached = (key, make) => cache.get(key) ?? (forget(key), cache.set(key, make()).get(key))
const send = (url, method, headers, sent) => fetch(url, { method, body: sent && JSON.stringify(sent),
  headers: { 'Content-Type': 'application/json', ...headers }, signal: AbortSignal.timeout(8000) })
const told = answer => answer.ok ? answer.json() : refuse(answer.status < 500 ? 'UNAUTHORIZED' : 'UNAVAILABLE')
const tokenOf = tenant => cached(tenant, async () => {
  const path = '/api/v1/auth/service-token', time = String(Date.now()), signature = sign('POST', path, tenant, `cell:${NAME}`, '', time)
  return (await told(await send(env.GATEWAY_URL + path, 'POST', {}, { cell: NAME, tenantId: tenant, time, signature }))).accessToken
})
const asCell = async (method, path, tenant, id, sent) => send(env.GATEWAY_URL + path, method,
  { Authorization: `Bearer ${await tokenOf(tenant)}`, 'X-Tenant-Id': tenant, 'X-Request-ID': id }, sent)
const roleOf = ({ tenant, user }) => user.startsWith('cell:') ? { permissions: [] } : cached(`${tenant} ${user}`, async () =>
  told(await asCell('GET', `/api/v1/identity/role-documents/${encodeURIComponent(user)}`, tenant, randomUUID())))
// A star at the end of a permission stands for all that follows, one before it for a single word.
const allows = (role, verb) => role.permissions.some(held =>
  RegExp(`^${held.replaceAll('.', '\\.').replace(/\*$/, '.+').replaceAll('*', '[^.]+')}$`).test(`${ENTITY}.${verb}`))

// The business: a memo has a title.
const GOOD = new Map([['title', given => typeof given === 'string' && given.trim() && given.length <= 200], ['version', Number.isInteger]])
const hex = raw => createHash('sha256').update(raw).digest('hex')
function parsed(raw, value) {
  try { value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw)) } catch { }
  return value?.constructor === Object ? value : refuse('BAD_REQUEST')
}
async function memos(request, caller, query, id, raw) {
  const verb = { GET: 'read', ...(id ? { PATCH: 'update' } : { POST: 'create' }) }[request.method] ?? refuse('METHOD_NOT_ALLOWED')
  const { tenant, user } = caller, role = await roleOf(caller), { scopes } = role, row = rows.get(id)
  need(allows(role, verb), 'FORBIDDEN', { permission: `${ENTITY}.${verb}` })
  // Whoever does not see all rows sees his own here: less than a department's scope would show, never more.
  const mine = row => row?.tenant === tenant && ((scopes[ENTITY] ?? scopes[`${NAME}.*`] ?? scopes['*']) === 'all' || row.owner_id === user)
  // Nothing waits from here on, so two requests never mix: all the locking that a single process needs.
  const key = [tenant, user, request.method, request.url, caller.id].join(' '), before = kept.get(key)
  if (verb !== 'read' && before) return before.hash === hex(raw)
    ? { ...before, headers: { ...before.headers, 'Idempotent-Replay': 'true' } } : refuse('IDEMPOTENT_CONFLICT')
  need(!id || mine(row), 'NOT_FOUND')
  if (verb === 'read') return { body: id ? row : list(query, mine) }
  need(request.headers['content-type']?.includes('json'), 'UNSUPPORTED_MEDIA_TYPE')
  const value = parsed(raw), names = new Set([...Object.keys(value), id ? 'version' : 'title']), now = new Date().toISOString()
  const problems = [...names].filter(name => !GOOD.get(name)?.(value[name]))
    .map(field => ({ field, rule: 'value', message: `${field}：缺少或不正确 / missing or wrong` }))
  need(!problems.length, 'VALIDATION_FAILED', problems)
  need(!id || value.version === row.version, 'CONFLICT', { current: row?.version })
  const base = row ?? { id: randomUUID(), tenant, owner_id: user, created_at: now, version: 0 }
  const made = { ...base, ...value, version: base.version + 1, updated_at: now }
  const answer = { key, hash: hex(raw), status: id ? 200 : 201, headers: { Location: `${PATH}/${made.id}` }, body: made }
  const event = { specversion: '1.0', id: randomUUID(), source: `/cells/${NAME}`, type: `${ENTITY}.${id ? 'updated' : 'created'}.v1`,
    subject: made.id, time: now, tenantid: tenant, partitionkey: made.id, actor: user, data: made }
  commit({ row: made, answer, event })
  return answer
}
function list(query, mine) { // Newest first. A memo keeps its place in the map for ever, so the last one seen is a cursor.
  const limit = query.get('limit') ?? '20', cursor = query.get('cursor'), found = [...rows.values()].filter(mine).reverse()
  const start = cursor === null ? 0 : found.findIndex(row => row.id === cursor) + 1, items = found.slice(start, start + Number(limit))
  need(/^\d{1,3}$/.test(limit) && limit > 0 && limit <= 200 && (cursor === null || start), 'BAD_REQUEST')
  return { items, next: found[start + items.length] ? items.at(-1).id : null, total: query.get('total') === 'true' ? found.length : null }
}
function inbox(caller, raw) {
  const { id, source, type, tenantid } = caller.user.startsWith('cell:') ? parsed(raw) : refuse('FORBIDDEN')
  need(id && type && source && tenantid, 'BAD_REQUEST')
  need(tenantid === caller.tenant && source === `/cells/${caller.user.slice(5)}`, 'FORBIDDEN')
  refuse('EVENT_TYPE_UNKNOWN', { type })
}

// The server: open questions of the platform, then signed ones; every error in the contract's one shape.
const OPEN = { '/health': up, '/ready': up, '/openapi.json': { body: OPENAPI }, '/_meta': { body: MANIFEST },
  '/metrics': { text: 'memos_up 1\n', type: 'text/plain' }, '/docs': { text: '<a href="/openapi.json">备忘</a>', type: 'text/html' } }
async function answerTo(request, caller) {
  const { pathname, searchParams } = new URL(request.url, 'http://cell'), id = pathname.slice(PATH.length + 1)
  const raw = Buffer.concat(await request.toArray())
  if (OPEN[pathname]) return OPEN[pathname]
  checkSignature(request, caller)
  if (pathname === PATH || (pathname.startsWith(`${PATH}/`) && !id.includes('/'))) return memos(request, caller, searchParams, id, raw)
  if (pathname === `${BASE}/_inbox`) return inbox(caller, raw)
  need(pathname === `${BASE}/_meta`, 'NOT_FOUND')
  need(request.method === 'GET', 'METHOD_NOT_ALLOWED')
  const entities = allows(await roleOf(caller), 'read') ? MANIFEST.entities : [], ETag = `"${hex(JSON.stringify(entities))}"`
  const body = { ...MANIFEST, entities }, seen = request.headers['if-none-match']?.includes(ETag)
  return { headers: { ETag }, ...(seen ? { status: 304 } : { body }) }
}
createServer(async (request, response) => {
  const began = performance.now(), get = name => request.headers[name] ?? ''
  const caller = { tenant: get('x-tenant-id'), user: get('x-user-id'), id: get('x-request-id') || randomUUID() }
  const traceparent = get('traceparent') || `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`
  const found = await answerTo(request, caller).catch(({ code, details, stack }) => {
    const [status, zh, en] = ERRORS[code] ?? [500, '系统错误', 'Internal error', console.error(stack)]
    return { status, headers: status === 503 ? { 'Retry-After': 1 } : {}, body: { code: ERRORS[code] ? code : 'INTERNAL',
      message: get('accept-language').startsWith('en') ? en : zh, details: details ?? {}, requestId: caller.id } }
  })
  const { status = 200, headers = {}, body, text = body ? JSON.stringify(body) : '', type = 'application/json' } = found
  response.writeHead(status, { ...headers, 'Content-Type': `${type}; charset=utf-8`, 'X-Request-ID': caller.id,
    'X-Response-Time': (performance.now() - began).toFixed(2), traceparent }).end(text)
}).listen(Number(env.SERVICE_PORT), HOST)

// Governance: register, renew, ask who wants the events; then carry them to the subscribers, each until it has it.
const governance = (method, path, sent, id = randomUUID(), time = String(Date.now())) => send(env.GOVERNANCE_URL + path, method, {
  'X-User-Id': `cell:${NAME}`, 'X-Tenant-Id': '', 'X-Request-ID': id, 'X-Gateway-Time': time,
  'X-Gateway-Signature': sign(method, path, '', `cell:${NAME}`, id, time) }, sent)
for (let instance; ; await new Promise(done => setTimeout(done, 1000))) try {
  const renewed = instance && (await governance('PUT', `${CELLS}/${NAME}/instances/${instance}`)).ok, manifest = MANIFEST
  if (!renewed) instance = (await told(await governance('POST', CELLS, { name: NAME, version, label, url, manifest }))).instanceId
  const { items } = await told(await governance('GET', `/api/governance/subscriptions?producer=${NAME}`))
  for (const { event, sent } of outbox.values()) {
    const missing = items.filter(item => item.type === event.type && !sent.has(item.subscriber))
    for (const { subscriber } of missing)
      await asCell('POST', `/api/v1/${subscriber}/_inbox`, event.tenantid, event.id, event)
        .then(({ ok }) => ok && sent.add(subscriber), error => console.error(String(error)))
    if (missing.every(item => sent.has(item.subscriber))) commit({ delivered: event.id })
  }
} catch (error) { console.error(String(error)) }
