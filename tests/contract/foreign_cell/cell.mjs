// A cell without the kit: plain Node, no packages. Memos live in an append-only file, one line a transaction: the row,
// the answer kept for repeats and the event stand in the line together, or not at all.
import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const NAME = 'memos', ENTITY = 'memos.memo', BASE = `/api/v1/${NAME}`, PATH = `${BASE}/memos`, env = process.env
const label = { zh: '备忘', en: 'Memo' }, verbs = ['read', 'create', 'update']
const MANIFEST = { name: NAME, version: '1.0.0', label, entities: [{ key: ENTITY, kind: 'document', label, path: PATH }],
  permissions: verbs.map(verb => `${ENTITY}.${verb}`), menus: [{ key: ENTITY, label, path: `/${NAME}/memos` }],
  publishes: [`${ENTITY}.created.v1`, `${ENTITY}.updated.v1`], subscribes: [], reports: [] }
const FIELDS = { title: { type: 'string', minLength: 1, maxLength: 200 }, text: { type: ['string', 'null'], maxLength: 5000 },
  amount: { type: ['string', 'null'], pattern: '^-?[0-9]{1,16}(\\.[0-9]{1,2})?$', description: '元 / CNY' } }
const body = required => ({ requestBody: { required: true, content: { 'application/json': { schema: { type: 'object',
  properties: { ...FIELDS, version: { type: 'integer' } }, required, additionalProperties: false } } } } })
const OPENAPI = { openapi: '3.1.0', info: { title: label.en, version: '1.0.0' }, paths: { [PATH]: { get: {}, post: body(['title']) },
  [`${PATH}/{id}`]: { get: {}, patch: body(['version']) }, [`${BASE}/_meta`]: { get: {} }, [`${BASE}/_inbox`]: { post: {} } } }
const ERRORS = Object.fromEntries(`BAD_REQUEST 400 请求不正确 Bad request|UNAUTHORIZED 401 请重新登录 Please log in|FORBIDDEN 403 没有权限 Not permitted
SIGNATURE_INVALID 403 签名无效，请通过网关访问 Invalid signature|NOT_FOUND 404 没有找到 Not found|METHOD_NOT_ALLOWED 405 不支持的方法 Method not allowed
CONFLICT 409 已被他人修改，请刷新 Changed by others|IDEMPOTENT_CONFLICT 409 请求号已用过 Id already used|PAYLOAD_TOO_LARGE 413 内容过大 Too large
UNSUPPORTED_MEDIA_TYPE 415 应为JSON JSON expected|VALIDATION_FAILED 422 数据不符合要求 The data is not valid|INTERNAL 500 系统错误 Internal error
EVENT_TYPE_UNKNOWN 422 不处理此类事件 Not handled here|UNAVAILABLE 503 请稍后 Try later`.split(/[|\n]/).map(line => line.split(' '))
  .map(([code, status, zh, ...en]) => [code, [Number(status), zh, en.join(' ')]]))
class Refusal extends Error { constructor(code, details = {}) { super(code); Object.assign(this, { code, details }) } }
const refuse = (code, details) => { throw new Refusal(code, details) }
const need = (holds, code, details) => holds || refuse(code, details)

// Storage. A last line that a crash cut off was never answered, so it is left out.
const rows = new Map(), kept = new Map(), outbox = new Map(), FILE = env.DATA_FILE ?? 'memos.jsonl'
function apply({ row, answer, event, delivered }) {
  if (row) { rows.set(row.id, row); kept.set(answer.key, answer); outbox.set(event.id, { event, sent: new Set() }) }
  if (delivered) outbox.delete(delivered)
}
for (const line of existsSync(FILE) ? readFileSync(FILE, 'utf8').split('\n') : []) try { apply(JSON.parse(line)) } catch { }
const file = openSync(FILE, 'a', 0o600)
const commit = record => { appendFileSync(file, `\n${JSON.stringify(record)}`); fsyncSync(file); apply(record) }

// Who calls: the gateway's signature, and the caller's role document from identity, asked for with a service token.
const sign = (...parts) => 'v1=' + createHmac('sha256', env.GATEWAY_SIGNING_SECRET).update(['v1', ...parts].join('\n')).digest('hex')
function checkSignature({ method, url, headers }, { tenant, user, id }) {
  const time = headers['x-gateway-time'] ?? '', given = Buffer.from(headers['x-gateway-signature'] ?? '')
  const right = Buffer.from(sign(method, url, tenant, user, id, time)), late = Math.abs(Date.now() - Number(time))
  need(/^\d+$/.test(time) && late <= 60_000 && given.length === right.length && timingSafeEqual(given, right), 'SIGNATURE_INVALID')
}
const json = { 'Content-Type': 'application/json' }, signal = () => AbortSignal.timeout(8000), cache = new Map()
async function cached(key, seconds, make) {
  if (!(cache.get(key)?.until > Date.now())) cache.set(key, { value: await make(), until: Date.now() + seconds * 1000 })
  return cache.get(key).value
}
const token = tenant => cached(`token ${tenant}`, 300, async () => {
  const path = '/api/v1/auth/service-token', time = String(Date.now())
  const sent = { cell: NAME, tenantId: tenant, time, signature: sign('POST', path, tenant, `cell:${NAME}`, '', time) }
  const answer = await fetch(env.GATEWAY_URL + path, { method: 'POST', headers: json, body: JSON.stringify(sent), signal: signal() })
  return answer.ok ? (await answer.json()).accessToken : refuse(answer.status < 500 ? 'UNAUTHORIZED' : 'UNAVAILABLE')
})
const asCell = async (method, path, tenant, id, sent) => fetch(env.GATEWAY_URL + path, { method, body: sent, signal: signal(),
  headers: { ...json, Authorization: `Bearer ${await token(tenant)}`, 'X-Tenant-Id': tenant, 'X-Request-ID': id } })
const roleOf = ({ tenant, user }) => user.startsWith('cell:') ? { permissions: ['service.inbox.deliver'], scopes: {} }
  : cached(`role ${tenant} ${user}`, 5, async () => {
  const answer = await asCell('GET', `/api/v1/identity/role-documents/${encodeURIComponent(user)}`, tenant, randomUUID())
  return answer.ok ? answer.json() : refuse(answer.status < 500 ? 'UNAUTHORIZED' : 'UNAVAILABLE')
})
const covers = (mine, words) => !(mine[0] === '*' && ['platform', 'service'].includes(words[0])) &&
  (mine.at(-1) === '*' ? words.length >= mine.length : words.length === mine.length) &&
  mine.every((word, index) => word === '*' || word === words[index])
const allows = (role, right) => role.permissions.some(pattern => covers(pattern.split('.'), right.split('.')))
// Whoever does not see all rows sees his own here: less than a department's scope would show, never more.
const visible = ({ scopes, userId }, { tenant }, row) => row.tenant === tenant &&
  ((scopes[ENTITY] ?? scopes[`${NAME}.*`] ?? scopes['*']) === 'all' || row.owner_id === userId)

// The business: a memo has a title, a text and perhaps an amount.
function parsed(raw) {
  let value
  try { value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw)) } catch { refuse('BAD_REQUEST') }
  return value && typeof value === 'object' && !Array.isArray(value) ? value : refuse('BAD_REQUEST')
}
function validated(raw, headers, creating) {
  need((headers['content-type'] ?? '').includes('json'), 'UNSUPPORTED_MEDIA_TYPE')
  const value = parsed(raw), problems = []
  for (const name of new Set([...Object.keys(value), creating ? 'title' : 'version'])) {
    const given = value[name], { type, minLength = 0, maxLength, pattern = '' } = FIELDS[name] ?? {}
    const fits = type && typeof given === 'string' && given.trim().length >= minLength && given.length <= (maxLength ?? 20)
    const good = name === 'version' && !creating ? Number.isInteger(given) : given === null ? type?.length === 2 : fits && RegExp(pattern).test(given)
    if (!good) problems.push({ field: name, rule: name in value ? 'value' : 'required', message: `${name}：缺少或不正确 / missing or wrong` })
  }
  need(!problems.length, 'VALIDATION_FAILED', problems)
  return value
}
const shown = ({ tenant, ...row }) => row, hex = raw => createHash('sha256').update(raw).digest('hex')
// A UUIDv7: rows sort by their age.
const newId = () => (Date.now().toString(16).padStart(12, '0') + '7' + randomBytes(2).toString('hex').slice(1) + '8' +
  randomBytes(8).toString('hex').slice(1)).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
async function memos(request, caller, query, id, raw) {
  const verb = { GET: 'read', ...(id ? { PATCH: 'update' } : { POST: 'create' }) }[request.method] ?? refuse('METHOD_NOT_ALLOWED')
  const role = await roleOf(caller), mine = row => visible(role, caller, row), row = id && rows.get(id)
  need(allows(role, `${ENTITY}.${verb}`), 'FORBIDDEN', { permission: `${ENTITY}.${verb}` })
  // Nothing waits from here on, so two requests never mix: all the locking that a single process needs.
  const key = [caller.tenant, caller.user, request.method, request.url, caller.id].join(' '), before = kept.get(key)
  if (verb !== 'read' && before) return before.hash === hex(raw)
    ? { ...before, headers: { ...before.headers, 'Idempotent-Replay': 'true' } } : refuse('IDEMPOTENT_CONFLICT')
  need(!id || (row && mine(row)), 'NOT_FOUND')
  if (verb === 'read') return { body: id ? shown(row) : list(query, mine) }
  const { version, ...value } = validated(raw, request.headers, !id), now = new Date().toISOString()
  need(!id || version === row.version, 'CONFLICT', { current: row?.version })
  const base = row || { id: newId(), tenant: caller.tenant, owner_id: caller.user, department_id: role.departmentId,
    created_at: now, version: 0, text: null, amount: null }
  const made = { ...base, ...value, version: base.version + 1, updated_at: now }
  const answer = { key, hash: hex(raw), status: id ? 200 : 201, headers: id ? {} : { Location: `${PATH}/${made.id}` }, body: shown(made) }
  const event = { specversion: '1.0', id: randomUUID(), source: `/cells/${NAME}`, type: `${ENTITY}.${id ? 'updated' : 'created'}.v1`,
    subject: made.id, time: now, tenantid: caller.tenant, partitionkey: made.id, actor: caller.user, data: shown(made) }
  commit({ row: made, answer, event })
  return answer
}
function list(query, mine) {
  const limit = query.get('limit') ?? '20', cursor = query.get('cursor'), known = ['limit', 'cursor', 'total']
  need([...query.keys()].every(name => known.includes(name)) && /^\d{1,3}$/.test(limit) && limit > 0 && limit <= 200, 'BAD_REQUEST')
  need(!cursor || /^[0-9a-f-]{36}$/.test(cursor), 'BAD_REQUEST')
  const found = [...rows.values()].filter(mine).sort((a, b) => a.id < b.id ? 1 : -1), rest = found.filter(row => !cursor || row.id < cursor)
  const items = rest.slice(0, limit).map(shown), next = rest.length > items.length ? items.at(-1).id : null
  return { items, next, total: query.get('total') === 'true' ? found.length : null }
}
async function inbox(caller, raw) {
  need(allows(await roleOf(caller), 'service.inbox.deliver'), 'FORBIDDEN')
  const { id, source, type, tenantid } = parsed(raw)
  need(id && type && source && tenantid, 'BAD_REQUEST')
  need(tenantid === caller.tenant && source === `/cells/${caller.user.slice(5)}`, 'FORBIDDEN')
  refuse('EVENT_TYPE_UNKNOWN', { type })
}

// The server: open questions of the platform, then signed ones; every error in the contract's one shape.
async function answerTo(request, caller, raw) {
  const { pathname, searchParams } = new URL(request.url, 'http://cell'), rest = pathname.slice(PATH.length + 1)
  const open = { '/health': { status: 'up' }, '/ready': { status: 'ready' }, '/openapi.json': OPENAPI, '/_meta': MANIFEST }
  if (open[pathname]) return { body: open[pathname] }
  if (pathname === '/metrics') return { text: `memos_rows ${rows.size}\n`, type: 'text/plain; version=0.0.4' }
  if (pathname === '/docs') return { text: `<h1>${label.zh}</h1><a href="/openapi.json">OpenAPI</a>`, type: 'text/html' }
  checkSignature(request, caller)
  if (pathname === PATH || (pathname.startsWith(`${PATH}/`) && !rest.includes('/'))) return memos(request, caller, searchParams, rest, raw)
  if (pathname === `${BASE}/_inbox`) return inbox(caller, raw)
  need(pathname === `${BASE}/_meta`, 'NOT_FOUND')
  need(request.method === 'GET', 'METHOD_NOT_ALLOWED')
  const entities = allows(await roleOf(caller), `${ENTITY}.read`) ? MANIFEST.entities : [], ETag = `"${hex(JSON.stringify(entities))}"`
  return request.headers['if-none-match']?.includes(ETag) ? { status: 304, headers: { ETag } } : { body: { ...MANIFEST, entities }, headers: { ETag } }
}
createServer(async (request, response) => {
  const began = performance.now(), get = name => request.headers[name] ?? '', chunks = []
  const caller = { tenant: get('x-tenant-id'), user: get('x-user-id'), id: get('x-request-id') || randomUUID(),
    trace: get('traceparent') || `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01` }
  let found
  try {
    for await (const chunk of request) need(chunks.push(chunk) && chunks.reduce((sum, one) => sum + one.length, 0) < 1e7, 'PAYLOAD_TOO_LARGE')
    found = await answerTo(request, caller, Buffer.concat(chunks))
  } catch (error) {
    const code = ERRORS[error.code] ? error.code : 'INTERNAL', [status, zh, en] = ERRORS[code]
    if (code === 'INTERNAL') console.error(error)
    found = { status, headers: status === 503 ? { 'Retry-After': 1 } : {}, body: { code, details: error.details ?? {},
      message: get('accept-language').startsWith('en') ? en : zh, requestId: caller.id } }
  }
  const { status = 200, headers = {}, body, text = body === undefined ? '' : JSON.stringify(body), type = json['Content-Type'] } = found
  response.writeHead(status, { ...headers, 'Content-Type': `${type}; charset=utf-8`, 'X-Request-ID': caller.id,
    'X-Response-Time': (performance.now() - began).toFixed(2), traceparent: caller.trace })
  response.end(text)
}).listen(Number(env.SERVICE_PORT), env.SERVICE_HOST ?? '127.0.0.1')

// Governance: register, renew, ask who wants the events; then carry them to the subscribers, each until it has it.
async function governance(method, path, sent) {
  const id = randomUUID(), time = String(Date.now()), user = `cell:${NAME}`
  return fetch(env.GOVERNANCE_URL + path, { method, body: sent && JSON.stringify(sent), signal: signal(), headers: { ...json,
    'X-User-Id': user, 'X-Tenant-Id': '', 'X-Request-ID': id, 'X-Gateway-Time': time, 'X-Gateway-Signature': sign(method, path, '', user, id, time) } })
}
const CELLS = '/api/governance/cells', url = `http://${env.SERVICE_HOST ?? '127.0.0.1'}:${env.SERVICE_PORT}`, manifest = MANIFEST
let instance = '', wanted = null, renewed = 0
async function turn() {
  if (Date.now() - renewed > 4000) {
    if (instance && !(await governance('PUT', `${CELLS}/${NAME}/instances/${instance}`)).ok) instance = ''
    if (!instance) ({ instanceId: instance } = await (await governance('POST', CELLS, { name: NAME, version: '1.0.0', label, url, manifest })).json())
    renewed = Date.now()
  }
  wanted = (await (await governance('GET', `/api/governance/subscriptions?producer=${NAME}`)).json()).items
  for (const { event, sent } of wanted ? [...outbox.values()] : []) {
    const missing = wanted.filter(item => item.type === event.type && !sent.has(item.subscriber))
    for (const { subscriber } of missing) {
      const answer = await asCell('POST', `/api/v1/${subscriber}/_inbox`, event.tenantid, event.id, JSON.stringify(event)).catch(() => null)
      if (answer?.ok) sent.add(subscriber)
    }
    if (missing.every(item => sent.has(item.subscriber))) commit({ delivered: event.id })
  }
}
for (;;) { await turn().catch(error => console.error(String(error))); await new Promise(done => setTimeout(done, 500)) }
