import { brings, codes, coded, lakeside, lakesideIds } from './businesses.mjs'

const languages = () => lakeside.from('organizations').select('default_language')
const found = [{ default_language: 'en-US' }]

brings('eq', () => codes().eq('code', 'SPA_DAY'), coded('SPA_DAY'))
brings('eq: reserved letters', () => codes().eq('description', 'late (summer) days'), coded('LATE_SUMMER'))
brings('neq', () => codes().neq('quota', 5), coded('QUIET_WEEK', 'OLD_OFFER'))
brings('gt', () => codes().gt('quota', 5), coded('QUIET_WEEK'))
brings('gte', () => codes().gte('quota', 5), coded('QUIET_WEEK', 'LATE_SUMMER'))
brings('lt', () => codes().lt('quota', 5), coded('OLD_OFFER'))
brings('lte', () => codes().lte('quota', 5), coded('LATE_SUMMER', 'OLD_OFFER'))
brings('like', () => codes().like('code', '%SPA%'), coded('SPA_DAY'))
brings('ilike', () => codes().ilike('code', '%spa%'), coded('SPA_DAY'))
brings('likeAllOf', () => codes().likeAllOf('code', ['%E%', '%T%']), coded('QUIET_WEEK', 'LATE_SUMMER'))
brings('likeAnyOf', () => codes().likeAnyOf('code', ['SPA%', 'OLD%']), coded('SPA_DAY', 'OLD_OFFER'))
brings('ilikeAllOf', () => codes().ilikeAllOf('code', ['%e%', '%w%']), coded('QUIET_WEEK'))
brings('ilikeAnyOf', () => codes().ilikeAnyOf('code', ['spa%', 'old%']), coded('SPA_DAY', 'OLD_OFFER'))
brings('regexMatch', () => codes().regexMatch('code', '^[A-Z]{3}_'), coded('SPA_DAY', 'OLD_OFFER'))
brings('regexIMatch', () => codes().regexIMatch('code', '^spa'), coded('SPA_DAY'))
brings('is: null', () => codes().is('quota', null), coded('SPA_DAY'))
brings('is: false', () => codes().is('stackable', false), coded('LATE_SUMMER'))
brings('isDistinct', () => codes().isDistinct('quota', 40), coded('LATE_SUMMER', 'SPA_DAY', 'OLD_OFFER'))
brings('in', () => codes().in('code', ['SPA_DAY', 'NOPE']), coded('SPA_DAY'))
brings('in: ids', () => codes().in('id', [lakesideIds.spa, lakesideIds.old]), coded('SPA_DAY', 'OLD_OFFER'))
brings('in: reserved letters', () => codes().in('description', ['October, quiet weeks']), coded('QUIET_WEEK'))
brings('notIn', () => codes().notIn('code', ['SPA_DAY', 'OLD_OFFER']), coded('QUIET_WEEK', 'LATE_SUMMER'))
brings('match', () => codes().match({ scope: 'global', quota: 40 }), coded('QUIET_WEEK'))
brings('not', () => codes().not('deleted_at', 'is', null), coded('OLD_OFFER'))
brings('not: in', () => codes().not('code', 'in', '("SPA_DAY","OLD_OFFER")'), coded('QUIET_WEEK', 'LATE_SUMMER'))
brings('or', () => codes().or('quota.eq.40,code.eq.SPA_DAY'), coded('QUIET_WEEK', 'SPA_DAY'))
brings('or: with and', () => codes().or('quota.is.null,and(quota.gt.1,stackable.is.true)'), coded('QUIET_WEEK', 'SPA_DAY'))
brings(
  'or: on a referenced table',
  () =>
    lakeside
      .from('bookings')
      .select('reference, line_items(item_type)')
      .or('amount_minor.gt.10000,quantity.gt.9', { referencedTable: 'line_items' })
      .eq('reference', 'first'),
  [{ reference: 'first', line_items: [{ item_type: 'rent' }] }],
)
brings('filter', () => codes().filter('code', 'in', '("SPA_DAY","NOPE")'), coded('SPA_DAY'))
brings(
  'filter: on a referenced table',
  () => lakeside.from('coupons').select('code, bookings(reference)').filter('bookings.reference', 'eq', 'second').limit(1),
  [{ code: 'QUIET_WEEK', bookings: [{ reference: 'second' }] }],
)

brings('contains: array', () => languages().contains('languages', ['nl-NL']), found)
brings('contains: JSON', () => codes().contains('definition', { type: 'absolute' }), coded('LATE_SUMMER'))
brings('containedBy: array', () => languages().containedBy('languages', ['nl-NL', 'en-US', 'de']), found)
brings('containedBy: JSON', () => codes().containedBy('definition', {}), [])
brings('overlaps', () => languages().overlaps('languages', ['de', 'nl-NL']), found)
brings('overlaps: literal', () => languages().overlaps('languages', '{de,fr}'), [])

brings('textSearch', () => codes().textSearch('fts', `'quiet' & 'week'`), coded('QUIET_WEEK'))
brings('textSearch: config', () => codes().textSearch('fts', `'week'`, { config: 'english' }), coded('QUIET_WEEK'))
brings(
  'textSearch: plain',
  () => codes().textSearch('fts', 'late summer', { type: 'plain', config: 'english' }),
  coded('LATE_SUMMER'),
)
brings('textSearch: phrase', () => codes().textSearch('fts', 'summer late', { type: 'phrase' }), [])
brings(
  'textSearch: websearch',
  () => codes().textSearch('description', 'quiet or summer', { type: 'websearch' }),
  coded('QUIET_WEEK', 'LATE_SUMMER'),
)
