"""What a worker of the web server loads: the application, tied to the life of the process that made the worker."""

from __future__ import annotations

import os

from bookingoffice.serving.lifeline import end_with_parent
from bookingoffice.wsgi import application

__all__ = ["application"]

end_with_parent(os.getppid())
