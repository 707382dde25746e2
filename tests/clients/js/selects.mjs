import assert from 'node:assert/strict'
import { test } from 'node:test'

import { brings, brought, codes, coded, lakeside } from './businesses.mjs'

test('select: everything', async () => {
  const rows = await brought(lakeside.from('coupons').select())
  assert.equal(rows.length, 4)
  assert.equal(Object.keys(rows[0]).length, 12)
})

brings('select: columns', () => lakeside.from('coupons').select('code, quota').limit(1), [{ code: 'QUIET_WEEK', quota: 40 }])
brings('select: alias and cast', () => lakeside.from('coupons').select('name:code, quota::text').limit(1), [
  { name: 'QUIET_WEEK', quota: '40' },
])
brings(
  'select: referenced table',
  () =>
    lakeside
      .from('bookings')
      .select(
        `
        reference,
        line_items ( amount_minor )
      `,
      )
      .lte('reference', 'second')
      .order('reference'),
  [
    { reference: 'first', line_items: [{ amount_minor: 20000 }, { amount_minor: 4500 }] },
    { reference: 'second', line_items: [] },
  ],
)
brings(
  'select: through a join table',
  () => lakeside.from('coupons').select(`code, products ( name->>default )`).eq('code', 'LATE_SUMMER'),
  [{ code: 'LATE_SUMMER', products: [{ default: 'Boathouse' }, { default: 'Cabin' }] }],
)
brings(
  'select: the same table by its keys',
  () =>
    lakeside
      .from('coupon_uses')
      .select('what:coupon_id ( code ), where:bookings!coupon_uses_booking_id_fkey ( reference )')
      .limit(1),
  [{ what: { code: 'QUIET_WEEK' }, where: { reference: 'first' } }],
)
brings(
  'select: nested',
  () =>
    lakeside
      .from('organizations')
      .select('default_language, bookings ( reference, line_items ( services ( type ) ) )')
      .eq('bookings.reference', 'first')
      .not('bookings.line_items.service_id', 'is', null),
  [{ default_language: 'en-US', bookings: [{ reference: 'first', line_items: [{ services: { type: 'cleaning' } }] }] }],
)
brings(
  'select: a filter on a parent leaves it empty',
  () => lakeside.from('line_items').select('quantity, services(type)').eq('services.type', 'nope'),
  [
    { quantity: 1, services: null },
    { quantity: 2, services: null },
  ],
)
brings(
  'select: inner',
  () => lakeside.from('line_items').select('quantity, services!inner(type)').eq('services.type', 'cleaning'),
  [{ quantity: 2, services: { type: 'cleaning' } }],
)
brings('select: count of a referenced table', () => lakeside.from('coupons').select('code, coupon_uses(count)').limit(2), [
  { code: 'QUIET_WEEK', coupon_uses: [{ count: 2 }] },
  { code: 'LATE_SUMMER', coupon_uses: [{ count: 0 }] },
])
brings(
  'select: spread',
  () => lakeside.from('coupon_products').select('...coupons(code), ...products(product:name->>default)'),
  [
    { code: 'LATE_SUMMER', product: 'Boathouse' },
    { code: 'LATE_SUMMER', product: 'Cabin' },
  ],
)
brings(
  'select: JSON',
  () =>
    lakeside
      .from('coupons')
      .select('definition->>type, amount:definition->value->0->value')
      .eq('definition->>type', 'absolute'),
  [{ type: 'absolute', amount: 25 }],
)
brings('select: aggregates', () => lakeside.from('coupons').select('scope, quota.sum(), count()').order('scope').limit(1), [
  { scope: 'global', sum: 40, count: 2 },
])
brings('schema', () => lakeside.schema('public').from('coupons').select('code').limit(1), coded('QUIET_WEEK'))

test('count and rows', async () => {
  const { data, count, status } = await lakeside.from('coupons').select('code', { count: 'exact' }).limit(1)
  assert.deepEqual([data, count, status], [coded('QUIET_WEEK'), 4, 206])
})

test('count alone', async () => {
  const { data, count, status } = await lakeside.from('coupons').select('*', { count: 'exact', head: true })
  assert.deepEqual([data, count, status], [null, 4, 200])
})

for (const method of ['planned', 'estimated'])
  test(`count: ${method}`, async () => {
    const { count, error } = await lakeside.from('coupons').select('code', { count: method })
    assert.equal(error, null)
    assert.ok(count >= 1)
  })

test('throwOnError lets a good answer pass', async () => {
  const { data } = await codes().eq('code', 'SPA_DAY').throwOnError()
  assert.deepEqual(data, coded('SPA_DAY'))
})
