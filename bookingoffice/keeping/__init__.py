"""Keeping: everything in one file, proved by restoring it, and put back whole or not at all."""
