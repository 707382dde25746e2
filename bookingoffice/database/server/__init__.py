"""The embedded PostgreSQL: found among the installed packages, started on demand, shared, and stopped by its last user."""
