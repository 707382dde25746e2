import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import { brought, hillside, hillsideIds } from './businesses.mjs'

const definition = { type: 'relative', restrictions: [], value: -20 }
const coupons = () => hillside.from('coupons')

test('upsert', async () => {
  const row = { id: hillsideIds.spa, code: 'SPA_DAY', definition, quota: 12 }
  assert.deepEqual(await brought(coupons().upsert(row).select('id, quota, scope')), [
    { id: hillsideIds.spa, quota: 12, scope: 'service' },
  ])
})

test('upsert: several, counted', async () => {
  const rows = [
    { id: hillsideIds.old, code: 'OLD_OFFER', definition },
    { id: randomUUID(), code: 'JS_NEW', definition },
  ]
  const { data, count, status } = await coupons().upsert(rows, { count: 'exact' }).select('code')
  assert.deepEqual([data, count, status], [[{ code: 'OLD_OFFER' }, { code: 'JS_NEW' }], 2, 201])
})

for (const onConflict of ['code', 'organization_id,code'])
  test(`upsert: on ${onConflict}`, async () => {
    const row = { code: 'LATE_SUMMER', definition, quota: 99 }
    const rows = await brought(coupons().upsert(row, { onConflict }).select('id, quota'))
    assert.deepEqual(rows, [{ id: hillsideIds.late, quota: 99 }])
  })

test('upsert: duplicates ignored', async () => {
  const rows = [
    { code: 'QUIET_WEEK', definition, quota: 1 },
    { code: 'JS_LEFT', definition, quota: 1 },
  ]
  const call = coupons().upsert(rows, { onConflict: 'code', ignoreDuplicates: true }).select('code')
  assert.deepEqual(await brought(call), [{ code: 'JS_LEFT' }])
})

test('upsert: a link', async () => {
  const link = { coupon_id: hillsideIds.late, product_id: hillsideIds.cabin }
  const rows = await brought(hillside.from('coupon_products').upsert(link).select('products(name->>default)'))
  assert.deepEqual(rows, [{ products: { default: 'Cabin' } }])
})
