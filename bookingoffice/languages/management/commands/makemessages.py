"""Django's collector, so that the same texts make the same file on every machine and on every day."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages

FORMAT = 'Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n"MIME-Version: 1.0\\n"\n'
OTHERS = ["tests", "bench", "staticfiles"]


class Command(makemessages.Command):
    """No places, no dates, no guesses at a translation; texts that nothing shows any more leave."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        options |= {"no_location": True, "no_obsolete": True}
        options["locale"] = options["locale"] or ["nl", "de"]
        options["ignore_patterns"] = [*options["ignore_patterns"], *OTHERS]
        super().handle(*args, **options)

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        catalogue = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        catalogue.write_text(with_plain_head(catalogue.read_text("utf-8"), locale), "utf-8")


def with_plain_head(catalogue: str, locale: str) -> str:
    """The language, the bytes and the plural; who collected it when, is known to the history of the code."""
    head, _, messages = catalogue.partition("\n\n")
    plural = re.search(r'^"Plural-Forms: .*$', head, re.MULTILINE)
    assert plural is not None
    return f'msgid ""\nmsgstr ""\n"Language: {locale}\\n"\n"{FORMAT}{plural.group()}\n\n{messages}'
