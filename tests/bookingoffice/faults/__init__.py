"""Faults that a house meets in years: each is made for real, answered in the contract's words, and over when its cause is over."""
