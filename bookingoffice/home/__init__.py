"""The first page of the day: what needs somebody, what came of the coupons, what is open in the calendar, what was changed."""
