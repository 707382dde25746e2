"""A write that carries an `Idempotency-Key` happens once, however often it is sent; every door that writes uses this room."""
