"""The door of the production server."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bookingoffice.chunked import Measured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookingoffice.settings")

django = get_wsgi_application()
application = Measured(django, most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
