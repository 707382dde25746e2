"""What the release before this one sends to the database, frozen, and held against the tables as they are now.

While an upgrade is under way both releases serve from the tables of the newer one. `python -m tests.releases` freezes the tables and
functions anew when a release is made; its writes stand in `writes.py` and are brought up to date by hand at the same time.
"""
