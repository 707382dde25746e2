"""Rows in files: CSV and JSON read and written as streams, every fault named by its line and column."""
