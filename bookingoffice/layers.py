"""What stands around the front and Django, outermost first: dressed, seen, admitted, limited, written down, measured.

Layers are made for each application; what they keep (places of the limits, numbers, waiting rows) there is once a process.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Final

from django.conf import settings

from bookingoffice.api import engine
from bookingoffice.chunked import Application, Measured
from bookingoffice.headers import Dressed
from bookingoffice.limits.layer import Limited, Limits
from bookingoffice.limits.leases import Leases
from bookingoffice.limits.slots import Slots
from bookingoffice.request_log.layer import Log, Logged
from bookingoffice.request_log.recorder import Recorder
from bookingoffice.request_log.writing import write
from bookingoffice.throttled import Admitted, refuse, tell
from bookingoffice.watching.doors import Doors
from bookingoffice.watching.layer import Watch, Watched
from bookingoffice.watching.metrics import metrics, share_in
from bookingoffice.watching.ticking import ticker

Layer = Callable[[Application], Application]
share_in(settings.DATA.metrics)


def seen(application: Application) -> Application:
    return Watched(application, watch=watch(), token=settings.METRICS_TOKEN)


def limited(application: Application) -> Application:
    kept = limits()
    return Limited(application, limits=kept, refuse=refuse, refused=metrics().limited) if kept else application


def written_down(application: Application) -> Application:
    kept = log()
    return Logged(application, log=kept) if kept else application


LAYERS: Final[tuple[Layer, ...]] = (
    Dressed,
    seen,
    Admitted,
    limited,
    written_down,
    partial(Measured, most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
)


def watch() -> Watch:
    return Watch(_doors(), lines=settings.ACCESS_LOG)


def limits() -> Limits | None:
    """None where the operator has lifted them all."""
    return Limits(settings.RATES, _leases(), tell) if settings.RATES else None


def log() -> Log | None:
    """None where nothing is to be kept."""
    return Log(_recorder()) if settings.REQUESTS_KEPT_DAYS else None


@cache
def _doors() -> Doors:
    return Doors(engine.catalog.resources, engine.functions)


@cache
def _leases() -> Leases:
    return Leases(Slots(settings.DATA.path / "limits", secret=settings.SECRET_KEY.encode()))


@cache
def _recorder() -> Recorder:
    return Recorder(write, metrics().logged, ticker.add)
