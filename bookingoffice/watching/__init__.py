"""What an operator sees of the house: ids of requests, logs, numbers, and whether it lives and is ready."""
