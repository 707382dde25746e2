import { brings, codes, coded, lakeside } from './businesses.mjs'

brings('order', () => codes().order('code', { ascending: false }).limit(2), coded('SPA_DAY', 'QUIET_WEEK'))
brings(
  'order: nulls first',
  () => codes().order('quota', { nullsFirst: true }),
  coded('SPA_DAY', 'OLD_OFFER', 'LATE_SUMMER', 'QUIET_WEEK'),
)
brings(
  'order: by two columns',
  () => codes().order('scope').order('code', { ascending: false }),
  coded('QUIET_WEEK', 'OLD_OFFER', 'LATE_SUMMER', 'SPA_DAY'),
)
brings(
  'order: a referenced table',
  () =>
    lakeside
      .from('bookings')
      .select('line_items(amount_minor)')
      .order('amount_minor', { referencedTable: 'line_items', ascending: true })
      .eq('reference', 'first'),
  [{ line_items: [{ amount_minor: 4500 }, { amount_minor: 20000 }] }],
)
brings(
  'order: by a referenced table',
  () => lakeside.from('coupon_uses').select('bookings(reference)').order('bookings(reference)', { ascending: false }).limit(1),
  [{ bookings: { reference: 'second' } }],
)
brings('limit', () => codes().limit(1), coded('QUIET_WEEK'))
brings(
  'limit: a referenced table',
  () => lakeside.from('coupons').select('products(currency)').limit(1, { referencedTable: 'products' }).eq('code', 'LATE_SUMMER'),
  [{ products: [{ currency: 'EUR' }] }],
)
brings('range', () => codes().range(1, 2), coded('LATE_SUMMER', 'SPA_DAY'))
brings(
  'range: a referenced table',
  () => lakeside.from('coupons').select('bookings(reference)').range(1, 1, { referencedTable: 'bookings' }).limit(1),
  [{ bookings: [{ reference: 'second' }] }],
)
brings('abortSignal', () => codes().limit(1).abortSignal(AbortSignal.timeout(10000)), coded('QUIET_WEEK'))
brings('single', () => codes().limit(1).single(), { code: 'QUIET_WEEK' })
brings('maybeSingle: one', () => codes().eq('code', 'SPA_DAY').maybeSingle(), { code: 'SPA_DAY' })
brings('maybeSingle: none', () => codes().eq('code', 'NOPE').maybeSingle(), null)
brings(
  'csv',
  () => lakeside.from('coupons').select('code,description,quota').order('code').limit(3).csv(),
  'code,description,quota\nLATE_SUMMER,"late (summer) days",5\nOLD_OFFER,"",0\nQUIET_WEEK,"October, quiet weeks",40',
)
brings(
  'stripNulls',
  () => lakeside.from('coupons').select('code, quota, deleted_at').eq('code', 'SPA_DAY').stripNulls(),
  coded('SPA_DAY'),
)
