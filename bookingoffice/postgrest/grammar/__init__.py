"""Text to nodes: what the query string of a request says, read once from left to right."""

from .query import parse_query

__all__ = ["parse_query"]
