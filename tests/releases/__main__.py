"""`python -m tests.releases RELEASE`: freezes the tables of this state, which is about to be released, as the previous release's."""

from __future__ import annotations

import os
import sys
import tempfile


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bookingoffice-") as place:
        os.environ["BOOKINGOFFICE_DATA"] = place
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookingoffice.settings")
        import django

        django.setup()
        from bookingoffice.database.on_demand import database_for
        from tests.releases import contract

        with database_for(["freeze"]):
            contract.FILE.write_text(contract.found(sys.argv[1]).text())


if __name__ == "__main__":
    main()
