"""The product's settings with a stock Django REST framework application on top: what one would write in an afternoon."""

from __future__ import annotations

from bookingoffice.settings import *  # noqa: F403

ROOT_URLCONF = "bench.viewsets"
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
