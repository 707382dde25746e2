"""Nodes and a resource to one SQL statement. Names are quoted here, values stay parameters, JSON is built by PostgreSQL."""
