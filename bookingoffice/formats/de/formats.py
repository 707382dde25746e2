"""Days and times as staff read them: 21. Nov 2026, 11:22. Django's own spell the month out, which no list has room for."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j. M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j. M Y, H:i"
MONTH_DAY_FORMAT = "j. M"
