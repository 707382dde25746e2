"""Django's PostgreSQL backend with one feature switched off; see `base`."""
