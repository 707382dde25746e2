"""Who is told what happened. The history is the outbox: a worker reads what is new in it and delivers it, signed, at least once."""
