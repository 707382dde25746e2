"""Where a backup goes, and which old ones go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bookingoffice.keeping.archive import Backup
from bookingoffice.keeping.refusals import Refused

STEM, ENDING = "bookingoffice-", ".backup"
STAMP = "%Y%m%dT%H%M%SZ"


def place_for(typed: str, moment: datetime) -> Path:
    """A folder gets a new file named by the moment. A file that is no backup is never overwritten."""
    path = Path(typed).expanduser().absolute()
    if path.is_dir():
        return path / f"{STEM}{moment.astimezone(UTC).strftime(STAMP)}{ENDING}"
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}.")
    if path.exists():
        _refuse_unless_backup(path)
    return path


def _refuse_unless_backup(path: Path) -> None:
    try:
        Backup(path).manifest()
    except Refused:
        raise Refused(f"{path} is there and is no backup: choose another name.") from None


def outdated(folder: Path, keep: int) -> list[Path]:
    """Those that a folder got by the moment, but for the newest `keep`; other files there are nobody's business."""
    named = sorted(path for path in folder.glob(f"{STEM}*{ENDING}") if _is_ours(path.name))
    return named[:-keep]


def _is_ours(name: str) -> bool:
    try:
        datetime.strptime(name.removeprefix(STEM).removesuffix(ENDING), STAMP).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
