"""The row grammar: query text to nodes, nodes to one SQL statement, its result to bytes. It knows no table of ours."""
