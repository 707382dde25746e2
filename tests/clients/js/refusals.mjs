import assert from 'node:assert/strict'
import { test } from 'node:test'

import { codes, hillside, hillsideIds, lakeside, refused, stranger } from './businesses.mjs'

const range = '[2027-01-01, 2027-02-01)'
const created = () => lakeside.from('coupons').select('code')

const calls = {
  'single: several': [() => codes().single(), 'PGRST116'],
  'single: none': [() => codes().eq('code', 'NOPE').single(), 'PGRST116'],
  'maybeSingle: several': [() => codes().maybeSingle(), 'PGRST116'],
  'an unknown column': [() => codes().eq('colour', 'red'), '42703'],
  'an unknown table': [() => lakeside.from('colours').select(), '42P01'],
  'an unknown relationship': [() => lakeside.from('coupons').select('seasons(*)'), 'PGRST200'],
  'an unknown schema': [() => lakeside.schema('private').from('coupons').select(), 'PGRST106'],
  'a plan': [() => codes().explain(), 'PGRST107'],
  'a value of another type': [() => codes().eq('id', '7'), '22P02'],
  'a page past a counted end': [() => lakeside.from('coupons').select('*', { count: 'exact' }).range(10, 12), 'PGRST103'],
  'an unknown function': [() => lakeside.rpc('no_such_function', { day: '2027-01-01' }), 'PGRST202'],
  'an unknown function by get': [() => lakeside.rpc('no_such_function', { day: 'x' }, { get: true }), 'PGRST202'],
  'an unknown key': [() => stranger.from('coupons').select(), 'PGRST301'],
  // No column of ours is of a range type: PostgreSQL says so.
  rangeGt: [() => created().rangeGt('created_at', range), '42883'],
  rangeGte: [() => created().rangeGte('created_at', range), '42883'],
  rangeLt: [() => created().rangeLt('created_at', range), '42883'],
  rangeLte: [() => created().rangeLte('created_at', range), '42883'],
  rangeAdjacent: [() => created().rangeAdjacent('created_at', range), '42883'],
  'an update of every row': [() => hillside.from('coupons').update({ quota: 1 }), '21000'],
  'a delete of every row': [() => hillside.from('coupons').delete(), '21000'],
  'a coupon with uses': [() => hillside.from('coupons').delete().eq('id', hillsideIds.quiet), '23503'],
  'a code that is taken': [
    () => hillside.from('coupons').insert({ code: 'Quiet_Week', definition: { type: 'relative', restrictions: [], value: -1 } }),
    '23505',
  ],
}

for (const [name, [call, code]] of Object.entries(calls))
  test(`refused: ${name}`, async () => assert.equal((await refused(call())).code, code))

test('throwOnError throws the refusal', async () => {
  await assert.rejects(async () => codes().eq('colour', 'red').throwOnError(), { name: 'PostgrestError', code: '42703' })
})
