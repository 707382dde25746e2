"""Files that are wrong in one way each, and the lines that are told of them."""

from __future__ import annotations

CSV_FAULTS = {
    "unknown column": (
        "code,percnt\nA1,5\n",
        ["1: Header, column “percnt”: There is no such column; was “percent” meant? [unknown_column]"],
    ),
    "hostile header": (
        f"co\0de,percent,{'x' * 900_000}\nA1,5,6\n",
        ["1: Header, column “co\ufffdde”: There is no such column; was “code” meant? [unknown_column]"],
    ),
    "column twice": (
        "code,percent,code\nA1,5,A2\n",
        ["1: Header: the column “code” is given twice. [duplicate_column]"],
    ),
    "cells": (
        "code,percent\nA1,5,6\nA2\n",
        [
            "2: This row has 3 cells, the header 2. [wrong_number_of_cells]",
            "3: This row has 1 cells, the header 2. [wrong_number_of_cells]",
        ],
    ),
    "encoding": (
        b"code,percent\nA\xe91,5\n",
        ["2: Byte 2 of this line (0xe9) is not UTF-8; save the file as UTF-8. [bad_encoding]"],
    ),
    "utf-16": ("code,percent\n".encode("utf-16"), ["1: This file is UTF-16; save it as UTF-8. [bad_encoding]"]),
    "nul": (b"code,percent\nA\x001,5\n", ["2: code: A text has no NUL character. [nul_character]"]),
    "open quote": (
        'code,percent\nA0,1\n"A1,5\nA2,6\n',
        ["3: A quote that opens here is not closed. [quote_not_closed]"],
    ),
    "stray quote": ('code,percent\nA"1",5\n', ["2: Cell 1 has a quote that is not doubled. [quote_misplaced]"]),
    "numbers": (
        "code,percent,quota,budget_minor\nA1,abc,1.5,99999999999999999999\n",
        [
            "2: percent: “abc” is not a number such as 12.5. [not_a_number]",
            "2: quota: “1.5” is not a whole number from -2147483648 to 2147483647. [not_an_integer]",
            "2: budget_minor: “99999999999999999999” is not a whole number from -9223372036854775808 to "
            "9223372036854775807. [not_an_integer]",
        ],
    ),
    "NaN": ("code,percent\nA1,NaN\n", ["2: percent: “NaN” is not a number such as 12.5. [not_a_number]"]),
    "percent": (
        "code,percent\nA1,100.5\nA2,-1\nA3,1.23456\n",
        [
            "2: percent: A percentage goes from 0 to 100. [percent_out_of_range]",
            "3: percent: A percentage goes from 0 to 100. [percent_out_of_range]",
            "4: percent: A percentage has at most 4 decimals. [percent_too_precise]",
        ],
    ),
    "dates": (
        "code,percent,stay_from,expires_at,blackout_dates\nA1,5,2027-02-30,infinity,2027-12-24 soon\nA2,5,today,31-12-2027,\n",
        [
            "2: expires_at: “infinity” is not an instant such as 2027-04-30T18:00:00+02:00. [not_an_instant]",
            "2: stay_from: “2027-02-30” is not a date of the calendar such as 2027-04-30. [not_a_date]",
            '2: blackout_dates: “{"2027-12-24","soon"}” is not a list, each item a date of the calendar such '
            "as 2027-04-30. [not_a_date]",
            "3: expires_at: “31-12-2027” is not an instant such as 2027-04-30T18:00:00+02:00. [not_an_instant]",
            "3: stay_from: “today” is not a date of the calendar such as 2027-04-30. [not_a_date]",
        ],
    ),
    "far away": (
        "code,percent,valid_from\nA1,5,9999-12-31T23:59:59-12\nA2,5,294000-01-01\n",
        [
            "2: valid_from: “9999-12-31T23:59:59-12” is not an instant such as 2027-04-30T18:00:00+02:00. [not_an_instant]",
            "3: valid_from: “294000-01-01” is not an instant such as 2027-04-30T18:00:00+02:00. [not_an_instant]",
        ],
    ),
    "deep": (
        f"code,percent,metadata\nA1,5,{'[' * 300_000}\nA2,5,{'[' * 257 + ']' * 257}\nA3,5,{'[' * 256 + ']' * 256}\n",
        [
            "2: metadata: This row is nested too deeply. [too_deep]",
            "3: metadata: This row is nested too deeply. [too_deep]",
            "4: metadata: Metadata is a JSON object. [metadata_not_object]",
        ],
    ),
    "choices": (
        "code,percent,scope,stackable\nA1,5,everything,maybe\n",
        [
            "2: scope: “everything” is not one of global, product, service, rent. [unknown_choice]",
            "2: stackable: “maybe” is not true or false. [not_a_boolean]",
        ],
    ),
    "duplicate code": (
        "code,percent\nSUMMER 27,5\nA1,5\nsummer-27,6\n",
        ["4: code: The same code, in this or another spelling, stands on line 2. [duplicate_code]"],
    ),
    "no code, no value": (
        "code,percent\n,5\nA1,\n",
        [
            "2: code: A new coupon needs a code. [required]",
            "3: kind: Give a percent, or an amount_minor, or a definition. [required]",
        ],
    ),
    "bad code": (
        "code,percent\n- -,5\n" + "x" * 65 + ",5\n",
        [
            "2: code: A code needs at least one letter or digit; spaces and hyphens do not count. [code_empty]",
            "3: code: A code has at most 64 characters. [code_too_long]",
        ],
    ),
    "both values": (
        "code,percent,amount_minor\nA1,5,100\n",
        ["2: amount_minor: A percentage has no amount and no currency. [value_disagrees]"],
    ),
    "definition against column": (
        'code,percent,definition\nA1,5,"{""type"":""relative"",""value"":-6,""restrictions"":[]}"\n',
        [
            "2: percent: The definition says something else; change both, or leave the definition empty. "
            "[value_disagrees]"
        ],
    ),
    "definition": (
        'code,definition\nA1,"{""type"":""relative""}"\nA2,{oops\n',
        [
            "2: definition.value: The value is missing. [missing_value]",
            "3: definition: “{oops” is not JSON that can be kept. [not_json]",
        ],
    ),
    "currency": (
        "code,amount_minor,currency,limit_currency\nA1,-5,EURO,XXX\n",
        [
            "2: amount_minor: This is not negative. [negative]",
            "2: currency: 'EURO' is not a currency we know; use an upper-case ISO 4217 code. [unknown_currency]",
            "2: limit_currency: 'XXX' is not a currency we know; use an upper-case ISO 4217 code. [unknown_currency]",
        ],
    ),
    "repeat": (
        "code,percent,repeat\nA1,5,limited\n",
        [
            "2: repeat: “limited” needs repeat_count (from 1) and repeat_unit; the others have neither. "
            "[repeat_incomplete]"
        ],
    ),
    "line in a quoted cell": (
        'code,percent,description\nA1,5,"two\nlines"\nA2,x,""\n',
        ["4: percent: “x” is not a number such as 12.5. [not_a_number]"],
    ),
}

JSON_FAULTS = {
    "not json": (
        '[{"code": "A1",\n}]',
        ["2: This is not JSON: Expecting property name enclosed in double quotes. [not_json]"],
    ),
    "deep value": (
        f'[{{"code": "A1", "percent": 5, "metadata": {"[" * 500 + "]" * 500}}}]',
        ["1: metadata: This row is nested too deeply. [too_deep]"],
    ),
    "cut off": ('[{"code": "A1", "percent": 5}', ["1: A comma or “]” is missing here. [not_json]"]),
    "object": ('{"code": "A1"}', ["1: The file is a JSON array of objects; it begins with “[”. [not_json]"]),
    "number": ("[\n5]", ["2: Each row is an object with the columns as its keys. [row_not_object]"]),
    "after": ('[] {"code": 1}', ["1: Nothing may follow the array. [text_after_end]"]),
    "key twice": (
        '[{"code": "A1", "code": "A2", "percent": 5}]',
        ["1: The key “code” is given twice. [duplicate_key]"],
    ),
    "types": (
        '[\n{"code": 7, "percent": [5]},\n{"code": "A2", "quota": true, "stackable": null, "metadata": []}]',
        [
            "2: code: Put this in quotes, as a text. [not_a_text]",
            "2: percent: Put this in quotes, as a text. [not_a_value]",
            "3: stackable: This cannot be null; leave it out to keep the default. [null_not_allowed]",
        ],
    ),
    "nul": ('[{"code": "A\\u00001", "percent": 5}]', ["1: code: A text has no NUL character. [nul_character]"]),
    "surrogate": (
        '[{"code": "A\\ud8001", "percent": 5}]',
        ["1: code: A text has no half of a character (a lone surrogate). [half_character]"],
    ),
    "huge": (
        '[{"code": "A1", "percent": 1e999999999999999999999, "quota": ' + "9" * 500 + "}]",
        [
            "1: This number is larger than any that is kept. [number_too_large]",
            "1: This number is larger than any that is kept. [number_too_large]",
        ],
    ),
    "huge by power": (
        '[{"code": "A1", "percent": 1e99999}]',
        ["1: percent: A percentage goes from 0 to 100. [percent_out_of_range]"],
    ),
    "NaN": ('[{"code": "A1", "percent": NaN}]', ["1: NaN is no number of JSON. [not_a_number]"]),
    "unknown": (
        '[{"code": "A1", "percentage": 5}]',
        ["1: percentage: There is no such column; was “percent” meant? [unknown_column]"],
    ),
    "deep": (
        '[{"code": "A1", "metadata": ' + "[" * 100_000 + "]" * 100_000 + "}]",
        ["1: This row is nested too deeply. [too_deep]"],
    ),
    "bytes": (b'[{"code": "A\xff1"}]', ["1: This is not UTF-8; save the file as UTF-8. [bad_encoding]"]),
}
