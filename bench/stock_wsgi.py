"""The stock application for the same server as ours."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
