"""The embedded PostgreSQL: found among the installed packages, started on demand, stopped by its last user."""
