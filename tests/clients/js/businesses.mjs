import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PostgrestClient } from '@supabase/postgrest-js'

function client(token) {
  return new PostgrestClient(process.env.ADDRESS, { headers: { Authorization: `Bearer ${token}` } })
}

// Rows that no test changes.
export const lakeside = client(process.env.READ_KEY)
export const lakesideIds = JSON.parse(process.env.READ_IDS)

// Rows to write; each test has its own.
export const hillside = client(process.env.WRITE_KEY)
export const hillsideIds = JSON.parse(process.env.WRITE_IDS)

export const stranger = client('00000000-0000-4000-8000-000000000000')

export const codes = () => lakeside.from('coupons').select('code')

export const coded = (...words) => words.map((code) => ({ code }))

// The data of a call that must succeed.
export async function brought(call) {
  const { data, error } = await call
  assert.equal(error, null, JSON.stringify(error))
  return data
}

// A documented read: `call` builds it, `data` is what it must bring.
export function brings(name, call, data) {
  test(name, async () => assert.deepEqual(await brought(call()), data))
}

// The error of a call that must fail.
export async function refused(call) {
  const { data, error } = await call
  assert.equal(data, null)
  assert.notEqual(error, null)
  return error
}
