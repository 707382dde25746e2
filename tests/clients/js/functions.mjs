import assert from 'node:assert/strict'
import { test } from 'node:test'

import { brought, hillside, hillsideIds, lakeside, refused } from './businesses.mjs'

const cart = { currency: 'EUR', lines: [{ amount_minor: 10000, type: 'rent' }] }

test('rpc', async () => {
  const told = await brought(lakeside.rpc('quote', { coupons: ['quiet_week'], cart }))
  assert.deepEqual([told.taken_minor, told.after.total_minor], [1500, 8500])
})

test('rpc: read-only', async () => {
  const args = { coupons: JSON.stringify(['QUIET_WEEK']), cart: JSON.stringify(cart) }
  const told = await brought(lakeside.rpc('quote', args, { get: true }))
  assert.equal(told.taken_minor, 1500)
})

test('rpc: head', async () => {
  const { data, error, status } = await lakeside.rpc('quote', { cart: JSON.stringify(cart) }, { head: true })
  assert.deepEqual([data, error, status], [null, null, 200])
})

test('rpc: redeem and release', async () => {
  const pair = { coupon_id: hillsideIds.quiet, booking_id: hillsideIds.third }
  const use = await brought(hillside.rpc('redeem', pair))
  assert.deepEqual([use.state, use.booking_id], ['redeemed', hillsideIds.third])
  assert.equal((await refused(hillside.rpc('redeem', pair))).code, '23505')

  const { error, status } = await hillside.rpc('release', pair)
  assert.deepEqual([error, status], [null, 204])
})
