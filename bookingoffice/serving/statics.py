"""The admin's style sheets and scripts, gathered once and again only when they changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> bool:
    """Whether anything was done. The stamp is written last, so that an interrupted gathering is repeated."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".gathered-from"
    sources = _fingerprint()
    if stamp.exists() and stamp.read_text() == sources:
        return False
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(sources)
    return True


def _fingerprint() -> str:
    """Names, sizes and times of all source files: a changed package or a changed file of ours."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
