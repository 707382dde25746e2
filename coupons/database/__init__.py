"""The SQL functions behind the coupons' columns, constraints and ledger, as migrations create them."""
