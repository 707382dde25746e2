"""The rules of seasons as SQL functions, twins of `ring`, `expressions`, `calendar` and `year_rows`.

Every body is parsed when it is created, so a dump restores under an empty search path. Nothing here refuses by raising:
a value the check turns down has no slots, because a stored column is computed before the checks run. `offset 0` keeps the
planner from computing a value once for every mention of it, which made a season five times as dear.
"""

from __future__ import annotations

from typing import Final

from seasons.expressions import MOST_INTERVALS, RECURRING
from seasons.ring import DAYS_BEFORE, MONTH_LENGTHS

_MONTH_LENGTHS: Final = f"array{list(MONTH_LENGTHS)}"
_DAYS_BEFORE: Final = f"array{list(DAYS_BEFORE)}"

_MONTH_DAY_SLOT: Final = f"""
create or replace function public.season_month_day_slot(month_day jsonb) returns integer
language sql immutable parallel safe
return case
    when jsonb_typeof(month_day) is distinct from 'object' then null
    when (month_day - 'month' - 'day') <> '{{}}'::jsonb then null
    when jsonb_typeof(month_day -> 'month') is distinct from 'number' then null
    when jsonb_typeof(month_day -> 'day') is distinct from 'number' then null
    when (month_day ->> 'month') !~ '^([0-9]|1[01])$' then null
    when (month_day ->> 'day') !~ '^([1-9]|[12][0-9]|3[01])$' then null
    when (month_day ->> 'day')::integer > ({_MONTH_LENGTHS})[(month_day ->> 'month')::integer + 1] then null
    else ({_DAYS_BEFORE})[(month_day ->> 'month')::integer + 1] + (month_day ->> 'day')::integer
end
"""

_INTERVAL_SLOTS: Final = """
create or replace function public.season_interval_slots(span jsonb) returns int4multirange
language sql immutable parallel safe
begin atomic
    select case
        when jsonb_typeof(span) is distinct from 'object' then null
        when (span - 'min' - 'max') <> '{}'::jsonb then null
        when ends.first <= ends.last then int4multirange(int4range(ends.first, ends.last + 1))
        when ends.first > ends.last then int4multirange(int4range(1, ends.last + 1), int4range(ends.first, 367))
    end
    from (select public.season_month_day_slot(span -> 'min') as first,
                 public.season_month_day_slot(span -> 'max') as last offset 0) as ends;
end
"""

_INTERVALS: Final = f"""
create or replace function public.season_intervals(expression jsonb) returns jsonb
language sql immutable parallel safe
return case
    when jsonb_typeof(expression) is distinct from 'object' then null
    when (expression - 'type' - 'intervals') <> '{{}}'::jsonb then null
    when (expression -> 'type') is distinct from '"{RECURRING}"'::jsonb then null
    when jsonb_typeof(expression -> 'intervals') is distinct from 'array' then null
    when jsonb_array_length(expression -> 'intervals') > {MOST_INTERVALS} then null
    else expression -> 'intervals'
end
"""

_VALUE_IS_VALID: Final = """
create or replace function public.season_value_is_valid(expression jsonb) returns boolean
language sql immutable parallel safe
return expression is null
    or public.season_intervals(expression) is not null and not exists (
        select from jsonb_array_elements(public.season_intervals(expression)) as item(span)
        where public.season_interval_slots(item.span) is null
    )
"""

_SLOTS: Final = """
create or replace function public.season_slots(expression jsonb) returns int4multirange
language sql immutable parallel safe
begin atomic
    select case when count(*) = count(item.slots) then coalesce(range_agg(item.slots), '{}') else '{}' end
    from (select public.season_interval_slots(element.span) as slots
          from jsonb_array_elements(public.season_intervals(expression)) as element(span) offset 0) as item;
end
"""

_RING_DAYS: Final = """
create or replace function public.season_ring_days(slots int4multirange) returns integer
language sql immutable parallel safe
begin atomic
    select coalesce(sum(upper(piece.span) - lower(piece.span)), 0)::integer from unnest(slots) as piece(span);
end
"""

_SLOT_OF: Final = f"""
create or replace function public.season_slot(day date) returns integer
language sql immutable parallel safe
return ({_DAYS_BEFORE})[extract(month from day)::integer]
    + extract(day from day)::integer
"""

_FIRST_DATE: Final = """
create or replace function public.season_first_date(year integer, slot integer) returns date
language sql immutable parallel safe
return make_date(year, 1, 1) + slot - 1
    - case when slot > 60 and make_date(year, 3, 1) - make_date(year, 1, 1) = 59 then 1 else 0 end
"""

_OCCURRENCE: Final = """
create or replace function public.season_occurrence(slots int4multirange, year integer) returns datemultirange
language sql immutable parallel safe
begin atomic
    select coalesce(range_agg(daterange(public.season_first_date(place.year, lower(piece.span)),
                                        public.season_first_date(place.year, upper(piece.span)))), '{}')
    from unnest(slots) as piece(span)
    cross join lateral (
        select year + case when lower(piece.span) = 1 and upper(slots) = 367 and slots <> '{[1,367)}' then 1 else 0 end
    ) as place(year);
end
"""

_DATES: Final = """
create or replace function public.season_dates(
    slots int4multirange, row_years integer[], row_dates datemultirange, first date, last date
) returns datemultirange
language sql immutable parallel safe
begin atomic
    select (coalesce(range_agg(public.season_occurrence(slots, candidate.year)), '{}') + coalesce(row_dates, '{}'))
        * datemultirange(daterange(first, last, '[]'))
    from generate_series(extract(year from first)::integer - 1, extract(year from last)::integer) as candidate(year)
    where candidate.year <> all (coalesce(row_years, '{}'));
end
"""

_YEAR_IS_VALID: Final = """
create or replace function public.season_year_is_valid(year integer, dates datemultirange) returns boolean
language sql immutable parallel safe
return not exists (
    select from unnest(dates) as piece(span)
    where lower_inf(piece.span) or upper_inf(piece.span)
        or lower(piece.span) not between make_date(year, 1, 1) - 3 and make_date(year, 12, 31) + 3
        or upper(piece.span) > make_date(year + 2, 1, 1)
)
"""

FUNCTIONS: Final[tuple[tuple[str, str], ...]] = (
    (_MONTH_DAY_SLOT, "drop function if exists public.season_month_day_slot(jsonb)"),
    (_INTERVAL_SLOTS, "drop function if exists public.season_interval_slots(jsonb)"),
    (_INTERVALS, "drop function if exists public.season_intervals(jsonb)"),
    (_VALUE_IS_VALID, "drop function if exists public.season_value_is_valid(jsonb)"),
    (_SLOTS, "drop function if exists public.season_slots(jsonb)"),
    (_RING_DAYS, "drop function if exists public.season_ring_days(int4multirange)"),
    (_SLOT_OF, "drop function if exists public.season_slot(date)"),
    (_FIRST_DATE, "drop function if exists public.season_first_date(integer, integer)"),
    (_OCCURRENCE, "drop function if exists public.season_occurrence(int4multirange, integer)"),
    (_DATES, "drop function if exists public.season_dates(int4multirange, integer[], datemultirange, date, date)"),
    (_YEAR_IS_VALID, "drop function if exists public.season_year_is_valid(integer, datemultirange)"),
)
"""Statements that make and unmake the functions, in the order of making; unmake them in the reverse order."""
