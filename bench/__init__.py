"""Benchmarks: one command each, which starts what it needs, measures in rounds and prints ratios."""
