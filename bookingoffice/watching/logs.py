"""How a line of the log is written: for eyes, or one JSON object a line. Neither ever holds a key, or an address that is one."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any, Final

from bookingoffice.watching import request_ids

FORMATS: Final = ("text", "json")
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_SECRETS: Final = (
    re.compile(r"(?i)(bearer\s+)[^\s'\",;)\]}]+"),
    re.compile(
        r"(?i)((?:password|passwd|signing_secret|secret_key|sessionid|csrftoken)['\"]?\s*[=:]\s*['\"]?)[^\s'\"&,;)}]+"
    ),
    re.compile(r"()\bwhsec_[A-Za-z0-9+/=_-]+"),
    re.compile(r"(?i)(://[^\s:/@]+:)[^\s@]+(?=@)"),
    # The addresses of an invitation, a password link and a calendar let in whoever knows them.
    re.compile(r"(/admin/join/|/admin/password/[^\s/]+/|/ical/seasons/)[^\s/'\"]+"),
)
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST_REFUSAL: Final = 300  # letters of what is told of a request that Django refuses


def without_secrets(text: str) -> str:
    """The last guard, not the first: nothing that is secret should be given to a logger at all."""
    for pattern in _SECRETS:
        text = pattern.sub(r"\1…", text)
    return text


class Briefly(logging.Filter):
    """What Django refuses out of hand, such as a host that is not ours, is told in one short line: no traceback, and no more than
    the beginning of what a stranger sent, who could fill the disk with the rest."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.msg, record.args, record.exc_info = record.getMessage()[:LONGEST_REFUSAL], (), None
        return True


class TextLines(logging.Formatter):
    """The request's id stands in brackets where there is a request."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        line, request_id = without_secrets(super().format(record)), request_ids.current.get()
        return f"{line} [{request_id}]" if request_id else line

    def formatMessage(self, record: logging.LogRecord) -> str:
        """On one line: an address may hold line breaks, and what stands behind them would pass for a line of ours."""
        return _CONTROLS.sub(lambda found: repr(found[0])[1:-1], super().formatMessage(record))


class JsonLines(logging.Formatter):
    """What is given to a logger as `extra={"fields": …}` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if request_id := request_ids.current.get():
            told["request_id"] = request_id
        for name, value in getattr(record, "fields", {}).items():
            told[name] = without_secrets(value) if isinstance(value, str) else value
        if record.exc_info:
            told["exception"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str)


def logging_settings(level: str, format: str) -> dict[str, Any]:
    formatter = {"text": TextLines, "json": JsonLines}[format]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "filters": {"briefly": {"()": Briefly}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["briefly"]}},
        "loggers": {
            "django.request": {"level": "ERROR"},  # a refusal is an answer, not an event
            "bookingoffice.access": {"level": "INFO"},
            "bookingoffice.slow": {"level": "WARNING"},
        },
        "root": {"handlers": ["stderr"], "level": level},
    }
