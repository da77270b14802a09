"""Logging of every process: one JSON object a line on stdout."""

import json
import logging.config
from pathlib import Path
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

FILE = Path(__file__).with_name("logging.json")

# What uvicorn and Django attach for their own formatters.
NOISE = ["color_message", "request", "server_time"]


class LineFormatter(JsonFormatter):
    """A record as one line of JSON, a traceback included."""

    def __init__(self, **options: Any) -> None:
        super().__init__(reserved_attrs=[*RESERVED_ATTRS, *NOISE], **options)


class Throttle(logging.Filter):
    """At most one record in 30 s: a client that has lost its server repeats itself many times a second."""

    SECONDS = 30.0

    def __init__(self) -> None:
        super().__init__()
        self._quiet_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if record.created < self._quiet_until:
            return False
        self._quiet_until = record.created + self.SECONDS
        return True


def config() -> dict[str, Any]:
    """The dictConfig that uvicorn, gunicorn and Django are given alike."""
    return json.loads(FILE.read_text())


def configure() -> None:
    """Sets the logging of a process that no server configures."""
    logging.config.dictConfig(config())
