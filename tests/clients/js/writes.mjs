import assert from 'node:assert/strict'
import { test } from 'node:test'

import { brought, coded, hillside, hillsideIds } from './businesses.mjs'

export const percent = { type: 'relative', restrictions: [], value: -10 }

const coupons = () => hillside.from('coupons')
const made = (code, more = {}) => coupons().insert({ code, definition: percent, ...more })

test('insert', async () => {
  const { data, error, status } = await made('JS_PLAIN')
  assert.equal(error, null)
  assert.equal(status, 201)
  assert.equal(data[0].code, 'JS_PLAIN') // without a preference the created rows come back
})

test('insert: returning', async () => {
  assert.deepEqual(await brought(made('JS_BACK', { quota: 3 }).select('code, quota, coupon_uses(id)')), [
    { code: 'JS_BACK', quota: 3, coupon_uses: [] },
  ])
})

test('insert: several', async () => {
  const rows = ['JS_A', 'JS_B'].map((code) => ({ code, definition: percent }))
  const { data, count } = await coupons().insert(rows, { count: 'exact' }).select('code')
  assert.deepEqual([data, count], [coded('JS_A', 'JS_B'), 2])
})

test('insert: absent keys take defaults', async () => {
  const rows = [{ code: 'JS_C', definition: percent, stackable: false }, { code: 'JS_D', definition: percent }]
  const data = await brought(coupons().insert(rows, { defaultToNull: false }).select('code, stackable'))
  assert.deepEqual(data, [{ code: 'JS_C', stackable: false }, { code: 'JS_D', stackable: true }])
})

test('insert: a use is redeemed, then released', async () => {
  const pair = { coupon_id: hillsideIds.quiet, booking_id: hillsideIds.third }
  const use = await brought(hillside.from('coupon_uses').insert(pair).select('bookings(reference)').single())
  assert.deepEqual(use, { bookings: { reference: 'third' } })

  const { error } = await hillside.from('coupon_uses').insert(pair)
  assert.equal(error.code, '23505')

  const { status } = await hillside.from('coupon_uses').delete().match(pair)
  assert.equal(status, 204)
})

test('update', async () => {
  await made('JS_UPDATE')
  const { error, status, data } = await coupons().update({ quota: 7 }).eq('code', 'JS_UPDATE')
  assert.deepEqual([error, status, data], [null, 204, null])
})

test('update: returning', async () => {
  await made('JS_RETURN', { quota: 7 })
  const row = await brought(coupons().update({ quota: null }).eq('code', 'JS_RETURN').select('code, quota').single())
  assert.deepEqual(row, { code: 'JS_RETURN', quota: null })
})

test('update: by JSON', async () => {
  const seasons = () => hillside.from('seasons')
  await seasons().insert({ name: { default: 'JS season' }, value: null })
  const name = { default: 'JS season', 'nl-NL': 'JS seizoen' }
  const rows = await brought(seasons().update({ name }).eq('name->>default', 'JS season').select('name'))
  assert.deepEqual(rows, [{ name }])
})

test('update: counted', async () => {
  const products = hillside.from('products')
  const { count, status } = await products.update({ timezone: 'Europe/Lisbon' }, { count: 'exact' }).eq('currency', 'EUR')
  assert.deepEqual([count, status], [2, 204])
})

test('delete', async () => {
  await made('JS_GONE')
  const { error, status } = await coupons().delete().eq('code', 'JS_GONE')
  assert.deepEqual([error, status], [null, 204])
  assert.deepEqual(await brought(coupons().select('code').eq('code', 'JS_GONE')), [])
})

test('delete: returning', async () => {
  await made('JS_SHOWN')
  assert.deepEqual(await brought(coupons().delete().eq('code', 'JS_SHOWN').select('code')), coded('JS_SHOWN'))
})

test('delete: several', async () => {
  const rows = await brought(coupons().insert(['JS_X', 'JS_Y'].map((code) => ({ code, definition: percent }))).select('id'))
  const { count } = await coupons().delete({ count: 'exact' }).in('id', rows.map(({ id }) => id))
  assert.equal(count, 2)
})

test('maxAffected', async () => {
  const { error } = await hillside.from('products').update({ timezone: 'Asia/Tokyo' }).eq('currency', 'EUR').maxAffected(1)
  assert.equal(error.code, 'PGRST124')
  assert.deepEqual(await brought(hillside.from('products').select('id').eq('timezone', 'Asia/Tokyo')), [])
})
