"""What a definition may look like and that it says the same as the value columns; held against `coupons.expressions` by a test."""

from __future__ import annotations

CURRENCY_EXPONENT = """
CREATE FUNCTION public.currency_exponent(currency text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN currency IN ('BIF', 'BYR', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
    WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
    ELSE 2
END
"""

PRICE_EXPRESSION_IS_VALID = """
CREATE FUNCTION public.price_expression_is_valid(definition jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN jsonb_typeof(definition) <> 'object' THEN false
    WHEN definition ->> 'type' = 'relative' THEN coalesce(
        jsonb_typeof(definition -> 'value') = 'number' AND jsonb_typeof(coalesce(definition -> 'restrictions', '[]')) = 'array', false)
    WHEN definition ->> 'type' = 'absolute' THEN coalesce(
        jsonb_typeof(definition -> 'value') = 'array' AND jsonb_typeof(coalesce(definition -> 'restrictions', '[]')) = 'array'
        AND NOT jsonb_path_exists(definition, '$.value[*] ? (!(exists(@.value) && @.value.type() == "number"))'), false)
    ELSE true
END
"""

PRICE_EXPRESSION_AGREES = """
CREATE OR REPLACE FUNCTION public.price_expression_agrees(definition jsonb, kind text, amount_minor bigint, currency text, percent numeric)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
-- Not as one expression: that is four times slower, and every coupon that is written is held against it
BEGIN
    IF kind = 'percent' THEN
        RETURN coalesce(definition ->> 'type' = 'relative' AND definition -> 'value' = to_jsonb(-percent), false);
    ELSIF kind = 'amount' THEN
        RETURN coalesce(definition ->> 'type' = 'absolute' AND jsonb_array_length(definition -> 'value') = 1
            AND definition -> 'value' -> 0 -> 'value' = to_jsonb(amount_minor / power(10::numeric, public.currency_exponent(currency))),
            false);
    END IF;
    RETURN true;
END $$
"""

FUNCTIONS = (
    (CURRENCY_EXPONENT, "public.currency_exponent(text)"),
    (PRICE_EXPRESSION_IS_VALID, "public.price_expression_is_valid(jsonb)"),
    (PRICE_EXPRESSION_AGREES, "public.price_expression_agrees(jsonb, text, bigint, text, numeric)"),
)
