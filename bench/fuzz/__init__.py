"""Requests drawn at random over every door, and the judge of what comes back."""
