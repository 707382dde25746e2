"""System checks of the database; see `catalogue`."""
