"""How far it is, on a terminal, and what came of it, in a line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from bookingoffice.keeping.archive import Told
from bookingoffice.keeping.counting import rows_in
from bookingoffice.keeping.manifest import Manifest


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Told]:
    hidden = not sys.stderr.isatty()
    with tqdm(desc=what, unit="B", unit_scale=True, total=total, disable=hidden, leave=False, file=sys.stderr) as bar:
        yield bar.update


def described(manifest: Manifest) -> str:
    moment = manifest.moment.strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{rows_in(manifest.tables):,} rows in {len(manifest.tables)} tables as of {moment}"
