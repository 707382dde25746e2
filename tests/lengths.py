"""How thorough a run is: the long form asks more often and opens more pages; the usual one fits into a gate."""

from __future__ import annotations

import os
from typing import Final

LONG: Final = os.environ.get("BOOKINGOFFICE_LONG") == "1"
