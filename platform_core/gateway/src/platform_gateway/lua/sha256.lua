-- HMAC-SHA256 in LuaJIT. The two padded key blocks are hashed once a key and kept, so that a signature costs two
-- compressions plus one for each 64 bytes of text. One Lua state belongs to one worker thread: buffers are shared.
local bit, ffi = require('bit'), require('ffi')
local band, bor, bxor, ror = bit.band, bit.bor, bit.bxor, bit.ror
local rshift, lshift, tobit = bit.rshift, bit.lshift, bit.tobit

local function words(text)
  local count = #text / 8
  local result = ffi.new('int32_t[?]', count)
  for i = 0, count - 1 do result[i] = tobit(tonumber(text:sub(i * 8 + 1, i * 8 + 8), 16)) end
  return result
end

local ROUND = words(
  '428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5' ..
  'd807aa9812835b01243185be550c7dc372be5d7480deb1fe9bdc06a7c19bf174' ..
  'e49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da' ..
  '983e5152a831c66db00327c8bf597fc7c6e00bf3d5a7914706ca635114292967' ..
  '27b70a852e1b21384d2c6dfc53380d13650a7354766a0abb81c2c92e92722c85' ..
  'a2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa070' ..
  '19a4c1161e376c082748774c34b0bcb5391c0cb34ed8aa4a5b9cca4f682e6ff3' ..
  '748f82ee78a5636f84c878148cc7020890befffaa4506cebbef9a3f7c67178f2')
local START = words('6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19')

local BUFFER_BYTES = 131072
local schedule = ffi.new('int32_t[64]')
local buffer = ffi.new('uint8_t[?]', BUFFER_BYTES)

local function compress(state, bytes, offset)
  local w = schedule
  for i = 0, 15 do
    local j = offset + i * 4
    w[i] = bor(lshift(bytes[j], 24), lshift(bytes[j + 1], 16), lshift(bytes[j + 2], 8), bytes[j + 3])
  end
  for i = 16, 63 do
    local x, y = w[i - 15], w[i - 2]
    w[i] = tobit(w[i - 16] + bxor(ror(x, 7), ror(x, 18), rshift(x, 3)) + w[i - 7]
      + bxor(ror(y, 17), ror(y, 19), rshift(y, 10)))
  end
  local a, b, c, d = state[0], state[1], state[2], state[3]
  local e, f, g, h = state[4], state[5], state[6], state[7]
  for i = 0, 63 do
    local t1 = tobit(h + bxor(ror(e, 6), ror(e, 11), ror(e, 25)) + bxor(g, band(e, bxor(f, g))) + ROUND[i] + w[i])
    local t2 = tobit(bxor(ror(a, 2), ror(a, 13), ror(a, 22)) + bor(band(a, b), band(c, bor(a, b))))
    h = g; g = f; f = e; e = tobit(d + t1); d = c; c = b; b = a; a = tobit(t1 + t2)
  end
  state[0] = tobit(state[0] + a); state[1] = tobit(state[1] + b)
  state[2] = tobit(state[2] + c); state[3] = tobit(state[3] + d)
  state[4] = tobit(state[4] + e); state[5] = tobit(state[5] + f)
  state[6] = tobit(state[6] + g); state[7] = tobit(state[7] + h)
end

-- Hashes the first `count` bytes of the buffer on top of `state`, one block having gone before.
local function finish(state, count)
  local bits = (count + 64) * 8
  buffer[count] = 0x80
  local at = count + 1
  while at % 64 ~= 56 do buffer[at] = 0; at = at + 1 end
  for i = 0, 3 do buffer[at + i] = 0 end
  for i = 0, 3 do buffer[at + 4 + i] = band(rshift(bits, 24 - 8 * i), 255) end
  for offset = 0, at, 64 do compress(state, buffer, offset) end
end

local function padded(key, filler)
  local block, state = ffi.new('uint8_t[64]'), ffi.new('int32_t[8]')
  for i = 0, 63 do block[i] = bxor(tonumber(key:sub(i * 2 + 1, i * 2 + 2), 16) or 0, filler) end
  ffi.copy(state, START, 32)
  compress(state, block, 0)
  return state
end

local function to_bytes(state, target)
  for i = 0, 7 do
    local word = state[i]
    for j = 0, 3 do target[i * 4 + j] = band(rshift(word, 24 - 8 * j), 255) end
  end
end

local DIGITS = ffi.new('char[17]', '0123456789abcdef')
local hex = ffi.new('char[64]')
local inner, outer = ffi.new('int32_t[8]'), ffi.new('int32_t[8]')
local keys = {}

-- Hex HMAC-SHA256 of `text`; `key` is the key's bytes (64 at most) in hexadecimal. nil when either does not fit.
local function hmac(key, text)
  local count = #text
  if #key == 0 or #key > 128 or count > BUFFER_BYTES - 128 then return nil end
  local pads = keys[key]
  if not pads then
    pads = { padded(key, 0x36), padded(key, 0x5c) }
    keys[key] = pads
  end
  ffi.copy(inner, pads[1], 32)
  ffi.copy(buffer, text, count)
  finish(inner, count)
  to_bytes(inner, buffer)
  ffi.copy(outer, pads[2], 32)
  finish(outer, 32)
  for i = 0, 7 do
    local word = outer[i]
    for j = 0, 7 do hex[i * 8 + j] = DIGITS[band(rshift(word, 28 - 4 * j), 15)] end
  end
  return ffi.string(hex, 64)
end
