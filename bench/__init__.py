"""Benchmarks: each is one command that starts what it needs, measures in rounds and prints ratios. docs/benchmarks.md reads them."""
