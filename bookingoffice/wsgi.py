"""The door of the production server: layers around the front, and Django behind it.

A layer is a function from one WSGI application to another, and sees every request and every answer, whoever gives it: the row
grammar's front, the admin, a static file, a refusal. What belongs around everything (a request's id, its line in a log, a rate, a
measure) is one entry of LAYERS, which stands outermost first. Tests call through the same `layered`.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookingoffice.settings")

django = get_wsgi_application()

from bookingoffice.chunked import Application  # noqa: E402 - the front needs the apps, which are ready only now
from bookingoffice.database.patience import bound_statements  # noqa: E402
from bookingoffice.front import Front  # noqa: E402
from bookingoffice.layers import LAYERS  # noqa: E402

bound_statements()


def layered(django: Application) -> Application:
    """The whole application over a Django of one's choice."""
    application: Application = Front(django)
    for layer in reversed(LAYERS):
        application = layer(application)
    return application


application = layered(django)
