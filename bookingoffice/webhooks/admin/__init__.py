"""The staff's door: who is told what, what was told, and how it was taken. Owners' business, like keys."""

from bookingoffice.webhooks.admin import notifications, webhooks

__all__ = ["notifications", "webhooks"]
