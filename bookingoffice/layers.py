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
from bookingoffice.limits.layer import Limited
from bookingoffice.limits.leases import Leases
from bookingoffice.limits.slots import Slots
from bookingoffice.request_log.layer import Logged
from bookingoffice.request_log.recorder import Recorder
from bookingoffice.request_log.writing import write
from bookingoffice.throttled import Admitted, refuse, tell
from bookingoffice.watching.doors import Doors
from bookingoffice.watching.layer import Watched
from bookingoffice.watching.metrics import metrics, share_in
from bookingoffice.watching.ticking import ticker

Layer = Callable[[Application], Application]
share_in(settings.DATA.metrics)


def seen(application: Application) -> Application:
    return Watched(application, doors=_doors(), token=settings.METRICS_TOKEN, lines=settings.ACCESS_LOG)


def limited(application: Application) -> Application:
    if settings.RATES is None:
        return application
    return Limited(
        application, rates=settings.RATES, leases=_leases(), refuse=refuse, tell=tell, refused=metrics().limited
    )


def written_down(application: Application) -> Application:
    return Logged(application, recorder=_recorder()) if settings.REQUESTS_KEPT_DAYS else application


LAYERS: Final[tuple[Layer, ...]] = (
    Dressed,
    seen,
    Admitted,
    limited,
    written_down,
    partial(Measured, most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
)


@cache
def _doors() -> Doors:
    return Doors(engine.catalog.resources, engine.functions)


@cache
def _leases() -> Leases:
    return Leases(Slots(settings.DATA.path / "limits", secret=settings.SECRET_KEY.encode()))


@cache
def _recorder() -> Recorder:
    return Recorder(write, metrics().logged, ticker.add)
